"""Celery tasks, named after the services they call."""

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
    """Returns the number deleted."""
    return sessions.clear_expired_sessions(at=now())


@shared_task(name="accounts.send_reset", **AGAIN)
def send_reset(person_id: int | None) -> None:
    """None where nobody may have the mail. Failures are only logged; a lost mail can be requested again."""
    person = may_still_have_link(person_id) if person_id is not None else None
    if person is not None:
        with suppress(NotSentError):
            invitations.send_reset(person)


def ask_for_reset(person: Person | None) -> None:
    """Queues the mail, or an empty task where there is no person, so that the response time does not reveal who has an
    account. Without a broker it sends the mail at once and accepts that.
    """
    pk = person.pk if person else None
    try:
        send_reset.apply_async((pk,))
    except (BrokerError, OSError):
        send_reset(pk)
