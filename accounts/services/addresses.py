"""Another address of a person: it counts once it is confirmed by a mailed link, and both addresses are told. The mails
are rows that a worker sends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts.enums import NoticeMail
from accounts.models import AddressChange, AddressNotice
from accounts.selectors.invitations import link_lifetime
from accounts.services.invitations import HERE_ALREADY
from accounts.services.waiting_mail import send_due
from lib.mail import sending as mail
from lib.programs.waking import wake
from lib.services.edits import locked, revise
from lib.services.errors import RefusedError
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Person
from teams.selectors.company import company
from teams.services.log import record

TASK = "accounts.send_address_notices"
TRIES = 10
"""The last is half a day after the first."""
ENDED = "This address was confirmed, or taken back, or another one took its place."
TAKEN = "Somebody else has this e-mail address by now. Ask an administrator of your company."
_SALT = "throughline.accounts.address"


@writes(permission="accounts.edit_person", queues=False)
def ask_for_address(person: Person, *, actor: Person, at: dt.datetime, email: str) -> Person:
    """The old address holds until the new one is confirmed from there. Whoever has not joined yet cannot have
    anything taken from them: theirs changes at once, and an invitation that was sent to the old one ends.

    Raises ValidationError for an address that nobody can have, or somebody has.
    """
    row = locked(person)
    wanted = email.strip().lower()
    row.email, before = wanted, row.email
    row.clean_fields(exclude={field.name for field in row._meta.fields} - {"email"})
    row.email = before
    if Person.objects.with_email(wanted).exclude(pk=row.pk).exists():
        raise ValidationError({"email": HERE_ALREADY})
    if row.joined_at is None:
        return _change(row, wanted, actor, at)
    AddressChange.objects.update_or_create(person=row, defaults={"email": wanted, "actor": actor, "asked_at": at})
    record("person.address_asked", actor=actor, at=at, subject=row)
    _tell(row, at, row.email, wanted, (NoticeMail.CONFIRM, wanted), (NoticeMail.ASKED, row.email))
    return row


@writes(permission="accounts.edit_person", queues=False)
def withdraw_address(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Its link ends. Raises RefusedError where none waits to be confirmed."""
    gone, _ = AddressChange.objects.filter(person=person).delete()
    if not gone:
        raise RefusedError("No address waits to be confirmed any more.")
    record("person.address_withdrawn", actor=actor, at=at, subject=person)
    return person


@writes(permission=SYSTEM_ONLY, queues=False)
def confirm_address(change: AddressChange, *, at: dt.datetime) -> Person:
    """For whoever has the link that was mailed to the new address. A refusal of the old address is forgotten.

    Raises RefusedError where it was confirmed, withdrawn or replaced meanwhile, or somebody else has the address.
    """
    person = locked(change.person)
    row = AddressChange.objects.select_for_update().filter(pk=change.pk, asked_at=change.asked_at).first()
    if row is None or not person.is_active:
        raise RefusedError(ENDED)
    old, new = person.email, row.email
    row.delete()
    _change(person, new, person, at)
    _tell(person, at, old, new, (NoticeMail.CHANGED, new), (NoticeMail.CHANGED, old))
    return person


def address_link(change: AddressChange) -> str:
    """The full URL, from SITE_URL."""
    told = [change.person_id, change.asked_at.isoformat(), _session(change.person)]
    path = reverse("account_address", kwargs={"token": signing.dumps(told, salt=_SALT)})
    return f"{settings.SITE_URL}{path}"


def address_change(token: str) -> AddressChange | None:
    """What the link asks to confirm; None where it is damaged, too old, or ended, as by leaving."""
    try:
        person, asked_at, session = signing.loads(token, salt=_SALT, max_age=link_lifetime())
    except signing.BadSignature:
        return None
    rows = AddressChange.objects.select_related("person").filter(person__is_active=True)
    row = rows.filter(person=person, asked_at=dt.datetime.fromisoformat(asked_at)).first()
    return row if row and constant_time_compare(_session(row.person), session) else None


def _session(person: Person) -> str:
    """Another one once their password is another, which the database takes from whoever leaves."""
    return person.get_session_auth_hash()[:16]


def send_address_notices(*, at: dt.datetime) -> int:
    """Sends what is due; returns how many rows that were."""
    return send_due(AddressNotice.objects.select_related("person"), _send, at=at, tries=TRIES)


def _send(row: AddressNotice) -> None:
    if (said := _said(row)) is not None:
        mail.send(row.mail, to=row.to, context=said)


def _said(row: AddressNotice) -> Mapping[str, Any] | None:
    """None for a question that is no longer asked, or whose person has left."""
    if not row.person.is_active:
        return None
    said = {"person": row.person, "old": row.old, "new": row.new, "company": company(), "days": link_lifetime().days}
    if row.mail == NoticeMail.CHANGED:
        return said
    change = AddressChange.objects.select_related("person", "actor").filter(person=row.person, email=row.new).first()
    return said | {"actor": change.actor, "link": address_link(change)} if change else None


def _change(person: Person, email: str, actor: Person, at: dt.datetime) -> Person:
    try:
        with transaction.atomic():
            revise(person, email=email, refused_at=None, refusal="")
    except IntegrityError as error:  # taken meanwhile
        raise RefusedError(TAKEN) from error
    record("person.address_changed", actor=actor, at=at, subject=person)
    return person


def _tell(person: Person, at: dt.datetime, old: str, new: str, *mails: tuple[NoticeMail, str]) -> None:
    """Takes the place of what waits to be told of a change that was asked for before."""
    AddressNotice.objects.filter(person=person).exclude(mail=NoticeMail.CHANGED).delete()
    AddressNotice.objects.bulk_create(
        AddressNotice(person=person, mail=name, to=to, old=old, new=new, due_at=at) for name, to in mails
    )
    transaction.on_commit(partial(wake, TASK))
