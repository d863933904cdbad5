"""What the stored figures say of teams: own rows, and sums over path ranges (docs/architecture.md)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import JSONObject

from alignment.engine import Figures
from alignment.engine.figures import SUMS
from alignment.enums import FlagCode
from alignment.models import Flag, TeamFigures
from alignment.selectors.company import figures_of
from lib.arrays import AnyOf
from lib.triggers import below_outer
from strategy.models import MissionGoal, Persona
from strategy.models.goal import goals_seen_by
from teams.enums import Stance
from teams.models import Membership, Person, StanceRange, Team

PEOPLE = 40
CHILDREN = 200
_RANGES = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")


@dataclass(frozen=True)
class Subtree:
    """A team with all below it; `teams` counts them, itself included."""

    figures: Figures
    teams: int


@dataclass(frozen=True)
class Expected:
    """What a stance expects of a team, as parts of one (spec/alignment.md, *Stance*)."""

    coverage_floor: float
    exploring_floor: float
    exploring_ceiling: float
    autonomy_floor: float
    sustaining_ceiling: float


@dataclass(frozen=True)
class Finding:
    """Open flags of one code, of a team or of its own initiatives: how many, and the first day of the oldest."""

    code: FlagCode
    count: int
    since: dt.date


def with_sums(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Each with what `subtree` reads."""
    sums = {name: Func(F(f"figures__{name}"), function="SUM") for name in SUMS}
    teams_there = Func(F("pk"), function="COUNT", output_field=IntegerField())
    below = Team.objects.filter(below_outer()).order_by()
    return teams.annotate(sums=Subquery(below.values(sums=JSONObject(teams=teams_there, **sums))))


def subtree(team: Any) -> Subtree:
    """Of a team of `with_sums`."""
    return Subtree(figures_of(team.sums), team.sums["teams"])


def own_figures(team: Team) -> Figures:
    """Over the team's own initiatives; all zero for a team that came after the last recompute."""
    stored: TeamFigures | None = getattr(team, "figures", None)
    return Figures.of([getattr(stored, name) for name in SUMS]) if stored else Figures()


def team_pages(person: Person) -> QuerySet[Team]:
    """Teams as their own page shows them to `person`, all in one query: own figures, `sums`, the teams above, people,
    personas, the goals that the mission serves and whether `person` sees them, and what each stance expects.
    """
    chain = Team.objects.filter(AnyOf(F("id"), OuterRef("path"))).exclude(pk=OuterRef("pk")).order_by("path")
    personas = Persona.objects.filter(teams=OuterRef("pk")).order_by("name", "id")
    members = Membership.objects.filter(team=OuterRef("pk"))
    leads_first = members.order_by("role", "person__name", "id").values(
        row=JSONObject(name="person__name", role="role")
    )
    count = members.order_by().values(n=Func(F("pk"), function="COUNT", output_field=IntegerField()))
    served = (
        MissionGoal.objects.filter(team=OuterRef("pk"))
        .annotate(seen=ExpressionWrapper(goals_seen_by(person, "goal__"), BooleanField()))
        .order_by("goal__title", "id")
    )
    goal = JSONObject(key="goal__key", title="goal__title", seen="seen", reason="goal__figures__reason")
    stance = JSONObject(stance="stance", **{name: name for name in _RANGES})
    return with_sums(Team.objects.select_related("figures")).annotate(
        chain=ArraySubquery(chain.values(row=JSONObject(key="key", name="name"))),
        persona_rows=ArraySubquery(personas.values(row=JSONObject(name="name", problem="problem"))),
        member_rows=ArraySubquery(leads_first[:PEOPLE]),
        member_count=Subquery(count),
        served=ArraySubquery(served.values(row=goal)),
        ranges=ArraySubquery(StanceRange.objects.values(row=stance)),
    )


def expected(team: Any, stance: Stance) -> Expected:
    """Of a team of `team_pages`."""
    row = next(row for row in team.ranges if row["stance"] == stance)
    return Expected(**{name: float(row[name]) for name in _RANGES})


def stance_in_force(team: Team, on: dt.date | None) -> Stance:
    """The stance that counts on day `on`: after its end, core (spec/alignment.md, *Stance*)."""
    lapsed = team.stance_until is not None and on is not None and on > team.stance_until
    return Stance.CORE if lapsed else Stance(team.stance)


def teams_below(team: Team) -> QuerySet[Team]:
    """The teams right below it, by name, with their sums."""
    return with_sums(Team.objects.filter(parent=team)).order_by("name", "id")


def _by_code(flags: QuerySet[Flag]) -> QuerySet[Any, Any]:
    """Code, how many, and the first day of the oldest."""
    return (
        flags.order_by()
        .values("code")
        .annotate(count=Count("pk"), since=Min("first_seen"))
        .values_list("code", "count", "since")
    )


def team_findings(team: Team) -> list[Finding]:
    """Open flags of the team and of its own initiatives, by code in the order of the specification; one query."""
    own = Flag.objects.open().filter(team=team)
    work = Flag.objects.open().filter(initiative__team=team)
    rows = _by_code(own).union(_by_code(work), all=True)
    order = list(FlagCode)
    found = [Finding(FlagCode(code), count, since) for code, count, since in rows]
    return sorted(found, key=lambda finding: order.index(finding.code))
