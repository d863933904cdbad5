"""Services for decisions: drafts are written, concluded, and superseded by later ones.

One that was decided is never removed: another one takes its place, so that what held before can still be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

from lib.log.values import made, removed
from lib.services.edits import opened, revise
from lib.services.errors import RefusedError
from lib.services.sets import exchange, touch
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import DecisionStatus
from strategy.models import (
    ContextPage,
    Decision,
    DecisionGoal,
    DecisionPage,
    DecisionPerson,
    DecisionPersona,
    Goal,
    Persona,
)
from strategy.selectors.citations import cited_by_decision
from strategy.selectors.decisions import decided_by_now, form_values
from strategy.services.keys import name_row, rename_decision
from strategy.services.sets import check_there
from teams.models import Person
from teams.selectors.company import company_day
from teams.services.log import record
from teams.services.people import check_owner

NOT_WHOLE = "Write down what was chosen and for which reasons first: that is what others will look for."


@writes(permission="strategy.write_decision", alone=True)
def create_decision(
    *,
    actor: Person,
    at: dt.datetime,
    title: str,
    owner: Person | None = None,
    supersedes: Decision | None = None,
    decided_by: Collection[Person] = (),
    **texts: Any,
) -> Decision:
    """Creates a draft; `texts` are any of DECISION_TEXTS, `visibility` and `decided_on`. Raises ValidationError by
    field.
    """
    check_owner(owner)
    told = {name: tidy(value) if isinstance(value, str) else value for name, value in texts.items()}
    row = Decision(title=tidy(title), owner=owner, supersedes=supersedes, **told)
    row.clean_fields(exclude=["key", "owner", "supersedes"])
    _check_superseded(row, supersedes)
    name_row(row, hidden=True)
    row.save()
    people = {person.pk for person in decided_by}
    exchange(DecisionPerson, row, "person", of="decision", before=set(), after=people)
    record("decision.created", actor=actor, at=at, subject=row, changes=made(row) | _people_changed(set(), people))
    return row


@writes(permission="strategy.edit_decision", alone=True)
def edit_decision(
    decision: Decision,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    decided_by: Collection[Person] | None = None,
    **values: Any,
) -> Decision:
    """`values` are any of title, DECISION_TEXTS, visibility, decided_on, owner and supersedes.

    Raises StaleError, and ValidationError by field.
    """
    row = opened(decision, version, told=form_values)
    check_owner(values.get("owner"), row.owner_id)
    if "supersedes" in values:
        _check_superseded(row, values["supersedes"])
    _check_still_whole(row, values)
    changes = revise(row, **values)
    before = {person.pk for person in decided_by_now(row)}
    after = before if decided_by is None else {person.pk for person in decided_by}
    if before != after:
        exchange(DecisionPerson, row, "person", of="decision", before=before, after=after)
        if not changes:
            touch([row])
        changes |= _people_changed(before, after)
    if changes:
        record("decision.edited", actor=actor, at=at, subject=row, changes=changes)
    rename_decision(row)
    return row


@writes(permission="strategy.edit_decision")
def relate_decision(
    decision: Decision,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    goals: Collection[Goal],
    pages: Collection[ContextPage],
    personas: Collection[Persona],
) -> Decision:
    """Sets the goals that it touches, among those that `actor` may see, and what it cites; other goals do not change.

    Raises StaleError with the keys of now; ValidationError by field.
    """
    row = opened(decision, version, told=lambda now: cited_by_decision(now, actor).keys())
    before, changes = cited_by_decision(row, actor), {}
    for name, pairs, column, wanted in (
        ("goals", DecisionGoal, "goal", goals),
        ("pages", DecisionPage, "page", pages),
        ("personas", DecisionPersona, "persona", personas),
    ):
        old, new = ({each.pk for each in part} for part in (getattr(before, name), wanted))
        check_there(name, wanted, actor)
        if old != new:
            exchange(pairs, row, column, of="decision", before=old, after=new)
            changes[name] = [sorted(old), sorted(new)]
    if changes:
        touch([row])
        record("decision.related", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.edit_decision", alone=True)
def conclude_decision(decision: Decision, *, actor: Person, at: dt.datetime, version: int) -> Decision:
    """Says that it is decided, as of today where it has no day. It is then read by whoever may see it, under a readable
    key.

    Raises StaleError; RefusedError where it is decided already, or says neither what was chosen nor why.
    """
    row = opened(decision, version)
    if row.status == DecisionStatus.DECIDED:
        raise RefusedError(f"“{row}” is decided already.")
    if not (row.choice and row.reasons):
        raise RefusedError(NOT_WHOLE)
    changes = revise(row, status=DecisionStatus.DECIDED, decided_on=row.decided_on or company_day(at))
    record("decision.concluded", actor=actor, at=at, subject=row, changes=changes)
    rename_decision(row)
    return row


@writes(permission="strategy.edit_decision", alone=True)
def reopen_decision(decision: Decision, *, actor: Person, at: dt.datetime, version: int) -> Decision:
    """Makes it a draft again. Raises StaleError; RefusedError where it is one, or another has taken its place."""
    row = opened(decision, version)
    if row.status == DecisionStatus.DRAFT:
        raise RefusedError(f"“{row}” is a draft already.")
    if Decision.objects.filter(supersedes=row).exists():
        raise RefusedError("A later decision takes its place, so it stays as it was decided.")
    changes = revise(row, status=DecisionStatus.DRAFT)
    record("decision.reopened", actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.edit_decision", alone=True)
def remove_decision(decision: Decision, *, actor: Person, at: dt.datetime, version: int) -> Decision:
    """Deletes a draft. Raises StaleError; RefusedError where it was decided."""
    row = opened(decision, version)
    if row.status == DecisionStatus.DECIDED:
        raise RefusedError(f"“{row}” was decided. Write the one that takes its place instead.")
    record("decision.removed", actor=actor, at=at, subject=row, changes=removed(row))
    row.delete()
    return decision


def _check_superseded(row: Decision, former: Decision | None) -> None:
    """What it supersedes was decided, by nobody else's successor, and not after `row` itself."""
    if former is None or (row.pk and former.pk == row.supersedes_id):
        return
    if former.status != DecisionStatus.DECIDED:
        raise ValidationError({"supersedes": f"“{former}” is a draft. Choose one that was decided."})
    if Decision.objects.filter(supersedes=former).exclude(pk=row.pk).exists():
        raise ValidationError({"supersedes": f"Another decision takes the place of “{former}” already."})
    earlier: Decision | None = former
    while earlier is not None:
        if earlier.pk == row.pk:
            raise ValidationError({"supersedes": f"“{former}” comes after this one. Choose an earlier decision."})
        earlier = earlier.supersedes


def _check_still_whole(row: Decision, values: dict[str, Any]) -> None:
    if row.status == DecisionStatus.DECIDED:
        said = {name: tidy(values.get(name, getattr(row, name)) or "") for name in ("choice", "reasons")}
        if lost := {name: NOT_WHOLE for name, text in said.items() if not text}:
            raise ValidationError(lost)


def _people_changed(before: set[int], after: set[int]) -> dict[str, Any]:
    return {"decided_by": [sorted(before), sorted(after)]} if before != after else {}
