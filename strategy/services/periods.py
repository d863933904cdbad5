"""Checks the dates of a strategy or a goal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from lib.services.dates import FIRST_DAY, LAST_DAY
from strategy.models import Goal, Strategy

DATES = ("starts_on", "ends_on")


def check_period(row: Goal | Strategy, values: Mapping[str, Any]) -> None:
    """Checks the dates in `values` for `row`. Raises ValidationError by field."""
    days: dict[str, dt.date | None] = {name: values.get(name, getattr(row, name)) for name in DATES}
    outside = [name for name, day in days.items() if day is not None and not FIRST_DAY <= day <= LAST_DAY]
    if outside:
        raise ValidationError(dict.fromkeys(outside, "Give a day of the years 1970 to 2100."))
    start, end = days["starts_on"], days["ends_on"]
    if start is not None and end is not None and end < start:
        raise ValidationError({"ends_on": "The end must not be before the start: give a later day, or start earlier."})
