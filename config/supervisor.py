"""Runs several programs and stops all when one ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

GRACE = 10.0  # seconds between SIGTERM and SIGKILL
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)  # loaded early, because nothing may be loaded between fork and exec
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(NamedTuple):
    """A program that ended; a negative code is the signal that ended it."""

    name: str
    code: int


class Supervisor:
    """Starts programs, waits until one ends or a stop is requested, and stops the rest.

    Each program has its own session: Ctrl-C in the terminal reaches only the supervisor, and a program's children can
    be killed with it. On Linux the programs get SIGTERM when the supervisor is killed.
    """

    def __init__(self, folder: Path) -> None:
        """The programs run in `folder`."""
        self._folder = folder
        self._events: SimpleQueue[Ended | None] = SimpleQueue()
        self._programs: dict[str, subprocess.Popen[bytes]] = {}

    def listen(self) -> None:
        """Treats Ctrl-C, SIGTERM and a closed terminal as requests to stop. Main thread only."""
        for number in STOP_SIGNALS:
            signal.signal(number, lambda _number, _frame: self._events.put(None))

    def run(self, name: str, command: Sequence[str]) -> None:
        program = subprocess.Popen(
            command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )
        self._programs[name] = program
        Thread(target=lambda: self._events.put(Ended(name, program.wait())), daemon=True).start()

    def wait(self) -> Ended | None:
        """The first program that ended, or None on a request to stop."""
        return self._events.get()

    def wait_until(self, ready: Callable[[], bool], *, every: float, seconds: float) -> Ended | None:
        """Returns None once `ready` is true or `seconds` have passed, or a program that ended before.

        Raises KeyboardInterrupt on a request to stop.
        """
        end = time.monotonic() + seconds
        while not ready() and time.monotonic() < end:
            try:
                event = self._events.get(timeout=every)
            except Empty:
                continue
            if event is None:
                raise KeyboardInterrupt
            return event
        return None

    def stop(self) -> None:
        """Sends SIGTERM to all; after GRACE seconds, kills the rest with everything they started."""
        for program in self._programs.values():
            if program.poll() is None:
                program.terminate()
        end = time.monotonic() + GRACE
        for program in self._programs.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(max(0.0, end - time.monotonic()))
            _kill_session(program)


def _kill_session(program: subprocess.Popen[bytes]) -> None:
    """Kills the program's remaining processes, usually none."""
    try:
        os.killpg(program.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    program.wait()


def _end_with_parent() -> None:
    """Runs in the child before its program, which then ends when the supervisor is killed."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
