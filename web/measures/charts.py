"""Charts and sparklines of measures, from their check-ins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lib.charts.lines import Chart, Sparkline, Value, Wanted, chart
from lib.services.dates import day_in
from lib.text.days import day
from lib.text.numbers import exact
from strategy.enums import AT_A_LIMIT, Confidence, MeasureKind
from strategy.models import Goal, Measure
from strategy.narrative import wanted_text
from strategy.selectors.goals import Above
from strategy.selectors.measures import Point, series_of


@dataclass(frozen=True)
class Timeline:
    """The days that a chart has: the goal's own, or those of what is above it; None where nobody said. `today` is the
    company's day in its `timezone`.
    """

    starts: dt.date | None
    ends: dt.date | None
    today: dt.date
    timezone: str


def timeline_of(goal: Goal, line: Above, *, today: dt.date, timezone: str) -> Timeline:
    """The nearest start and the nearest end, from the goal up to its strategy, as far as its reader sees them."""
    dated: list[Any] = [each for each in (goal, *reversed(line.goals), line.strategy) if each is not None]
    starts = next((each.starts_on for each in dated if each.starts_on), None)
    ends = next((each.ends_on for each in dated if each.ends_on), None)
    return Timeline(starts, ends, today, timezone)


def spark_of(measure: Measure, points: Sequence[Point], zone: str) -> Sparkline | None:
    """None for a milestone, which has no line, and for fewer than two check-ins."""
    drawn = series_of(measure, points, zone)
    return drawn.sparkline if drawn else None


def chart_of(measure: Measure, points: Sequence[Point], timeline: Timeline) -> Chart | None:
    """From where it began to where it stands today, against what is wanted; None for a milestone, and while there is
    nothing to compare.
    """
    if measure.kind == MeasureKind.MILESTONE:
        return None
    values = [_value(point, timeline) for point in points]
    if measure.kind == MeasureKind.TARGET and timeline.starts and (not values or values[0].on > timeline.starts):
        values.insert(
            0, Value(timeline.starts, float(measure.baseline), f"{day(timeline.starts)}: {exact(measure.baseline)}")
        )
    now = float(measure.current)
    if values and values[-1].value != now and values[-1].on <= timeline.today:
        values.append(Value(timeline.today, now, f"Now: {exact(measure.current)}"))
    if not values:
        return None
    wanted = _wanted(measure, timeline)
    return chart(
        values,
        wanted,
        label=f"Over time: {values[0].label}; then {values[-1].label}. {wanted.label}.",
        first=timeline.starts or values[0].on,
        last=timeline.ends or timeline.today,
        today=timeline.today,
    )


def _value(point: Point, timeline: Timeline) -> Value:
    on = day_in(timeline.timezone, point.at)
    sure = f", {str(Confidence(point.confidence).label).lower()}" if point.confidence else ""
    return Value(on, point.value, f"{day(on)}: {_exact(point.value)}{sure}", point.confidence.replace("_", "-"))


def _wanted(measure: Measure, timeline: Timeline) -> Wanted:
    """A way from baseline to target where the days of both are known, and a line at what is wanted otherwise."""
    target, baseline = float(measure.target), float(measure.baseline)
    label = f"Wanted: {wanted_text(measure)}"
    if measure.kind in AT_A_LIMIT:
        return Wanted(target, target, label, stays="above" if measure.kind == MeasureKind.AT_LEAST else "below")
    first = baseline if timeline.starts and timeline.ends else target
    return Wanted(first, target, label, base=baseline, base_label=f"From {exact(measure.baseline)}")


def _exact(value: float) -> str:
    return exact(Decimal(str(value)))
