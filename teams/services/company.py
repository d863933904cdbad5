"""The service that names the company and sets its time zone."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from lib.services.changes import Changes, announce
from lib.services.dates import zones
from lib.services.edits import opened, revise
from lib.services.writes import writes
from teams.models import Company, Person
from teams.services.log import record


@writes(permission="teams.edit_company", alone=True)
def edit_company(
    company: Company, *, actor: Person, at: dt.datetime, version: int, name: str, timezone: str
) -> Company:
    """The zone decides what day it is, so figures follow it. Raises StaleError, ValidationError by field."""
    row = opened(company, version)
    if timezone not in zones():
        raise ValidationError({"timezone": "Choose a time zone from the list, such as Europe/Berlin."})
    if changes := revise(row, name=name, timezone=timezone):
        entry = record("company.edited", actor=actor, at=at, subject=row, changes=changes)
        if "timezone" in changes:
            announce(Changes(company=True), cause=entry.pk, at=at)
    return row
