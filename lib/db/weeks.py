"""Weeks as the database counts them."""

from __future__ import annotations

import datetime as dt

from django.db.models import DateTimeField, F, Func, Value

WEEK = dt.timedelta(weeks=1)


def last_week_began(at: dt.datetime, zone: F) -> Func:
    """An expression for the instant at which the week before that of `at` began in the time zone `zone`."""
    local = Func(zone, Value(at), function="timezone", output_field=DateTimeField())
    monday = Func(Value("week"), local, function="date_trunc", output_field=DateTimeField())
    return Func(zone, monday - Value(WEEK), function="timezone", output_field=DateTimeField())
