"""Celery tasks: named, safe to run twice, each named after its service. When killed, or without a database, they are
retried; unfinished work stays queued in PostgreSQL.
"""

from __future__ import annotations

from celery import shared_task

from alignment.refresh import nightly, waiting
from alignment.refresh.notify import TASK
from lib.programs.retrying import AGAIN
from lib.services.dates import now


@shared_task(name=TASK, **AGAIN)
def refresh_waiting() -> int:
    """Returns how many rows of Dirty were processed."""
    return waiting.refresh_waiting(at=now())


@shared_task(name="alignment.recompute_when_stale", **AGAIN)
def recompute_when_stale() -> bool:
    """Recomputes figures of an earlier day; returns whether that was needed."""
    return nightly.recompute_when_stale(at=now())
