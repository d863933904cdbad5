"""Celery tasks: named, safe to run twice, each the service it is called after."""

from __future__ import annotations

from celery import shared_task

from alignment.services.recompute import recompute_when_stale as _recompute_when_stale
from lib.dates import now


@shared_task(name="alignment.recompute_when_stale")
def recompute_when_stale() -> bool:
    """Days pass by themselves: figures as of an earlier day are computed anew. True where it was needed."""
    return _recompute_when_stale(at=now())
