"""Services for amendments: edits of a published strategy that are planned by several people and published at once.

Planning an edit changes nothing that is published. It is tried first, on top of what the amendment plans already, by
the service that will do it; what the row says in that trial is what is kept (strategy.services.preparing.amending).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError

from lib.log.values import made, stored, values_of
from lib.services.changes import announce, gathered, together
from lib.services.edits import STALE, locked, opened, revise
from lib.services.errors import RefusedError, StaleError
from lib.services.trials import rehearsed
from lib.services.writes import writes
from lib.text.clean import tidy
from lib.text.names import several_words
from lib.text.spans import Span
from strategy.enums import AmendmentState, EditKind, GoalStatus, StrategyStatus
from strategy.models import Amendment, AmendmentEdit, Goal, Measure, Strategy
from strategy.models.amendment import Changes
from strategy.selectors.amendments import (
    FIELDS,
    MODELS,
    SUCCESSORS,
    Planned,
    amendment_version,
    edits_of,
    may_be_planned,
    planned,
    planned_for,
    version_of,
)
from strategy.services.editions import SAY_WHY, because_of
from strategy.services.preparing.amending import apply_edits, changes_meaning
from teams.models import Person
from teams.services.log import record

Row = Strategy | Goal | Measure
NOT_OPEN = "This amendment is {} already. Begin another one."
ONE_IS_OPEN = "“{}” has an open amendment already. Add to it."
NOT_PUBLISHED = "“{}” is {}. Only a published strategy is amended."
NOT_HERE = "“{}” is not in this strategy, so its amendment cannot hold it."
A_TEAMS = "“{}” is a team’s own goal, which is in no edition. Change it at once."
A_DRAFT = "“{}” is a draft, which nobody works by yet. Edit it as it is: the amendment adds it."
NO_DRAFT = "“{}” is {} already. Only a draft is added."
NOTHING = "It plans nothing that is not so already. Add an edit to it, or drop it."
BY_ITSELF = "This is in no edition, and changes at once. Save it with “Publish now”, then add the rest."
DECIDE = "Decide about {} first: the same was changed meanwhile."
OF_NO_EDITION = ("owner", "keeper")
ONE_STEP = frozenset({EditKind.MOVE, EditKind.CLOSING, EditKind.ACTIVATION, EditKind.NO_MEASURE})
"""Edits that are done as a whole or not at all."""


@writes(permission="strategy.amend_strategy")
def open_amendment(strategy: Strategy, *, actor: Person, at: dt.datetime) -> Amendment:
    """Raises RefusedError where it is not published, or has an open one."""
    row = locked(strategy)
    if row.status != StrategyStatus.PUBLISHED:
        raise RefusedError(NOT_PUBLISHED.format(row, row.get_status_display().lower()))
    if Amendment.objects.filter(strategy=row, state=AmendmentState.OPEN).exists():
        raise RefusedError(ONE_IS_OPEN.format(row))
    amendment = Amendment(strategy=row, opened_by_id=actor.pk, opened_at=at)
    amendment.save()
    record("amendment.opened", actor=actor, at=at, subject=amendment, changes=made(amendment))
    return amendment


@writes(permission="strategy.amend_strategy", of="strategy", alone=True)
def plan_edit(
    amendment: Amendment,
    *,
    actor: Person,
    at: dt.datetime,
    step: EditKind,
    version: int,
    goal: Goal | None = None,
    measure: Measure | None = None,
    meaning_changed: bool | None = None,
    **values: Any,
) -> AmendmentEdit:
    """Plans an edit, or plans it otherwise; without `goal` it is of the strategy. `values` are those of the service
    that does it; they are kept as far as they differ from what is so. `version` is that of `version_of`; a new measure
    has none. An edit without changes is taken out.

    Raises what its service raises, StaleError, RefusedError for what cannot be in this amendment, and ValidationError
    for what is in no edition.
    """
    strategy = _still_open(amendment).strategy
    row = _subject(strategy, step, goal, measure)
    edit = AmendmentEdit(amendment=amendment, kind=step, goal=goal, measure=measure)
    edit = _edit_at(edit, row, version)
    _refuse_others(row, step, values)
    before = edit.changes
    edit.changes = _tried(strategy, edit, row, values, actor=actor, at=at)
    edit.changes |= {name: [before[name][0], pair[1]] for name, pair in edit.changes.items() if name in before}
    edit.meaning_changed = meaning_changed if step == EditKind.GOAL and changes_meaning(edit.changes) else None
    edit.person_id, edit.at = actor.pk, at
    edit.save()
    edit.refresh_from_db(fields=["version"])
    _record_plan(edit, actor, at)
    return edit


def _edit_at(new: AmendmentEdit, row: Row, version: int) -> AmendmentEdit:
    """What is planned there already, or else `new`. Raises StaleError where either has changed since `version`."""
    if new.kind == EditKind.NEW_MEASURE:
        return new
    edit = planned_for(new.amendment, new.kind, goal=new.goal, measure=new.measure)
    if version_of(row, edit) != version:
        raise StaleError(STALE, current=row, row=row, version=version)
    return edit or new


def _record_plan(edit: AmendmentEdit, actor: Person, at: dt.datetime, **told: Any) -> None:
    note = {"edit": edit.pk, "kind": str(edit.kind), "goal": edit.goal_id, **told}
    record("amendment.planned", actor=actor, at=at, subject=edit.amendment, note=note)


def _subject(strategy: Strategy, kind: EditKind, goal: Goal | None, measure: Measure | None) -> Row:
    """The row that an edit of this kind is of, as it is now, locked. Raises RefusedError."""
    if goal is None:
        return strategy
    owner = locked(goal)
    if owner.team_id is not None:
        raise RefusedError(A_TEAMS.format(owner))
    if not Goal.objects.filter(pk=owner.path[0], strategy=strategy).exists():
        raise RefusedError(NOT_HERE.format(owner))
    if not may_be_planned(owner, kind):
        draft = owner.status == GoalStatus.DRAFT
        raise RefusedError(
            A_DRAFT.format(owner) if draft else NO_DRAFT.format(owner, owner.get_status_display().lower())
        )
    return owner if measure is None else locked(measure)


def _refuse_others(row: Row, kind: EditKind, values: dict[str, Any]) -> None:
    """Takes what is in no edition out of `values`. Raises ValidationError where it differs."""
    if kind == EditKind.NEW_MEASURE:
        return
    for name in OF_NO_EDITION:
        if name in values and values.pop(name) != getattr(row, name):
            raise ValidationError({name: BY_ITSELF})


def _tried(
    strategy: Strategy, edit: AmendmentEdit, row: Row, values: dict[str, Any], *, actor: Person, at: dt.datetime
) -> Changes:
    """What the edit changes, as its service does it on top of all others that are planned."""
    names = FIELDS[EditKind(edit.kind)]
    is_new = edit.kind == EditKind.NEW_MEASURE
    before = dict.fromkeys(names) if is_new else values_of(row, names)
    typed = {name: [before.get(name, []), after] for name, after in _typed(edit, values).items()}
    mine = AmendmentEdit(pk=edit.pk, kind=edit.kind, goal_id=edit.goal_id, measure_id=edit.measure_id, changes=typed)
    mine.meaning_changed = False
    others = [each for each in edits_of(edit.amendment) if each.pk != edit.pk]
    done = rehearsed(lambda: apply_edits(strategy, [*others, mine], actor=actor, at=at, own=mine))
    if edit.kind == EditKind.NO_MEASURE or done is None:
        return typed
    after = values_of(done, names)
    named = {SUCCESSORS: typed[SUCCESSORS]} if typed.get(SUCCESSORS, [[], []])[1] else {}
    return {name: [before[name], after[name]] for name in names if before[name] != after[name]} | named


def _typed(edit: AmendmentEdit, values: dict[str, Any]) -> dict[str, Any]:
    """What is wanted of each field, as the log would have it."""
    if edit.kind == EditKind.ACTIVATION:
        return {"status": GoalStatus.ACTIVE.value}
    if edit.kind == EditKind.NO_MEASURE:
        return dict.fromkeys(FIELDS[EditKind.NO_MEASURE])
    if edit.kind == EditKind.CLOSING:
        values = {**values, "closing_reason": values["reason"], SUCCESSORS: values.get(SUCCESSORS, [])}
        del values["reason"]
    model: Any = MODELS[EditKind(edit.kind)]
    return {
        name: stored(model._meta.get_field(name), tidy(value) if isinstance(value, str) else value)
        for name, value in values.items()
    }


@writes(permission="strategy.amend_strategy", of=lambda edit, **_given: edit.amendment.strategy)
def withdraw_edit(edit: AmendmentEdit, *, actor: Person, at: dt.datetime, version: int) -> AmendmentEdit:
    """Raises StaleError, RefusedError where the amendment is not open."""
    _still_open(edit.amendment)
    row = opened(edit, version)
    row.changes, row.meaning_changed = {}, None
    row.save()
    note = {"edit": row.pk, "kind": row.kind, "goal": row.goal_id}
    record("amendment.withdrawn", actor=actor, at=at, subject=row.amendment, note=note)
    return row


@writes(permission="strategy.amend_strategy", of=lambda edit, **_given: edit.amendment.strategy)
def settle_conflict(
    edit: AmendmentEdit, *, actor: Person, at: dt.datetime, version: int, field: str, keeps: bool
) -> AmendmentEdit:
    """Decides about a field that somebody else changed after it was planned: it stays planned, or (not `keeps`) stays
    as it is now. `version` is that of `version_of`.

    Raises StaleError, RefusedError where there is no such conflict.
    """
    amendment = _still_open(edit.amendment)
    row = planned(amendment.strategy, [locked(edit)])[0]
    if row.row is None or version_of(row.row, row.edit) != version:
        raise StaleError(STALE, current=row.row, row=edit, version=version)
    conflict = next((each for each in row.conflicts if each.field == field), None)
    if conflict is None or (keeps and not row.may_be_kept):
        raise RefusedError("There is nothing to decide about it any more.")
    of = row.conflicts if row.kind in ONE_STEP else [conflict]
    settled = {each.field: [each.now, each.planned] for each in of} if keeps else {}
    rest = {name: pair for name, pair in row.edit.changes.items() if all(name != each.field for each in of)}
    row.edit.changes = settled | (rest if keeps or row.kind not in ONE_STEP else {})
    row.edit.save()
    _record_plan(row.edit, actor, at, settled=field)
    return row.edit


@writes(permission="strategy.amend_strategy", of=lambda edit, **_given: edit.amendment.strategy)
def say_meaning(
    edit: AmendmentEdit, *, actor: Person, at: dt.datetime, version: int, meaning_changed: bool
) -> AmendmentEdit:
    """Says whether the edit of a goal changes what it means. Raises StaleError, RefusedError where nobody asks that."""
    _still_open(edit.amendment)
    row = opened(edit, version)
    if row.kind != EditKind.GOAL or not changes_meaning(row.changes):
        raise RefusedError("Nothing of this changes what the goal means.")
    row.meaning_changed = meaning_changed
    row.save()
    _record_plan(row, actor, at, meaning_changed=meaning_changed)
    return row


@writes(permission="strategy.amend_strategy", of="strategy")
def explain_amendment(amendment: Amendment, *, actor: Person, at: dt.datetime, version: int, because: str) -> Amendment:
    """Keeps what changes, and why, which its edition is to say. Raises StaleError, ValidationError by field."""
    row = _at(amendment, version)
    if changes := revise(row, because=because):
        record("amendment.explained", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.amend_strategy", of="strategy")
def drop_amendment(amendment: Amendment, *, actor: Person, at: dt.datetime, version: int) -> Amendment:
    """Ends it unpublished. Drafts that it would have added stay drafts. Raises StaleError, RefusedError where it is not
    open."""
    row = _at(amendment, version)
    changes = _end(row, AmendmentState.DROPPED, actor, at)
    record("amendment.dropped", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.publish_strategy", of="strategy", alone=True)
def publish_amendment(amendment: Amendment, *, actor: Person, at: dt.datetime, version: int, because: str) -> Amendment:
    """Does all that it plans at once, in one edition. `version` is that of `amendment_version`.

    Raises StaleError, ValidationError on `because` where it is blank, and RefusedError: where it plans nothing, where
    somebody else changed the same and nobody has decided, or what a service refuses.
    """
    strategy = _still_open(amendment).strategy
    row = _at(amendment, version)
    because_of(because)
    if not tidy(because):
        raise ValidationError({"because": SAY_WHY})
    edits = check_decided(row)
    entry = record("strategy.amended", actor=actor, at=at, subject=strategy, note={"amendment": row.pk})
    with gathered() as announced:
        apply_edits(strategy, edits, actor=actor, at=at)
    changes = _end(row, AmendmentState.PUBLISHED, actor, at, because=because)
    record("amendment.published", actor=actor, at=at, subject=row, changes=changes)
    announce(together(announced), cause=entry.pk, at=at)
    return row


def rehearse_amendment(amendment: Amendment, *, actor: Person, at: dt.datetime) -> None:
    """Does what publishing it would do, for a caller that takes it back (`rehearsed`). Raises what that raises."""
    row = _still_open(amendment)
    apply_edits(row.strategy, check_decided(row), actor=actor, at=at)


def check_decided(amendment: Amendment) -> list[AmendmentEdit]:
    """Its edits, where it may be published as they stand. Raises RefusedError."""
    edits = edits_of(amendment)
    rows = planned(amendment.strategy, edits)
    if waiting := [row for row in rows if row.is_open]:
        raise RefusedError(DECIDE.format(_those(waiting)))
    if not any(row.left for row in rows):
        raise RefusedError(NOTHING)
    return edits


def _those(rows: list[Planned]) -> str:
    """Names what is to be decided about."""
    goals = Goal.objects.in_bulk({0, *(row.edit.goal_id for row in rows if row.edit.goal_id)})
    names = list(dict.fromkeys(_name(row, goals.get(row.edit.goal_id or 0)) for row in rows))
    return several_words([Span(name) for name in names])


def _name(row: Planned, goal: Goal | None) -> str:
    if row.edit.goal_id is None:
        return "the strategy’s own text"
    return f"“{goal}”" if goal else "a goal that is gone"


def _still_open(amendment: Amendment) -> Amendment:
    """The amendment as it is now, locked, with its strategy. Raises RefusedError."""
    row = locked(amendment)
    if row.state != AmendmentState.OPEN:
        raise RefusedError(NOT_OPEN.format(row.get_state_display().lower()))
    row.strategy = locked(row.strategy)
    if row.strategy.status != StrategyStatus.PUBLISHED:
        raise RefusedError(NOT_PUBLISHED.format(row.strategy, row.strategy.get_status_display().lower()))
    return row


def _at(amendment: Amendment, version: int) -> Amendment:
    row = locked(amendment)
    if row.state != AmendmentState.OPEN:
        raise RefusedError(NOT_OPEN.format(row.get_state_display().lower()))
    if amendment_version(row) != version:
        raise StaleError(STALE, current=row, row=row, version=version)
    return row


def _end(row: Amendment, state: AmendmentState, actor: Person, at: dt.datetime, **values: Any) -> dict[str, list[Any]]:
    ended_by = actor if isinstance(actor, Person) else None
    return revise(row, state=state.value, ended_by=ended_by, ended_at=at, **values)
