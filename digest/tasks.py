"""Celery tasks of the weekly digest and of the mails about turns: named, safe to run twice, each named after its
service.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import Task, shared_task
from django.conf import settings

from digest.services import building as digests
from digest.services import plans as digestplans
from digest.services import sending as digestsending
from digest.services import turn_mails as turnmails
from lib.programs.retrying import AGAIN
from lib.services.dates import now

WORKERS_ASKED = 16
"""The most workers requested at once, for building and for sending; each runs for WORKS_ON."""


WORKS_ON = 20.0
"""Seconds after which a task begins no further batch, to let others run."""


@shared_task(name="digest.send_due_digests", **AGAIN)
def send_due_digests() -> int:
    """Plans the digests that are due, and requests a worker for each batch to build or send. Returns how many it
    requested."""
    at = now()
    digestplans.put_in_order(at=at)
    building, sending = digests.batches_waiting(at=at, most=WORKERS_ASKED)
    return _ask(build_digests, building) + _ask(send_digests, sending)


@shared_task(name="digest.build_digests", **AGAIN)
def build_digests() -> int:
    """Builds some batches; returns how many digests."""
    return _work_on(lambda: digests.build_digests(at=now()))


@shared_task(name="digest.send_digests", **AGAIN)
def send_digests() -> int:
    """Sends some batches; returns how many digests."""
    return _work_on(lambda: digestsending.send_digests(at=now()))


@shared_task(name="digest.send_due_turn_mails", **AGAIN)
def send_due_turn_mails() -> int:
    """Plans the mails about turns that are due, and requests a worker for each batch. Returns how many it requested."""
    at = now()
    turnmails.plan_turn_mails(at=at)
    return _ask(send_turn_mails, turnmails.turn_mails_waiting(at=at, most=WORKERS_ASKED))


@shared_task(name="digest.send_turn_mails", **AGAIN)
def send_turn_mails() -> int:
    """Sends some batches; returns how many mails."""
    return _work_on(lambda: turnmails.send_turn_mails(at=now()))


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
