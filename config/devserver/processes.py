"""Finds server processes left after `kill -9`, from /proc.

On systems other than Linux it finds none.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def known() -> bool:
    """Whether this system can list the processes that use a folder."""
    return (PROC / "self" / "stat").exists()


def living_in(folder: Path, program: str) -> set[int]:
    """The processes of that program with this working folder.

    Excludes zombies, which no longer use any files, and shells of people who are looking around there.
    """
    found = set()
    for entry in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder and _runs(entry, program):
                found.add(int(entry.name))
    return found


def send(number: signal.Signals, processes: Iterable[int]) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)


def _runs(entry: Path, program: str) -> bool:
    """Parses `pid (name) state …`; the name may itself contain blanks and brackets."""
    before, _, after = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
    return before.partition("(")[2] == program and after.split()[0] not in "ZX"
