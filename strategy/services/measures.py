"""Services for measures and their check-ins."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from lib.log.values import made, removed, values_of
from lib.services.changes import Changes, announce
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import CLOSED
from strategy.models import CheckIn, Goal, Measure
from strategy.selectors.measures import value_before
from strategy.services.editions import UNDOES, because_of
from strategy.services.keys import name_row
from strategy.services.measure_rules import release, released_links_note
from teams.models import Person
from teams.services.log import record

NO_NEW_MEASURE = "This goal is closed, so it takes no new measure. Reopen it first."
NO_CHECK_IN = "This goal is closed, so its measures stay as they are. Reopen it to check in again."
KEPT = "Its check-ins are kept for ever, so it cannot be removed. Edit it where it should say something else."
NOT_THE_LAST = "Somebody has checked in since, so this cannot be undone. Check in with the value that is right."
TAKEN_BACK = "The check-in before this one was taken back."


@writes(permission="strategy.edit_goal", alone=True)
def create_measure(
    goal: Goal,
    *,
    actor: Person,
    at: dt.datetime,
    title: str,
    target: Decimal,
    unit: str = "",
    baseline: Decimal = Decimal(0),
    current: Decimal | None = None,
    because: str | None = None,
) -> Measure:
    """Without `current`, it starts at its baseline. `because` is as in `edit_goal`.

    Raises ValidationError by field, RefusedError for a closed goal.
    """
    owner = locked(goal)
    because_of(because)
    if owner.status in CLOSED:
        raise RefusedError(NO_NEW_MEASURE)
    row = Measure(goal=owner, title=tidy(title), unit=tidy(unit), baseline=baseline, target=target)
    row.current = baseline if current is None else current
    row.clean_fields(exclude=["key"])
    name_row(row, hidden=bool(owner.hidden_by))
    row.save()
    entry = record("measure.created", actor=actor, at=at, subject=row, changes=made(row))
    announce(Changes(above=[owner.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="strategy.edit_measure")
def edit_measure(
    measure: Measure,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    title: str,
    unit: str,
    baseline: Decimal,
    target: Decimal,
    because: str | None = None,
) -> Measure:
    """Only check-ins change the current value; without any, it follows the baseline where the two are equal.

    Raises ValidationError by field, StaleError, RefusedError where it is gone.
    """
    row = opened(measure, version)
    because_of(because)
    follows = row.current == row.baseline and not row.check_ins.exists()
    current = baseline if follows else row.current
    if changes := revise(row, title=title, unit=unit, baseline=baseline, target=target, current=current):
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
        raise RefusedError(KEPT)
    released = released_links_note(release(Measure.objects.filter(pk=row.pk)))
    entry = record("measure.removed", actor=actor, at=at, subject=row, changes=removed(row), **released)
    row.delete()
    announce(Changes(above=[row.goal_id]), cause=entry.pk, at=at)
    return measure


@writes(permission="strategy.check_in")
def check_in(
    measure: Measure, *, actor: Person, at: dt.datetime, version: int, value: Decimal, note: str = ""
) -> CheckIn:
    """Records the measure's value now; no figure depends on it.

    Raises ValidationError by field, StaleError where it was checked in or changed since, RefusedError for a closed
    goal.
    """
    return _checked_in(opened(measure, version), actor=actor, at=at, value=value, note=note)


@writes(permission="strategy.check_in", of="measure")
def undo_check_in(made: CheckIn, *, actor: Person, at: dt.datetime) -> CheckIn:
    """Adds another check-in with the earlier value, because check-ins are permanent.

    Raises RefusedError where it is not the last one, or the goal is closed.
    """
    row = locked(made.measure)
    last, value = row.check_ins.order_by("-id").first(), value_before(made)
    if last is None or last.pk != made.pk or row.current != made.value or value is None:
        raise RefusedError(NOT_THE_LAST)
    return _checked_in(row, actor=actor, at=at, value=value, note=TAKEN_BACK, undoes=made.pk)


def _checked_in(
    row: Measure, *, actor: Person, at: dt.datetime, value: Decimal, note: str, undoes: int | None = None
) -> CheckIn:
    if row.goal.status in CLOSED:
        raise RefusedError(NO_CHECK_IN)
    check_in = CheckIn(measure=row, at=at, person=actor, value=value, note=tidy(note))
    check_in.clean_fields(exclude=["measure", "person"])
    check_in.save()
    before = values_of(row, ["current"])["current"]
    revise(row, current=value)
    changes = {"current": [before, values_of(row, ["current"])["current"]]}
    said = {"check_in": check_in.pk} | ({} if undoes is None else {UNDOES: undoes})
    refs = [("checkin", pk) for pk in said.values()]
    record("measure.checked_in", actor=actor, at=at, subject=row, changes=changes, note=said, refs=refs)
    return check_in
