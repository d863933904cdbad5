"""Values over time as a line: a chart against what was wanted, and a sparkline.

All lengths are in per cent, so that a drawing is as wide as its place. Templates draw them
(components/_chart.html, components/_sparkline.html).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

EDGE, TOP, BOTTOM = 1.5, 10.0, 90.0
"""In per cent of the plot: the margin at either side, and the heights of the highest and of the lowest value."""


@dataclass(frozen=True)
class Value:
    """What was there on a day. `label` says it in words, `code` marks it (a CSS modifier, '' for none)."""

    on: dt.date
    value: float
    label: str = ""
    code: str = ""


@dataclass(frozen=True)
class Spot:
    """A place in the plot, as SVG lengths."""

    x: str
    y: str
    label: str = ""
    code: str = ""


@dataclass(frozen=True)
class Stroke:
    """A straight line between two places."""

    start: Spot
    end: Spot


@dataclass(frozen=True)
class Band:
    """The part of the plot in which values are to stay: from the height `y`, `height` down."""

    y: str
    height: str


@dataclass(frozen=True)
class Sparkline:
    """`label` is its text alternative."""

    label: str
    lines: list[Stroke]
    last: Spot


@dataclass(frozen=True)
class Chart:
    """`label` is its text alternative. `wanted` is where values were to be on each day, `base` where they began;
    `today` is the place of today, '' outside of the plot; `first` and `last` are the days at its sides.
    """

    label: str
    first: dt.date
    last: dt.date
    points: list[Spot]
    lines: list[Stroke]
    wanted: Stroke
    wanted_label: str
    base: Stroke | None = None
    base_label: str = ""
    band: Band | None = None
    today: str = ""


@dataclass(frozen=True)
class Wanted:
    """From `value_first` on the first day to `value_last` on the last one; the two are equal for a limit. `stays` says
    on which side of a limit values are to stay: 'above', 'below' or ''. `base` is where they began, None without one.
    """

    value_first: float
    value_last: float
    label: str
    stays: str = ""
    base: float | None = None
    base_label: str = ""


@dataclass(frozen=True)
class _Plot:
    first: dt.date
    last: dt.date
    low: float
    high: float
    edge: float = field(default=EDGE)

    def x(self, on: dt.date) -> float:
        days = (self.last - self.first).days
        part = (on - self.first).days / days if days else 1.0
        return self.edge + min(max(part, 0.0), 1.0) * (100 - 2 * self.edge)

    def y(self, value: float) -> float:
        """In the middle where all values are the same."""
        height = self.high - self.low
        part = (value - self.low) / height if height else 0.5
        return BOTTOM - part * (BOTTOM - TOP)

    def spot(self, on: dt.date, value: float, label: str = "", code: str = "") -> Spot:
        return Spot(_length(self.x(on)), _length(self.y(value)), label, code)

    def band(self, wanted: Wanted) -> Band | None:
        limit = self.y(wanted.value_last)
        if wanted.stays == "above":
            return Band("0%", _length(limit))
        return Band(_length(limit), _length(100 - limit)) if wanted.stays == "below" else None


def chart(
    values: Sequence[Value], wanted: Wanted, *, label: str, first: dt.date, last: dt.date, today: dt.date
) -> Chart | None:
    """Of `values`, the oldest first, between the days `first` and `last`; values outside of these widen the plot. None
    for fewer than two.
    """
    if len(values) < 2:
        return None
    starts, ends = first, last
    first, last = min(first, values[0].on), max(last, values[-1].on)
    if wanted.value_first == wanted.value_last:
        starts, ends = first, last
    heights = [*(each.value for each in values), wanted.value_first, wanted.value_last]
    if wanted.base is not None:
        heights.append(wanted.base)
    plot = _Plot(first, last, min(heights), max(heights))
    points = [plot.spot(each.on, each.value, each.label, each.code) for each in values]
    return Chart(
        label=label,
        first=first,
        last=last,
        points=points,
        lines=_joined(points),
        wanted=Stroke(plot.spot(starts, wanted.value_first), plot.spot(ends, wanted.value_last)),
        wanted_label=wanted.label,
        base=None if wanted.base is None else Stroke(plot.spot(first, wanted.base), plot.spot(last, wanted.base)),
        base_label=wanted.base_label,
        band=plot.band(wanted),
        today=_length(plot.x(today)) if first < today < last else "",
    )


def sparkline(values: Sequence[Value], *, label: str) -> Sparkline | None:
    """Of `values`, the oldest first; None for fewer than two."""
    if len(values) < 2:
        return None
    heights = [each.value for each in values]
    plot = _Plot(values[0].on, values[-1].on, min(heights), max(heights), edge=5.0)
    points = [plot.spot(each.on, each.value) for each in values]
    return Sparkline(label, _joined(points), points[-1])


def _joined(points: Sequence[Spot]) -> list[Stroke]:
    return [Stroke(one, other) for one, other in pairwise(points)]


def _length(part: float) -> str:
    return f"{part:.2f}%"
