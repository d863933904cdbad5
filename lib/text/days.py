"""Days as text."""

from __future__ import annotations

import datetime as dt


def day(value: dt.date) -> str:
    """As in "3 Mar 2026"."""
    return f"{value.day} {value:%b} {value.year}"


def short_day(value: dt.date) -> str:
    """As in "3 Mar", beside a day that tells the year."""
    return f"{value.day} {value:%b}"


def whole_day(value: dt.date) -> str:
    """As in "3 March 2026", within a sentence."""
    return f"{value.day} {value:%B} {value.year}"


def day_of_year(value: dt.date) -> str:
    """As in "3 March", for days within a fortnight, which need no year."""
    return f"{value.day} {value:%B}"


def period(starts_on: dt.date | None, ends_on: dt.date | None) -> str:
    """As in "1 Jan 2026 to 31 Dec 2026"; '' without dates."""
    if starts_on and ends_on:
        return f"{day(starts_on)} to {day(ends_on)}"
    if starts_on:
        return f"from {day(starts_on)}"
    return f"until {day(ends_on)}" if ends_on else ""
