"""Measures and their check-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from lib.charts.series import Series, series
from lib.services.dates import day_in
from strategy.enums import GoalStatus, MeasureKind, StrategyStatus
from strategy.models import CheckIn, Edition, Goal, Measure
from strategy.models.goal import goals_seen_by
from strategy.progress import LastCheckIn, Overview, Progress, is_due, overview, progress
from teams.models import LogEntry, Person
from teams.models.team import not_here

POINTS, TOP_MEASURES = 24, 200
"""The most check-ins of a measure that a chart or a sparkline has, and the most measures of all top goals."""


@dataclass(frozen=True)
class Point:
    """What a measure stood at, and how sure somebody was."""

    at: dt.datetime
    value: float
    confidence: str


def with_points(measures: QuerySet[Measure], *, most: int = POINTS) -> QuerySet[Measure]:
    """Each with what `points_of` reads: its last check-ins, without those that were corrected, at most `most`. No
    further query.
    """
    return measures.annotate(point_rows=last_points("pk", most))


def last_points(measure: str, most: int = POINTS) -> ArraySubquery:
    """The same of the measure to which `measure` leads from the outer query's row, to be read as `point_rows`."""
    said = CheckIn.objects.filter(measure=OuterRef(measure)).uncorrected().order_by("-moment", "-id")
    return ArraySubquery(said.values(point=JSONObject(at="moment", value="value", confidence="confidence"))[:most])


def points_of(row: Any) -> list[Point]:
    """Of a row with `point_rows`, the oldest first."""
    return [
        Point(dt.datetime.fromisoformat(each["at"]), float(each["value"]), each["confidence"])
        for each in reversed(row.point_rows)
    ]


def series_of(measure: Measure, points: Sequence[Point], timezone: str) -> Series | None:
    """How it went, by days of the company's zone; None for a milestone, which has no line, and for fewer than two
    check-ins."""
    if measure.kind == MeasureKind.MILESTONE:
        return None
    return series([(day_in(timezone, point.at), point.value) for point in points])


def last_said(measure: Any, timezone: str) -> LastCheckIn | None:
    """The last check-in of a row of `with_points`, on its day in the company's zone."""
    if not measure.point_rows:
        return None
    last = measure.point_rows[0]
    return LastCheckIn(day_in(timezone, dt.datetime.fromisoformat(last["at"])), last["confidence"])


def points_while(edition: Edition, measures: Collection[int]) -> dict[int, list[Point]]:
    """By measure, the last check-ins up to the edition that came after, the oldest first. One query."""
    later = Edition.objects.filter(strategy=edition.strategy_id, number=edition.number + 1).values("at")
    rows: QuerySet[Any] = with_points(Measure.objects.filter(pk__in=[0, *measures])).annotate(until=Subquery(later))
    return {row.pk: [point for point in points_of(row) if not row.until or point.at < row.until] for row in rows}


def measures_of(goal: Goal) -> QuerySet[Measure]:
    """The goal's own measures in order of creation, with keepers and points."""
    return with_points(Measure.objects.filter(goal=goal).select_related("keeper")).order_by("id")


def progress_of_goals(goals: Collection[int], timezone: str) -> dict[int, Progress]:
    """What the own measures of each of `goals` say together; goals without any are left out. One query."""
    by_goal: dict[int, list[tuple[Measure, LastCheckIn | None]]] = {}
    for row in with_points(Measure.objects.filter(goal__in=[0, *goals]), most=1).order_by("goal_id", "id"):
        by_goal.setdefault(row.goal_id, []).append((row, last_said(row, timezone)))
    return {goal: progress(measures) for goal, measures in by_goal.items()}


def top_measures(person: Person) -> QuerySet[Measure, Any]:
    """Rows for `overviews`, as JSON, to be read in another query's row: the measures of the active goals at the top of
    published strategies that `person` may see.
    """
    rows = Measure.objects.filter(
        goals_seen_by(person, "goal__"),
        goal__parent__isnull=True,
        goal__status=GoalStatus.ACTIVE,
        goal__strategy__status=StrategyStatus.PUBLISHED,
    )
    named = ("kind", "baseline", "target", "current", "goal_id")
    of = {"strategy": "goal__strategy__key", "title": "goal__strategy__title", "said": "point_rows"}
    ordered = with_points(rows, most=1).order_by("goal__strategy__title__folded", "goal__strategy", "goal_id", "id")
    return ordered.values(row=JSONObject(**{name: name for name in named}, **of))[:TOP_MEASURES]


def overviews(rows: Sequence[Mapping[str, Any]], timezone: str) -> dict[tuple[str, str], Overview]:
    """By key and title of a strategy, what the own measures of its top goals say, from rows of `top_measures`."""
    goals: dict[tuple[str, str], dict[int, list[tuple[Measure, LastCheckIn | None]]]] = {}
    for row in rows:
        values = {name: Decimal(str(row[name])) for name in ("baseline", "target", "current")}
        measure = Measure(kind=row["kind"], **values)
        measure.point_rows = row["said"]  # type: ignore[attr-defined]  # as with_points has it
        of = goals.setdefault((row["strategy"], row["title"]), {})
        of.setdefault(row["goal_id"], []).append((measure, last_said(measure, timezone)))
    return {strategy: overview([progress(each) for each in of.values()]) for strategy, of in goals.items()}


def check_ins(measure: Measure) -> QuerySet[CheckIn]:
    """All of them, corrected ones too, each with its `moment` and whether it is the last word on it (`stands`)."""
    same = CheckIn.objects.with_moment().filter(measure=OuterRef("measure"), moment=OuterRef("moment"))
    rows = CheckIn.objects.with_moment().filter(measure=measure).select_related("person")
    found: QuerySet[CheckIn] = rows.annotate(stands=~Exists(same.filter(pk__gt=OuterRef("pk"))))
    return found


def value_before(check_in: CheckIn) -> Decimal | None:
    """The measure's value before a check-in, from the log; None where the log has no such entry."""
    entries = LogEntry.objects.about("checkin", check_in.pk)
    entry = entries.filter(action="measure.checked_in", note__check_in=check_in.pk).first()
    return entry.before()["current"] if entry else None


def going_on(on: dt.date) -> QuerySet[Measure]:
    """Measures about which something can be asked on day `on`: of active goals, within their dates and those of their
    published strategy or of none, and of no team that is not here.
    """
    goals = Q(goal__status=GoalStatus.ACTIVE) & _within("goal__", on)
    running = Goal.objects.filter(pk=OuterRef("goal__path__0")).filter(
        Q(strategy__isnull=True) | Q(strategy__status=StrategyStatus.PUBLISHED) & _within("strategy__", on)
    )
    of_teams = Q(goal__team__isnull=True) | ~not_here("goal__team__")
    over = Q(kind=MeasureKind.MILESTONE, current=1)
    return Measure.objects.filter(goals, of_teams, Exists(running)).exclude(over)


def _within(prefix: str, on: dt.date) -> Q:
    started = Q(**{f"{prefix}starts_on__isnull": True}) | Q(**{f"{prefix}starts_on__lte": on})
    return started & (Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": on}))


def kept_by(people: Collection[int], on: dt.date) -> QuerySet[Measure]:
    """Measures that go on and that one of `people` is to check in, with their goals and as `by` the id of who that is:
    its keeper, while they are here, or else the goal's owner.
    """
    by = Case(When(keeper__is_active=True, then=F("keeper_id")), default=F("goal__owner_id"))
    rows = going_on(on).annotate(by=by).filter(by__in=people).select_related("goal__team")
    return rows.order_by("goal__title__folded", "goal_id", "id")


@dataclass(frozen=True)
class KeptMeasure:
    """A measure that somebody keeps, of a row of `with_points`, with its last check-in and whether the next is due."""

    measure: Any
    said: LastCheckIn | None
    is_due: bool


def kept_measures(
    people: Collection[int], *, on: dt.date, by: dt.date, rhythm: str, timezone: str, seen_by: Person | None = None
) -> list[KeptMeasure]:
    """Of `people`, what goes on on day `on`, and whether it is due up to the day `by`; with `seen_by`, what that person
    may see of it. One query.
    """
    rows = kept_by(people, on)
    found = []
    for row in with_points(rows if seen_by is None else rows.filter(goals_seen_by(seen_by, "goal__"))):
        said = last_said(row, timezone)
        found.append(KeptMeasure(row, said, is_due(said.on if said else None, rhythm, by)))
    return found
