"""The weeks of the story on a real calendar.

The story covers the twelve ISO weeks before its end, which is the latest Monday at nine in the company's zone that has
passed. Week 13 begins with this Monday, so that later days can be counted too.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from digest.schedule import WEEK
from lib.services.dates import day_in, monday

ZONE = "Europe/London"
WEEKS = 12
LAST_HOUR = dt.time(9)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


@dataclass(frozen=True)
class Calendar:
    """`last` is the Monday on which the story ends."""

    last: dt.date

    @property
    def first(self) -> dt.date:
        """The Monday of week 1."""
        return self.last - WEEKS * WEEK

    @property
    def end(self) -> dt.datetime:
        return self.instant(self.last, LAST_HOUR)

    def day(self, week: int, weekday: int) -> dt.date:
        """Weeks count from 1 and may lie outside the story; `weekday` is 0 for Monday."""
        return self.first + (week - 1) * WEEK + dt.timedelta(days=weekday)

    def instant(self, day: dt.date, time: dt.time) -> dt.datetime:
        """In UTC; `day` and `time` are in the company's zone."""
        return dt.datetime.combine(day, time, ZoneInfo(ZONE)).astimezone(dt.UTC)


def calendar_at(at: dt.datetime) -> Calendar:
    """The latest calendar whose end is not after `at`."""
    calendar = Calendar(monday(day_in(ZONE, at)))
    return calendar if calendar.end <= at else Calendar(calendar.last - WEEK)
