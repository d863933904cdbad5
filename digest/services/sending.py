"""Hands built digests to the mail server. What it accepts is recorded at once, with retries while the database is away:
a digest that is sent without a record is sent twice.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, Func, QuerySet, Value

from digest.content import from_json
from digest.enums import DigestState
from digest.models import Digest, DigestQuerySet, TurnMail
from digest.rendering import message
from digest.selectors.digests import wanted
from digest.selectors.standing import no_longer_right
from digest.services.claims import UNWRITTEN, Claim, claim_for_sending, to_send
from digest.services.subscriptions import note_refusal
from lib.mail import sending as mail
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Person

logger = logging.getLogger("throughline.digests")

BATCH = 50
BATCH_SECONDS = 20.0
"""After this time no further digest of the batch is begun."""
FIRST_PAUSE, LONGEST_PAUSE, DOUBLINGS = dt.timedelta(minutes=1), dt.timedelta(hours=1), 6
"""The pause before the second attempt; it doubles with each further one up to the longest, reached after so many
doublings."""
DATABASE_PAUSE, DATABASE_LONGEST, DATABASE_AWAY = 0.1, 5.0, 480.0


def send_digests(
    *, at: dt.datetime, limit: int = BATCH, person: Person | None = None, server: mail.MailServer | None = None
) -> int:
    """Sends a batch of the digests that are due (those of `person` alone) over one connection: to `server`, or to that
    of the settings. Those that are no longer right about their reader are left to be built anew. Returns how many are
    done, sent or refused permanently: 0 where none are due, or the mail server accepts nothing."""
    rows = to_send(at) if person is None else to_send(at).filter(person=person)
    while (claim := claim_for_sending(rows, limit)).digests:
        claim.write_anew(no_longer_right(claim.digests))
        if claim.digests:
            return _send_all(claim, server or mail.MailServer(), at)
    return 0


def _send_all(claim: Claim, to: mail.MailServer, at: dt.datetime) -> int:
    done, until = 0, time.monotonic() + BATCH_SECONDS
    with to as server:
        try:
            server.connect()
            for digest in claim.digests:
                if time.monotonic() > until:
                    break
                if claim.holds(digest):
                    done += _send(server, digest, claim, at)
        except mail.AwayError as away:
            logger.warning("the mail server takes no digests (%s)", away)
            persistently(partial(put_off, claim.rows, str(away), at))
            return done
    claim.release()
    return done


def _send(server: mail.MailServer, digest: Digest, claim: Claim, at: dt.datetime) -> bool:
    """Returns whether it is done. One whose reader left, or wants none, since the batch was claimed is not sent. Raises
    AwayError.
    """
    row = claim.rows.filter(pk=digest.pk)
    if not row.filter(wanted()).exists():
        return False
    refuse, sent = partial(refuse_address, digest, at=at), partial(_record_sent, digest, at)
    return hand_over(server, _drawn(digest, row, at), row, at=at, refuse=refuse, record=sent)


def hand_over(
    server: mail.MailServer,
    drawn: EmailMultiAlternatives,
    row: QuerySet[Any],
    *,
    at: dt.datetime,
    refuse: Callable[[mail.AddressRefusedError], object],
    record: Callable[[], object],
) -> bool:
    """Gives a mail to the server, and notes in its leased `row` what became of it: `refuse` does where the address is
    refused, `record` where it was taken. Returns whether it is done. Raises AwayError.
    """
    try:
        server.send(drawn)
    except mail.AwayError:
        raise
    except mail.LaterError as later:
        persistently(partial(put_off, row, str(later), at))
        return False
    except mail.AddressRefusedError as refused:
        persistently(partial(refuse, refused))
    except mail.MailRefusedError as refused:
        persistently(partial(fail, row, str(refused)))
    else:
        persistently(record)
    return True


def _drawn(digest: Digest, row: DigestQuerySet, at: dt.datetime) -> EmailMultiAlternatives:
    """A digest that cannot be rendered fails, so that it does not block others."""
    try:
        return message(digest, digest.person, from_json(digest.content or {}), sent_at=at)
    except Exception:
        persistently(partial(fail, row, UNWRITTEN))
        raise


def _record_sent(digest: Digest, at: dt.datetime) -> None:
    """Recorded even if another worker has leased it: it was sent."""
    Digest.objects.filter(pk=digest.pk).update(
        state=DigestState.SENT, sent_at=at, problem="", claim=None, claimed_at=None
    )


def fail(row: QuerySet[Any], problem: str) -> None:
    row.update(state=DigestState.FAILED, problem=problem, claim=None, claimed_at=None)


def put_off(rows: QuerySet[Any], problem: str, at: dt.datetime) -> None:
    doublings = Func(F("attempts") - 1, Value(DOUBLINGS), function="least")
    pause = Value(FIRST_PAUSE) * Func(Value(2.0), doublings, function="power")
    bounded = Func(pause, Value(LONGEST_PAUSE), function="least")
    rows.update(not_before=Value(at) + bounded, problem=problem, claim=None, claimed_at=None)


@writes(permission=SYSTEM_ONLY)
def refuse_address(row: Digest | TurnMail, refused: mail.AddressRefusedError, *, at: dt.datetime) -> None:
    """Fails the mail, and sends its person no more until an administrator allows it."""
    rows: QuerySet[Any] = QuerySet(type(row))
    fail(rows.filter(pk=row.pk), str(refused))
    note_refusal(row.person, refused, at=at)


def persistently(write: Callable[[], object]) -> None:
    """Retries while the database is away: no other worker can claim the digest meanwhile. After DATABASE_AWAY, before
    the task is ended, raises OperationalError or InterfaceError."""
    until, seconds, pause = time.monotonic() + DATABASE_AWAY, DATABASE_PAUSE, threading.Event()
    while True:
        try:
            write()
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() + seconds > until:
                raise
            logger.warning("what became of a digest cannot be recorded yet (%s)", error)
            connection.close_if_unusable_or_obsolete()
            pause.wait(seconds)
            seconds = min(2 * seconds, DATABASE_LONGEST)
        else:
            return
