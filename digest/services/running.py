"""Services that start, pause and schedule the company's weekly digests."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from digest.models import DigestSettings
from digest.selectors.digests import digest_settings
from digest.services.plans import drop_plans, rebuild
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from teams.models import Person
from teams.services.log import record

UNSEEN = (
    "No administrator has looked at a preview yet. Look at one under “Preview a digest” and say there that it reads"
    " well; then the digests can be started."
)
STARTED = "The digests were started already."
NOT_STARTED = "The digests have not been started yet."


@writes(permission="digest.run_digest")
def note_preview(*, actor: Person, at: dt.datetime, version: int | None = None) -> DigestSettings:
    """Records that an administrator has seen a preview, which starting requires. Only the first time counts. Raises
    StaleError where a `version` is given.
    """
    row = locked(digest_settings()) if version is None else opened(digest_settings(), version)
    if row.previewed_at is None:
        record("digest.previewed", actor=actor, at=at, subject=row, changes=revise(row, previewed_at=at))
    return row


@writes(permission="digest.run_digest")
def start_digest(*, actor: Person, at: dt.datetime, version: int) -> DigestSettings:
    """Sends digests from now on.

    Raises StaleError, RefusedError where no administrator has seen a preview, or where they were started already.
    """
    row = opened(digest_settings(), version)
    if row.started_at is not None:
        raise RefusedError(STARTED)
    if row.previewed_at is None:
        raise RefusedError(UNSEEN)
    changes = revise(row, started_at=at, planned_to=None)
    record("digest.started", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="digest.run_digest")
def pause_digest(*, actor: Person, at: dt.datetime, version: int | None = None) -> DigestSettings:
    """Stops building and sending until digests are resumed; nothing happens where they are paused already.

    Raises StaleError where a `version` is given, RefusedError where they were never started.
    """
    row = _started(version)
    if row.paused_at is None:
        record("digest.paused", actor=actor, at=at, subject=row, changes=revise(row, paused_at=at))
    return row


@writes(permission="digest.run_digest")
def resume_digest(*, actor: Person, at: dt.datetime, version: int | None = None) -> DigestSettings:
    """Sends digests again, first those that waited and whose week is not over, with current content; nothing happens
    where they are not paused.

    Raises StaleError where a `version` is given, RefusedError where they were never started.
    """
    row = _started(version)
    if row.paused_at is not None:
        changes = revise(row, paused_at=None)
        rebuild(Q(), at=at)
        record("digest.resumed", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="digest.run_digest")
def set_digest_times(*, actor: Person, at: dt.datetime, version: int, weekday: int, hour: int) -> DigestSettings:
    """Sets the ISO weekday (1 is Monday) and hour (0 to 23) of people who chose none. Planned digests are planned anew;
    people who had one this week get no second.

    Raises StaleError, ValidationError by field.
    """
    row = opened(digest_settings(), version)
    if changes := revise(row, weekday=weekday, hour=hour):
        drop_plans(people=None)
        record("digest.times_set", actor=actor, at=at, subject=row, changes=changes)
    return row


def _started(version: int | None) -> DigestSettings:
    row = locked(digest_settings()) if version is None else opened(digest_settings(), version)
    if row.started_at is None:
        raise RefusedError(NOT_STARTED)
    return row
