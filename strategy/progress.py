"""How far measures have come, how sure people are of them and how fresh that is: of one measure, of a goal's own
measures, and of several goals side by side.

Nothing here reads or writes, and nothing is rolled up from goals below.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from strategy.enums import AT_A_LIMIT, Confidence, MeasureKind
from teams.enums import Rhythm

LEAST_SURE_FIRST = (Confidence.OFF_TRACK, Confidence.AT_RISK, Confidence.ON_TRACK)
DAYS = {Rhythm.WEEK: 7, Rhythm.TWO_WEEKS: 14}


class Measured(Protocol):
    """A measure's kind and its values."""

    @property
    def kind(self) -> str: ...
    @property
    def baseline(self) -> Decimal: ...
    @property
    def target(self) -> Decimal: ...
    @property
    def current(self) -> Decimal: ...


@dataclass(frozen=True)
class Attainment:
    """Where one measure stands. `way` is the share of the distance from baseline to target that is done: below 0 in the
    wrong direction, above 1 beyond the target, None for a number that is kept, or where the two are equal. `short` is
    what is missing, 0 where it is `met`.
    """

    way: Decimal | None
    met: bool
    short: Decimal


@dataclass(frozen=True)
class LastCheckIn:
    """The last check-in of a measure: on which day, and how sure its author was ('': they did not say)."""

    on: dt.date
    confidence: str = ""


@dataclass(frozen=True)
class Progress:
    """What the own measures of a goal say together.

    `far` is the mean of the ways of those that have one, each from 0 to 1, so that no measure makes up for another;
    None where none has one. `kept` are those that stay on their side of a limit, of `to_keep`. `sure` is the judgement
    of the least sure; `fresh` is the day of the oldest of the last check-ins, `unsaid` how many have none. A milestone
    that is reached has no more to say.
    """

    measures: int = 0
    far: Decimal | None = None
    met: int = 0
    kept: int = 0
    to_keep: int = 0
    sure: str = ""
    fresh: dt.date | None = None
    unsaid: int = 0


@dataclass(frozen=True)
class Overview:
    """Several goals side by side: how many there are, how many of them have measures, how many of those measures are
    reached or kept, how many goals are as sure as `by_confidence` says, and the oldest of their last check-ins.
    """

    goals: int
    measured: int
    measures: int
    met: int
    by_confidence: dict[str, int]
    fresh: dt.date | None
    unsaid: int


def attainment(measure: Measured) -> Attainment:
    if measure.kind == MeasureKind.AT_LEAST:
        return _kept(measure.target - measure.current)
    if measure.kind == MeasureKind.AT_MOST:
        return _kept(measure.current - measure.target)
    whole, done = measure.target - measure.baseline, measure.current - measure.baseline
    if not whole:
        return Attainment(None, not done, abs(done))
    way = done / whole
    return Attainment(way, way >= 1, max(whole - done, Decimal(0)) if whole > 0 else max(done - whole, Decimal(0)))


def _kept(missing: Decimal) -> Attainment:
    return Attainment(None, missing <= 0, max(missing, Decimal(0)))


def is_over(measure: Measured) -> bool:
    """Whether it has no more to say: a milestone that is reached."""
    return measure.kind == MeasureKind.MILESTONE and attainment(measure).met


def progress(measures: Collection[tuple[Measured, LastCheckIn | None]]) -> Progress:
    """Of the own measures of one goal, each with its last check-in."""
    stands = [(measure, attainment(measure)) for measure, _said in measures]
    ways = [min(max(each.way, Decimal(0)), Decimal(1)) for _measure, each in stands if each.way is not None]
    keeping = [each.met for measure, each in stands if measure.kind in AT_A_LIMIT]
    going = [said for measure, said in measures if not is_over(measure)]
    said = [each for each in going if each is not None]
    return Progress(
        measures=len(measures),
        far=sum(ways, Decimal(0)) / len(ways) if ways else None,
        met=sum(each.met for _measure, each in stands),
        kept=sum(keeping),
        to_keep=len(keeping),
        sure=_least_sure(each.confidence for each in said),
        fresh=min((each.on for each in said), default=None),
        unsaid=len(going) - len(said),
    )


def overview(goals: Collection[Progress]) -> Overview:
    """Counts, and no mean: how far each goal has come stays its own."""
    measured = [goal for goal in goals if goal.measures]
    sure = [goal.sure for goal in measured if goal.sure]
    return Overview(
        goals=len(goals),
        measured=len(measured),
        measures=sum(goal.measures for goal in measured),
        met=sum(goal.met for goal in measured),
        by_confidence={each: sure.count(each) for each in Confidence.values if each in sure},
        fresh=min((goal.fresh for goal in measured if goal.fresh), default=None),
        unsaid=sum(goal.unsaid for goal in measured),
    )


def due_on(last: dt.date, rhythm: str) -> dt.date:
    """The day on which the next check-in is due, after one on `last`."""
    if rhythm != Rhythm.MONTH:
        return last + dt.timedelta(days=DAYS[Rhythm(rhythm)])
    year, month = last.year + last.month // 12, last.month % 12 + 1
    return dt.date(year, month, min(last.day, calendar.monthrange(year, month)[1]))


def is_due(last: dt.date | None, rhythm: str, on: dt.date) -> bool:
    """One that nobody has checked in is due from the start."""
    return last is None or due_on(last, rhythm) <= on


def _least_sure(said: Iterable[str]) -> str:
    there = {*said}
    return next((each.value for each in LEAST_SURE_FIRST if each.value in there), "")
