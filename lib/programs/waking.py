"""Wakes a worker for rows that wait. Should a message get lost, the next sweep finds the rows.

A separate thread sends the messages, so that no request waits for Redis. One message for a task covers everything left
for it meanwhile.
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

PAUSE, RETRY_AFTER = 0.5, 2.0
"""Seconds between messages, and before another try where Redis does not answer."""


class Waker:
    """One thread per process, started when it is first needed."""

    def __init__(self, broker: Any = current_app) -> None:
        self._broker = broker
        self._asked: set[str] = set()
        self._somebody_asked = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0
        self._answers = True

    def wake(self, task: str) -> None:
        """Returns at once. `task` is a name."""
        with self._lock:
            self._asked.add(task)
            self._somebody_asked.set()
            if self._thread is None or not self._thread.is_alive() or self._process != os.getpid():
                self._process = os.getpid()
                self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause = threading.Event()
        while self._somebody_asked.wait():
            with self._lock:
                tasks, self._asked = self._asked, set()
                self._somebody_asked.clear()
            unsent = {task for task in sorted(tasks) if not self._send(task)}
            if unsent:
                with self._lock:
                    self._asked |= unsent
                    self._somebody_asked.set()
            pause.wait(RETRY_AFTER if unsent else PAUSE)

    def _send(self, task: str) -> bool:
        try:
            self._broker.send_task(task, retry=False, ignore_result=True, expires=settings.TASK_EXPIRES)
        except (OperationalError, OSError) as error:
            if self._answers:
                logger.warning("no worker can be woken (%s); until then sweeps find what waits", error)
            self._answers = False
        else:
            self._answers = True
        return self._answers


wake = Waker().wake
