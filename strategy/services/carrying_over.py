"""Makes the draft of the next period from a strategy, goal by goal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from lib.db.locks import lock_rows
from lib.log.values import made
from lib.services.changes import Changes, announce
from lib.services.edits import opened
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import CLOSED, GoalStatus, MeasureKind, StrategyStatus
from strategy.models import Goal, GoalSuccessor, Measure, Strategy
from strategy.selectors.strategies import open_goals
from strategy.services.goal_rules import close
from strategy.services.keys import name_row
from strategy.services.periods import check_period
from strategy.services.strategies import root_ids
from teams.enums import Role
from teams.models import LogEntry, Person
from teams.selectors.company import company_day
from teams.services.log import record

CARRY, LEAVE = "carry", "leave"
"""What becomes of a goal, beside the ways in which it can be closed (CLOSED)."""

AS_IT_WAS = ("title", "situation", "why", "boundaries", "kind", "weight", "visibility", "position")
NOT_PUBLISHED = "“{}” is a draft. Change its dates instead."
NOTHING_CARRIED = "Carry at least one goal over, or write a new strategy instead."


@writes(permission="strategy.write_strategy", alone=True)
def carry_over(
    strategy: Strategy,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    title: str,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
    fates: Mapping[int, str],
    reason: str = "",
) -> Strategy:
    """Makes a draft of the next period. `fates` says by id what becomes of each open company goal: CARRY makes it a
    draft there, below the nearest goal above it that is carried too, with its measures; one of CLOSED closes it, with
    the `reason`; all others are left as they are. What is carried takes the place of the goal before, once links to
    that count no more.

    Raises StaleError, RefusedError where nothing is carried, ValidationError by field.
    """
    row = opened(strategy, version)
    if row.status == StrategyStatus.DRAFT:
        raise RefusedError(NOT_PUBLISHED.format(row))
    goals = lock_rows(open_goals(row))
    carried = sorted((goal for goal in goals if fates.get(goal.pk) == CARRY), key=lambda goal: (goal.depth, goal.pk))
    if not carried:
        raise RefusedError(NOTHING_CARRIED)
    draft = _draft(row, title=tidy(title), starts_on=starts_on, ends_on=ends_on)
    closed = _close(goals, fates, reason, actor=actor, at=at)
    _save(draft)
    entry = record("strategy.created", actor=actor, at=at, subject=draft, changes=made(draft), note={"before": row.pk})
    copies = _goals(draft, carried, actor=actor, at=at)
    _measures(copies, actor=actor, at=at)
    cause = next(iter(closed.values())) if len(closed) == 1 else entry
    announce(Changes(goals=[*closed, *root_ids(draft)], strategies=[draft.pk]), cause=cause.pk, at=at)
    return draft


def _draft(before: Strategy, **values: Any) -> Strategy:
    """Raises ValidationError by field."""
    draft = Strategy(narrative=before.narrative, owner=_here(before.owner), **values)
    draft.clean_fields(exclude=["key", "owner"])
    check_period(draft, {})
    return draft


def _save(draft: Strategy) -> None:
    name_row(draft, hidden=True)
    draft.save()


def _close(
    goals: Sequence[Goal], fates: Mapping[int, str], reason: str, *, actor: Person, at: dt.datetime
) -> dict[int, LogEntry]:
    """Closes those that are to be, before anything else: that makes the edition. Returns the entry of each, by its id.
    Raises ValidationError on `reason`."""
    day, closed = company_day(at), {}
    for goal in goals:
        if fates.get(goal.pk) in CLOSED and goal.status == GoalStatus.ACTIVE:
            changes = close(goal, status=fates[goal.pk], reason=reason, day=day)
            closed[goal.pk] = record("goal.closed", actor=actor, at=at, subject=goal, changes=changes)
    return closed


def _goals(draft: Strategy, carried: Sequence[Goal], *, actor: Person, at: dt.datetime) -> dict[int, Goal]:
    """The drafts, by the id of the goal before; those above first."""
    copies: dict[int, Goal] = {}
    for goal in carried:
        above = next((copies[pk] for pk in reversed(goal.path[:-1]) if pk in copies), None)
        copy = Goal(strategy=None if above else draft, parent=above, status=GoalStatus.DRAFT, owner=_here(goal.owner))
        for name in AS_IT_WAS:
            setattr(copy, name, getattr(goal, name))
        name_row(copy, hidden=True)
        copy.save()
        copy.refresh_from_db(fields=["path", "hidden_by"])
        record("goal.created", actor=actor, at=at, subject=copy, changes=made(copy))
        copies[goal.pk] = copy
    GoalSuccessor.objects.bulk_create(
        [GoalSuccessor(goal_id=before, successor=copy) for before, copy in copies.items()]
    )
    return copies


def _measures(copies: Mapping[int, Goal], *, actor: Person, at: dt.datetime) -> None:
    """Each begins where the one before stands; one whose target is reached keeps its start."""
    rows = Measure.objects.filter(goal__in=copies).select_related("keeper").order_by("id")
    for before in rows:
        copy = Measure(goal=copies[before.goal_id], carries_on=before, keeper=_keeping(before.keeper))
        for name in ("title", "kind", "unit", "baseline", "target", "current"):
            setattr(copy, name, getattr(before, name))
        if copy.kind != MeasureKind.MILESTONE and copy.current != copy.target:
            copy.baseline = copy.current
        name_row(copy, hidden=True)
        copy.save()
        record("measure.created", actor=actor, at=at, subject=copy, changes=made(copy))


def _here(person: Person | None) -> Person | None:
    return person if person is not None and person.is_active else None


def _keeping(person: Person | None) -> Person | None:
    return None if person is not None and person.role == Role.VIEWER else _here(person)
