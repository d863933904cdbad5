"""The service that names the company, and sets its time zone and what unsized work counts as."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.core.exceptions import ValidationError

from lib.services.changes import Changes, announce
from lib.services.dates import zones
from lib.services.edits import opened, revise
from lib.services.writes import writes
from teams.models import Company, Person
from teams.services.log import record


@writes(permission="teams.edit_company", alone=True)
def edit_company(
    company: Company,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    name: str,
    timezone: str,
    default_effort: Decimal,
) -> Company:
    """Figures follow the zone, as it decides what day it is, and the default effort (person-weeks, above 0).

    Raises StaleError, ValidationError by field.
    """
    row = opened(company, version)
    if timezone not in zones():
        raise ValidationError({"timezone": "Choose a time zone from the list, such as Europe/Berlin."})
    if changes := revise(row, name=name, timezone=timezone, default_effort=default_effort):
        entry = record("company.edited", actor=actor, at=at, subject=row, changes=changes)
        if changes.keys() & {"timezone", "default_effort"}:
            announce(Changes(company=True), cause=entry.pk, at=at)
    return row
