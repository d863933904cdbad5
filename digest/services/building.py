"""Builds the weekly digests, in batches that any number of workers take, and rebuilds them for resending.
digest/services/plans.py makes their rows, digest/services/sending.py sends them.

A digest is one row per person and week, so that a second worker finds it there.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection

from digest.enums import DigestState
from digest.models import Digest, DigestQuerySet
from digest.rendering import subject
from digest.selectors.digests import failed_now, resendable, wanted
from digest.selectors.marks import marked_snapshot
from digest.selectors.standing import standings
from digest.services.claims import UNBUILT, Claim, claim_for_building, set_apart, to_build, to_send
from digest.services.sending import BATCH as SENT_AT_ONCE
from digest.writing import Wanted, is_sent, written
from lib.db.locks import lock_rows
from lib.services.edits import STALE, locked, opened
from lib.services.errors import RefusedError, StaleError
from lib.services.writes import writes
from teams.models import Person
from teams.services.log import record

BATCH = 500
ON_ITS_WAY = (DigestState.DUE, DigestState.BUILT)

Built = tuple[int, DigestState, str, str | None, str]
"""Id, state, subject, content (JSON) and the reader's standing."""


def batches_waiting(*, at: dt.datetime, most: int) -> tuple[int, int]:
    """How many batches there are to build and to send now, at most `most` of each."""
    building, sending = to_build(at)[: most * BATCH].count(), to_send(at)[: most * SENT_AT_ONCE].count()
    return math.ceil(building / BATCH), math.ceil(sending / SENT_AT_ONCE)


def build_digests(*, at: dt.datetime, limit: int = BATCH, person: Person | None = None) -> int:
    """Builds a batch of the digests that are due by LEAD after `at` (those of `person` alone), all of one moment, and
    returns how many; 0 where there are none.

    An exception for one of them sets the batch apart: it is retried in smaller batches, until that digest is alone and
    has failed.
    """
    rows = to_build(at)
    claim = claim_for_building(rows if person is None else rows.filter(person=person), limit)
    if not claim.digests:
        return 0
    try:
        built, told_to = _built(claim.digests, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        set_apart(claim)
        raise
    return _store(claim, built, told_to, at)


def _built(digests: Sequence[Digest], at: dt.datetime) -> tuple[list[Built], int]:
    """And the id of the last log entry that they tell."""
    standing = standings(digests)  # before anything is read: what changes meanwhile shows when the digest leaves
    with marked_snapshot() as told_to:
        contents = written([Wanted(digest.person, digest.week, digest.due_at) for digest in digests], at=at)
    return [
        (digest.pk, DigestState.BUILT, subject(content), json.dumps(content.to_json()), standing.get(digest.pk, ""))
        if is_sent(content, digest.person)
        else (digest.pk, DigestState.NOTHING, "", None, "")
        for digest, content in zip(digests, contents, strict=True)
    ], told_to


def _store(claim: Claim, built: Sequence[Built], told_to: int, at: dt.datetime) -> int:
    """Stores those that this worker still has leased."""
    ids, states, subjects, contents, standing = (list(column) for column in zip(*built, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE digest_digest digest
            SET state = built.state, subject = built.subject, content = built.content, standing = built.standing,
                told_to = %s, built_at = %s, claim = NULL, claimed_at = NULL, attempts = 0
            FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::jsonb[], %s::text[])
                AS built (id, state, subject, content, standing)
            WHERE digest.id = built.id AND digest.claim = %s AND digest.state = 'due'""",
            [told_to, at, ids, [state.value for state in states], subjects, contents, standing, claim.token],
        )
        return int(cursor.rowcount)


@writes(permission="digest.run_digest")
def resend_digest(digest: Digest, *, actor: Person, at: dt.datetime, version: int | None = None) -> Digest:
    """Rebuilds it and sends it once more, with the same Message-ID. Raises StaleError where a `version` is given,
    RefusedError where its week is over, it waits to be sent already, there is nothing to say, or its person gets no
    digests."""
    row = locked(digest) if version is None else opened(digest, version)
    _check(row, at)
    _start_over(Digest.objects.filter(pk=row.pk), at)
    row.refresh_from_db()
    record("digest.resent", actor=actor, at=at, subject=row)
    return row


@writes(permission="digest.run_digest")
def resend_failed(*, actor: Person, at: dt.datetime, version: int | None = None) -> int:
    """Resends all that failed, of weeks that are not over, to people who still get digests; returns how many. Raises
    StaleError where the `version` of `failed_now` is given and others have failed since, RefusedError where none is
    left."""
    ids = [digest.pk for digest in lock_rows(resendable(at).only("pk"))]
    if not ids:
        raise RefusedError("None is left to send again: the others are of weeks that are over, or not wanted.")
    if version is not None and version != failed_now(at).version:
        raise StaleError(STALE, current=None)
    _start_over(Digest.objects.filter(pk__in=ids), at)
    record("digests.resent", actor=actor, at=at, note={"count": len(ids)})
    return len(ids)


def _check(row: Digest, at: dt.datetime) -> None:
    if row.ends_at <= at:
        raise RefusedError("That week is over, and a digest is sent within its week only: the next one tells more.")
    if row.state in ON_ITS_WAY:
        raise RefusedError("It is on its way already: nothing needs to be done.")
    if row.state == DigestState.NOTHING:
        raise RefusedError("There was nothing new that week; whoever wants every digest says so in their settings.")
    if not Digest.objects.filter(wanted(), pk=row.pk).exists():
        raise RefusedError(
            "Its person gets no digests: they turned them off, are inactive, or their address was refused. "
            "Change that first."
        )


def _start_over(rows: DigestQuerySet, at: dt.datetime) -> None:
    rows.update(sent_at=None, problem="", not_before=at, claim=None, claimed_at=None, **UNBUILT)
