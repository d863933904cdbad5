"""What the pages of editions show, as far as the reader may know it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse

from alignment.history.weeks import GoalThen
from alignment.selectors.links import WorkOnGoal
from lib.charts.lines import Chart
from lib.services.dates import day_in
from lib.text.counts import counted
from lib.text.days import period
from lib.text.isolation import isolated
from lib.text.names import CONFIDENTIAL, name_of
from lib.text.spans import Span
from strategy.enums import GoalStatus, Visibility
from strategy.models import Edition, Goal, Measure
from strategy.models.edition import Snapshot
from strategy.narrative import Said, goal_said, measure_words, value_words
from strategy.selectors.differences import GoalChange
from strategy.selectors.editions import GoalEdition
from strategy.selectors.measures import Point
from strategy.selectors.snapshots import day_of
from web.measures.charts import Timeline, chart_of

DEEPEST = 4
"""Goals further down are drawn as those of this level."""
USUAL = {"status": GoalStatus.ACTIVE, "visibility": Visibility.COMPANY}


@dataclass(frozen=True)
class HeldChart:
    """How a measure went, against what was wanted then."""

    title: str
    unit: str
    chart: Chart


@dataclass(frozen=True)
class HeldGoal:
    """A goal of an edition; `url` leads to the goal today, '' where there is none; `above` is the title of the goal it
    was below, '' at the top; `work` is what reached it then, '' where that is not known."""

    title: str
    url: str
    above: str
    level: int
    situation: str
    why: str
    boundaries: str
    chips: list[tuple[str, str]]
    facts: str
    closing_reason: str
    learned: str
    measures: list[str]
    charts: list[HeldChart]
    work: str


@dataclass(frozen=True)
class Went:
    """How measures went while an edition held: by id, their check-ins, and the company's time zone."""

    points: Mapping[int, Sequence[Point]]
    timezone: str


def held_goals(
    snapshot: Snapshot,
    listed: Sequence[tuple[int, int]],
    today: Mapping[int, Goal],
    then: Mapping[int, GoalThen],
    went: Went,
) -> list[HeldGoal]:
    """The goals `listed`, each with its depth, in that order."""
    return [
        replace(_held(snapshot, pk, depth, today.get(pk), then.get(pk)), charts=[*_charts(snapshot, pk, went)])
        for pk, depth in listed
    ]


def measures_in(snapshot: Snapshot, listed: Sequence[tuple[int, int]]) -> list[int]:
    """The ids of the measures of the goals `listed`."""
    return [int(measure) for pk, _depth in listed for measure in snapshot["goals"][str(pk)]["measures"]]


def _charts(snapshot: Snapshot, pk: int, went: Went) -> Iterator[HeldChart]:
    goal = snapshot["goals"][str(pk)]
    starts, ends = (day_of(goal[name] or snapshot[name]) for name in ("starts_on", "ends_on"))
    for number, says in goal["measures"].items():
        points = went.points.get(int(number), ())
        if not points:
            continue
        values = {name: Decimal(says[name]) for name in ("baseline", "target")}
        measure = Measure(kind=says["kind"], unit=says["unit"], current=Decimal(str(points[-1].value)), **values)
        timeline = Timeline(starts, ends, day_in(went.timezone, points[-1].at), went.timezone)
        if drawn := chart_of(measure, points, timeline):
            yield HeldChart(says["title"], says["unit"], drawn)


def _held(snapshot: Snapshot, pk: int, depth: int, today: Goal | None, then: GoalThen | None) -> HeldGoal:
    goal = snapshot["goals"][str(pk)]
    weight = "" if depth else f"weight {value_words(Goal, 'weight', goal['weight'])}"
    days = period(day_of(goal["starts_on"]), day_of(goal["ends_on"]))
    chips = [(goal[name], value_words(Goal, name, goal[name])) for name, usual in USUAL.items() if goal[name] != usual]
    return HeldGoal(
        title=goal["title"],
        url=reverse("goal_detail", args=[today.key]) if today else "",
        above=snapshot["goals"][str(goal["parent"])]["title"] if goal["parent"] is not None else "",
        level=min(depth, DEEPEST),
        situation=goal.get("situation", ""),
        why=goal["why"],
        boundaries=goal.get("boundaries", ""),
        chips=chips,
        facts=" · ".join(filter(None, [value_words(Goal, "kind", goal["kind"]), weight, days])),
        closing_reason=goal["closing_reason"],
        learned=goal.get("learned", ""),
        measures=[f"{isolated(each['title'])}: {measure_words(each)}" for each in goal["measures"].values()],
        charts=[],
        work=_work_then(then) if then else "",
    )


def _work_then(then: GoalThen) -> str:
    if not then.initiatives:
        return "Nobody worked on it."
    work = counted(then.initiatives, "initiative")
    return f"{work} of {counted(then.teams, 'team')} reached it, or a goal below it."


@dataclass(frozen=True)
class ChangedGoal:
    """What became of a goal between two editions, with the work on it today, None where there is none."""

    title: str
    url: str
    said: list[Said]
    work: WorkOnGoal | None


def changed_goals(
    changes: Sequence[GoalChange], today: Mapping[int, Goal], work: Mapping[int, WorkOnGoal]
) -> list[ChangedGoal]:
    return [_changed(change, today, work.get(change.pk)) for change in changes]


def _changed(change: GoalChange, today: Mapping[int, Goal], work: WorkOnGoal | None) -> ChangedGoal:
    goal = today.get(change.pk)
    url = reverse("goal_detail", args=[goal.key]) if goal else ""
    return ChangedGoal(change.title, url, goal_said(change, naming(today)), work)


def naming(today: Mapping[int, Goal]) -> Callable[[int], Span]:
    """Names a goal of `today`, which are those that the reader may see."""

    def name(pk: int) -> Span:
        goal = today.get(pk)
        return name_of(goal.title, "goal_detail", goal.key) if goal else Span(CONFIDENTIAL)

    return name


@dataclass(frozen=True)
class Event:
    """An edition in a goal's history; `of` is the title of its strategy, where the goal was in several."""

    edition: Edition
    of: str
    url: str
    said: list[Said]


def events_of(history: Sequence[GoalEdition], parents: Mapping[int, Goal]) -> list[Event]:
    several = len({each.edition.strategy_id for each in history}) > 1
    return [
        Event(
            edition=each.edition,
            of=each.edition.strategy.title if several else "",
            url=edition_url(each.edition),
            said=goal_said(each.change, naming(parents)),
        )
        for each in history
    ]


def edition_url(edition: Any) -> str:
    return reverse("edition_detail", args=[edition.strategy.key, edition.number])
