"""Runs a handful of programs that live and die together."""

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
LIBC = ctypes.CDLL(None)  # loaded here, because nothing may be loaded between fork and exec
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(NamedTuple):
    """A program that ended; a negative code is the signal that ended it."""

    name: str
    code: int


class Supervisor:
    """Starts programs, waits until one of them ends or somebody asks to stop, and stops the rest.

    Every program leads a session of its own: Ctrl-C in the terminal reaches us alone, and what a program started can be
    ended with it. On Linux a program gets SIGTERM when we are killed.
    """

    def __init__(self, folder: Path) -> None:
        """The programs run in `folder`."""
        self._folder = folder
        self._events: SimpleQueue[Ended | None] = SimpleQueue()
        self._programs: dict[str, subprocess.Popen[bytes]] = {}

    def listen(self) -> None:
        """From here on Ctrl-C, SIGTERM and a closed terminal are requests to stop. Main thread only."""
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
        """The first program that ended, or None where we were asked to stop."""
        return self._events.get()

    def wait_until(self, ready: Callable[[], bool], *, every: float, seconds: float) -> Ended | None:
        """Until `ready`, but not longer than that: None. A program that ended before is returned.

        Raises KeyboardInterrupt where we were asked to stop.
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
        """All at once by SIGTERM; who has not ended after the grace is killed, with everything it started."""
        for program in self._programs.values():
            if program.poll() is None:
                program.terminate()
        end = time.monotonic() + GRACE
        for program in self._programs.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(max(0.0, end - time.monotonic()))
            _kill_session(program)


def _kill_session(program: subprocess.Popen[bytes]) -> None:
    """What is left of it: nothing as a rule."""
    try:
        os.killpg(program.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    program.wait()


def _end_with_parent() -> None:
    """Runs in the child before its program: a supervisor that is killed takes it along."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
