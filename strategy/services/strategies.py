"""Services for strategies: drafts are written, published with their goals, and archived.

A publication's log entry lists the goals that it activated, so that undoing it affects exactly these.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from lib.db.locks import lock_rows
from lib.log.values import made, removed
from lib.services.changes import Changes, announce
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from strategy.selectors.strategies import company_goals, goals_of
from strategy.services.editions import because_of
from strategy.services.goal_rules import delete_goals
from strategy.services.keys import name_row, rename_goals, rename_strategy
from strategy.services.measure_rules import released_links_note
from strategy.services.periods import DATES, check_period
from teams.models import LogEntry, Person
from teams.services.log import record
from teams.services.people import check_owner

PUBLISHED = "strategy.published"
CHANGED_SINCE = (
    "“{}” or one of its goals was changed after it was published, so that this cannot be undone. "
    "Archive the strategy instead."
)

NO_GOAL = "“{}” has no goal yet. Add at least one: it is what teams link their work to."


@writes(permission="strategy.write_strategy")
def create_strategy(
    *,
    actor: Person,
    at: dt.datetime,
    title: str,
    narrative: str = "",
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    owner: Person | None = None,
) -> Strategy:
    """Creates a draft. Raises ValidationError by field."""
    check_owner(owner)
    row = Strategy(title=tidy(title), narrative=tidy(narrative), starts_on=starts_on, ends_on=ends_on, owner=owner)
    row.clean_fields(exclude=["key", "owner"])
    check_period(row, {})
    name_row(row, hidden=True)
    row.save()
    record("strategy.created", actor=actor, at=at, subject=row, changes=made(row))
    return row


@writes(permission="strategy.write_strategy", alone=True)
def edit_strategy(
    strategy: Strategy, *, actor: Person, at: dt.datetime, version: int, because: str | None = None, **values: Any
) -> Strategy:
    """`values` are any of title, narrative, starts_on, ends_on and owner. `because` goes with the edition that this
    makes of what is published (strategy.services.editions).

    Raises StaleError, and ValidationError by field.
    """
    row = opened(strategy, version)
    because_of(because)
    check_period(row, values)
    check_owner(values.get("owner"), row.owner_id)
    if changes := revise(row, **values):
        entry = record("strategy.edited", actor=actor, at=at, subject=row, changes=changes)
        if changes.keys() & {*DATES}:
            announce(Changes(goals=root_ids(row), strategies=[row.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="strategy.publish_strategy", alone=True)
def publish_strategy(
    strategy: Strategy, *, actor: Person, at: dt.datetime, version: int, because: str | None = None
) -> Strategy:
    """All its draft company goals, at every level, become active with it, and get their readable keys. It makes the
    first edition, or the next one of what was published before.

    Raises StaleError, RefusedError where it is not a draft or has no goal, ValidationError on `because`.
    """
    row = opened(strategy, version)
    because_of(because)
    if row.status != StrategyStatus.DRAFT:
        raise RefusedError(f"“{row}” is {row.get_status_display().lower()}. Only a draft is published.")
    if not Goal.objects.filter(strategy=row).exists():
        raise RefusedError(NO_GOAL.format(row))
    drafts = list(company_goals(row).filter(status=GoalStatus.DRAFT).order_by("id").values_list("pk", flat=True))
    changes = revise(row, status=StrategyStatus.PUBLISHED)
    Goal.objects.filter(pk__in=drafts).update(status=GoalStatus.ACTIVE)
    rename_strategy(row)
    rename_goals(goals_of(row))
    entry = record(PUBLISHED, actor=actor, at=at, subject=row, changes=changes, **_activated(drafts))
    announce(Changes(goals=root_ids(row), strategies=[row.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="strategy.publish_strategy", alone=True)
def unpublish_strategy(strategy: Strategy, *, actor: Person, at: dt.datetime, version: int | None = None) -> Strategy:
    """Undoes the publication: the strategy and exactly the goals that it activated become drafts again.

    Raises StaleError where a `version` is given, RefusedError where it is not published, or it or one of its goals has
    changed since.
    """
    row = locked(strategy) if version is None else opened(strategy, version)
    published = LogEntry.objects.filter(action=PUBLISHED, subject_kind="strategy", subject_id=row.pk).first()
    if row.status != StrategyStatus.PUBLISHED or published is None:
        raise RefusedError(f"“{row}” is {row.get_status_display().lower()}, so there is no publication to undo.")
    set_active = published.note["goals"]
    goals = Goal.objects.filter(pk__in=set_active)
    untouched = row.version == published.row_version and not _changed_since(row, published)
    if not untouched or goals.filter(status=GoalStatus.ACTIVE).count() != len(set_active):
        raise RefusedError(CHANGED_SINCE.format(row))
    changes = revise(row, status=StrategyStatus.DRAFT)
    goals.update(status=GoalStatus.DRAFT)
    entry = record("strategy.unpublished", actor=actor, at=at, subject=row, changes=changes, **_activated(set_active))
    announce(Changes(goals=root_ids(row), strategies=[row.pk]), cause=entry.pk, at=at)
    return row


@writes(permission="strategy.publish_strategy", alone=True)
def archive_strategy(strategy: Strategy, *, actor: Person, at: dt.datetime, version: int) -> Strategy:
    """Its goals do not change; links to them no longer count.

    Raises StaleError, RefusedError where it is not published.
    """
    row = opened(strategy, version)
    if row.status != StrategyStatus.PUBLISHED:
        raise RefusedError(f"“{row}” is {row.get_status_display().lower()}. Only a published strategy is archived.")
    return _set_status(row, StrategyStatus.ARCHIVED, "strategy.archived", actor=actor, at=at)


@writes(permission="strategy.publish_strategy", alone=True)
def restore_strategy(strategy: Strategy, *, actor: Person, at: dt.datetime, version: int | None = None) -> Strategy:
    """Publishes an archived strategy again. Raises StaleError where a `version` is given, RefusedError where it is not
    archived.
    """
    row = locked(strategy) if version is None else opened(strategy, version)
    if row.status != StrategyStatus.ARCHIVED:
        raise RefusedError(f"“{row}” is {row.get_status_display().lower()}. Only an archived strategy is restored.")
    return _set_status(row, StrategyStatus.PUBLISHED, "strategy.restored", actor=actor, at=at)


@writes(permission="strategy.write_strategy", alone=True)
def remove_strategy(strategy: Strategy, *, actor: Person, at: dt.datetime, version: int) -> Strategy:
    """Deletes a draft with its draft goals. Raises StaleError; RefusedError where it is not a draft, or something is
    linked to one of its goals.
    """
    row = opened(strategy, version)
    if row.status != StrategyStatus.DRAFT:
        raise RefusedError(
            f"“{row}” is {row.get_status_display().lower()}. Only a draft is removed; archive it instead."
        )
    goals = lock_rows(goals_of(row))
    released = delete_goals(goals)
    told = released_links_note(released, goals=len(goals))
    record("strategy.removed", actor=actor, at=at, subject=row, changes=removed(row), **told)
    row.delete()
    return strategy


def root_ids(strategy: Strategy) -> list[int]:
    return list(Goal.objects.filter(strategy=strategy).order_by("id").values_list("pk", flat=True))


def _activated(goals: list[int]) -> dict[str, Any]:
    """The log's note and refs for the goals that a publication activated."""
    return {"note": {"goals": goals}, "refs": [("goal", pk) for pk in goals]}


def _set_status(row: Strategy, status: str, action: str, *, actor: Person, at: dt.datetime) -> Strategy:
    changes = revise(row, status=status)
    entry = record(action, actor=actor, at=at, subject=row, changes=changes)
    announce(Changes(goals=root_ids(row), strategies=[row.pk]), cause=entry.pk, at=at)
    return row


def _changed_since(row: Strategy, published: LogEntry) -> bool:
    """Whether the log has an edit of one of its goals, then or now, or an import, after `published`."""
    later = LogEntry.objects.filter(pk__gt=published.pk)
    goals = Q(subject_id__in=company_goals(row).values("id")) | Q(subject_id__in=published.note["goals"])
    edited = later.filter(goals, subject_kind="goal")
    return edited.exists() or later.filter(action="company.imported").exists()
