"""Services for team memberships and their roles."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from lib.log.values import made, removed
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from teams.models import Membership, Person, Team
from teams.narrative import archived_team
from teams.services.log import record


@writes(permission="teams.edit_team")
def add_member(team: Team, *, actor: Person, at: dt.datetime, person: Person, role: str) -> Membership:
    """Raises ValidationError by field (`person`, `role`) for a person who is on the team already, or no longer
    active; RefusedError where the team is archived.
    """
    row = locked(team)
    if row.archived_on is not None:
        raise RefusedError(archived_team(row))
    if not person.is_active:
        raise ValidationError({"person": f"{person} is no longer active here. Choose somebody else."})
    if Membership.objects.filter(team=row, person=person).exists():
        raise ValidationError({"person": f"{person} is on the team already; change the role in the list."})
    membership = Membership(team=row, person=person, role=role)
    membership.clean_fields()
    membership.save()
    record("member.added", actor=actor, at=at, subject=membership, changes=made(membership))
    return membership


@writes(permission="teams.edit_team", of="team")
def change_member(membership: Membership, *, actor: Person, at: dt.datetime, version: int, role: str) -> Membership:
    """Changes the role. Raises StaleError, RefusedError where they have left, ValidationError by field."""
    row = opened(membership, version)
    if changes := revise(row, role=role):
        record("member.changed", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="teams.edit_team", of="team")
def remove_member(membership: Membership, *, actor: Person, at: dt.datetime, version: int) -> Membership:
    """Can be undone by `add_member` with the same role. Raises StaleError, RefusedError."""
    row = opened(membership, version)
    record("member.removed", actor=actor, at=at, subject=row, changes=removed(row))
    row.delete()
    return membership
