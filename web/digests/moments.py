"""Formats instants for readers, in a zone that is named beside them."""

from __future__ import annotations

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from lib.services.dates import parse_week


def zone_name(zone: str) -> str:
    """As in "Europe/Berlin", "America/New York"."""
    return zone.replace("_", " ")


def moment_text(at: dt.datetime, zone: str) -> str:
    """As in "Monday 23 November at 8:00 (Europe/Berlin)"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B} at {clock_text(local)} ({zone_name(zone)})"


def short_text(at: dt.datetime, zone: str) -> str:
    """As in "23 Nov 2026, 8:00"."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b} {local.year}, {clock_text(local)}"


def clock_text(local: dt.datetime) -> str:
    """As in "8:05"."""
    return f"{local.hour}:{local:%M}"


def weekly_text(weekday: int, hour: int) -> str:
    """An ISO weekday and an hour, as in "Mondays at 8:00"."""
    return f"{calendar.day_name[weekday - 1]}s at {hour}:00"


def week_text(week: dt.date) -> str:
    """As in "Week 48 of 2026"; `week` is its Monday."""
    year, number, _day = week.isocalendar()
    return f"Week {number} of {year}"


def week_of(text: str) -> dt.date | None:
    """The Monday of an ISO week such as "2026-W48", None where `text` is none."""
    try:
        return parse_week(text)
    except ValueError:
        return None
