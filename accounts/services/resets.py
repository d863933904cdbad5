"""Links for forgotten passwords: a row for each one asked for, which a worker mails."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction

from accounts.models import ResetRequest
from accounts.selectors.invitations import link_lifetime, may_still_have_link
from accounts.services.tokens import one_time_link
from accounts.services.waiting_mail import send_due
from lib.mail import sending as mail
from lib.programs.waking import wake
from lib.services.permissions import SYSTEM_ONLY
from lib.services.writes import writes
from teams.models import Person

TASK = "accounts.send_resets"
TRIES = 6
"""The last is half an hour after the first."""


@writes(permission=SYSTEM_ONLY, queues=False)
def ask_for_reset(person: Person | None, *, at: dt.datetime) -> None:
    """Leaves the mail to a worker, and a row that is for nobody where there is no person."""
    ResetRequest.objects.create(person=person, asked_at=at, due_at=at)
    transaction.on_commit(partial(wake, TASK))


def send_resets(*, at: dt.datetime) -> int:
    """Sends what is due; returns how many rows that were. What the mail server never took can be asked for again."""
    return send_due(ResetRequest.objects.all(), _send, at=at, tries=TRIES)


def _send(row: ResetRequest) -> None:
    """Nothing to who may not have it any more. Raises NotSentError."""
    person = may_still_have_link(row.person_id) if row.person_id is not None else None
    if person is not None:
        context = {"person": person, "link": one_time_link(person), "days": link_lifetime().days}
        mail.send("password_reset", to=person.email, context=context)
