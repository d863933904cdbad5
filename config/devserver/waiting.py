"""Waiting for another process, where no one will tell us when it is ready."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE = 0.02


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Asks until `condition` holds; False when `seconds` have passed without it."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return True
