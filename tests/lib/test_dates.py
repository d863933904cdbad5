from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
import time_machine

from lib.services.dates import day_in, iso_week, monday, now, parse_day, parse_week, today

LATE = dt.datetime(2026, 3, 16, 23, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", 16), ("Europe/Berlin", 17), ("America/New_York", 16), ("Pacific/Kiritimati", 17)]
)
def test_day_is_that_of_the_zone(zone: str, day: int) -> None:
    assert day_in(zone, LATE) == dt.date(2026, 3, day)
    with time_machine.travel(LATE, tick=False):
        assert today(SimpleNamespace(timezone=zone)) == dt.date(2026, 3, day)
        assert now() == LATE


@pytest.mark.parametrize("day", range(16, 23))
def test_monday_is_the_first_day_of_the_week(day: int) -> None:
    assert monday(dt.date(2026, 3, day)) == dt.date(2026, 3, 16)


def test_sunday_before_is_of_the_week_before() -> None:
    assert monday(dt.date(2026, 3, 15)) == dt.date(2026, 3, 9)


@pytest.mark.parametrize("text", ["1970-01-01", "2100-12-31", "2024-02-29"])
def test_day_of_the_years_1970_to_2100_is_read(text: str) -> None:
    assert parse_day(text).isoformat() == text


@pytest.mark.parametrize(
    "text",
    ["1969-12-31", "2101-01-01", "2023-02-29", "20260316", "2026-W12-1", "2026-3-16", " 2026-03-16", "", "٢٠٢٦-٠٣-١٦"],
)
def test_what_is_no_such_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a day of the years 1970 to 2100, written like 2026-03-31"):
        parse_day(text)


@pytest.mark.parametrize(
    ("day", "week"),
    [("2026-01-01", "2026-W01"), ("2027-01-03", "2026-W53"), ("2027-01-04", "2027-W01"), ("2025-12-29", "2026-W01")],
)
def test_week_is_that_of_the_calendar_of_weeks(day: str, week: str) -> None:
    assert iso_week(dt.date.fromisoformat(day)) == week
    assert parse_week(week) == monday(dt.date.fromisoformat(day))


def test_weeks_of_the_years_1970_to_2100_are_read() -> None:
    assert parse_week("1970-W02") == dt.date(1970, 1, 5)
    assert parse_week("2100-W52") == dt.date(2100, 12, 27)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2025-W53", "There is no such week: 2025 has weeks 1 to 52."),
        ("2026-W54", "There is no such week: 2026 has weeks 1 to 53."),
        ("2026-W00", "There is no such week: 2026 has weeks 1 to 53."),
        *((text, "Give a week of the years 1970 to 2100, written like 2026-W09.") for text in ("1970-W01", "2101-W01")),
        *((text, "Give an ISO week, written like 2026-W09.") for text in ("2026W09", "2026-W9", "2026-W09-1", "")),
    ],
)
def test_what_is_no_such_week_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        parse_week(text)
