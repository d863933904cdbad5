"""Services for goals: each logs and announces one edit. The changes to the rows are in `goal_rules`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from lib.db.triggers import subtree
from lib.log.values import Pairs, made, removed
from lib.services.changes import Changes, announce
from lib.services.edits import locked, opened
from lib.services.writes import writes
from strategy.enums import GoalKind, GoalStatus, Visibility
from strategy.models import Goal, Measure, Strategy
from strategy.selectors.changes import place_before
from strategy.services import goal_rules
from strategy.services.editions import UNDOES, because_of
from strategy.services.keys import rename_goals
from strategy.services.measure_rules import Released, name_again, released_links_note
from strategy.services.successors import name_successors, successors_before
from teams.models import LogEntry, Person, Team
from teams.selectors.company import company_day
from teams.services.log import record

MOVED = "goal.moved"
SIGHT = {"status", "visibility", "parent", "strategy"}
"""Fields on which it rests who may see a goal and what is below it."""


def _place(
    *, strategy: Strategy | None = None, parent: Goal | None = None, team: Team | None = None, **_values: Any
) -> Strategy | Goal | Team | None:
    """The place of a new goal, which decides who may create it."""
    return parent or team or strategy


@writes(permission="strategy.create_goal", of=_place, alone=True)
def create_goal(
    *,
    actor: Person,
    at: dt.datetime,
    title: str,
    strategy: Strategy | None = None,
    parent: Goal | None = None,
    team: Team | None = None,
    situation: str = "",
    why: str = "",
    boundaries: str = "",
    kind: str = GoalKind.COMMITTED,
    weight: Decimal | int = 1,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    owner: Person | None = None,
    visibility: str = Visibility.COMPANY,
    active: bool = False,
) -> Goal:
    """At the top of a strategy, below `parent`, or a team's own: at the top or below a company goal, in no strategy. A
    company goal starts as a draft; a team's may start `active`.

    Raises ValidationError by field, RefusedError for an impossible place.
    """
    row = goal_rules.add_goal(
        actor=actor,
        strategy=locked(strategy) if strategy else None,
        parent=locked(parent) if parent else None,
        team=team,
        active=active,
        title=title,
        situation=situation,
        why=why,
        boundaries=boundaries,
        kind=kind,
        weight=weight,
        starts_on=starts_on,
        ends_on=ends_on,
        owner=owner,
        visibility=visibility,
    )
    entry = record("goal.created", actor=actor, at=at, subject=row, changes=made(row))
    announce(Changes(goals=[row.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="strategy.edit_goal", alone=True)
def edit_goal(
    goal: Goal,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    meaning_changed: bool | None = None,
    because: str | None = None,
    **values: Any,
) -> Goal:
    """`values` are any of title, situation, why, boundaries, kind, weight, starts_on, ends_on, owner and visibility.
    `meaning_changed` is required for an active goal whose title, why, boundaries, kind or dates change; True says that
    it changes now. `because` goes with the edition that this makes (strategy.services.editions).

    Raises StaleError, and ValidationError by field.
    """
    row = opened(goal, version)
    because_of(because)
    changes = goal_rules.change_goal(row, actor=actor, at=at, meaning_changed=meaning_changed, **values)
    return tell_goal("goal.edited", row, changes, actor=actor, at=at)


@writes(permission="strategy.decide_goal", alone=True)
def activate_goal(goal: Goal, *, actor: Person, at: dt.datetime, version: int, because: str | None = None) -> Goal:
    """Raises StaleError; RefusedError where it is not a draft, or its strategy is one."""
    row = opened(goal, version)
    because_of(because)
    root = Goal.objects.select_related("strategy").get(pk=row.path[0])
    return tell_goal("goal.activated", row, goal_rules.activate(row, root), actor=actor, at=at)


@writes(permission="strategy.decide_goal", alone=True)
def close_goal(
    goal: Goal,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    status: str,
    reason: str,
    learned: str = "",
    successors: Collection[Goal] = (),
) -> Goal:
    """Closes it as achieved, missed or dropped, with what was `learned`. Goals below it do not change, and links to
    them no longer count. The `successors` are suggested to the teams that worked on it.

    Raises StaleError, RefusedError for a goal that is not active, ValidationError by field.
    """
    row = opened(goal, version)
    changes = goal_rules.close(row, status=status, reason=reason, learned=learned, day=_day(at))
    changes |= name_successors(row, successors, actor)
    return tell_goal("goal.closed", row, changes, actor=actor, at=at)


@writes(permission="strategy.decide_goal", alone=True)
def reopen_goal(
    goal: Goal,
    *,
    actor: Person,
    at: dt.datetime,
    version: int | None = None,
    because: str | None = None,
    undoes: bool = False,
) -> Goal:
    """Makes it active again, without the successors that its closing named; with `undoes`, as the closing was a
    mistake. Raises StaleError where a `version` is given,
    RefusedError for a goal that is not closed.
    """
    row = locked(goal) if version is None else opened(goal, version)
    because_of(because)
    closing = LogEntry.objects.done_to(row).filter(action="goal.closed").first()
    changes = goal_rules.reopen(row) | successors_before(row, closing)
    return tell_goal("goal.reopened", row, changes, actor=actor, at=at, undoes=closing if undoes else None)


@writes(permission="strategy.decide_goal", alone=True)
def move_goal(
    goal: Goal,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    parent: Goal | None = None,
    strategy: Strategy | None = None,
    because: str | None = None,
) -> Goal:
    """Moves it with its subtree below `parent`, to the top of `strategy`, or with neither to the top of its team. Links
    from its former ancestors that name a measure in the subtree lose that measure; moving it back brings that back.

    Raises StaleError; RefusedError for an impossible place.
    """
    row = opened(goal, version)
    because_of(because)
    left, back = row.parent_id, _move_undone(row, parent, strategy)
    changes, links = goal_rules.place(
        row, parent=locked(parent) if parent else None, strategy=locked(strategy) if strategy else None
    )
    if back is not None:
        name_again(back.note.get("measures", {}), Measure.objects.filter(subtree(row.path, "goal__")))
    return tell_goal(MOVED, row, changes, left, actor=actor, at=at, links=links, undoes=back)


def _move_undone(goal: Goal, parent: Goal | None, strategy: Strategy | None) -> LogEntry | None:
    """The move that a move to this place takes back: the last change of the goal, if it came from there."""
    last = LogEntry.objects.done_to(goal).filter(row_version=goal.version).order_by("id").first()
    if last is None or last.action != MOVED or place_before(last) != (parent and parent.pk, strategy and strategy.pk):
        return None
    return last


@writes(permission="strategy.decide_goal", alone=True)
def remove_goal(goal: Goal, *, actor: Person, at: dt.datetime, version: int) -> Goal:
    """Deletes a draft, or a team's active goal that is a mistake, with its measures. Raises StaleError; RefusedError
    where it is neither, or work, goals or check-ins refer to it.
    """
    row = opened(goal, version)
    left = row.parent_id
    if row.status == GoalStatus.ACTIVE:
        goal_rules.check_mistaken(row)
    told = released_links_note(goal_rules.delete_goals([row], also=GoalStatus.ACTIVE))
    entry = record("goal.removed", actor=actor, at=at, subject=row, changes=removed(row), **told)
    if left:
        announce(Changes(above=[left]), cause=entry.pk, at=at)
    return goal


def tell_goal(
    action: str,
    row: Goal,
    changes: Pairs,
    *others: int | None,
    actor: Person,
    at: dt.datetime,
    links: Released | None = None,
    undoes: LogEntry | None = None,
) -> Goal:
    """Logs and announces the changes, if any. `links` are those that lost their measure, `undoes` is what this takes
    back."""
    if changes.keys() & SIGHT:
        rename_goals(Goal.objects.filter(subtree(row.path)))
        row.refresh_from_db(fields=["key"])
    if changes:
        told = released_links_note(links or {})
        told["note"] |= {UNDOES: undoes.pk} if undoes else {}
        entry = record(action, actor=actor, at=at, subject=row, changes=changes, **told)
        announce(Changes(goals=[row.pk], above=tuple(pk for pk in others if pk)), cause=entry.pk, at=at)
    return row


def _day(at: dt.datetime) -> dt.date:
    return company_day(at)
