"""Celery's app. Its settings are the `CELERY_` ones in config.settings, its tasks those in each app's `tasks`."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.bootsteps import StartStopStep
from kombu.exceptions import OperationalError
from kombu.transport.redis import Transport

logger = logging.getLogger("throughline.celery")

SWEPT = ("alignment.refresh_waiting", "alignment.recompute_when_stale", "alignment.send_due_letters")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("throughline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A lost connection is closed with its channels, and one with messages not yet acknowledged then asks for the address of
# a connection that it no longer has. By an error that is not one of these a worker ends (kombu 5.7; tests/config).
Transport.connection_errors = (*Transport.connection_errors, AttributeError)


class Sweep(StartStopStep):
    """A worker that starts, or has its broker back, looks at once for what waits: the message that should have woken it
    may be lost, or held for a worker that was killed, and beat counts a minute from a sweep that it could not send."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        try:
            for name in SWEPT:
                parent.app.send_task(name, retry=False)
        except (OperationalError, OSError) as error:
            logger.warning("no sweep could be asked for (%s); the next one is beat's", error)


app.steps["consumer"].add(Sweep)
