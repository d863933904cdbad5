"""Values over time where there is little room."""

from __future__ import annotations

import datetime as dt

from lib.charts.series import Series, series
from lib.text.numbers import SPACE

MAY = [dt.date(2026, 5, day) for day in (4, 11, 18)]


def went(*values: float) -> Series:
    found = series(list(zip(MAY, values, strict=False)))
    assert found is not None
    return found


def test_values_are_said_with_their_days():
    assert went(12, 14.5, 19).words.replace(SPACE, " ") == "12 on 4 May → 14.5 on 11 May → 19 on 18 May 2026"
    assert went(12, 14.5, 19).label.replace(SPACE, " ") == "12 on 4 May 2026, then 19 on 18 May 2026"


def test_columns_are_as_high_as_values_are_apart():
    """The lowest is 8 per cent high, the highest 100, and half way between them is 54."""
    assert went(12, 16, 20).columns == [8, 54, 100]
    assert went(-5, -20).columns == [100, 8]
    assert went(7, 7, 7).columns == [54, 54, 54]


def test_one_value_is_no_series():
    assert series([(MAY[0], 1.0)]) is None


def test_only_the_last_ones_are_shown():
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=each) for each in range(20)]
    many = series([(day, float(each)) for each, day in enumerate(days)])
    assert many is not None
    assert len(many.columns) == 12
    assert many.words.count("→") == 3
    assert many.words.startswith("16 on")
