"""Runs several programs, and starts again what ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

GRACE = 10.0  # seconds between SIGTERM and SIGKILL
SHORT = 10.0
"""Seconds. A program that ends sooner after its start did not do its work."""
PAUSES = (0.0, 0.5, 1.0, 2.0)
"""Seconds before it is started again, by the number of short runs in a row."""
SHORT_RUNS = len(PAUSES) + 1
"""So many are a loop that no further start ends."""
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)  # loaded early, because nothing may be loaded between fork and exec
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(NamedTuple):
    """A program that ended; a negative code is the signal that ended it."""

    name: str
    code: int

    def __str__(self) -> str:
        reason = f"signal {-self.code}" if self.code < 0 else f"exit code {self.code}"
        return f"the {self.name} ended by itself ({reason})"


class Ready(NamedTuple):
    """A program that wrote to its pipe, in this run of it."""

    name: str
    process: subprocess.Popen[bytes]


class Failed(NamedTuple):
    """Something beside the programs without which they cannot go on."""

    reason: str


@dataclass
class Program:
    """`due` is the instant at which it is started again, None while it runs."""

    name: str
    command: Sequence[str]
    listening: socket.socket | None
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    due: float | None = None
    short_runs: int = field(default=0)


class Supervisor:
    """Starts programs and keeps them running until a stop is requested, or one ends as soon as it is started.

    Each program has its own session: Ctrl-C in the terminal reaches only the supervisor, and a program's children can
    be killed with it. On Linux the programs get SIGTERM when the supervisor is killed. All methods but `fail` belong to
    the main thread, on whose end Linux would send that signal.
    """

    def __init__(
        self,
        folder: Path,
        *,
        changed: Callable[[AbstractSet[str]], None] = lambda _ready: None,
        told: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """The programs run in `folder`. `changed` gets the names of those that are ready, `told` a line for each one
        started again.
        """
        self._folder = folder
        self._changed, self._told = changed, told
        self._events: SimpleQueue[Ended | Ready | Failed | None] = SimpleQueue()
        self._programs: dict[str, Program] = {}
        self._ready: set[str] = set()

    def listen(self) -> None:
        """Treats Ctrl-C, SIGTERM and a closed terminal as requests to stop."""
        for number in STOP_SIGNALS:
            signal.signal(number, lambda _number, _frame: self._events.put(None))

    def run(self, name: str, command: Sequence[str], *, listening: socket.socket | None = None) -> None:
        """With a socket, the program inherits it and a pipe, whose numbers are added to its command; it counts as ready
        when it has written to the pipe.
        """
        self._programs[name] = Program(name, command, listening)
        self._start(self._programs[name])

    def fail(self, reason: str) -> None:
        """Makes `wait` return the reason."""
        self._events.put(Failed(reason))

    def is_ready(self, names: Sequence[str]) -> bool:
        return self._ready.issuperset(names)

    def wait(self) -> str | None:
        """Starts again what ends, until it is of no use: the reason. None on a request to stop."""
        while True:
            event = self._next()
            if event is None:
                return None
            if isinstance(event, Failed):
                return event.reason
            if isinstance(event, Ended) and not self._comes_back(event):
                return f"{event}, {SHORT_RUNS} times in a row within {SHORT:.0f} seconds of its start"

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
            self._note(event)
            if isinstance(event, Ended):
                return event
        return None

    def stop(self) -> None:
        """Sends SIGTERM to all; after GRACE seconds, kills the rest with everything they started."""
        running = [program.process for program in self._programs.values() if program.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + GRACE
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, end - time.monotonic()))
            _kill_session(process)

    def _next(self) -> Ended | Ready | Failed | None:
        """The next event. Starts what is due meanwhile."""
        while True:
            now = time.monotonic()
            waiting = [program for program in self._programs.values() if program.due is not None]
            for program in waiting:
                if program.due is not None and program.due <= now:
                    self._start(program)
            next_due = min((program.due for program in waiting if program.due is not None), default=None)
            try:
                event = self._events.get(timeout=None if next_due is None else max(0.0, next_due - now))
            except Empty:
                continue
            if event is not None:
                self._note(event)
            return event

    def _note(self, event: Ended | Ready | Failed) -> None:
        before = set(self._ready)
        if isinstance(event, Ready):
            if event.process.poll() is None:
                self._ready.add(event.name)
        elif isinstance(event, Ended):
            self._ready.discard(event.name)
        if self._ready != before:
            self._changed(frozenset(self._ready))

    def _comes_back(self, ended: Ended) -> bool:
        """Plans another start; False after too many short runs."""
        program, now = self._programs[ended.name], time.monotonic()
        if program.process is not None:
            _kill_session(program.process)
        program.short_runs = program.short_runs + 1 if now - program.began < SHORT else 0
        if program.short_runs >= SHORT_RUNS:
            return False
        self._told(f"{str(ended)[:1].upper()}{str(ended)[1:]}, and is started again.")
        program.due = now + PAUSES[max(program.short_runs - 1, 0)]
        return True

    def _start(self, program: Program) -> None:
        program.began, program.due = time.monotonic(), None
        command, pipe = list(program.command), None
        inherited: tuple[int, ...] = ()
        if program.listening is not None:
            pipe = os.pipe()
            inherited = (program.listening.fileno(), pipe[1])
            command += map(str, inherited)
        process = subprocess.Popen(
            command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            pass_fds=inherited,
        )
        program.process = process
        if pipe is not None:
            os.close(pipe[1])
            Thread(target=self._hear, args=(program.name, process, pipe[0]), daemon=True).start()
        Thread(target=lambda: self._events.put(Ended(program.name, process.wait())), daemon=True).start()

    def _hear(self, name: str, process: subprocess.Popen[bytes], pipe: int) -> None:
        if os.read(pipe, 1):
            self._events.put(Ready(name, process))
        os.close(pipe)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kills the program's remaining processes, usually none."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    process.wait()


def _end_with_parent() -> None:
    """Runs in the child before its program, which then ends when the supervisor is killed."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
