"""Services for people's roles, and what is noted of those who leave and come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import ValidationError

from lib.services.edits import revise
from lib.services.errors import RefusedError, StaleError
from lib.services.permissions import System
from lib.services.writes import writes
from teams.enums import Role
from teams.models import Person
from teams.services.log import record, record_all

LEFT, BACK = "person.deactivated", "person.reactivated"


@writes(permission="teams.change_role", queues=False)
def change_role(person: Person, *, actor: Person, role: Role, version: int, at: dt.datetime) -> Person:
    """`version` is the one the form was opened with.

    Raises StaleError where the person has changed since, RefusedError where no administrator would be left.
    """
    row, alone = locked_with_admins(person)
    if row.role == role:
        return row
    if row.version != version:
        changed = f"{row} was changed by somebody else while you had this open."
        raise StaleError(changed, current=row, version=version)
    if role != Role.ADMIN and alone:
        raise RefusedError(f"{row} is the only administrator. Make somebody else an administrator first.")
    record("person.role_changed", actor=actor, at=at, subject=row, changes=revise(row, role=role))
    return row


def locked_with_admins(person: Person) -> tuple[Person, bool]:
    """The current row, and whether it is the only administrator; locked with all administrators, so that two of them
    cannot go at the same time.
    """
    administrators = list(Person.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("id"))
    row = Person.objects.select_for_update().get(pk=person.pk)
    return row, [one.pk for one in administrators] == [row.pk]


def note_who_left(people: Sequence[Person], *, actor: Person | System, at: dt.datetime) -> None:
    """Logs that `people` were just made inactive, by a person or by an import."""
    record_all(LEFT, actor=actor, at=at, done=[(person, {"is_active": [True, False]}) for person in people])


def note_who_is_back(people: Sequence[Person], *, actor: Person | System, at: dt.datetime) -> None:
    """Logs that `people` were just made active again. They get no digest that was due while they were away."""
    note_who_gets_digests(people, at=at)
    record_all(BACK, actor=actor, at=at, done=[(person, {"is_active": [False, True]}) for person in people])


def note_who_gets_digests(people: Sequence[Person], *, at: dt.datetime) -> None:
    """Sees that `people` get no digest that was due before `at`."""
    Person.objects.filter(pk__in=[person.pk for person in people]).update(digests_since=at)


def check_owner(owner: Person | None, before: int | None = None) -> None:
    """Raises ValidationError for a new owner who has left; the one of `before` may stay."""
    if owner is not None and owner.pk != before and not owner.is_active:
        raise ValidationError({"owner": f"{owner} is no longer active here. Choose somebody else."})
