"""Celery tasks: named, safe to run twice, each the service it is called after. Killed, or without a database, they come
again; what they had not finished still waits in PostgreSQL.
"""

from __future__ import annotations

from celery import shared_task

from alignment.refresh import nightly, waiting
from alignment.refresh.notify import TASK
from lib.programs.retrying import AGAIN
from lib.services.dates import now


@shared_task(name=TASK, **AGAIN)
def refresh_waiting() -> int:
    """Works off what edits left; returns how many rows of Dirty that were."""
    return waiting.refresh_waiting(at=now())


@shared_task(name="alignment.recompute_when_stale", **AGAIN)
def recompute_when_stale() -> bool:
    """Days pass by themselves: figures as of an earlier day are computed anew. True where it was needed."""
    return nightly.recompute_when_stale(at=now())
