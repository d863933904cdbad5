"""The Celery app. Its settings start with `CELERY_` in config.settings; its tasks are in each app's `tasks`."""

from __future__ import annotations

import logging
import os
import time
from typing import Any

from celery import Celery
from celery.bootsteps import StartStopStep
from celery.signals import setup_logging, task_postrun, task_prerun
from kombu.exceptions import OperationalError
from kombu.transport.redis import Transport

from config import logs

logger = logging.getLogger("throughline.celery")
tasks = logging.getLogger("throughline.task")

SWEPT = (
    "config.note_worker",
    "alignment.refresh_waiting",
    "alignment.recompute_when_stale",
    "digest.send_due_digests",
    "digest.send_due_turn_mails",
    "accounts.send_resets",
    "accounts.send_invitations",
    "accounts.send_address_notices",
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("throughline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Closing a lost connection with unacknowledged messages reads the address of a connection that is gone already. A
# worker ends on any error that is not listed here (kombu 5.7; tests/config).
Transport.connection_errors = (*Transport.connection_errors, AttributeError)


class Sweep(StartStopStep):
    """Runs the sweeps at once when a worker starts or reconnects to its broker. The message that should have woken it
    may be lost or reserved by a killed worker, and beat waits a minute after a sweep it could not send.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        try:
            for name in SWEPT:
                parent.app.send_task(name, retry=False)
        except (OperationalError, OSError) as error:
            logger.warning("no sweep could be asked for (%s); the next one is beat's", error)


app.steps["consumer"].add(Sweep)


@setup_logging.connect
def keep_logging(**_sent: Any) -> None:
    """Keeps Django's LOGGING for workers and beat; without a receiver Celery would replace it."""


@task_prerun.connect
def begin_task(task_id: str, task: Any, **_sent: Any) -> None:
    task.request.began = time.monotonic()
    logs.enter_task(task.name, task_id)


@task_postrun.connect
def end_task(task: Any, state: str | None, **_sent: Any) -> None:
    """Logs one line for each task; Celery has already logged a failure with its stack."""
    outcome = (state or "unknown").lower()
    ms = round((time.monotonic() - task.request.began) * 1000)
    tasks.info("%s %s in %d ms", task.name, outcome, ms, extra={"state": outcome, "ms": ms})
    logs.leave_task()
