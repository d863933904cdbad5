"""Celery tasks, each the service it is called after."""

from __future__ import annotations

from contextlib import suppress

from celery import shared_task
from kombu.exceptions import OperationalError as BrokerError

from accounts.selectors import may_still_have_link
from accounts.services import invitations, sessions
from lib.programs.retrying import AGAIN
from lib.services.dates import now
from lib.services.errors import NotSentError
from teams.models import Person


@shared_task(name="accounts.clear_expired_sessions", **AGAIN)
def clear_expired_sessions() -> int:
    """Returns how many that were."""
    return sessions.clear_expired_sessions(at=now())


@shared_task(name="accounts.send_reset", **AGAIN)
def send_reset(person_id: int | None) -> None:
    """None: nobody may have a link. What the mail server says is in the log; a lost mail is asked for again."""
    person = may_still_have_link(person_id) if person_id is not None else None
    if person is not None:
        with suppress(NotSentError):
            invitations.send_reset(person)


def ask_for_reset(person: Person | None) -> None:
    """Leaves the mail to a worker, and a message where there is none as well: the answer takes as long whoever asks,
    so that its time tells nobody who is here. Where no worker can be told, the mail leaves at once, at the price of
    that."""
    pk = person.pk if person else None
    try:
        send_reset.apply_async((pk,))
    except (BrokerError, OSError):
        send_reset(pk)
