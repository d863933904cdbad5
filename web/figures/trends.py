"""Coverage week by week, as components/_trend.html draws it (docs/design-system.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from alignment.engine import Figures
from alignment.history.weeks import WEEKS_SHOWN, Week
from lib.services.dates import monday
from lib.text.days import day
from lib.text.numbers import percent
from lib.text.parts import amount
from web.figures.figures import NOTHING_TO_COVER, Figure

NOT_KEPT = "The figures of this week were not kept."
TOO_FEW = "Figures are kept once a week; the line begins with the second."
NOTHING_DRAWN = "There was discretionary work in fewer than two of the last weeks: there is no line to draw."
EDGE, TOP, BOTTOM = 1.5, 6.0, 94.0
"""In per cent of the plot: the margin at either end, and the heights of 100 % and 0 %."""


@dataclass(frozen=True)
class Point:
    """A week, or now. `x` and `y` are SVG lengths; `y` is '' where there is no coverage. `figures` is None where none
    are stored."""

    day: dt.date
    now: bool
    figures: Figures | None
    coverage: Figure
    x: str
    y: str

    @property
    def aligned(self) -> str:
        """With its unit, as `discretionary`; '' where no figures are stored."""
        return amount(self.figures.aligned, self.figures) if self.figures else ""

    @property
    def discretionary(self) -> str:
        return amount(self.figures.discretionary, self.figures) if self.figures else ""


@dataclass(frozen=True)
class Trend:
    """`lines` join points of consecutive weeks, `label` sums them up in a sentence; `missing` is shown instead where
    there are fewer than two points."""

    points: list[Point]
    lines: list[tuple[Point, Point]]
    label: str
    missing: str

    @property
    def newest_first(self) -> list[Point]:
        return self.points[::-1]


def trend(kept: Sequence[Week], now: Figures, as_of: dt.date | None) -> Trend:
    """Covers the weeks up to that of `as_of`, the day of the figures `now`, which replace those of its week."""
    weeks = _weeks(kept, as_of)
    figures = {week.week: week.figures for week in kept} | ({weeks[-1]: now} if weeks else {})
    points = [
        _point(week, figures.get(week), at / max(len(weeks) - 1, 1), now=week == weeks[-1])
        for at, week in enumerate(weeks)
    ]
    lines = [(one, other) for one, other in pairwise(points) if one.y and other.y]
    drawn = [point for point in points if point.y]
    missing = "" if len(drawn) > 1 else TOO_FEW if len(weeks) < 2 else NOTHING_DRAWN
    return Trend(points, lines, _label(drawn) if drawn else "", missing)


def _weeks(kept: Sequence[Week], as_of: dt.date | None) -> list[dt.date]:
    """The Mondays from the first week stored to that of `as_of`, at most WEEKS_SHOWN."""
    if as_of is None:
        return []
    this = monday(as_of)
    shown = [this - dt.timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]
    first = min((week.week for week in kept), default=this)
    return [week for week in shown if week >= min(first, this)]


def _point(week: dt.date, figures: Figures | None, at: float, *, now: bool) -> Point:
    value = figures.coverage if figures else None
    missing = NOTHING_TO_COVER if figures else NOT_KEPT
    return Point(
        day=week,
        now=now,
        figures=figures,
        coverage=Figure("Coverage", value, "percent", missing=missing),
        x=f"{EDGE + at * (100 - 2 * EDGE):.2f}%",
        y="" if value is None else f"{BOTTOM - value * (BOTTOM - TOP):.2f}%",
    )


def _label(drawn: list[Point]) -> str:
    first, last = drawn[0], drawn[-1]
    when = "now" if last.now else f"in the week of {day(last.day)}"
    return (
        f"Coverage by week: {percent(first.coverage.value)} in the week of {day(first.day)},"
        f" {percent(last.coverage.value)} {when}"
    )
