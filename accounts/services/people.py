"""What administrators change about a person."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from accounts.services.addresses import ask_for_address
from digest.services.plans import drop_plans
from lib.services.dates import zones
from lib.services.edits import opened, revise
from lib.services.writes import writes
from teams.enums import Role
from teams.models import Person
from teams.services.log import record
from teams.services.people import change_role


@writes(permission="accounts.edit_person")
def edit_person(
    person: Person, *, actor: Person, at: dt.datetime, version: int, name: str, email: str, role: str, timezone: str
) -> Person:
    """Another address counts once its person has confirmed it (`ask_for_address`). A zone '' is the company's.

    Raises StaleError, ValidationError by field, RefusedError where no administrator would be left.
    """
    row = opened(person, version)
    if timezone and timezone != row.timezone and timezone not in zones():
        raise ValidationError({"timezone": "There is no such time zone. Choose one from the list."})
    if revise(row, name=name):
        record("person.renamed", actor=actor, at=at, subject=row)
    if changes := revise(row, timezone=timezone):
        drop_plans(people=[row.pk])
        record("person.zone_set", actor=actor, at=at, subject=row, changes=changes)
    if role != row.role:
        row = change_role(row, actor=actor, role=Role(role), version=row.version, at=at)
    if email.strip().lower() != row.email.lower():
        row = ask_for_address(row, actor=actor, at=at, email=email)
    return row
