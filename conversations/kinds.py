"""Kinds of threads: what each is about, and what it can end in. The app that owns what comes of one registers it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from conversations.enums import Side


@dataclass(frozen=True)
class Ending:
    """An outcome: `label` is what the button says, `told` what came of it ("answered"). `by` is the side that chooses
    it. With `says`, it asks for a text, which is that label's; `again` lets them choose a day on which it comes back.
    One that is `kept` stays on the page of what it is about.
    """

    label: str
    told: str
    by: str = Side.ASKS
    says: str = ""
    again: bool = False
    kept: bool = False


@dataclass(frozen=True)
class ThreadKind:
    """`days` are the working days after which an answer is late. `endings` are by code of the outcome; the sides choose
    among theirs with a button. One that a service alone can bring about is in `settled` (its code, and what is
    told). `asked_by` are the rows of what it is about for which a person stands on the side that asks, those that they
    answer for by `asked_owner` and `asked_team`, paths from such a row; without it, that is whoever opened the thread.
    A late one of a `flagged` kind is a flag. One that ended with one of `final` is opened again by a service alone.
    `word` is what sentences call one, if not the label.

    In one of a kind that goes `by_steps`, the turn follows from what is done to the thing that it is about, which also
    ends it and opens it again, and which is asked for in its own place; every message is a remark.
    """

    code: str
    label: str
    about: Collection[str]
    days: int
    endings: Mapping[str, Ending]
    settled: Mapping[str, str]
    asked_by: Callable[[Any], Any] | None = None
    asked_owner: str = ""
    asked_team: str = ""
    flagged: bool = False
    final: Collection[str] = ()
    word: str = ""
    by_steps: bool = False

    @property
    def called(self) -> str:
        return self.word or self.label.lower()

    def told(self, outcome: str) -> str:
        """What came of it, in a word or two."""
        ending = self.endings.get(outcome)
        return ending.told if ending else self.settled[outcome]


_kinds: dict[str, ThreadKind] = {}


def register_thread_kind(kind: ThreadKind) -> None:
    _kinds[kind.code] = kind


def thread_kind(code: str) -> ThreadKind:
    """Raises LookupError."""
    if code not in _kinds:
        raise LookupError(f"there is no kind of thread called {code!r}")
    return _kinds[code]


def kept_outcomes() -> set[str]:
    """Those of all kinds that stay on the page of what they are about."""
    return {code for kind in thread_kinds() for code, ending in kind.endings.items() if ending.kept}


def kinds_by_steps() -> set[str]:
    return {kind.code for kind in thread_kinds() if kind.by_steps}


def thread_kinds() -> list[ThreadKind]:
    return list(_kinds.values())
