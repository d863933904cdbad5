"""What is done when a write ends, inside its transaction: apps register a step, which gets what the log was told.

So what has to follow every edit of something (strategy/services/editions.py) hangs on the one place through which all
services pass, and no service can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from lib.log.kinds import Ref


@dataclass
class Written:
    """What the outermost service of a write did: the entries of the log, each with what it refers to. `because` is what
    the person gave as a reason: '' where they were asked and left it blank, None where nobody was asked.
    """

    entries: list[tuple[Any, Collection[Ref]]] = field(default_factory=list)
    because: str | None = None


Step = Callable[[Written], None]

_steps: list[Step] = []
_current: ContextVar[Written | None] = ContextVar("written", default=None)


def register_step(step: Step) -> None:
    """Calls `step` at the end of every write; an exception rolls the write back."""
    if step not in _steps:
        _steps.append(step)


@contextmanager
def finished() -> Iterator[None]:
    """Runs a service, and all steps after it; a service that it calls is a part of it."""
    if _current.get() is not None:
        yield
        return
    token = _current.set(written := Written())
    try:
        yield
        for step in _steps:
            step(written)
    finally:
        _current.reset(token)


@contextmanager
def apart() -> Iterator[None]:
    """No step follows what is done inside, as it is taken back."""
    token = _current.set(Written())
    try:
        yield
    finally:
        _current.reset(token)


def note(entry: Any, refs: Collection[Ref]) -> None:
    """Called by the log for each entry."""
    if (written := _current.get()) is not None:
        written.entries.append((entry, refs))


def give_reason(because: str | None) -> None:
    """Called by a service that takes a reason."""
    if because is not None and (written := _current.get()) is not None:
        written.because = because


def forget() -> None:
    """Called where everything was rolled back: nothing follows from it."""
    if (written := _current.get()) is not None:
        written.entries.clear()
