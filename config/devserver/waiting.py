"""Polls for the state of another process."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

PAUSE = 0.02


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Polls until `condition` is true; returns False after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return True


def is_listening(path: Path) -> bool:
    """Whether a process listens on this socket. A killed one's socket stays as a file."""
    with socket.socket(socket.AF_UNIX) as attempt:
        attempt.settimeout(2)
        try:
            attempt.connect(str(path))
        except OSError:
            return False
        return True
