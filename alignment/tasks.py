"""Celery tasks: named, safe to run twice, each the service it is called after. Killed, or without a database, they come
again; what they had not finished still waits in PostgreSQL.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import Task, shared_task
from django.conf import settings

from alignment.refresh import nightly, waiting
from alignment.refresh.notify import TASK
from alignment.services import letterplans, letters, lettersending
from lib.dates import now
from lib.retrying import AGAIN

WORKERS_ASKED = 16
"""So many workers at most are asked for at once, to build and to send; each works on for WORKS_ON."""
WORKS_ON = 20.0
"""Seconds after which a task begins no further batch: others have their turn."""


@shared_task(name=TASK, **AGAIN)
def refresh_waiting() -> int:
    """Works off what edits left; returns how many rows of Dirty that were."""
    return waiting.refresh_waiting(at=now())


@shared_task(name="alignment.recompute_when_stale", **AGAIN)
def recompute_when_stale() -> bool:
    """Days pass by themselves: figures as of an earlier day are computed anew. True where it was needed."""
    return nightly.recompute_when_stale(at=now())


@shared_task(name="alignment.send_due_letters", **AGAIN)
def send_due_letters() -> int:
    """Plans the letters that are due, and asks for workers to build and send them: as many as there are batches.
    Returns how many it asked for."""
    at = now()
    letterplans.put_in_order(at=at)
    building, sending = letters.batches_waiting(at=at, most=WORKERS_ASKED)
    return _ask(build_letters, building) + _ask(send_letters, sending)


@shared_task(name="alignment.build_letters", **AGAIN)
def build_letters() -> int:
    """Some batches; returns how many letters that were."""
    return _work_on(lambda: letters.build_letters(at=now()))


@shared_task(name="alignment.send_letters", **AGAIN)
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
