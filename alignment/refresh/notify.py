"""Notifies a worker that rows of Dirty wait. Should a message get lost, the next sweep finds the rows.

A separate thread sends the messages, so that no request waits for Redis. One message covers everything left meanwhile.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger("throughline.notify")

TASK = "alignment.refresh_waiting"
PAUSE, RETRY_AFTER = 0.5, 2.0
"""Seconds between messages, and before another try where Redis does not answer."""


class Notifier:
    """One thread per process, started when it is first needed."""

    def __init__(self, broker: Any = current_app) -> None:
        self._broker = broker
        self._asked = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0
        self._answers = True

    def notify(self) -> None:
        """Returns at once."""
        self._asked.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive() or self._process != os.getpid():
                self._process = os.getpid()
                self._thread = threading.Thread(target=self._run, name="notify", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = threading.Event()
        while self._asked.wait():
            self._asked.clear()
            sent = self._send()
            if not sent:
                self._asked.set()
            pause.wait(PAUSE if sent else RETRY_AFTER)

    def _send(self) -> bool:
        try:
            self._broker.send_task(TASK, retry=False, ignore_result=True, expires=settings.TASK_EXPIRES)
        except (OperationalError, OSError) as error:
            if self._answers:
                logger.warning("no worker can be woken (%s); until then sweeps find what waits", error)
            self._answers = False
        else:
            self._answers = True
        return self._answers


notify_worker = Notifier().notify
