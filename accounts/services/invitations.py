"""Services for invitations and passwords."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import InvitationState
from accounts.models import Invitation
from accounts.selectors.invitations import link_lifetime
from accounts.services.tokens import one_time_link
from lib.log.values import Pairs, changed, values_of
from lib.mail import sending as mail
from lib.services.edits import revise
from lib.services.errors import RefusedError, StaleError
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.enums import Role
from teams.models import Company, Person
from teams.selectors.company import company
from teams.services.log import record

HERE_ALREADY = (
    "Somebody with this e-mail address is here already. Look for them in the list, and invite them from there."
)


@writes(permission="accounts.invite_person", queues=False)
def invite_person(*, actor: Person, email: str, name: str, role: str, at: dt.datetime) -> Person:
    """Creates a person without a password and mails them an invitation on commit.

    Raises ValidationError by field for invalid values. NotSentError is raised on commit, and the person stays.
    """
    person = _new_person(email=email, name=name, role=role, at=at)
    record("person.invited", actor=actor, at=at, subject=person, changes=_invited(person))
    _send_invitation_on_commit(person, actor)
    return person


@writes(permission="accounts.invite_person", queues=False)
def send_invitation(person: Person, *, actor: Person, at: dt.datetime, version: int | None = None) -> None:
    """Invites an existing person, imported or invited before; an earlier mail's address stops working. An address that
    a mail server refused is tried again. It takes the place of an invitation that waits, or that failed.

    Raises StaleError where a `version` is given and their name, address or role changed since, RefusedError where they
    have joined or are inactive. NotSentError is raised on commit: they can be invited again.
    """
    unsent = Invitation.objects.filter(person=person, state__in=(InvitationState.WAITING, InvitationState.FAILED))
    unsent.update(state=InvitationState.UNNEEDED)  # before the person is locked: workers lock them in this order
    row = Person.objects.select_for_update().get(pk=person.pk)
    if version is not None and row.version != version:
        raise StaleError(f"{row.name} was changed meanwhile, so nothing was sent.", current=row, version=version)
    if not row.is_active:
        raise RefusedError(f"{row} is no longer active here, so nothing was sent.")
    if row.joined_at is not None:
        raise RefusedError(f"{row} has joined already; a forgotten password is reset from the sign-in page.")
    changes = revise(row, invited_at=at, refused_at=None, refusal="")
    record("person.invited", actor=actor, at=at, subject=row, changes=changes)
    _send_invitation_on_commit(row, actor)


@writes(permission=SYSTEM_ONLY, queues=False)
def make_admin(*, email: str, at: dt.datetime) -> Person:
    """For `create_admin`: creates or promotes the person with this address, active and able to choose a password.

    Raises ValidationError for an invalid address.
    """
    row = Person.objects.with_email(email).select_for_update().first()
    if row is None:
        row = _new_person(email=email, name=email.split("@")[0].strip() or email, role=Role.ADMIN, at=at)
        record("person.invited", actor=None, at=at, subject=row, changes=_invited(row))
        return row
    invited_at = row.invited_at if row.joined_at else at
    back = {} if row.is_active else {"digests_since": at}
    changes = revise(row, role=Role.ADMIN, is_active=True, invited_at=invited_at, **back)
    record("person.made_admin", actor=None, at=at, subject=row, changes=changes)
    return row


@writes(permission="accounts.own_account", queues=False)
def choose_password(person: Person, *, actor: Person, password: str, at: dt.datetime) -> None:
    """Choosing the first password is joining. `person` is changed in place.

    Raises StaleError where the password was changed since `person` was read, so that a one-time token works once even
    when it is used twice at the same time.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.password != person.password:
        raise StaleError("This password was changed a moment ago.", current=row)
    person.set_password(password)
    person.joined_at = row.joined_at or at
    person.save(update_fields=["password", "joined_at"])
    if changes := changed(person, values_of(row, ["joined_at"])):
        record("person.joined", actor=person, at=at, subject=person, changes=changes)
    else:
        record("person.password_changed", actor=person, at=at, subject=person)


@writes(permission="accounts.own_account", queues=False)
def join(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Accepts the invitation without a password, for people who sign in by other means.

    Raises RefusedError where they have joined or are inactive.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    if not row.is_active or row.joined_at is not None:
        raise RefusedError(f"{row} has joined already, or is no longer active here.")
    record("person.joined", actor=row, at=at, subject=row, changes=revise(row, joined_at=at))
    return row


def _new_person(*, email: str, name: str, role: str, at: dt.datetime) -> Person:
    person = Person(email=email.strip().lower(), name=tidy(name), role=role, invited_at=at)
    person.set_unusable_password()
    if Person.objects.with_email(person.email).exists():
        raise ValidationError({"email": HERE_ALREADY})
    person.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:  # saved concurrently
        raise ValidationError({"email": HERE_ALREADY}) from error
    return person


def _invited(person: Person) -> Pairs:
    return {name: [None, value] for name, value in values_of(person, ["role", "invited_at"]).items()}


def _send_invitation_on_commit(person: Person, actor: Person) -> None:
    def send() -> None:
        said = mail_context(person, actor, company(), one_time_link(person))
        mail.send("invitation", to=person.email, context=said)

    transaction.on_commit(send)


def mail_context(person: Person, actor: Person | None, firm: Company, link: str) -> dict[str, Any]:
    """What the templates of the mail need; `actor` is who invites, None for nobody by name."""
    return {"person": person, "actor": actor, "company": firm, "link": link, "days": link_lifetime().days}
