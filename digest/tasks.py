"""Celery tasks of the weekly digest: named, safe to run twice, each the service it is called after."""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import Task, shared_task
from django.conf import settings

from digest.services import building as letters
from digest.services import plans as letterplans
from digest.services import sending as lettersending
from lib.programs.retrying import AGAIN
from lib.services.dates import now

WORKERS_ASKED = 16
"""So many workers at most are asked for at once, to build and to send; each works on for WORKS_ON."""


WORKS_ON = 20.0
"""Seconds after which a task begins no further batch: others have their turn."""


@shared_task(name="digest.send_due_letters", **AGAIN)
def send_due_letters() -> int:
    """Plans the letters that are due, and asks for workers to build and send them: as many as there are batches.
    Returns how many it asked for."""
    at = now()
    letterplans.put_in_order(at=at)
    building, sending = letters.batches_waiting(at=at, most=WORKERS_ASKED)
    return _ask(build_letters, building) + _ask(send_letters, sending)


@shared_task(name="digest.build_letters", **AGAIN)
def build_letters() -> int:
    """Some batches; returns how many letters that were."""
    return _work_on(lambda: letters.build_letters(at=now()))


@shared_task(name="digest.send_letters", **AGAIN)
def send_letters() -> int:
    """Some batches; returns how many letters that were."""
    return _work_on(lambda: lettersending.send_letters(at=now()))


def _ask(task: Task[..., int], batches: int) -> int:
    for _ in range(batches):
        task.apply_async(expires=settings.TASK_EXPIRES)
    return batches


def _work_on(batch: Callable[[], int]) -> int:
    done, until = 0, time.monotonic() + WORKS_ON
    while worked := batch():
        done += worked
        if time.monotonic() > until:
            break
    return done
