"""The log's actions, each registered by the app that performs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.log.values import Pairs


@dataclass(frozen=True, eq=False)
class Telling:
    """A digest's wording for the effect of an action: `one` for a single entry ({goal}, {strategy} and {work} are
    replaced by names), `many` for several ({count}). Entries that share a Telling object are counted together.
    """

    one: str
    many: str
    detail: str = ""


@dataclass(frozen=True)
class Variant:
    """Wording for entries in which `field` changed, optionally only from `before` or to `after`."""

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
    """How an action is undone: `service` takes the row, `actor`, `at`, `version` and, by name, the earlier values of
    the changed fields, and of the fields that the entry `noted` with their values before and after, as long as they are
    as it left them. With `own`, only the original actor may undo; `permission` is checked on the row, and `refusal` is
    the message where it is missing.
    """

    service: Callable[..., Any]
    noted: tuple[str, ...] = ()
    own: bool = False
    permission: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Action:
    """`kind` is the subject's kind, '' for the company; `meaning` describes the action in a sentence.

    The first of `variants` that fits an entry words it, otherwise `told` does. `days` are the keys of its note that
    contain a day.
    """

    name: str
    kind: str
    meaning: str
    told: Telling = field(default_factory=lambda: another_change())
    variants: tuple[Variant, ...] = ()
    undo: Undo | None = None
    days: tuple[str, ...] = ()

    def telling(self, changes: Pairs) -> Telling:
        return next((variant.told for variant in self.variants if variant.fits(changes)), self.told)


def another_change() -> Telling:
    """The wording for actions that have none of their own."""
    return Telling("Another change", "{count} other changes")


REST = another_change()
"""The wording for entries that have nothing in common."""

_actions: dict[str, Action] = {}


def register(*actions: Action) -> None:
    _actions.update((action.name, action) for action in actions)


def action(name: str) -> Action:
    """Raises LookupError for an unregistered action."""
    if name not in _actions:
        raise LookupError(f"the log has no action called {name!r}")
    return _actions[name]


def actions() -> Mapping[str, Action]:
    return _actions


def telling_of(name: str, changes: Pairs) -> Telling:
    """The wording of an entry; an action of another release that is not registered is "Another change"."""
    return _actions[name].telling(changes) if name in _actions else REST
