"""Celery tasks, each the service it is called after."""

from __future__ import annotations

from celery import shared_task

from lib.dates import now
from lib.retrying import AGAIN
from teams.services import sessions


@shared_task(name="teams.clear_expired_sessions", **AGAIN)
def clear_expired_sessions() -> int:
    """Returns how many that were."""
    return sessions.clear_expired_sessions(at=now())
