"""What is left of a server after `kill -9`, read from /proc.

Elsewhere than on Linux nothing is known and nothing is touched.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")


def known() -> bool:
    """Whether this system can say which processes live in a folder."""
    return (PROC / "self" / "stat").exists()


def living_in(folder: Path, program: str) -> set[int]:
    """The processes of that program whose working folder this is.

    Zombies are not among them (they hold nothing any more), nor is the shell of somebody who is looking around there.
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
    """Read from `pid (name) state …`, where the name may itself hold blanks and brackets."""
    before, _, after = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
    return before.partition("(")[2] == program and after.split()[0] not in "ZX"
