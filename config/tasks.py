"""Celery tasks of the deployment itself."""

from __future__ import annotations

from celery import shared_task

from config import health


@shared_task(name="config.note_worker")
def note_worker() -> None:
    """That one has done this is how `/readyz` knows that there is a worker."""
    health.note_worker()
