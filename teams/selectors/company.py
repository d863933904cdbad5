"""The company and its current day."""

from __future__ import annotations

import datetime as dt

from lib.services.dates import day_in
from teams.models import Company


def company() -> Company:
    """The settings row. Each call is a query, so a view calls it once and passes it on."""
    return Company.objects.get(pk=1)


def company_day(at: dt.datetime) -> dt.date:
    """The company's day at `at`. One query."""
    return day_in(Company.objects.values_list("timezone", flat=True).get(pk=1), at)
