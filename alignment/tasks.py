"""Celery tasks: named, safe to run twice, each the service it is called after. Killed, or without a database, they come
again; what they had not finished still waits in PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.db import InterfaceError, OperationalError

from alignment.services import nightly, waiting
from alignment.services.waking import TASK
from lib.dates import now

AGAIN: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 1,
    "retry_backoff_max": 10,
    "max_retries": 30,
}
"""A database that is away is waited for: some five minutes, after which the sweep comes anyway."""


@shared_task(name=TASK, **AGAIN)
def refresh_waiting() -> int:
    """Works off what edits left; returns how many rows of Dirty that were."""
    return waiting.refresh_waiting(at=now())


@shared_task(name="alignment.recompute_when_stale", **AGAIN)
def recompute_when_stale() -> bool:
    """Days pass by themselves: figures as of an earlier day are computed anew. True where it was needed."""
    return nightly.recompute_when_stale(at=now())
