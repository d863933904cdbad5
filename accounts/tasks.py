"""Celery tasks, named after the services they call."""

from __future__ import annotations

from celery import shared_task

from accounts.services import addresses, forms, mailing, resets, rounds, sessions
from lib.programs.retrying import AGAIN
from lib.services.dates import now


@shared_task(name="accounts.clear_expired_sessions", **AGAIN)
def clear_expired_sessions() -> int:
    """Returns the number deleted, with the forms that were sent long ago."""
    return sessions.clear_expired_sessions(at=now()) + forms.clear_sent_forms(at=now())


@shared_task(name=resets.TASK, **AGAIN)
def send_resets() -> int:
    """Returns how many rows were worked off."""
    return resets.send_resets(at=now())


@shared_task(name=rounds.TASK, **AGAIN)
def send_invitations() -> int:
    """Returns how many were done."""
    return mailing.send_invitations(at=now())


@shared_task(name=addresses.TASK, **AGAIN)
def send_address_notices() -> int:
    """Returns how many rows were worked off."""
    return addresses.send_address_notices(at=now())
