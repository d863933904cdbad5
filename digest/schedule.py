"""When a digest is due: a weekday and an hour of each ISO week, in a person's own time zone; and when the mail about
turns is, at that hour of a day.

An hour that a clock change skips moves later by the size of the change, but stays in its week; of an hour that occurs
twice, the first is used. Nothing here reads a clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lib.services.dates import day_in, monday

DAY, WEEK, LAST = dt.timedelta(days=1), dt.timedelta(weeks=1), dt.timedelta(minutes=1)
FURTHEST = 4 * WEEK
"""The longest time that one digest covers."""
LEAD = dt.timedelta(hours=3)
"""How long before they are due digests are built."""


@dataclass(frozen=True)
class Times:
    """ISO `weekday` (1 is Monday) and `hour` (0 to 23) in the IANA time zone `zone`."""

    zone: str
    weekday: int
    hour: int


def moment(week: dt.date, times: Times) -> dt.datetime:
    """The instant, in UTC, at which a digest of the week that begins on Monday `week` is due."""
    day = week + dt.timedelta(days=times.weekday - 1)
    return min(_instant(day, times.hour, times.zone), week_ends(week, times.zone) - LAST)


def week_ends(week: dt.date, zone: str) -> dt.datetime:
    """The instant, in UTC, at which that week ends in `zone`."""
    return _instant(week + WEEK, 0, zone)


def week_at(at: dt.datetime, zone: str) -> dt.date:
    """The Monday of the ISO week in `zone` at the instant `at`."""
    return monday(day_in(zone, at))


def moment_of_day(day: dt.date, times: Times) -> dt.datetime:
    """The instant, in UTC, of that hour on `day`."""
    return min(_instant(day, times.hour, times.zone), day_ends(day, times.zone) - LAST)


def day_ends(day: dt.date, zone: str) -> dt.datetime:
    """The instant, in UTC, at which `day` ends in `zone`."""
    return _instant(day + DAY, 0, zone)


def next_moment(after: dt.datetime, times: Times) -> tuple[dt.date, dt.datetime]:
    """The first moment later than `after`, with its week."""
    week = week_at(after, times.zone)
    while (due := moment(week, times)) <= after:
        week += WEEK
    return week, due


def tells_since(due: dt.datetime, before: dt.datetime | None = None) -> dt.datetime:
    """The start of the time that a digest due at `due` covers: `before`, when the person's last one was built; a week
    where there was none, at most FURTHEST."""
    return max(before or due - LEAD - WEEK, due - LEAD - FURTHEST)


def _instant(day: dt.date, hour: int, zone: str) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
