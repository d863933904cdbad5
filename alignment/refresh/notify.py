"""Notifies a worker that rows of Dirty wait."""

from __future__ import annotations

from lib.programs.waking import wake

TASK = "alignment.refresh_waiting"


def notify_worker() -> None:
    """Returns at once, whether Redis answers or not."""
    wake(TASK)
