"""Services for people who leave, come back, or are to be forgotten."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.enums import InvitationState
from accounts.models import AddressChange, AddressNotice, Invitation, ResetRequest, SentForm
from alignment.narrative.departures import departure
from alignment.selectors.people.held import held
from conversations.models import Following
from digest.models import WAITING, Digest, TurnMail
from lib.services.edits import revise
from lib.services.errors import RefusedError, StaleError
from lib.services.permissions import System
from lib.services.writes import writes
from strategy.models import EditionRead
from teams.enums import Role
from teams.models import Person
from teams.services.handing_over import hand_over, hand_over_lead
from teams.services.log import record
from teams.services.people import locked_with_admins, note_who_is_back, note_who_left

OF_OWNERS = {
    "strategies": ("strategy.edited", "owner"),
    "goals": ("goal.edited", "owner"),
    "measures": ("measure.edited", "keeper"),
    "initiatives": ("initiative.edited", "owner"),
    "context_pages": ("context_page.edited", "owner"),
    "decisions": ("decision.edited", "owner"),
}
"""The action that the log has for another owner, or keeper, and the field that names them, by part."""
TEAMS = "teams"
NOT_OF_VIEWERS = {"measures": "check no measure in", TEAMS: "lead no team"}
PARTS = (*OF_OWNERS, TEAMS)
ERASED_NAME = "A former colleague"
ERASED_DOMAIN = "erased.invalid"
Receivers = Mapping[str, Person | None]
"""Who gets what, by part of `alignment.selectors.people.held`. A part that is missing, or has None, goes to nobody."""


@dataclass(frozen=True)
class Departure:
    """`moved` is how many of each part went `to` somebody, or lost their owner."""

    person: Person
    moved: dict[str, int]
    to: Receivers

    @property
    def sentence(self) -> str:
        return departure(self.person, self.moved, self.to)


def everything_to(person: Person | None) -> dict[str, Person | None]:
    return dict.fromkeys(PARTS, person)


@writes(permission="accounts.deactivate_person", alone=True)
def deactivate_person(
    person: Person, *, actor: Person | System, at: dt.datetime, version: int | None = None, to: Receivers | None = None
) -> Departure:
    """Ends their access with their next request, and all mail to them; what they own goes `to` others or to nobody.

    The database takes their password, so that no session or one-time address of now is worth anything later. A team
    that goes to nobody keeps them as its lead for when they come back. Raises StaleError where a `version` is given and
    they changed since; RefusedError where they have left already, or no administrator would be left; ValidationError by
    part for who cannot take it.
    """
    # before the person is locked: workers lock them in this order
    Invitation.objects.filter(person=person, state=InvitationState.WAITING).update(state=InvitationState.UNNEEDED)
    row, alone = locked_with_admins(person)
    _check_version(row, version)
    if not row.is_active:
        raise RefusedError(f"{row} is no longer active here already.")
    if alone:
        raise RefusedError(f"{row} is the only administrator. Make somebody else an administrator first.")
    receivers, rows = to or {}, held(row)
    _check_receivers(row, receivers, rows)
    moved = _hand_over(row, receivers, rows, actor=actor, at=at)
    revise(row, is_active=False)
    Digest.objects.filter(person=row, state__in=WAITING).delete()
    AddressChange.objects.filter(person=row).delete()
    note_who_left([row], actor=actor, at=at)
    return Departure(row, moved, receivers)


@writes(permission="accounts.deactivate_person", queues=False)
def reactivate_person(person: Person, *, actor: Person | System, at: dt.datetime, version: int | None = None) -> Person:
    """Lets them in again, with their role and teams, signed out and without a password. What was handed over stays
    where it is.

    Raises StaleError where a `version` is given; RefusedError where they are active, or were erased.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    _check_version(row, version)
    if row.is_active:
        raise RefusedError(f"{row} is active here already.")
    if row.erased_at is not None:
        raise RefusedError("Who was erased cannot come back: nobody knows any more who it was. Invite them anew.")
    revise(row, is_active=True)
    note_who_is_back([row], actor=actor, at=at)
    return row


@writes(permission="accounts.erase_person", queues=False)
def erase_person(person: Person, *, actor: Person | System, at: dt.datetime, version: int | None = None) -> Person:
    """Replaces name and address for good, and deletes what only they could read: their digests' texts, what they
    had typed, which editions they have read, and which conversations they follow. Rows and figures stay as they were,
    and everything else that they did keeps its place.

    Raises StaleError where a `version` is given; RefusedError where they have not left, or were erased already.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    _check_version(row, version)
    if row.is_active:
        raise RefusedError(f"{row} is still active here. Only who has left can be erased.")
    if row.erased_at is not None:
        raise RefusedError("This person was erased already.")
    email = f"erased-{secrets.token_hex(8)}@{ERASED_DOMAIN}"
    changes = revise(row, name=ERASED_NAME, email=email, refusal="", refused_at=None, last_login=None, erased_at=at)
    Digest.objects.filter(person=row).update(content=None, subject="", problem="")
    TurnMail.objects.filter(person=row).delete()
    SentForm.objects.filter(person=row).delete()
    EditionRead.objects.filter(person=row).delete()
    Following.objects.filter(person=row).delete()
    ResetRequest.objects.filter(person=row).delete()
    AddressChange.objects.filter(person=row).delete()
    AddressNotice.objects.filter(person=row).delete()
    Invitation.objects.filter(person=row).update(problem="")
    EmailAddress.objects.filter(user=row).delete()
    record("person.erased", actor=actor, at=at, subject=row, changes=changes)
    return row


def _check_version(row: Person, version: int | None) -> None:
    if version is not None and row.version != version:
        changed = f"{row} was changed by somebody else while you had this open."
        raise StaleError(changed, current=row, version=version)


def _check_receivers(row: Person, to: Receivers, rows: Mapping[str, QuerySet[Any]]) -> None:
    chosen = {part: receiver for part, receiver in to.items() if receiver is not None}
    ids = [receiver.pk for receiver in chosen.values()]
    here = {*Person.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True)}
    problems = {}
    for part, receiver in chosen.items():
        if receiver.pk == row.pk:
            problems[part] = f"{row} is the one who leaves. Choose somebody else."
        elif receiver.pk not in here:
            problems[part] = f"{receiver} is no longer active here. Choose somebody else."
        elif part in NOT_OF_VIEWERS and receiver.role == Role.VIEWER and rows[part].exists():
            problems[part] = f"{receiver} is a viewer, and viewers {NOT_OF_VIEWERS[part]}. Choose somebody else."
    if problems:
        raise ValidationError(problems)


def _hand_over(
    row: Person, to: Receivers, rows: Mapping[str, QuerySet[Any]], *, actor: Person | System, at: dt.datetime
) -> dict[str, int]:
    moved = {
        part: hand_over(rows[part], to=to.get(part), actor=actor, at=at, action=action, field=field)
        for part, (action, field) in OF_OWNERS.items()
    }
    lead = to.get(TEAMS)
    if lead is not None:
        moved[TEAMS] = hand_over_lead(rows[TEAMS], of=row, to=lead, actor=actor, at=at)
    return {part: count for part, count in moved.items() if count}
