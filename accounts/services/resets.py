"""Links for forgotten passwords: a row for each one asked for, which a worker mails."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction

from accounts.models import ResetRequest
from accounts.selectors.invitations import link_lifetime, may_still_have_link
from accounts.services.tokens import one_time_link
from lib.mail import sending as mail
from lib.programs.waking import wake
from lib.services.errors import NotSentError
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Person

TASK = "accounts.send_resets"
TRIES = 6
FIRST_PAUSE = dt.timedelta(minutes=1)
"""Before the second try; twice as long before each further one."""


@writes(permission=SYSTEM_ONLY, queues=False)
def ask_for_reset(person: Person | None, *, at: dt.datetime) -> None:
    """Leaves the mail to a worker, and a row that is for nobody where there is no person."""
    ResetRequest.objects.create(person=person, asked_at=at, due_at=at)
    transaction.on_commit(partial(wake, TASK))


def send_resets(*, at: dt.datetime) -> int:
    """Sends what is due; returns how many rows that were. Where the mail server does not take a mail it is tried again,
    TRIES times in half an hour; after that it can be asked for again.
    """
    done = 0
    while _send_next(at=at):
        done += 1
    return done


@writes(permission=SYSTEM_ONLY, queues=False)
def _send_next(*, at: dt.datetime) -> bool:
    """The row is locked while its mail is sent, which is its lease: killed in between, the mail is sent once more."""
    waiting = ResetRequest.objects.select_for_update(skip_locked=True)
    row = waiting.filter(due_at__lte=at).order_by("due_at", "id").first()
    if row is None:
        return False
    try:
        _send(row.person_id)
    except NotSentError:
        if row.tries + 1 < TRIES:
            pause = FIRST_PAUSE * 2**row.tries
            ResetRequest.objects.filter(pk=row.pk).update(tries=row.tries + 1, due_at=at + pause)
            return True
    row.delete()
    return True


def _send(person_id: int | None) -> None:
    """Nothing to who may not have it any more. Raises NotSentError."""
    person = may_still_have_link(person_id) if person_id is not None else None
    if person is not None:
        context = {"person": person, "link": one_time_link(person), "days": link_lifetime().days}
        mail.send("password_reset", to=person.email, context=context)
