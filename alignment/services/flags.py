"""Snoozing: a snoozed flag is awake again on a given day, unless it is resolved before."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError

from alignment.models import Flag
from lib.log.values import changed, values_of
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.models import Person
from teams.selectors.company import company_day
from teams.services.log import record

LONGEST = dt.timedelta(days=365)
SNOOZE = ("snoozed_until", "snooze_reason", "snoozed_by")


@writes(permission="alignment.snooze_flag")
def snooze_flag(flag: Flag, *, actor: Person, at: dt.datetime, until: dt.date, reason: str) -> Flag:
    """Hides the flag until the day `until`; if it is still open then, it is awake again. Snoozing a snoozed flag
    replaces its day and reason.

    Raises RefusedError where it is resolved, ValidationError by field (`until`, `reason`).
    """
    row = _held(flag)
    today = company_day(at)
    if not today < until <= today + LONGEST:
        raise ValidationError({"until": "Give a day after today, at most a year ahead."})
    before = values_of(row, SNOOZE)
    row.snoozed_until, row.snooze_reason, row.snoozed_by = until, tidy(reason), actor
    if not row.snooze_reason:
        raise ValidationError({"reason": "Say why it can wait."})
    _save(row)
    record("flag.snoozed", actor=actor, at=at, subject=row, changes=changed(row, before), note={"code": row.code})
    return row


@writes(permission="alignment.snooze_flag")
def wake_flag(flag: Flag, *, actor: Person, at: dt.datetime, until: dt.date | None = None) -> Flag:
    """Wakes the flag at once; nothing happens where it is not snoozed. Raises RefusedError where it is resolved or,
    with `until`, snoozed until another day."""
    row = _held(flag)
    if row.snoozed_until is None:
        return row
    if until not in {None, row.snoozed_until}:
        raise RefusedError(f"Somebody snoozed it until {row.snoozed_until:%-d %B %Y} meanwhile, so nothing was undone.")
    before = values_of(row, SNOOZE)
    row.snoozed_until, row.snooze_reason, row.snoozed_by = None, "", None
    _save(row)
    record("flag.woken", actor=actor, at=at, subject=row, changes=changed(row, before), note={"code": row.code})
    return row


def _held(flag: Flag) -> Flag:
    row = Flag.objects.select_for_update(no_key=True).get(pk=flag.pk)
    if row.resolved_on is not None:
        raise RefusedError("This flag is resolved already: there is nothing left to snooze.")
    return row


def _save(row: Flag) -> None:
    row.clean_fields(exclude={field.name for field in row._meta.fields} - {"snooze_reason", "snoozed_until"})
    row.save(update_fields=SNOOZE)
