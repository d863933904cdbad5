"""The company's day. Only the interface and tasks ask the clock; services and selectors take `on` or `at`."""

from __future__ import annotations

import datetime as dt
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import timezone as clock


class Zoned(Protocol):
    """Something with an IANA time zone, such as the company."""

    timezone: str


def now() -> dt.datetime:
    """This instant, in UTC."""
    return clock.now()


def day_in(timezone: str, at: dt.datetime) -> dt.date:
    """The day that `at` falls on in an IANA time zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def today(company: Zoned) -> dt.date:
    return day_in(company.timezone, now())
