"""What concerns one person: their teams, and the line from their own work to the strategy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from alignment import rules
from alignment.engine import Figures
from alignment.models import InitiativeFigures
from alignment.selectors.teams import subtree, with_sums
from strategy.models import Goal, Strategy
from teams.enums import InitiativeStatus
from teams.models import Initiative, Person, Team

PARTS = ("effort", "aligned", "exploring", "sustaining", "orphaned")


@dataclass(frozen=True)
class OwnTeam:
    """`figures` are of the team with all its sub-teams."""

    team: Team
    figures: Figures


def own_teams(person: Person, *, limit: int) -> list[OwnTeam]:
    """The teams that `person` is on, most effort first, then by name; one query."""
    teams = with_sums(Team.objects.filter(memberships__person=person)).order_by("name", "id")
    own = [OwnTeam(team, subtree(team).figures) for team in teams]
    return sorted(own, key=lambda each: each.figures.effort, reverse=True)[:limit]


@dataclass(frozen=True)
class OwnLink:
    """Where a link of one's own work leads. `goal_key` and `goal_title` are '' for a goal that is not for this person,
    `strategy` is '' where the root has none or it is not for them, `reason` '' where the link counts."""

    goal_key: str
    goal_title: str
    strategy: str
    reason: str


@dataclass(frozen=True)
class OwnWork:
    key: str
    title: str
    figures: Figures
    links: list[OwnLink] = field(default_factory=list)


def own_work(person: Person, *, limit: int) -> list[OwnWork]:
    """The active initiatives that `person` owns, largest orphaned effort first, with where each leads; one query."""
    own = InitiativeFigures.objects.filter(initiative__owner=person, initiative__status=InitiativeStatus.ACTIVE)
    first = own.order_by("-orphaned", "-effort", "initiative_id").values("pk")[:limit]
    strategy = Strategy.objects.visible_to(person).filter(goals__pk=OuterRef("links__goal__path__0"))
    rows: Any = (
        Initiative.objects.filter(pk__in=first)
        .annotate(
            goal_seen=Exists(Goal.objects.visible_to(person).filter(pk=OuterRef("links__goal_id"))),
            strategy=Subquery(strategy.values("title")),
        )
        .order_by("-figures__orphaned", "-figures__effort", "pk", "links__pk")
        .values(
            *("pk", "key", "title", "goal_seen", "strategy", "links__pk", "links__state"),
            *("links__goal__key", "links__goal__title", "links__goal__figures__reason"),
            *(f"figures__{part}" for part in PARTS),
        )
    )
    work: dict[int, OwnWork] = {}
    for row in rows:
        parts: Any = {name: row[f"figures__{name}"] for name in PARTS}
        one = work.setdefault(row["pk"], OwnWork(row["key"], row["title"], Figures(**parts)))
        if row["links__pk"] is not None:
            one.links.append(_own_link(row))
    return list(work.values())


def _own_link(row: Mapping[str, Any]) -> OwnLink:
    seen, reason = row["goal_seen"], rules.link_reason(row["links__state"], row["links__goal__figures__reason"])
    return OwnLink(
        goal_key=row["links__goal__key"] if seen else "",
        goal_title=row["links__goal__title"] if seen else "",
        strategy=(row["strategy"] or "") if seen else "",
        reason=reason.value if reason else "",
    )
