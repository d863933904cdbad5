"""Values over time where there is little room: as a sparkline, as columns of a mail, and in words, from one
description. It is stored with digests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lib.charts.lines import Sparkline, Value, sparkline
from lib.text.days import day, short_day
from lib.text.numbers import exact

SPOKEN, COLUMNS, LOWEST = 4, 12, 8
"""The most values in words, the most columns, and the height of the lowest one in per cent."""


@dataclass(frozen=True)
class Series:
    """`values` are pairs of an ISO day and what was there on it, the oldest first, two at least."""

    values: tuple[tuple[str, float], ...]

    @property
    def label(self) -> str:
        """Where it began and where it ends."""
        (first, began), (last, ends) = self.values[0], self.values[-1]
        return f"{_exact(began)} on {_day(first)}, then {_exact(ends)} on {_day(last)}"

    @property
    def words(self) -> str:
        """Its last values with their days, the last of which tells the year."""
        *before, (on, value) = self.values[-SPOKEN:]
        earlier = [f"{_exact(each)} on {short_day(_date(then))}" for then, each in before]
        return " → ".join([*earlier, f"{_exact(value)} on {_day(on)}"])

    @property
    def sparkline(self) -> Sparkline | None:
        return sparkline([Value(_date(on), value) for on, value in self.values], label=self.label)

    @property
    def columns(self) -> list[int]:
        """The heights of its last values in per cent of the highest; in the middle where all are the same."""
        shown = [value for _on, value in self.values[-COLUMNS:]]
        low, height = min(shown), max(shown) - min(shown)
        parts = [(value - low) / height if height else 0.5 for value in shown]
        return [round(LOWEST + part * (100 - LOWEST)) for part in parts]


def series(values: Sequence[tuple[dt.date, float]]) -> Series | None:
    """None for fewer than two."""
    return Series(tuple((on.isoformat(), value) for on, value in values)) if len(values) > 1 else None


def _date(iso: str) -> dt.date:
    return dt.date.fromisoformat(iso)


def _day(iso: str) -> str:
    return day(_date(iso))


def _exact(value: float) -> str:
    return exact(Decimal(str(value)))
