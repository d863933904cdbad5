"""Does what an amendment plans, each edit by the service that does it otherwise. The callers hold the company alone,
and decide what becomes of it: strategy.services.preparing.amendments publishes it or tries it, previews take it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from lib.services.edits import GONE
from lib.services.errors import RefusedError
from lib.text.differences import SAME, changed_words
from strategy.enums import EditKind
from strategy.models import AmendmentEdit, Goal, Measure, Strategy
from strategy.models.amendment import Changes
from strategy.selectors.amendments import SUCCESSORS, Planned, planned
from strategy.services.goal_rules import MEANING
from strategy.services.goals import activate_goal, close_goal, edit_goal, move_goal
from strategy.services.measures import create_measure, edit_measure, remove_measure
from strategy.services.strategies import edit_strategy
from teams.models import Person

Row = Strategy | Goal | Measure
By = dict[str, Any]
ORDER = (
    *(EditKind.STRATEGY, EditKind.ACTIVATION, EditKind.MOVE, EditKind.GOAL),
    *(EditKind.NO_MEASURE, EditKind.MEASURE, EditKind.NEW_MEASURE, EditKind.CLOSING),
)
OTHER_WORDS = 0.25
"""The share of a text's words that differ from which on it is taken to mean something else."""


def apply_edits(
    strategy: Strategy,
    edits: Sequence[AmendmentEdit],
    *,
    actor: Person,
    at: dt.datetime,
    own: AmendmentEdit | None = None,
) -> Row | None:
    """Does all of them, in an order that works: what is refused is done after the others, as a goal may have to make
    room for another one first.

    With `own`, one of them, the others are done as far as they can be; returns the row that `own` edited. Raises what
    the services raise: for `own` as it is, for another one (without `own`) as a RefusedError that names it.
    """
    waiting = sorted(edits, key=lambda edit: (ORDER.index(EditKind(edit.kind)), edit.pk or 0))
    by, found = {"actor": actor, "at": at}, None
    while waiting:
        refused = []
        for edit in waiting:
            try:
                with transaction.atomic():
                    row = _apply(planned(_now(strategy), [edit])[0], by)
            except (RefusedError, ValidationError) as error:
                refused.append((edit, error))
            else:
                found = row if edit is own else found
        if len(refused) == len(waiting):
            _refuse(refused, own)
            break
        waiting = [edit for edit, _error in refused]
    return found


def _now(strategy: Strategy) -> Strategy:
    return Strategy.objects.get(pk=strategy.pk)


def _refuse(refused: Sequence[tuple[AmendmentEdit, RefusedError | ValidationError]], own: AmendmentEdit | None) -> None:
    """Raises the first refusal that matters."""
    for edit, error in refused:
        if edit is own:
            raise error
        if own is None:
            raise RefusedError(f"{_named(edit)}{_words(error)}") from error


def _named(edit: AmendmentEdit) -> str:
    goal = Goal.objects.filter(pk=edit.goal_id).first() if edit.goal_id else None
    return f"“{goal}”: " if goal else ""


def _words(error: RefusedError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _apply(edit: Planned, by: By) -> Row | None:
    """Does what is left to be done of it; returns the row as it is then. Raises RefusedError where the row is gone."""
    if edit.is_gone:
        raise RefusedError(GONE)
    if edit.row is None or not edit.left:
        return edit.row
    done: Row = DO[edit.kind](edit, edit.row, by)
    return done


def _strategy(edit: Planned, row: Any, by: By) -> Row:
    return edit_strategy(row, version=row.version, **edit.values, **by)


def _goal(edit: Planned, row: Any, by: By) -> Row:
    said = edit.edit.meaning_changed
    meaning = meaning_by_default(edit.left) if said is None else said
    return edit_goal(row, version=row.version, meaning_changed=meaning, **edit.values, **by)


def _move(edit: Planned, row: Any, by: By) -> Row:
    to = {name: pair[1] for name, pair in edit.edit.changes.items()}
    parent, strategy = _found(Goal, to.get("parent")), _found(Strategy, to.get("strategy"))
    return move_goal(row, version=row.version, parent=parent, strategy=strategy, **by)


def _found(model: type[Any], pk: int | None) -> Any:
    """Raises RefusedError where it is gone."""
    row = model.objects.filter(pk=pk).first() if pk else None
    if pk and row is None:
        raise RefusedError("Where it was to go is gone. Choose another place for it.")
    return row


def _closing(edit: Planned, row: Any, by: By) -> Row:
    to = {name: pair[1] for name, pair in edit.edit.changes.items()}
    said = {"status": to["status"], "reason": to["closing_reason"], "learned": to.get("learned", "")}
    successors = list(Goal.objects.filter(pk__in=to.get(SUCCESSORS, [])))
    return close_goal(row, version=row.version, successors=successors, **said, **by)


def _activation(edit: Planned, row: Any, by: By) -> Row:
    return activate_goal(row, version=row.version, **by)


def _new_measure(edit: Planned, row: Any, by: By) -> Row:
    values = edit.values
    keeper = Person.objects.filter(pk=values.pop("keeper", None)).first()
    return create_measure(row, keeper=keeper, **values, **by)


def _measure(edit: Planned, row: Any, by: By) -> Row:
    return edit_measure(row, version=row.version, **edit.values, **by)


def _no_measure(edit: Planned, row: Any, by: By) -> Row:
    return remove_measure(row, version=row.version, **by)


DO: dict[EditKind, Callable[[Planned, Any, By], Row]] = {
    EditKind.STRATEGY: _strategy,
    EditKind.GOAL: _goal,
    EditKind.MOVE: _move,
    EditKind.CLOSING: _closing,
    EditKind.ACTIVATION: _activation,
    EditKind.NEW_MEASURE: _new_measure,
    EditKind.MEASURE: _measure,
    EditKind.NO_MEASURE: _no_measure,
}


def changes_meaning(changes: Changes) -> bool:
    """Whether it is to be said if they change what a goal means."""
    return bool(changes.keys() & {*MEANING})


def meaning_by_default(changes: Changes) -> bool:
    """Another kind or other days change it; a text does where many of its words are others."""
    named = {name: pair for name, pair in changes.items() if name in MEANING}
    texts = [named.pop(name) for name in ("title", "why", "boundaries") if name in named]
    return bool(named) or any(_differs(before or "", after or "") for before, after in texts)


def _differs(before: str, after: str) -> bool:
    words, other = 0, 0
    for piece in changed_words(before, after):
        count = len(piece.text.split())
        words += count
        other += 0 if piece.kind == SAME else count
    return other > words * OTHER_WORDS
