"""Snoozing: a snoozed flag is awake again on a given day, unless it is resolved before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from alignment.models import Flag
from lib.log.values import restored, values_of
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from teams.models import LogEntry, Person
from teams.selectors.company import company_day
from teams.services.log import record

LONGEST = dt.timedelta(days=365)
SNOOZED = "flag.snoozed"
SNOOZE = ("snoozed_until", "snooze_reason", "snoozed_by")


@writes(permission="alignment.snooze_flag")
def snooze_flag(
    flag: Flag, *, actor: Person, at: dt.datetime, until: dt.date, reason: str, version: int | None = None
) -> Flag:
    """Hides the flag until the day `until`; if it is still open then, it is awake again. Snoozing a snoozed flag
    replaces its day and reason.

    Raises StaleError where a `version` is given, RefusedError where it is resolved, ValidationError by field (`until`,
    `reason`).
    """
    row = _held(flag, version)
    today = company_day(at)
    if not today < until <= today + LONGEST:
        raise ValidationError({"until": "Give a day after today, at most a year ahead."})
    if not tidy(reason):
        raise ValidationError({"reason": "Say why it can wait."})
    changes = revise(row, snoozed_until=until, snooze_reason=reason, snoozed_by=actor)
    record(SNOOZED, actor=actor, at=at, subject=row, changes=changes, note={"code": row.code})
    return row


@writes(permission="alignment.snooze_flag")
def wake_flag(
    flag: Flag, *, actor: Person, at: dt.datetime, until: dt.date | None = None, undoes: bool = False
) -> Flag:
    """Wakes the flag at once; nothing happens where it is not snoozed. With `undoes`, the snooze
    before the last holds again. Raises RefusedError where it is resolved or, with `until`, snoozed until another
    day."""
    row = _held(flag)
    if row.snoozed_until is None:
        return row
    if until not in {None, row.snoozed_until}:
        raise RefusedError(f"Somebody snoozed it until {row.snoozed_until:%-d %B %Y} meanwhile, so nothing was undone.")
    earlier = _snoozed_before(row) if undoes else (None, "", None)
    changes = revise(row, **dict(zip(SNOOZE, earlier, strict=True)))
    record("flag.woken", actor=actor, at=at, subject=row, changes=changes, note={"code": row.code})
    return row


def _snoozed_before(flag: Flag) -> tuple[dt.date | None, str, Person | None]:
    """The snooze that the last one replaced, as SNOOZE."""
    last = LogEntry.objects.done_to(flag).order_by("-id").first()
    if last is None or last.action != SNOOZED or last.changes.get("snoozed_until", [None])[0] is None:
        return None, "", None
    fields: list[Any] = [Flag._meta.get_field(name) for name in SNOOZE]
    now = values_of(flag, SNOOZE)
    until, reason, by = (restored(f, last.changes.get(f.name, [now[f.name]])[0]) for f in fields)
    return until, reason, Person.objects.filter(pk=by or 0).first()


def _held(flag: Flag, version: int | None = None) -> Flag:
    row = locked(flag) if version is None else opened(flag, version, told=_typed)
    if row.resolved_on is not None:
        raise RefusedError("This flag is resolved already: there is nothing left to snooze.")
    return row


def _typed(flag: Flag) -> dict[str, Any]:
    """Its snooze as the fields of the form."""
    return {"until": flag.snoozed_until, "reason": flag.snooze_reason}
