"""Services for people's roles."""

from __future__ import annotations

import datetime as dt

from lib.services.edits import revise
from lib.services.errors import RefusedError, StaleError
from lib.services.writes import writes
from teams.enums import Role
from teams.models import Person
from teams.services.log import record


@writes(permission="teams.change_role", queues=False)
def change_role(person: Person, *, actor: Person, role: Role, version: int, at: dt.datetime) -> Person:
    """`version` is the one the form was opened with.

    Raises StaleError where the person has changed since, RefusedError where no administrator would be left.
    """
    administrators = list(Person.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("id"))
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.role == role:
        return row
    if row.version != version:
        changed = f"{row} was changed by somebody else while you had this open."
        raise StaleError(changed, current=row, version=version)
    if role != Role.ADMIN and [one.pk for one in administrators] == [row.pk]:
        raise RefusedError(f"{row} is the only administrator. Make somebody else an administrator first.")
    record("person.role_changed", actor=actor, at=at, subject=row, changes=revise(row, role=role))
    return row
