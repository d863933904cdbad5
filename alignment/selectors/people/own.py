"""A person's own teams, and the line from their own work to the strategy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, ExpressionWrapper, F, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject

from alignment import rules
from alignment.engine import Figures
from alignment.models import InitiativeFigures
from alignment.selectors.teams import subtree, with_sums
from lib.db.arrays import AnyOf
from strategy.models import Goal, Strategy
from strategy.models.goal import goals_seen_by
from teams.enums import InitiativeStatus, TeamRole
from teams.models import Initiative, Person, Team

PARTS = ("effort", "aligned", "exploring", "sustaining", "orphaned")


@dataclass(frozen=True)
class OwnTeam:
    """`figures` include all sub-teams; `leads` is whether the person leads the team, `is_here` whether it is here."""

    team: Team
    figures: Figures
    leads: bool
    is_here: bool


def own_teams(person: Person) -> list[OwnTeam]:
    """The current teams that `person` is on: those that they lead first, then most effort, then by name. One query."""
    current = Team.objects.current().filter(memberships__person=person)
    teams: Any = with_sums(current).annotate(role=F("memberships__role"))
    own = [
        OwnTeam(team, subtree(team).figures, leads=team.role == TeamRole.LEAD, is_here=not team.away)
        for team in teams.order_by("name__folded", "id")
    ]
    return sorted(own, key=lambda each: (not each.leads, -each.figures.effort))


@dataclass(frozen=True)
class OwnLink:
    """Where a link of one's own work leads. `goals` are pairs (key, title) from its goal up to the top, ('', '') for
    what this person may not see; `strategy` is the (key, title) of the root's, ('', '') where it has none or it is not
    visible; `reason` is '' where the link counts."""

    goals: tuple[tuple[str, str], ...]
    strategy: tuple[str, str]
    reason: str


@dataclass(frozen=True)
class OwnWork:
    """`mine` distinguishes one's own work from that of one's teams."""

    key: str
    title: str
    mine: bool
    figures: Figures
    links: list[OwnLink] = field(default_factory=list)


NOT_FOR_THEM = ("", "")


def own_work(person: Person, *, limit: int) -> list[OwnWork]:
    """The active initiatives that `person` owns, or, where they own none, those of their teams: largest orphaned effort
    first, with where each leads. One query."""
    near = Initiative.objects.filter(Q(owner=person) | Q(team__in=[0, *person.team_roles])).values("pk")
    active = InitiativeFigures.objects.filter(initiative__in=near, initiative__status=InitiativeStatus.ACTIVE)
    mine = Case(When(initiative__owner=person, then=True), default=False)
    first = active.annotate(mine=mine).order_by("-mine", "-orphaned", "-effort", "initiative_id").values("pk")[:limit]
    strategy = Strategy.objects.visible_to(person).filter(goals__pk=OuterRef("links__goal__path__0"))
    above = Goal.objects.filter(AnyOf(F("id"), OuterRef("links__goal__path"))).order_by("-path__len")
    seen = above.annotate(seen=ExpressionWrapper(goals_seen_by(person), BooleanField()))
    rows: Any = (
        Initiative.objects.filter(pk__in=first)
        .annotate(
            goals=ArraySubquery(seen.values(row=JSONObject(key="key", title="title", seen="seen"))),
            strategy=Subquery(strategy.values(row=JSONObject(key="key", title="title"))),
        )
        .order_by("-figures__orphaned", "-figures__effort", "pk", "links__pk")
        .values(
            *("pk", "key", "title", "owner_id", "goals", "strategy", "links__pk", "links__state"),
            *("links__goal__figures__reason", *(f"figures__{part}" for part in PARTS)),
        )
    )
    work: dict[int, OwnWork] = {}
    for row in rows:
        parts: Any = {name: row[f"figures__{name}"] for name in PARTS}
        own = OwnWork(row["key"], row["title"], row["owner_id"] == person.pk, Figures(**parts))
        one = work.setdefault(row["pk"], own)
        if row["links__pk"] is not None:
            one.links.append(_own_link(row))
    found = list(work.values())
    return [each for each in found if each.mine] or found


def _own_link(row: Mapping[str, Any]) -> OwnLink:
    """Hides the ancestors of a goal that the reader does not see."""
    reason = rules.link_reason(row["links__state"], row["links__goal__figures__reason"])
    if not row["goals"][0]["seen"]:
        return OwnLink((NOT_FOR_THEM,), NOT_FOR_THEM, reason.value if reason else "")
    goals = ((goal["key"], goal["title"]) if goal["seen"] else NOT_FOR_THEM for goal in row["goals"])
    strategy = row["strategy"]
    return OwnLink(
        goals=tuple(goals),
        strategy=(strategy["key"], strategy["title"]) if strategy else NOT_FOR_THEM,
        reason=reason.value if reason else "",
    )
