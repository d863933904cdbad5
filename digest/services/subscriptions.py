"""Who gets the weekly digest, and when: people's own choices, and addresses that an administrator allows again."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from digest.services.plans import drop_plans
from lib.log.values import Pairs
from lib.mail.sending import AddressRefusedError
from lib.services.dates import zones
from lib.services.edits import locked, opened, revise
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Person
from teams.services.log import record

DAYS, HOURS = range(1, 8), range(24)
OF_ITS_TIME = {"digests", "digest_weekday", "digest_hour", "timezone"}
"""Fields whose change makes planned digests wrong."""


@writes(permission="accounts.own_account")
def choose_digests(
    person: Person,
    *,
    actor: Person,
    at: dt.datetime,
    digests: bool,
    digests_always: bool,
    digest_weekday: int | None,
    digest_hour: int | None,
    timezone: str,
    turn_mails: bool | None = None,
    version: int | None = None,
) -> Person:
    """ISO weekday (1 is Monday), hour (0 to 23) and zone are the company's where None or ''; `turn_mails` stays as it
    is where None. Restarting sends no digests for the time in between.

    Raises StaleError where a `version` is given, ValidationError by field.
    """
    row = locked(person) if version is None else opened(person, version)
    _check(digest_weekday, digest_hour, timezone)
    changes = revise(
        row,
        digests=digests,
        digests_always=digests_always,
        digest_weekday=digest_weekday,
        digest_hour=digest_hour,
        timezone=timezone,
        turn_mails=row.turn_mails if turn_mails is None else turn_mails,
    )
    return _chosen(row, "person.digests_chosen", changes, actor=actor, at=at)


@writes(permission="accounts.own_account")
def stop_digests(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Also called from the address in each digest, without signing in; nothing happens where they are stopped
    already."""
    row = locked(person)
    return _chosen(row, "person.digests_stopped", revise(row, digests=False), actor=row, at=at)


@writes(permission="accounts.own_account")
def start_digests_again(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Undoes `stop_digests`: day, hour and zone are as they were."""
    row = locked(person)
    return _chosen(row, "person.digests_started", revise(row, digests=True), actor=row, at=at)


@writes(permission="accounts.own_account")
def stop_turn_mails(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """As `stop_digests`, of the mails about turns in conversations."""
    row = locked(person)
    return _chosen(row, "person.turn_mails_stopped", revise(row, turn_mails=False), actor=row, at=at)


@writes(permission="accounts.own_account")
def start_turn_mails_again(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Undoes `stop_turn_mails`."""
    row = locked(person)
    return _chosen(row, "person.turn_mails_started", revise(row, turn_mails=True), actor=row, at=at)


@writes(permission="digest.run_digest")
def allow_digests(person: Person, *, actor: Person, at: dt.datetime, version: int | None = None) -> Person:
    """Allows mail to an address that a mail server refused permanently; nothing happens where none did. Raises
    StaleError where a `version` is given and somebody edited them since.
    """
    row = locked(person) if version is None else opened(person, version)
    if row.refused_at is None:
        return row
    changes = revise(row, refused_at=None, refusal="", digests_since=at)
    record("person.digests_allowed", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission=SYSTEM_ONLY)
def note_refusal(person: Person, refused: AddressRefusedError, *, at: dt.datetime) -> None:
    """Sends nothing more to an address that a mail server refused permanently, until an administrator allows it."""
    Person.objects.filter(pk=person.pk).update(refused_at=at, refusal=str(refused))
    drop_plans(people=[person.pk])
    record("person.mail_refused", actor=None, at=at, subject=person, note={"code": refused.code})


def _check(weekday: int | None, hour: int | None, timezone: str) -> None:
    problems = {}
    if weekday is not None and weekday not in DAYS:
        problems["digest_weekday"] = "Choose a day from Monday to Sunday."
    if hour is not None and hour not in HOURS:
        problems["digest_hour"] = "Choose an hour from 0 to 23."
    if timezone and timezone not in zones():
        problems["timezone"] = "There is no such time zone. Choose one from the list, such as Europe/Berlin."
    if problems:
        raise ValidationError(problems)


def _chosen(row: Person, action: str, changes: Pairs, *, actor: Person, at: dt.datetime) -> Person:
    """Logs `changes`, and drops what was planned for another time."""
    if not changes:
        return row
    if changes.get("digests") == [False, True]:
        row.digests_since = at
        row.save(update_fields=["digests_since"])
    if changes.keys() & OF_ITS_TIME:
        drop_plans(people=[row.pk])
    record(action, actor=actor, at=at, subject=row, changes=changes)
    return row
