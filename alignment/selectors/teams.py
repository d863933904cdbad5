"""Teams with their stored figures: own rows, and sums over path ranges (docs/architecture/engine-and-refreshing.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Field,
    Func,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject

from alignment.engine import Figures
from alignment.engine.work_figures import SUMS
from alignment.enums import FlagCode
from alignment.history.weeks import company_weeks, team_weeks
from alignment.models import Flag, TeamFigures
from alignment.models.flag import asleep
from alignment.selectors.company import figures_of
from alignment.selectors.learnings import bets_of_team, lessons_of_team
from lib.db.arrays import AnyOf
from lib.db.triggers import below_outer
from strategy.enums import CLOSED
from strategy.models import Goal, MissionGoal, Persona
from strategy.models.goal import goals_seen_by
from teams.enums import Stance
from teams.models import Membership, Person, StanceRange, Team
from teams.models.team import not_here

PEOPLE = 40
CHILDREN = 200
OWN_GOALS = 20
LEARNED = 3
"""The most own goals of a team shown; one more is read, to detect others."""
COLUMNS = ("code", "sleeps", "count", "since", "flag", "until", "why", "by", "by_id")
_RANGES = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")


@dataclass(frozen=True)
class Subtree:
    """A team's figures with all below it; `teams` counts those that are not archived, itself included."""

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
    """Awake flags of one code about a team's own initiatives: their number, and the first day of the oldest."""

    code: FlagCode
    count: int
    since: dt.date


@dataclass(frozen=True)
class TeamFindings:
    """A team's own open flags, snoozed ones too; the awake ones of its own initiatives by code, and how many of theirs
    are snoozed; in the order of the specification."""

    flags: list[Flag]
    work: list[Finding]
    work_snoozed: int


def with_sums(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Adds what `subtree` reads, and `away`: whether it, or a team above it, is not here yet."""
    sums = {name: Func(F(f"figures__{name}"), function="SUM") for name in SUMS}
    teams_there = Func(F("pk"), function="COUNT", output_field=IntegerField())
    below = Team.objects.current().filter(below_outer()).order_by()
    return teams.annotate(
        sums=Subquery(below.values(sums=JSONObject(teams=teams_there, **sums))),
        away=ExpressionWrapper(not_here(), BooleanField()),
    )


def subtree(team: Any) -> Subtree:
    """For a team of `with_sums`."""
    return Subtree(figures_of(team.sums), team.sums["teams"])


def own_figures(team: Team) -> Figures:
    """Over the team's own initiatives; all zero for a team made after the last recompute."""
    stored: TeamFigures | None = getattr(team, "figures", None)
    return Figures.of([getattr(stored, name) for name in SUMS]) if stored else Figures()


def team_pages(person: Person) -> QuerySet[Team]:
    """Teams for their own page as shown to `person`, in one query: own figures, `sums` and `away`, the teams above,
    people, personas, its own open goals, the goals that the mission serves and whether `person` sees them, what it
    learned last, what each stance expects, and the rows of past weeks (`weeks_of`): of the company, of the team's own
    work, and with its sub-teams."""
    chain = Team.objects.filter(AnyOf(F("id"), OuterRef("path"))).exclude(pk=OuterRef("pk")).order_by("path")
    personas = Persona.objects.filter(teams=OuterRef("pk")).order_by("name__folded", "id")
    members = Membership.objects.filter(team=OuterRef("pk"), person__is_active=True)
    leads_first = members.order_by("role", "person__name__folded", "id").values(
        row=JSONObject(id="person_id", name="person__name", role="role")
    )
    count = members.order_by().values(n=Func(F("pk"), function="COUNT", output_field=IntegerField()))
    served = (
        MissionGoal.objects.filter(team=OuterRef("pk"))
        .annotate(seen=ExpressionWrapper(goals_seen_by(person, "goal__"), BooleanField()))
        .order_by("goal__title__folded", "id")
    )
    goal = JSONObject(id="goal_id", key="goal__key", title="goal__title", seen="seen", reason="goal__figures__reason")
    own = Goal.objects.visible_to(person).filter(team=OuterRef("pk")).exclude(status__in=CLOSED).order_by("path")
    stance = JSONObject(stance="stance", **{name: name for name in _RANGES})
    return with_sums(Team.objects.select_related("figures")).annotate(
        chain=ArraySubquery(chain.values(row=JSONObject(key="key", name="name", is_here="is_here"))),
        persona_rows=ArraySubquery(personas.values(row=JSONObject(name="name", problem="problem"))),
        member_rows=ArraySubquery(leads_first[:PEOPLE]),
        member_count=Subquery(count),
        served=ArraySubquery(served.values(row=goal)),
        own_goals=ArraySubquery(
            own.values(row=JSONObject(id="id", key="key", title="title", status="status"))[: OWN_GOALS + 1]
        ),
        ranges=ArraySubquery(StanceRange.objects.values(row=stance)),
        weeks_kept=ArraySubquery(company_weeks()),
        own_weeks=ArraySubquery(team_weeks(together=False)),
        together_weeks=ArraySubquery(team_weeks(together=True)),
        settled_bets=ArraySubquery(bets_of_team(person, LEARNED)),
        lessons=ArraySubquery(lessons_of_team(person, LEARNED)),
    )


def expected(team: Any, stance: Stance) -> Expected:
    """For a team of `team_pages`."""
    row = next(row for row in team.ranges if row["stance"] == stance)
    return Expected(**{name: float(row[name]) for name in _RANGES})


def stance_in_force(team: Team, on: dt.date | None) -> Stance:
    """The stance on day `on`; core once the team's own has ended (spec/alignment.md, *Stance*)."""
    lapsed = team.stance_until is not None and on is not None and on > team.stance_until
    return Stance.CORE if lapsed else Stance(team.stance)


def teams_below(team: Team) -> QuerySet[Team]:
    """The team's direct sub-teams that are not archived, by name, with their sums."""
    return with_sums(Team.objects.current().filter(parent=team)).order_by("name__folded", "id")


def team_findings(team: Team, on: dt.date | None) -> TeamFindings:
    """As of day `on`; one query."""
    sleeps = ExpressionWrapper(asleep(on), BooleanField())
    named = {"flag": F("pk"), "since": F("first_seen"), "until": F("snoozed_until"), "why": F("snooze_reason")}
    nothing = {name: _none(BigIntegerField()) for name in ("flag", "by_id")} | {"until": _none(DateField())}
    nothing |= {name: _none(CharField()) for name in ("why", "by")}
    own = Flag.objects.open().filter(team=team).order_by()
    work = Flag.objects.open().filter(initiative__team=team).order_by()
    rows = (
        own.annotate(sleeps=sleeps, count=Value(1), by=F("snoozed_by__name"), by_id=F("snoozed_by_id"), **named)
        .values(*COLUMNS)
        .union(
            work.annotate(sleeps=sleeps)
            .values("code", "sleeps")
            .annotate(count=Count("pk"), since=Min("first_seen"), **nothing)
            .values(*COLUMNS),
            all=True,
        )
    )
    order = list(FlagCode)
    found = sorted(rows, key=lambda row: order.index(FlagCode(row["code"])))
    of_work = [row for row in found if row["flag"] is None]
    return TeamFindings(
        flags=[_own_flag(team, row) for row in found if row["flag"] is not None],
        work=[Finding(FlagCode(row["code"]), row["count"], row["since"]) for row in of_work if not row["sleeps"]],
        work_snoozed=sum(row["count"] for row in of_work if row["sleeps"]),
    )


def _none(field: Field[Any, Any]) -> Value:
    return Value(None, output_field=field)


def _own_flag(team: Team, row: Mapping[str, Any]) -> Flag:
    return Flag(
        pk=row["flag"],
        code=row["code"],
        team=team,
        first_seen=row["since"],
        snoozed_until=row["until"],
        snooze_reason=row["why"],
        snoozed_by=Person(pk=row["by_id"], name=row["by"]) if row["by"] else None,
    )
