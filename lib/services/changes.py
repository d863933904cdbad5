"""What an edit touched, told upward: services of any app announce, whoever keeps figures listens.

The one seam by which teams/ and strategy/ reach alignment/, which neither imports (DESIGN.md, *Shape*).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Changes:
    """Ids of what one edit touched; what follows from them is for the listener to find.

    initiatives: their own row, their links or what they ask of others changed, or they are new.
    goals: status, dates, place, strategy, team, weight, why or meaning changed, or they are new; all goals below them
        are meant too.
    above: goals that got or lost a goal below them or a measure; all goals above them are meant too.
    worked: goals that gained or lost a link, or one of whose links changed.
    teams: mission (or what it serves) or stance changed, work left them, or they are new.
    company: settings that bear on everything. A bundle's import alone does not announce them: it computes everything.
    """

    initiatives: Collection[int] = ()
    goals: Collection[int] = ()
    above: Collection[int] = ()
    worked: Collection[int] = ()
    teams: Collection[int] = ()
    company: bool = False


Listener = Callable[[Changes, int, dt.datetime], None]
"""Called with the changes, the id of the log entry that is their cause, and the instant of the edit."""

_listeners: list[Listener] = []


def subscribe(listener: Listener) -> None:
    """`listener` hears of every edit inside its transaction; what it raises undoes the edit."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(changes: Changes, *, cause: int, at: dt.datetime) -> None:
    """The last thing that a service does, when all its rows are written; `cause` is the id of its log entry."""
    for listener in _listeners:
        listener(changes, cause, at)
