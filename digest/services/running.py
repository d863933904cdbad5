"""Whether the company sends weekly digests, and when."""

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
def note_preview(*, actor: Person, at: dt.datetime) -> DigestSettings:
    """An administrator has seen what digests look like, which is what starting them waits for. Only the first time
    counts."""
    row = locked(digest_settings())
    if row.previewed_at is None:
        record("digest.previewed", actor=actor, at=at, subject=row, changes=revise(row, previewed_at=at))
    return row


@writes(permission="digest.run_digest")
def start_digest(*, actor: Person, at: dt.datetime, version: int) -> DigestSettings:
    """From now on digests go to everybody whose moment comes.

    Raises StaleError, RefusedError until an administrator has seen a preview, and where they were started already.
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
def pause_digest(*, actor: Person, at: dt.datetime) -> DigestSettings:
    """Nothing is built or sent until they are resumed; nothing happens where they are paused already.

    Raises RefusedError where they were never started.
    """
    row = _started()
    if row.paused_at is None:
        record("digest.paused", actor=actor, at=at, subject=row, changes=revise(row, paused_at=at))
    return row


@writes(permission="digest.run_digest")
def resume_digest(*, actor: Person, at: dt.datetime) -> DigestSettings:
    """Digests go again, first those that waited and whose week is not over, by what there is to say now; nothing
    happens where none are paused.

    Raises RefusedError where they were never started.
    """
    row = _started()
    if row.paused_at is not None:
        changes = revise(row, paused_at=None)
        rebuild(Q(), at=at)
        record("digest.resumed", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="digest.run_digest")
def set_digest_times(*, actor: Person, at: dt.datetime, version: int, weekday: int, hour: int) -> DigestSettings:
    """The ISO weekday (1 is Monday) and hour (0 to 23) of everybody who chose none. What is planned is planned anew;
    who had a digest this week gets no second one.

    Raises StaleError, ValidationError by field.
    """
    row = opened(digest_settings(), version)
    if changes := revise(row, weekday=weekday, hour=hour):
        drop_plans(people=None)
        record("digest.times_set", actor=actor, at=at, subject=row, changes=changes)
    return row


def _started() -> DigestSettings:
    row = locked(digest_settings())
    if row.started_at is None:
        raise RefusedError(NOT_STARTED)
    return row
