"""The company itself."""

from __future__ import annotations

import datetime as dt

from lib.services.dates import day_in
from teams.models import Company


def company() -> Company:
    """The one row of settings; a query each time, so a view asks once and hands it on."""
    return Company.objects.get(pk=1)


def company_day(at: dt.datetime) -> dt.date:
    """The company's day at `at`; one query for its time zone alone."""
    return day_in(Company.objects.values_list("timezone", flat=True).get(pk=1), at)
