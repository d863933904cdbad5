"""The mail of the day: whoever got the turn in conversations is told once a day, at their hour, of all of them.

Planning makes a row per person and day, of those in whose turn something may be; so nobody gets two, whatever is
killed. What is said is read when it leaves: what is not so any more is not told, and a mail with nothing left is not
sent.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from conversations.models import Thread
from conversations.selectors.turns import turns
from digest.enums import DigestState
from digest.models import DigestSettings, TurnMail
from digest.schedule import DAY, Times, day_ends, moment_of_day
from digest.selectors.digests import digest_settings
from digest.selectors.turns import ToTell, asked_by_mail, is_told, tells_turns_since, turns_to_tell, turns_told
from digest.services.claims import UNWRITTEN, free
from digest.services.sending import BATCH_SECONDS, fail, hand_over, persistently, put_off, refuse_address
from digest.turn_mails import turns_message
from digest.upcoming import Chosen, times_of
from lib.mail import sending as mail
from lib.services.dates import day_in
from teams.selectors.company import company, company_day

logger = logging.getLogger("throughline.digests")

BATCH = 50
AFTER_DIGEST = dt.timedelta(minutes=5)
"""The pause where the digest of the same day has not left yet: it tells the same."""

Rows = QuerySet[TurnMail]


@dataclass(frozen=True)
class Moment:
    """When the mail of `day` leaves, and when that day is over."""

    day: dt.date
    due_at: dt.datetime
    ends_at: dt.datetime


def plan_turn_mails(*, at: dt.datetime) -> int:
    """Makes the rows of all mails whose moment has come since the last run, and returns how many. 0 where digests are
    not started or are paused, or another planner is running. A fixed number of queries.
    """
    with transaction.atomic():
        rows = DigestSettings.objects.select_for_update(skip_locked=True, no_key=True)
        settings = rows.filter(started_at__isnull=False, paused_at=None).first()
        if settings is None or settings.started_at is None:
            return 0
        _miss(at)
        begin = max(settings.turns_planned_to or settings.started_at, at - DAY)
        moments = dict(_moments(settings, begin, at))
        planned = (
            TurnMail.objects.bulk_create(_planned(settings, moments, at), ignore_conflicts=True) if moments else []
        )
        DigestSettings.objects.filter(pk=settings.pk).update(turns_planned_to=at)
    return len(planned)


def turn_mails_waiting(*, at: dt.datetime, most: int) -> int:
    """How many batches there are to send now, at most `most`."""
    return -(-_to_send(at)[: most * BATCH].count() // BATCH)


def send_turn_mails(*, at: dt.datetime, limit: int = BATCH, server: mail.MailServer | None = None) -> int:
    """Sends at most `limit` of those that are due, over one connection. Returns how many were settled: 0 where none are
    due, or the mail server accepts nothing.
    """
    done, until = 0, time.monotonic() + BATCH_SECONDS
    with server or mail.MailServer() as connected:
        while done < limit and time.monotonic() < until:
            if (row := _claim(at)) is None:
                break
            try:
                _send(connected, row, at)
            except mail.AwayError as away:
                logger.warning("the mail server takes no mails about turns (%s)", away)
                persistently(partial(put_off, _ours(row), str(away), at))
                return 0
            done += 1
    return done


def _miss(at: dt.datetime) -> None:
    over = TurnMail.objects.filter(free(), state=DigestState.DUE, ends_at__lte=at)
    over.update(state=DigestState.MISSED, claim=None, claimed_at=None)


def _moments(settings: DigestSettings, begin: dt.datetime, at: dt.datetime) -> Iterator[tuple[Chosen, Moment]]:
    """By what people chose, the moment after `begin`, and not after `at`, of a day that is not over."""
    defaults = company()
    for chosen in asked_by_mail().values_list("timezone", "digest_weekday", "digest_hour").distinct():
        times = times_of(chosen, settings, defaults)
        for day in {day_in(times.zone, begin), day_in(times.zone, at)}:
            one = _moment(day, times)
            if begin < one.due_at <= at < one.ends_at:
                yield chosen, one


def _moment(day: dt.date, times: Times) -> Moment:
    return Moment(day, moment_of_day(day, times), day_ends(day, times.zone))


def _planned(settings: DigestSettings, moments: dict[Chosen, Moment], at: dt.datetime) -> Iterator[TurnMail]:
    since = tells_turns_since(settings, at)
    found = turns(Thread.objects.asked_since(since).filter(turned_at__lte=at), owed_on=company_day(at))
    told = turns_told(found, since)
    people = asked_by_mail().filter(pk__in=found).order_by("pk")
    for person, *(zone, weekday, hour) in people.values_list("pk", "timezone", "digest_weekday", "digest_hour"):
        one = moments.get((zone, weekday, hour))
        if one and not all(is_told(told, person, turn.thread, turn.asked_at) for turn in found[person]):
            yield TurnMail(person_id=person, day=one.day, due_at=one.due_at, ends_at=one.ends_at, not_before=one.due_at)


def _to_send(at: dt.datetime) -> Rows:
    running = DigestSettings.objects.filter(started_at__isnull=False, paused_at=None)
    wanted = Exists(asked_by_mail().filter(pk=OuterRef("person_id")))
    due = TurnMail.objects.filter(free(), wanted, Exists(running), state=DigestState.DUE)
    return due.filter(not_before__lte=at, ends_at__gt=at)


def _claim(at: dt.datetime) -> TurnMail | None:
    """Leases the earliest, and counts an attempt."""
    with transaction.atomic():
        rows = _to_send(at).select_related("person").order_by("not_before", "id")
        row = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if row is not None:
            row.claim = uuid.uuid4()
            claimed = {"claim": row.claim, "claimed_at": Now(), "attempts": F("attempts") + 1}
            TurnMail.objects.filter(pk=row.pk).update(**claimed)
    return row


def _ours(row: TurnMail) -> Rows:
    """The row, as long as nobody else has leased it."""
    return TurnMail.objects.filter(pk=row.pk, claim=row.claim)


def _send(server: mail.MailServer, row: TurnMail, at: dt.datetime) -> None:
    """Raises AwayError. One that cannot be drawn fails, so that it does not block others."""
    try:
        tell = turns_to_tell(row, since=tells_turns_since(digest_settings(), at), at=at)
        if tell.waits:
            later = {"not_before": at + AFTER_DIGEST, "attempts": F("attempts") - 1}
            _ours(row).update(claim=None, claimed_at=None, **later)
            return
        if not tell.threads:
            _settle(_ours(row), tell, state=DigestState.NOTHING, at=at)
            return
        drawn = turns_message(row, tell.threads, company=company().name, at=at)
    except Exception:
        persistently(partial(fail, _ours(row), UNWRITTEN))
        raise
    sent = partial(_settle, TurnMail.objects.filter(pk=row.pk), tell, state=DigestState.SENT, at=at)
    refuse = partial(refuse_address, row, at=at)
    hand_over(server, drawn, _ours(row), at=at, refuse=refuse, record=sent)


def _settle(rows: Rows, tell: ToTell, *, state: DigestState, at: dt.datetime) -> None:
    """What was sent is recorded even if another worker has leased it."""
    told = [*tell.threads, *tell.in_digest]
    rows.update(
        state=state,
        told=[thread.pk for thread in told],
        told_at=max([at, *(thread.asked_at for thread in told)]),
        sent_at=at if state == DigestState.SENT else None,
        problem="",
        claim=None,
        claimed_at=None,
    )
