"""Who gets the weekly letter, and when: what people choose for themselves, and what an administrator allows again."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError

from digest.services.plans import drop_plans
from lib.log.values import Pairs
from lib.services.edits import locked, revise
from lib.services.writes import writes
from teams.models import Person
from teams.services.log import record

DAYS, HOURS = range(1, 8), range(24)
OF_ITS_TIME = {"letters", "letter_weekday", "letter_hour", "timezone"}
"""What, when it changes, makes what was planned wrong."""


@cache
def zones() -> frozenset[str]:
    """The IANA time zones that somebody may choose."""
    return frozenset(available_timezones() - {"localtime"})


@writes(permission="teams.own_account")
def choose_letters(
    person: Person,
    *,
    actor: Person,
    at: dt.datetime,
    letters: bool,
    letters_always: bool,
    letter_weekday: int | None,
    letter_hour: int | None,
    timezone: str,
) -> Person:
    """ISO weekday (1 is Monday), hour (0 to 23) and zone are the company's where None or ''. Who has them sent again
    gets none of the time in between.

    Raises ValidationError by field.
    """
    row = locked(person)
    _check(letter_weekday, letter_hour, timezone)
    changes = revise(
        row,
        letters=letters,
        letters_always=letters_always,
        letter_weekday=letter_weekday,
        letter_hour=letter_hour,
        timezone=timezone,
    )
    return _chosen(row, "person.letters_chosen", changes, actor=actor, at=at)


@writes(permission="teams.own_account")
def stop_letters(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """As the address in each letter does it, without signing in: nothing happens where they are stopped already."""
    row = locked(person)
    return _chosen(row, "person.letters_stopped", revise(row, letters=False), actor=row, at=at)


@writes(permission="teams.own_account")
def start_letters_again(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Undoes `stop_letters`: day, hour and zone are as they were."""
    row = locked(person)
    return _chosen(row, "person.letters_started", revise(row, letters=True), actor=row, at=at)


@writes(permission="alignment.run_digest")
def allow_letters(person: Person, *, actor: Person, at: dt.datetime) -> Person:
    """Mail goes again to an address that a mail server refused for good; nothing happens where none did."""
    row = locked(person)
    if row.refused_at is None:
        return row
    changes = revise(row, refused_at=None, refusal="", letters_since=at)
    record("person.letters_allowed", actor=actor, at=at, subject=row, changes=changes)
    return row


def _check(weekday: int | None, hour: int | None, timezone: str) -> None:
    problems = {}
    if weekday is not None and weekday not in DAYS:
        problems["letter_weekday"] = "Choose a day from Monday to Sunday."
    if hour is not None and hour not in HOURS:
        problems["letter_hour"] = "Choose an hour from 0 to 23."
    if timezone and timezone not in zones():
        problems["timezone"] = "There is no such time zone. Choose one from the list, such as Europe/Berlin."
    if problems:
        raise ValidationError(problems)


def _chosen(row: Person, action: str, changes: Pairs, *, actor: Person, at: dt.datetime) -> Person:
    """Logs what `changes`, and drops what was planned for another time."""
    if not changes:
        return row
    if changes.get("letters") == [False, True]:
        row.letters_since = at
        row.save(update_fields=["letters_since"])
    if changes.keys() & OF_ITS_TIME:
        drop_plans(people=[row.pk])
    record(action, actor=actor, at=at, subject=row, changes=changes)
    return row
