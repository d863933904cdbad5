"""When digests are due: by hand where clocks are odd, and in every time zone around every change of its clock."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.schedule import WEEK, Times, moment, next_moment, tells_since, week_at, week_ends
from lib.services.dates import monday
from tests.examples import examples

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
STEP = dt.timedelta(minutes=15)
FIRST, LAST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
ALL_TIMES = [(weekday, hour) for weekday in range(1, 8) for hour in range(24)]


@pytest.mark.parametrize(
    ("zone", "weekday", "hour", "week", "due"),
    [
        ("Europe/London", 1, 8, "2026-03-23", "2026-03-23 08:00"),
        ("Europe/London", 7, 1, "2026-03-23", "2026-03-29 01:00"),  # skipped: it reads 2:00
        ("Europe/London", 1, 8, "2026-03-30", "2026-03-30 07:00"),
        ("Europe/London", 7, 1, "2026-10-19", "2026-10-25 00:00"),  # the first of two
        ("Europe/London", 7, 2, "2026-10-19", "2026-10-25 02:00"),
        ("America/New_York", 1, 8, "2026-03-02", "2026-03-02 13:00"),
        ("America/New_York", 7, 2, "2026-03-02", "2026-03-08 07:00"),  # skipped: it reads 3:00
        ("America/New_York", 1, 8, "2026-03-09", "2026-03-09 12:00"),
        ("America/New_York", 7, 1, "2026-10-26", "2026-11-01 05:00"),  # the first of two
        ("Pacific/Auckland", 1, 8, "2026-03-30", "2026-03-29 19:00"),
        ("Pacific/Auckland", 7, 2, "2026-03-30", "2026-04-04 13:00"),  # the first of two
        ("Pacific/Auckland", 1, 8, "2026-04-06", "2026-04-05 20:00"),
        ("Pacific/Auckland", 7, 2, "2026-09-21", "2026-09-26 14:00"),  # skipped: it reads 3:00
        ("Asia/Kathmandu", 1, 8, "2026-03-30", "2026-03-30 02:15"),
        ("Asia/Kathmandu", 1, 0, "2026-12-28", "2026-12-27 18:15"),
        ("Africa/Casablanca", 1, 8, "2026-02-09", "2026-02-09 07:00"),
        ("Africa/Casablanca", 1, 8, "2026-02-16", "2026-02-16 08:00"),  # Ramadan
        ("Africa/Casablanca", 1, 8, "2026-03-23", "2026-03-23 07:00"),
        ("America/Nuuk", 6, 22, "2026-03-23", "2026-03-29 00:00"),
        ("America/Nuuk", 6, 23, "2026-03-23", "2026-03-29 01:00"),  # skipped: it reads Sunday, 0:00
        ("America/Nuuk", 7, 0, "2026-03-23", "2026-03-29 01:00"),
        ("Africa/Algiers", 7, 23, "1971-04-19", "1971-04-25 22:59"),  # skipped, and later is the next week
        ("Pacific/Kiritimati", 1, 8, "2027-01-04", "2027-01-03 18:00"),
        ("Pacific/Kiritimati", 7, 23, "2027-01-04", "2027-01-10 09:00"),
        ("Australia/Lord_Howe", 7, 2, "2026-03-30", "2026-04-04 15:30"),  # half an hour after it was 2:00 before
        ("Australia/Lord_Howe", 7, 2, "2026-09-28", "2026-10-03 15:30"),  # skipped: it reads 2:30
        ("Australia/Lord_Howe", 7, 3, "2026-09-28", "2026-10-03 16:00"),
    ],
)
def test_moment_by_hand(zone: str, weekday: int, hour: int, week: str, due: str) -> None:
    assert moment(dt.date.fromisoformat(week), Times(zone, weekday, hour)) == instant(due)


@pytest.mark.parametrize(
    ("zone", "week", "ends"),
    [
        ("UTC", "2026-03-23", "2026-03-30 00:00"),
        ("Europe/London", "2026-03-23", "2026-03-29 23:00"),
        ("America/New_York", "2026-10-26", "2026-11-02 05:00"),
        ("Pacific/Auckland", "2026-03-30", "2026-04-05 12:00"),
        ("Asia/Kathmandu", "2026-03-23", "2026-03-29 18:15"),
        ("Pacific/Kiritimati", "2026-12-28", "2027-01-03 10:00"),
        ("Australia/Lord_Howe", "2026-09-28", "2026-10-04 13:00"),
    ],
)
def test_week_ends_by_hand(zone: str, week: str, ends: str) -> None:
    assert week_ends(dt.date.fromisoformat(week), zone) == instant(ends)


def test_week_is_that_of_the_zone() -> None:
    at = instant("2026-03-29 11:00")  # a Sunday
    assert week_at(at, "Europe/London") == dt.date(2026, 3, 23)
    assert week_at(at, "Pacific/Kiritimati") == dt.date(2026, 3, 30)


def test_next_moment_at_the_moment_is_that_of_the_next_week() -> None:
    times = Times("Europe/London", 1, 8)
    due = instant("2026-03-30 07:00")
    assert next_moment(due, times) == (dt.date(2026, 4, 6), instant("2026-04-06 07:00"))
    assert next_moment(due - dt.timedelta(microseconds=1), times) == (dt.date(2026, 3, 30), due)


def test_digest_tells_what_happened_since_the_one_before_was_built() -> None:
    """To the minute; without one, a week."""
    due = instant("2026-06-08 07:00")
    assert tells_since(due) == instant("2026-06-01 04:00")
    assert tells_since(due, instant("2026-06-01 06:20")) == instant("2026-06-01 06:20")


@dataclass(frozen=True)
class Change:
    """At the instant `at` a clock that was `before` UTC goes to `after`."""

    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta

    def skips(self, reading: dt.datetime) -> bool:
        """Whether the clock never shows it."""
        shown = naive(self.at) + self.before
        return shown <= reading < naive(self.at) + self.after

    @property
    def gain(self) -> dt.timedelta:
        return self.after - self.before


@pytest.mark.slow
def test_every_zone_around_every_change_of_its_clock() -> None:
    """Zones whose clocks change alike in these two years are walked once."""
    walked = {alike(zone): zone for zone in sorted(available_timezones())}
    assert len(walked) > 50
    assert sum(not changes for _offset, changes in walked) > 20
    for (_offset, changes), zone in walked.items():
        for week in weeks_around(changes):
            walk(zone, changes, week)


def walk(zone: str, changes: tuple[Change, ...], week: dt.date) -> None:
    begins, ends = week_ends(week - WEEK, zone), week_ends(week, zone)
    for weekday, hour in ALL_TIMES:
        times = Times(zone, weekday, hour)
        due, following = moment(week, times), moment(week + WEEK, times)
        local = due.astimezone(ZoneInfo(zone))
        asked = dt.datetime.combine(week + (weekday - 1) * DAY, dt.time(hour))
        late = sum((change.gain for change in changes if change.skips(asked)), dt.timedelta())
        assert begins <= due < ends, (times, week)
        assert week_at(due, zone) == monday(local.date()) == week, (times, week)
        assert local.replace(tzinfo=None) == asked + late, (times, week)
        assert local.fold == 0, (times, week)
        assert abs(following - due - WEEK) <= 2 * HOUR, (times, week)
        assert next_moment(due, times) == (week + WEEK, following), (times, week)
        assert next_moment(due - STEP, times) == (week, due), (times, week)


ZONES = sorted(available_timezones())


@settings(max_examples=examples(40), deadline=None)
@given(st.data())
def test_next_moment_and_end_are_those_of_a_clock_that_is_watched(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    changes = [change.at for change in alike(zone)[1]] or [FIRST + 52 * WEEK]
    after = data.draw(st.sampled_from(changes)) + data.draw(st.integers(-40_000, 20_000)) * dt.timedelta(minutes=1)
    times = Times(zone, data.draw(st.integers(1, 7)), data.draw(st.integers(0, 23)))
    week = monday(after.date()) - WEEK
    weeks = [week + number * WEEK for number in range(5)]
    clock = Clock(zone, weeks[0])
    dues = [(each, clock.first(each + (times.weekday - 1) * DAY, times.hour)) for each in weeks]
    assert next_moment(after, times) == next(each for each in dues if each[1] > after)
    ends = [clock.first(each + WEEK, 0) for each in weeks]
    assert [week_ends(each, zone) for each in weeks] == ends
    assert week_at(after, zone) == weeks[bisect_right(ends, after)]


class Clock:
    """What the clock of a zone shows every quarter of an hour, from two days before the Monday `week` for six weeks."""

    def __init__(self, zone: str, week: dt.date) -> None:
        tz, begins = ZoneInfo(zone), dt.datetime.combine(week - 2 * DAY, dt.time(), dt.UTC)
        watched = [begins + number * STEP for number in range(42 * 96)]
        self._shown = [(at, at.astimezone(tz).replace(tzinfo=None)) for at in watched]

    def first(self, day: dt.date, hour: int) -> dt.datetime:
        """When it first shows that hour or, where it leaps over it, would have shown it without leaping."""
        asked = dt.datetime.combine(day, dt.time(hour))
        at, shown = next(
            earlier for earlier, later in pairwise(self._shown) if earlier[1] <= asked < later[1] or later[1] == asked
        )
        return at + (asked - shown)


@cache
def alike(zone: str) -> tuple[dt.timedelta, tuple[Change, ...]]:
    """How far from UTC a zone is when 2026 begins, and how that changes until 2027 has ended."""
    tz = ZoneInfo(zone)
    days = [FIRST + number * DAY for number in range((LAST - FIRST).days + 1)]
    offsets = [offset(tz, day) for day in days]
    found = [
        change(tz, *two) for two, same in zip(pairwise(days), pairwise(offsets), strict=True) if same[0] != same[1]
    ]
    return offsets[0], tuple(found)


def change(tz: ZoneInfo, before: dt.datetime, after: dt.datetime) -> Change:
    """The one between two instants."""
    while after - before > dt.timedelta(minutes=1):
        middle = before + (after - before) / 2
        before, after = (middle, after) if offset(tz, middle) == offset(tz, before) else (before, middle)
    at = after.replace(second=0, microsecond=0)
    return Change(at, offset(tz, at - STEP), offset(tz, at))


def offset(tz: ZoneInfo, at: dt.datetime) -> dt.timedelta:
    found = at.astimezone(tz).utcoffset()
    assert found is not None
    return found


def weeks_around(changes: tuple[Change, ...]) -> Iterator[dt.date]:
    """Those before, with and after each change; a quiet week and a turn of the year where there is none."""
    days = {change.at.date() for change in changes} or {dt.date(2026, 6, 17), dt.date(2027, 1, 1)}
    yield from sorted({monday(day) + number * WEEK for day in days for number in (-1, 0, 1)})


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def naive(at: dt.datetime) -> dt.datetime:
    return at.replace(tzinfo=None)
