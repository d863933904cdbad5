"""Measures in rows: where they stand, in words and as a line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from alignment.narrative.bets import bets_text
from alignment.selectors.bets import with_bets
from lib.charts.lines import Chart, Sparkline
from lib.text.numbers import MINUS, NONE, exact, percent
from strategy.enums import AT_A_LIMIT, CLOSED, Confidence, MeasureKind
from strategy.models import Goal, Measure
from strategy.narrative import attainment_text, progress_text, wanted_text
from strategy.progress import attainment, progress
from strategy.selectors.measures import last_said, measures_of, points_of
from teams.models import Person
from web.measures.charts import Timeline, chart_of, spark_of


@dataclass(frozen=True)
class Progress:
    """What measures/_progress.html draws: `at` is an SVG length from 0 % (baseline) to 100 % (target), '' where there
    is no way; `share` is the part of the way done, or whether it is kept or reached.
    """

    at: str
    share: str
    words: str


@dataclass(frozen=True)
class MeasureRow:
    """`sure` is the label of the last judgement, '' without one; `checked_in_at` is the instant of the last word;
    `bets` says whether the bets on it add up.
    """

    measure: Measure
    baseline: str
    current: str
    target: str
    progress: Progress
    checked_in_at: dt.datetime | None
    sure: str
    may_check_in: bool
    spark: Sparkline | None
    chart: Chart | None = None
    bets: str = ""


@dataclass(frozen=True)
class GoalMeasures:
    """What measures/_measures.html shows; a closed goal takes no new measures or check-ins. `together` is what several
    measures say together, '' for one.
    """

    goal: Goal
    rows: list[MeasureRow]
    together: str
    may_edit: bool
    closed: bool

    @property
    def charts(self) -> list[MeasureRow]:
        return [row for row in self.rows if row.chart]


def progress_of(measure: Measure) -> Progress:
    stands = attainment(measure)
    done = None if stands.way is None or measure.kind == MeasureKind.MILESTONE else float(stands.way)
    at = "" if done is None else f"{min(max(done, 0.0), 1.0) * 100:.2f}%"
    return Progress(at=at, share=_share(measure, done), words=attainment_text(measure))


def _share(measure: Measure, done: float | None) -> str:
    stands = attainment(measure)
    if measure.kind == MeasureKind.MILESTONE:
        return "reached" if stands.met else "not yet"
    if measure.kind in AT_A_LIMIT:
        return "kept" if stands.met else f"{exact(stands.short)} short"
    return f"{MINUS}{percent(-done)}" if done is not None and done < 0 else percent(done)


def measure_row(
    measure: Any, *, zone: str, may_check_in: bool = False, timeline: Timeline | None = None, bets: str = ""
) -> MeasureRow:
    """Of a row of `with_points`, with days in the time zone `zone`; with a chart where there is a `timeline`."""
    points = points_of(measure)
    last = points[-1] if points else None
    return MeasureRow(
        measure=measure,
        baseline=exact(measure.baseline) if measure.kind == MeasureKind.TARGET else NONE,
        current=value_text(measure, measure.current),
        target=wanted_text(measure),
        progress=progress_of(measure),
        checked_in_at=last.at if last else None,
        sure=str(Confidence(last.confidence).label) if last and last.confidence else "",
        may_check_in=may_check_in,
        spark=spark_of(measure, points, zone),
        chart=chart_of(measure, points, timeline) if timeline else None,
        bets=bets,
    )


def value_text(measure: Measure, value: Decimal) -> str:
    """A value that `measure` has or had."""
    if measure.kind == MeasureKind.MILESTONE:
        return "reached" if value else "not yet"
    return exact(value)


def measures_as_they_stand(goal: Goal, zone: str) -> GoalMeasures:
    """To be read only. One query."""
    rows = [measure_row(row, zone=zone) for row in measures_of(goal)]
    return GoalMeasures(goal=goal, rows=rows, together="", may_edit=False, closed=True)


def goal_measures(goal: Goal, person: Person, timeline: Timeline) -> GoalMeasures:
    """One query."""
    rows: list[Any] = list(with_bets(measures_of(goal)))
    for row in rows:
        row.goal = goal
    closed = goal.status in CLOSED
    return GoalMeasures(
        goal=goal,
        rows=[
            measure_row(
                row,
                zone=timeline.timezone,
                timeline=timeline,
                may_check_in=not closed and person.has_perm("strategy.check_in", row),
                bets="" if closed else bets_text(row, bets=row.bets, change=row.bets_change),
            )
            for row in rows
        ],
        together=progress_text(progress([(row, last_said(row, timeline.timezone)) for row in rows]))
        if len(rows) > 1
        else "",
        may_edit=person.has_perm("strategy.edit_goal", goal),
        closed=closed,
    )
