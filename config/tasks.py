"""Celery tasks of the deployment."""

from __future__ import annotations

from celery import shared_task

from config import health


@shared_task(name="config.note_worker")
def note_worker() -> None:
    """Lets `/readyz` know that there is a worker."""
    health.note_worker()
