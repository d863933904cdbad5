"""The weekly letters: built, in batches that any number of workers take, and sent anew. letterplans makes their rows,
lettersending hands them over.

A letter is one row per person and week whatever happens, so that whoever comes twice finds it there.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection

from digest.enums import LetterState
from digest.models import Letter, LetterQuerySet
from digest.rendering import subject
from digest.services.claims import Claim, claim_for_building, set_apart, to_build, to_send, wanted
from digest.services.sending import BATCH as SENT_AT_ONCE
from digest.writing import Wanted, written
from lib.db.locks import lock_rows
from lib.services.errors import RefusedError
from lib.services.writes import writes
from teams.models import Person
from teams.services.log import record

BATCH = 500
ON_ITS_WAY = (LetterState.DUE, LetterState.BUILT)

Built = tuple[int, LetterState, str, str | None]
"""Id, state, subject and content (JSON)."""


def batches_waiting(*, at: dt.datetime, most: int) -> tuple[int, int]:
    """How many batches there are to build and to send now, `most` of each at most."""
    building, sending = to_build(at)[: most * BATCH].count(), to_send(at)[: most * SENT_AT_ONCE].count()
    return math.ceil(building / BATCH), math.ceil(sending / SENT_AT_ONCE)


def build_letters(*, at: dt.datetime, limit: int = BATCH, person: Person | None = None) -> int:
    """Writes a batch of the letters that are due by LEAD after `at` (those of `person` alone), all of one moment, and
    returns how many. 0 where there is nothing to build.

    What is raised because one of them cannot be written sets the batch apart: it comes again in smaller ones, until
    that letter is alone and has failed.
    """
    rows = to_build(at)
    claim = claim_for_building(rows if person is None else rows.filter(person=person), limit)
    if not claim.letters:
        return 0
    try:
        built = _built(claim.letters, at)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        set_apart(claim)
        raise
    return _store(claim, built, at)


def _built(letters: Sequence[Letter], at: dt.datetime) -> list[Built]:
    contents = written([Wanted(letter.person, letter.week, letter.due_at) for letter in letters], at=at)
    return [
        (letter.pk, LetterState.BUILT, subject(content), json.dumps(content.to_json()))
        if letter.person.letters_always or not content.is_empty
        else (letter.pk, LetterState.NOTHING, "", None)
        for letter, content in zip(letters, contents, strict=True)
    ]


def _store(claim: Claim, built: Sequence[Built], at: dt.datetime) -> int:
    """Those that are still ours."""
    ids, states, subjects, contents = (list(column) for column in zip(*built, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE digest_letter letter
            SET state = built.state, subject = built.subject, content = built.content, built_at = %s, claim = NULL,
                claimed_at = NULL, attempts = 0
            FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::jsonb[]) AS built (id, state, subject, content)
            WHERE letter.id = built.id AND letter.claim = %s AND letter.state = 'due'""",
            [at, ids, [state.value for state in states], subjects, contents, claim.token],
        )
        return int(cursor.rowcount)


@writes(permission="alignment.run_digest")
def resend_letter(letter: Letter, *, actor: Person, at: dt.datetime) -> Letter:
    """It is built anew and sent once more, with the same Message-ID. Raises RefusedError where its week is over, it
    waits to be sent already, there is nothing to say, or its person gets no letters."""
    row = Letter.objects.select_for_update(no_key=True).get(pk=letter.pk)
    _check(row, at)
    _start_over(Letter.objects.filter(pk=row.pk), at)
    row.refresh_from_db()
    record("letter.resent", actor=actor, at=at, subject=row)
    return row


@writes(permission="alignment.run_digest")
def resend_failed(*, actor: Person, at: dt.datetime) -> int:
    """All that failed, of weeks that are not over, to people who still get letters; returns how many."""
    failed = Letter.objects.filter(wanted(), state=LetterState.FAILED, ends_at__gt=at)
    ids = [letter.pk for letter in lock_rows(failed.only("pk"))]
    if ids:
        _start_over(Letter.objects.filter(pk__in=ids), at)
        record("letters.resent", actor=actor, at=at, note={"count": len(ids)})
    return len(ids)


def _check(row: Letter, at: dt.datetime) -> None:
    if row.ends_at <= at:
        raise RefusedError("That week is over, and a letter is sent within its week only: the next one tells more.")
    if row.state in ON_ITS_WAY:
        raise RefusedError("It is on its way already: nothing needs to be done.")
    if row.state == LetterState.NOTHING:
        raise RefusedError("There was nothing to say that week; whoever wants every letter says so in their settings.")
    if not Letter.objects.filter(wanted(), pk=row.pk).exists():
        raise RefusedError(
            "Its person gets no letters: they turned them off, are inactive, or their address was refused. "
            "Change that first."
        )


def _start_over(rows: LetterQuerySet, at: dt.datetime) -> None:
    rows.update(
        state=LetterState.DUE,
        content=None,
        subject="",
        built_at=None,
        sent_at=None,
        attempts=0,
        problem="",
        not_before=at,
        claim=None,
        claimed_at=None,
    )
