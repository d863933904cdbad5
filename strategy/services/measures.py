"""Services for measures and their check-ins."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from lib.log.values import Pairs, made, removed, values_of
from lib.services.changes import Changes, announce
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import AT_A_LIMIT, CLOSED, MeasureKind
from strategy.models import CheckIn, Goal, Measure
from strategy.selectors.measures import value_before
from strategy.services.editions import UNDOES, because_of
from strategy.services.keys import name_row
from strategy.services.measure_kinds import (
    check_definition,
    check_keeper,
    check_kind_of,
    check_value,
    check_way,
)
from strategy.services.measure_rules import release, released_links_note
from teams.models import Person
from teams.services.log import record

NO_NEW_MEASURE = "This goal is closed, so it takes no new measure. Reopen it first."
NO_CHECK_IN = "This goal is closed, so its measures stay as they are. Reopen it to check in again."
PERMANENT = "Its check-ins are kept for ever, so it cannot be removed. Edit it where it should say something else."
NOT_THE_LAST = "Somebody has checked in since, so this cannot be undone. Check in with the value that is right."
TAKEN_BACK = "The check-in before this one was taken back."
CORRECTED = "Somebody has corrected this check-in already. Correct what it says now."
SAYS_SO = "That is what it says already, so nothing was changed."


@writes(permission="strategy.edit_goal", alone=True)
def create_measure(
    goal: Goal,
    *,
    actor: Person,
    at: dt.datetime,
    title: str,
    kind: str = MeasureKind.TARGET,
    target: Decimal | None = None,
    unit: str = "",
    baseline: Decimal | None = Decimal(0),
    current: Decimal | None = None,
    keeper: Person | None = None,
    because: str | None = None,
) -> Measure:
    """Without `current`, it starts at its baseline; a milestone starts as not reached, and needs no numbers. `because`
    is as in `edit_goal`.

    Raises ValidationError by field, RefusedError for a closed goal.
    """
    owner = locked(goal)
    because_of(because)
    if owner.status in CLOSED:
        raise RefusedError(NO_NEW_MEASURE)
    values = check_definition(kind, unit=tidy(unit), baseline=baseline, target=target, current=current)
    check_way(kind, values["baseline"], values["target"])
    check_keeper(keeper)
    row = Measure(goal=owner, title=tidy(title), kind=kind, keeper=keeper, **values)
    row.current = row.baseline if current is None else current
    row.clean_fields(exclude=["key"])
    name_row(row, hidden=bool(owner.hidden_by))
    row.save()
    entry = record("measure.created", actor=actor, at=at, subject=row, changes=made(row))
    announce(Changes(above=[owner.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="strategy.edit_measure")
def edit_measure(
    measure: Measure, *, actor: Person, at: dt.datetime, version: int, because: str | None = None, **values: Any
) -> Measure:
    """`values` are any of title, kind, unit, baseline, target and keeper. Only check-ins change the current value;
    without any, it follows the baseline where the two are equal. `because` is as in `edit_goal`.

    Raises ValidationError by field, StaleError, RefusedError where it is gone.
    """
    row = opened(measure, version)
    because_of(because)
    check_keeper(values.get("keeper", row.keeper), row.keeper_id)
    if changes := revise(row, **{**values, **_redefined(row, **values)}):
        record("measure.edited", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.edit_measure", alone=True)
def remove_measure(
    measure: Measure, *, actor: Person, at: dt.datetime, version: int, because: str | None = None
) -> Measure:
    """Links that name it lose it and the change they expected of it.

    Raises RefusedError where it has check-ins, which are permanent. StaleError.
    """
    row = opened(measure, version)
    because_of(because)
    if row.check_ins.exists():
        raise RefusedError(PERMANENT)
    released = released_links_note(release(Measure.objects.filter(pk=row.pk)))
    entry = record("measure.removed", actor=actor, at=at, subject=row, changes=removed(row), **released)
    row.delete()
    announce(Changes(above=[row.goal_id]), cause=entry.pk, at=at)
    return measure


@writes(permission="strategy.check_in")
def check_in(
    measure: Measure,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    value: Decimal,
    confidence: str = "",
    note: str = "",
) -> CheckIn:
    """Records the measure's value now, and how sure the person is; no figure of alignment depends on it.

    Raises ValidationError by field, StaleError where it was checked in or changed since, RefusedError for a closed
    goal.
    """
    row = opened(measure, version)
    said = CheckIn(measure=row, at=at, person=actor, value=value, confidence=confidence, note=tidy(note))
    return _checked_in(row, said)


@writes(permission="strategy.check_in", of="measure")
def undo_check_in(made: CheckIn, *, actor: Person, at: dt.datetime) -> CheckIn:
    """Adds another check-in that corrects it to the earlier value, because check-ins are permanent.

    Raises RefusedError where it is not the last one, or the goal is closed.
    """
    row = locked(made.measure)
    last, value = row.check_ins.order_by("-id").first(), value_before(made)
    if last is None or last.pk != made.pk or row.current != made.value or value is None:
        raise RefusedError(NOT_THE_LAST)
    earlier = row.check_ins.uncorrected().filter(moment__lt=made.speaks_of).order_by("-moment", "-id").first()
    said = CheckIn(
        measure=row,
        at=at,
        person=actor,
        value=value,
        confidence=earlier.confidence if earlier else "",
        note=TAKEN_BACK,
        corrects=made.speaks_of,
    )
    return _checked_in(row, said, undoes=made.pk)


@writes(permission="strategy.check_in", of="measure")
def correct_check_in(
    made: CheckIn,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    value: Decimal,
    confidence: str = "",
    note: str = "",
) -> CheckIn:
    """Adds one in the place of `made`, which stays to be read. The measure's current value follows where `made` is its
    last word.

    Raises ValidationError by field; StaleError where the measure is no longer at `version`; RefusedError where it was
    corrected already or says just that, or the goal is closed.
    """
    row = opened(made.measure, version)
    words = row.check_ins.uncorrected().order_by("-moment", "-id")
    if not words.filter(pk=made.pk).exists():
        raise RefusedError(CORRECTED)
    if (value, confidence, tidy(note)) == (made.value, made.confidence, made.note):
        raise RefusedError(SAYS_SO)
    said = CheckIn(measure=row, at=at, person=actor, value=value, confidence=confidence, note=tidy(note))
    said.corrects = made.speaks_of
    is_last = row.current == made.value and words[0].pk == made.pk
    _save(row, said)
    changes = revise(row, current=value) if is_last else {}
    told = {"check_in": said.pk, "corrects": made.pk}
    _record("measure.corrected", row, said, changes=changes, told=told)
    return said


def _redefined(row: Measure, **values: Any) -> dict[str, Any]:
    """What follows from new values of its definition: the numbers as its kind has them, and where it stands."""
    given = {name: values.get(name, getattr(row, name)) for name in ("kind", "unit", "baseline", "target")}
    kind = given["kind"]
    check_kind_of(row, kind)
    was_milestone = row.kind == MeasureKind.MILESTONE
    if kind in AT_A_LIMIT and given["baseline"] is None and not was_milestone:
        given["baseline"] = row.baseline
    if kind == MeasureKind.MILESTONE and not was_milestone:
        given |= {name: None for name in ("baseline", "target") if name not in values}
    now = check_definition(**given, current=None)
    if (kind, now["baseline"], now["target"]) != (row.kind, row.baseline, row.target):
        check_way(kind, now["baseline"], now["target"])
    follows = (row.current == row.baseline or was_milestone != (kind == MeasureKind.MILESTONE)) and (
        not row.check_ins.exists()
    )
    return now | {"current": now["baseline"] if follows else row.current}


def _checked_in(row: Measure, said: CheckIn, *, undoes: int | None = None) -> CheckIn:
    """Says where `row` stands now."""
    _save(row, said)
    before = values_of(row, ["current"])["current"]
    revise(row, current=said.value)
    changes = {"current": [before, values_of(row, ["current"])["current"]]}
    told = {"check_in": said.pk} | ({} if undoes is None else {UNDOES: undoes})
    _record("measure.checked_in", row, said, changes=changes, told=told)
    return said


def _save(row: Measure, said: CheckIn) -> None:
    if row.goal.status in CLOSED:
        raise RefusedError(NO_CHECK_IN)
    check_value(row, said.value)
    said.clean_fields(exclude=["measure", "person"])
    said.save()


def _record(action: str, row: Measure, said: CheckIn, *, changes: Pairs, told: dict[str, int]) -> None:
    refs = [("checkin", pk) for pk in told.values()]
    record(action, actor=said.person, at=said.at, subject=row, changes=changes, note=told, refs=refs)
