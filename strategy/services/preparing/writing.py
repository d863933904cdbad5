"""Writes the goals of a strategy as one tree: what is new, changed, moved, ordered and removed, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from lib.services.edits import locked
from lib.services.errors import RefusedError, StaleError
from lib.services.writes import writes
from strategy.models import Goal, Strategy
from strategy.selectors.strategies import standing
from strategy.services.goals import create_goal, edit_goal, move_goal, remove_goal
from strategy.services.ordering import CHANGED, order_goals
from teams.models import Person

By = dict[str, Any]


@dataclass(frozen=True)
class GoalRow:
    """A goal as it is to be. `key` names the row among those that are written, `below` is the key of the row above it,
    '' at the top. Without `goal` it is new. `values` are those of `edit_goal`; empty, the goal stays as it is.
    """

    key: str
    below: str = ""
    goal: Goal | None = None
    version: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    removed: bool = False


@dataclass
class Written:
    """How many goals were added, changed or moved, and removed, and whether some were put in order."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    ordered: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.ordered)


@writes(permission="strategy.write_strategy", alone=True)
def write_goals(
    strategy: Strategy, *, actor: Person, at: dt.datetime, rows: Sequence[GoalRow], seen: Sequence[int]
) -> Written:
    """Writes each of `rows`, those above before those below, by the services for one goal. `seen` are the ids of the
    goals in the order in which they were on view. Nothing is written unless all of it can be.

    Raises StaleError; ValidationError by `<field>-<key>`, as each row has fields of its own; RefusedError where the
    order is another one by now.
    """
    place = locked(strategy)
    before = _beside(place)
    by: By = {"actor": actor, "at": at}
    written, found = Written(), dict[str, Goal]()
    for row in rows:
        with _of_row(row):
            found[row.key] = _write(row, place, found.get(row.below), written, by)
    for row in reversed(rows):
        if row.removed and row.goal is not None:
            with _of_row(row):
                remove_goal(row.goal, version=found[row.key].version, **by)
            written.removed += 1
    _order(place, [row for row in rows if not row.removed], found, before, seen, written, by)
    return written


def _write(row: GoalRow, strategy: Strategy, above: Goal | None, written: Written, by: By) -> Goal:
    """Creates, edits and moves it, as far as it differs; returns it as it is then."""
    to: By = {"parent": above} if above is not None else {"strategy": strategy}
    if row.goal is None:
        written.added += 1
        return create_goal(**to, **row.values, **by)
    goal, version = row.goal, row.version
    edits = any(getattr(goal, name) != value for name, value in row.values.items())
    moves = goal.parent_id != (above.pk if above is not None else None)
    if edits and not row.removed:
        goal = edit_goal(goal, version=version, **row.values, **by)
        version = goal.version
    if moves and not row.removed:
        goal = move_goal(goal, version=version, **to, **by)
    written.changed += (edits or moves) and not row.removed
    return goal


@contextmanager
def _of_row(row: GoalRow) -> Iterator[None]:
    """What is refused for one row is said beside it."""
    try:
        yield
    except StaleError:
        raise
    except RefusedError as refusal:
        raise ValidationError({f"title-{row.key}": str(refusal)}) from refusal
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise ValidationError({f"title-{row.key}": error.messages}) from error
        named = {f"{'title' if name == NON_FIELD_ERRORS else name}-{row.key}": said for name, said in _by_field(error)}
        raise ValidationError(named) from error


def _by_field(error: ValidationError) -> list[tuple[str, list[ValidationError]]]:
    return [*error.error_dict.items()]


def _beside(strategy: Strategy) -> dict[int, list[int]]:
    """The ids of its goals as they stand beside each other, by that of the goal above them (0: at the top)."""
    beside: dict[int, list[int]] = defaultdict(list)
    for pk, parent in standing(strategy):
        beside[parent or 0].append(pk)
    return beside


def _order(
    strategy: Strategy,
    rows: Sequence[GoalRow],
    found: Mapping[str, Goal],
    before: Mapping[int, list[int]],
    seen: Sequence[int],
    written: Written,
    by: By,
) -> None:
    """Puts the goals of each place in the order of their rows, where somebody moved one or added one. Raises
    RefusedError where somebody else did so too."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        wanted[row.below].append(found[row.key].pk)
    now = _beside(strategy)
    for below, goals in wanted.items():
        place = found[below] if below else strategy
        at = place.pk if below else 0
        stood, stands = before.get(at, []), _only(now[at], goals)
        were, all_stayed = _only(seen, stood), {*goals} <= {*stood}
        if stands == goals or (all_stayed and _only(goals, were) == _only(were, goals)):
            continue
        if _only(stood, were) != were:
            raise RefusedError(CHANGED)
        order_goals(place, seen=stands, goals=goals, **by)
        written.ordered = True


def _only(these: Sequence[int], those: Sequence[int]) -> list[int]:
    among = {*those}
    return [pk for pk in these if pk in among]
