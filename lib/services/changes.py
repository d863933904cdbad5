"""Announces what an edit touched to the apps above, which keep figures up to date.

This is the only way in which teams/ and strategy/ reach alignment/, which neither imports (DESIGN.md, *Shape*).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Changes:
    """The ids of what one edit touched; the listener works out the consequences.

    initiatives: new, or with changes to their row, their links or the support they ask for.
    goals: new, or with changes to status, dates, place, strategy, team, weight, why or meaning; implies all goals below
        them.
    above: goals that got or lost a goal below them or a measure; implies all goals above them.
    worked: goals that gained or lost a link, or have a changed link.
    strategies: with changes to status or dates; their goals are announced as well.
    teams: new, or with changes to stance, mission or the goals it serves, or that lost work.
    presence: teams that are here now or no longer, with all below them; implies these, their work and their goals.
    threads: opened, ended, or with the turn on another side.
    company: settings that affect everything. Only a bundle import does not announce them: it recomputes everything.
    """

    initiatives: Collection[int] = ()
    goals: Collection[int] = ()
    above: Collection[int] = ()
    worked: Collection[int] = ()
    strategies: Collection[int] = ()
    teams: Collection[int] = ()
    presence: Collection[int] = ()
    threads: Collection[int] = ()
    company: bool = False


Listener = Callable[[Changes, int, dt.datetime], None]
"""Receives the changes, the id of the log entry that caused them, and the instant of the edit."""

_listeners: list[Listener] = []
_gathered: ContextVar[list[Changes] | None] = ContextVar("gathered", default=None)


def subscribe(listener: Listener) -> None:
    """Calls `listener` for every edit, inside its transaction; an exception rolls the edit back."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(changes: Changes, *, cause: int, at: dt.datetime) -> None:
    """Must be a service's last step, after all rows are written; `cause` is the id of its log entry."""
    gathered_so_far = _gathered.get()
    if gathered_so_far is not None:
        gathered_so_far.append(changes)
        return
    for listener in _listeners:
        listener(changes, cause, at)


@contextmanager
def gathered() -> Iterator[list[Changes]]:
    """What is announced inside goes into the list, and to no listener: whoever does several things as one announces
    them `together` afterwards.
    """
    found: list[Changes] = []
    token = _gathered.set(found)
    try:
        yield found
    finally:
        _gathered.reset(token)


def together(changes: Iterable[Changes]) -> Changes:
    """All of these as one."""
    rows = list(changes)
    ids = [each.name for each in fields(Changes) if each.name != "company"]
    named = {name: sorted({pk for each in rows for pk in getattr(each, name)}) for name in ids}
    return Changes(**named, company=any(each.company for each in rows))
