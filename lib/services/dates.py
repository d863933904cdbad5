"""Days, weeks and the company's today. Only the interface and tasks read the clock; services and selectors take `on` or
`at`.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone as clock

FIRST_DAY, LAST_DAY = dt.date(1970, 1, 1), dt.date(2100, 12, 31)
SATURDAY = 5
"""As `date.weekday` counts."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WEEK = re.compile(r"\d{4}-W\d{2}", re.ASCII)


class Zoned(Protocol):
    """Something with an IANA time zone, such as the company."""

    timezone: str


def now() -> dt.datetime:
    """This instant, in UTC."""
    return clock.now()


@cache
def zones() -> frozenset[str]:
    """The IANA time zones that a person or company may have; without `localtime`, which is a different zone on each
    machine that has it."""
    return frozenset(available_timezones() - {"localtime"})


def day_in(timezone: str, at: dt.datetime) -> dt.date:
    """The day that `at` falls on in an IANA time zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def today(company: Zoned) -> dt.date:
    return day_in(company.timezone, now())


def monday(day: dt.date) -> dt.date:
    """The first day of `day`'s ISO week."""
    return day - dt.timedelta(days=day.weekday())


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The day that is `count` days from Monday to Friday after `day`."""
    while count:
        day += dt.timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def parse_day(text: str) -> dt.date:
    """Parses a day from 1970 to 2100, as 2026-03-31. Raises ValueError with a message for the person who typed it."""
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("Give a day of the years 1970 to 2100, written like 2026-03-31.")
    return day


def iso_week(day: dt.date) -> str:
    """The ISO week of `day`, as 2026-W09."""
    return f"{day:%G-W%V}"


def parse_week(text: str) -> dt.date:
    """Returns the Monday of an ISO week such as 2026-W09. Raises ValueError with a message for the person who
    typed it.
    """
    if not _WEEK.fullmatch(text):
        raise ValueError("Give an ISO week, written like 2026-W09.")
    year, week = int(text[:4]), int(text[6:])
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise ValueError("Give a week of the years 1970 to 2100, written like 2026-W09.")
    last = dt.date(year, 12, 28).isocalendar().week
    if not 1 <= week <= last:
        raise ValueError(f"There is no such week: {year} has weeks 1 to {last}.")
    day = dt.date.fromisocalendar(year, week, 1)
    if day < FIRST_DAY:
        raise ValueError("Give a week of the years 1970 to 2100, written like 2026-W09.")
    return day
