"""Polls for the state of another process."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE = 0.02


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Polls until `condition` is true; returns False after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return True
