"""The progress of measures, in words and as a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lib.text.numbers import MINUS, exact, percent
from strategy.enums import CLOSED
from strategy.models import Goal, Measure
from strategy.selectors.measures import measures_of
from teams.models import Person


@dataclass(frozen=True)
class Progress:
    """What measures/_progress.html draws: `at` is an SVG length from 0 % (baseline) to 100 % (target), '' where the two
    are equal; `share` is the part of the way done, '–' likewise."""

    at: str
    share: str
    words: str


@dataclass(frozen=True)
class MeasureRow:
    measure: Measure
    baseline: str
    current: str
    target: str
    progress: Progress
    checked_in_at: dt.datetime | None


@dataclass(frozen=True)
class GoalMeasures:
    """What measures/_measures.html shows; a closed goal takes no new measures or check-ins."""

    goal: Goal
    rows: list[MeasureRow]
    may_edit: bool
    closed: bool


def progress_of(measure: Measure) -> Progress:
    part = measure.progress
    done = None if part is None else float(part)
    at = "" if done is None else f"{min(max(done, 0.0), 1.0) * 100:.2f}%"
    share = f"{MINUS}{percent(-done)}" if done is not None and done < 0 else percent(done)
    return Progress(at=at, share=share, words=_words(measure, done))


def measure_row(measure: Measure, checked_in_at: dt.datetime | None) -> MeasureRow:
    row = measure
    values = exact(row.baseline), exact(row.current), exact(row.target)
    return MeasureRow(row, *values, progress_of(row), checked_in_at)


def goal_measures(goal: Goal, person: Person) -> GoalMeasures:
    """One query."""
    rows: Iterable[Any] = measures_of(goal)
    return GoalMeasures(
        goal=goal,
        rows=[measure_row(row, row.checked_in_at) for row in rows],
        may_edit=person.has_perm("strategy.edit_goal", goal),
        closed=goal.status in CLOSED,
    )


def _words(measure: Measure, done: float | None) -> str:
    baseline, current, target = exact(measure.baseline), exact(measure.current), exact(measure.target)
    if done is None:
        return f"At {current}; it should stay at {target}."
    if done < 0:
        return f"At {current}, further from {target} than where it began, at {baseline}."
    if done > 1:
        return f"At {current}, past the {target} that was wanted."
    if done == 1:
        return f"At {current}, as wanted."
    if done == 0:
        return f"At {current}, where it began, on the way to {target}."
    return f"At {current}, {percent(done)} of the way from {baseline} to {target}."
