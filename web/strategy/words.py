"""Strategies and goals in words."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from lib.text import days


class Dated(Protocol):
    starts_on: dt.date | None
    ends_on: dt.date | None


def period(row: Dated) -> str:
    """As in "1 Jan 2026 to 31 Dec 2026"; '' without dates."""
    return days.period(row.starts_on, row.ends_on)
