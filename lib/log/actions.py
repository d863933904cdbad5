"""Actions: all that the log tells of, each registered by the app that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.log.values import Pairs


@dataclass(frozen=True, eq=False)
class Telling:
    """How a digest tells what an action brought about: `one` entry by what it is about ({goal}, {strategy} and {work}
    stand for names), `many` by their {count}. Entries with the very same telling are counted together.
    """

    one: str
    many: str
    detail: str = ""


@dataclass(frozen=True)
class Variant:
    """An entry in which `field` changed has a telling of its own; with `before` and `after` only where it was and
    became that."""

    field: str
    told: Telling
    before: Any = None
    after: Any = None

    def fits(self, changes: Pairs) -> bool:
        if self.field not in changes:
            return False
        before, after = changes[self.field]
        return self.before in (None, before) and self.after in (None, after)


@dataclass(frozen=True)
class Undo:
    """How an action is undone: by `service`, a function of the row with `actor`, `at` and `version` that takes by name
    what the fields that changed had before. Where `own`, only whoever did it may; `permission` is asked of the row, and
    `refusal` says why not.
    """

    service: Callable[..., Any]
    own: bool = False
    permission: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Action:
    """`kind` is what its subject is, '' for the company; `meaning` says in a sentence what somebody did.

    The first of `variants` that fits an entry tells it, otherwise `told` does. `sight` are fields whose change by this
    action may bring a goal into or out of somebody's sight. `days` are the keys of its note that hold a day.
    """

    name: str
    kind: str
    meaning: str
    told: Telling = field(default_factory=lambda: another_change())
    variants: tuple[Variant, ...] = ()
    undo: Undo | None = None
    sight: tuple[str, ...] = ()
    days: tuple[str, ...] = ()

    def telling(self, changes: Pairs) -> Telling:
        return next((variant.told for variant in self.variants if variant.fits(changes)), self.told)


def another_change() -> Telling:
    """Of what has no words of its own."""
    return Telling("Another change", "{count} other changes")


REST = another_change()
"""Of entries that have nothing in common."""

_actions: dict[str, Action] = {}


def register(*actions: Action) -> None:
    _actions.update((action.name, action) for action in actions)


def action(name: str) -> Action:
    """Raises LookupError for one that is not registered."""
    if name not in _actions:
        raise LookupError(f"the log has no action called {name!r}")
    return _actions[name]


def actions() -> Mapping[str, Action]:
    return _actions


def telling_of(name: str, changes: Pairs) -> Telling:
    """Of an entry; an action that another release knew is told as another change."""
    return _actions[name].telling(changes) if name in _actions else REST
