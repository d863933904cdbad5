"""When a digest is due: a weekday and an hour of each ISO week, in a person's own time zone.

An hour that a change of the clock skips is as much later as the clock was put forward, but still of its week; of an
hour that comes twice, the first is meant. Nothing here asks a clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lib.services.dates import day_in, monday

WEEK, LAST = dt.timedelta(weeks=1), dt.timedelta(minutes=1)
FURTHEST = 4 * WEEK
"""Nobody is told more than this of the time before."""
LEAD = dt.timedelta(hours=3)
"""Digests are built in so much time before they are due."""


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
    """The instant, in UTC, at which that week is over in `zone`."""
    return _instant(week + WEEK, 0, zone)


def week_at(at: dt.datetime, zone: str) -> dt.date:
    """The Monday of the ISO week that it is in `zone` at `at`."""
    return monday(day_in(zone, at))


def next_moment(after: dt.datetime, times: Times) -> tuple[dt.date, dt.datetime]:
    """The first moment later than `after`, with its week."""
    week = week_at(after, times.zone)
    while (due := moment(week, times)) <= after:
        week += WEEK
    return week, due


def told_until(due: dt.datetime, built: dt.datetime | None) -> dt.datetime:
    """Until when a digest due at `due` and `built` then tells what happened: until digests of its moment began to be
    built, or the hour in which it was, where that was later. To the hour, so that those that were late together tell
    of the same time the week after as well."""
    begun = due - LEAD
    return begun if built is None else max(begun, built.replace(minute=0, second=0, microsecond=0))


def tells_since(due: dt.datetime, before: dt.datetime | None = None) -> dt.datetime:
    """From when on a digest due at `due` tells what happened: since `before`, until when the person's last one told, so
    that nothing falls between two digests; a week where there was none, at most FURTHEST."""
    return max(before or due - LEAD - WEEK, due - LEAD - FURTHEST)


def _instant(day: dt.date, hour: int, zone: str) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
