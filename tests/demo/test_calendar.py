"""Where the story's weeks lie on the calendar."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from demo.calendar import FRI, MON, ZONE, calendar_at
from demo.moving import weeks_between

LONDON = ZoneInfo(ZONE)
MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize("day", range(7))
@pytest.mark.parametrize("hour", [9, 23])
def test_story_ends_on_the_monday_of_each_day(day: int, hour: int) -> None:
    at = dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(hour), LONDON)
    assert calendar_at(at).last == MONDAY
    assert calendar_at(at).end <= at


def test_monday_before_nine_still_belongs_to_the_week_before() -> None:
    at = dt.datetime.combine(MONDAY, dt.time(8, 59, 59), LONDON)
    assert calendar_at(at).last == MONDAY - dt.timedelta(weeks=1)


def test_nine_is_nine_by_the_clocks_of_the_company() -> None:
    summer, winter = (
        calendar_at(dt.datetime(2026, 7, 1, tzinfo=dt.UTC)),
        calendar_at(dt.datetime(2026, 1, 7, tzinfo=dt.UTC)),
    )
    assert (summer.end.hour, winter.end.hour) == (8, 9)


def test_days_are_counted_from_week_1_and_on_after_the_story() -> None:
    calendar = calendar_at(dt.datetime.combine(MONDAY, dt.time(12), LONDON))
    assert calendar.day(1, MON) == calendar.first == MONDAY - dt.timedelta(weeks=12)
    assert calendar.day(12, FRI) == MONDAY - dt.timedelta(days=3)
    assert calendar.day(13, MON) == MONDAY


@pytest.mark.parametrize(
    ("last", "at", "weeks"),
    [
        ("2026-11-23 09:00", "2026-11-30 08:59", 0),
        ("2026-11-23 09:00", "2026-11-30 09:00", 1),
        ("2026-11-23 09:00", "2026-11-22 09:00", 0),
        ("2026-03-23 09:00", "2026-03-30 09:00", 1),  # six days and 23 hours later: the clocks went forward
        ("2026-10-19 09:00", "2026-10-26 08:59", 0),  # seven days and almost an hour: they went back
        ("2026-11-23 09:00", "2027-11-23 09:00", 52),
    ],
)
def test_weeks_between_are_whole_ones_by_the_clocks_of_the_company(last: str, at: str, weeks: int) -> None:
    first, second = (dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC) for text in (last, at))
    assert weeks_between(first, second, ZONE) == weeks
