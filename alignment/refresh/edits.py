"""Refreshes the figures and flags of an edit in its own transaction (docs/architecture/engine-and-refreshing.md).

Sums are recomputed, never incremented: their rows are locked first, always teams before goals and by id, and summed in
the next statement, which sees what others have committed. What is too large for one edit is left to a worker as rows of
Dirty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from alignment.engine import Alignment, compute
from alignment.engine.flags import goal_flags, initiative_flags, team_flags
from alignment.engine.goal_status import goal_statuses_of
from alignment.engine.model import Floats, Ints, day_number
from alignment.engine.parts import ZERO
from alignment.engine.work_figures import SUMS
from alignment.enums import Stale, Subject
from alignment.models import Dirty, Recompute
from alignment.refresh import figures, flags
from alignment.refresh.ancestor_flags import refresh_fit, refresh_line
from alignment.refresh.notify import notify_worker
from alignment.refresh.reading import Read, read_sums, read_work
from alignment.refresh.recompute import recompute_again
from alignment.refresh.scope import Scope, scope_of, spread
from alignment.refresh.strategy_flags import refresh_strategies
from alignment.refresh.thread_flags import refresh_unanswered
from alignment.selectors.columns import Few
from lib.db.columns import Column, places
from lib.db.locks import company_is_locked_alone
from lib.services.changes import Changes
from teams.models import Initiative


class NeverComputedError(Exception):
    """There are no figures to refresh yet."""


INLINE = 400
"""An edit that affects more goals and initiatives than this leaves them to a worker."""


def refresh(changes: Changes, cause: int, at: dt.datetime) -> None:
    """The subscriber of lib.services.changes."""
    if changes.company:
        _compute_company(cause, at)
        return
    changes = spread(changes)
    if changes.strategies:
        refresh_strategies(cause)
    if changes.threads:
        refresh_unanswered(cause)
    scope = scope_of(changes, limit=INLINE)
    if scope.size > INLINE and Recompute.objects.exists():
        leave(_rows(changes), cause)
        return
    try:
        refresh_scope(scope, cause)
    except NeverComputedError:
        _compute_company(cause, at)


def _compute_company(cause: int, at: dt.datetime) -> None:
    """A recompute needs the company lock alone: it runs at once where the edit has it and the company is small, else in
    a worker."""
    if company_is_locked_alone() and _is_small():
        recompute_again(at=at, cause=cause)
    else:
        leave([(Stale.COMPANY, None)], cause)


def leave(rows: Iterable[tuple[Stale, int | None]], cause: int) -> None:
    """Leaves `rows` to a worker, which is notified on commit."""
    if Dirty.objects.bulk_create([Dirty(what=what, of=of, cause_id=cause) for what, of in rows]):
        transaction.on_commit(notify_worker)


def _rows(changes: Changes) -> list[tuple[Stale, int | None]]:
    named = ((Stale.INITIATIVE, changes.initiatives), (Stale.GOAL, {*changes.goals, *changes.above, *changes.worked}))
    return [(what, of) for what, ids in (*named, (Stale.TEAM, changes.teams)) for of in ids]


def _is_small() -> bool:
    return len(Initiative.objects.order_by().values("pk")[: INLINE + 1]) <= INLINE


@dataclass(frozen=True)
class _Counted:
    """The engine's results for a scope; `at_initiatives` and `at_links` are the positions of its rows in the
    columns."""

    scope: Scope
    read: Read
    as_of: dt.date
    cause: int
    alignment: Alignment
    at_initiatives: Ints
    at_links: Ints


def refresh_scope(scope: Scope, cause: int) -> None:
    """Computes and stores what `scope` names, with its flags; inside a transaction that has the company lock.

    Raises NeverComputedError where nothing was ever computed.
    """
    if scope.is_empty:
        return
    counted = _count(scope, cause)
    read, whole = counted.read, set(counted.read.whole)
    parts_changed = _store_initiatives(counted)
    links = figures.link_columns(counted.alignment, counted.at_links)
    figures.store_links(links, counted.as_of, cause, stored=read.few.more["link_figures"])
    summed = read_sums(read)
    _store_teams(counted, summed)
    crossed, moved = _store_goals(counted, summed)
    recount = set(read.worked if parts_changed else moved) - (set() if read.recounted else whole)
    follows = {Stale.COUNTS: recount, Stale.FIT: moved and read.many_goals}
    leave([(what, None) for what, waits in follows.items() if waits], cause)
    if line := sorted({*scope.goal_statuses, *scope.above, *crossed} - whole):
        refresh_line(line, counted.as_of, cause)
    if moved and not read.many_goals and refresh_fit(counted.as_of, cause):
        leave([(Stale.FIT, None)], cause)


def _count(scope: Scope, cause: int) -> _Counted:
    """Raises NeverComputedError where nothing was ever computed."""
    read = read_work(scope)
    if read.as_of is None:
        raise NeverComputedError
    company_ = read.few.company
    at = _places(scope.initiatives, company_.initiatives.id)
    return _Counted(
        scope=scope,
        read=read,
        as_of=read.as_of,
        cause=cause,
        alignment=compute(company_, day_number(read.as_of)),
        at_initiatives=at,
        at_links=np.flatnonzero(np.isin(company_.links.initiative, at)),
    )


def _places(ids: list[int], among: Ints) -> Ints:
    """Positions in `among` of the ids that are there."""
    found = places(np.array(ids, dtype=np.int64), among)
    return found[found >= 0]


def _store_initiatives(counted: _Counted) -> bool:
    """Returns whether any parts changed."""
    alignment, at, stored = counted.alignment, counted.at_initiatives, counted.read.few.more
    columns = figures.initiative_columns(alignment, at)
    changed = figures.store_initiatives(columns, counted.as_of, counted.cause, stored=stored["initiative_figures"])
    company_ = alignment.company
    holds = initiative_flags(company_, alignment.on, alignment.parts, alignment.bets, alignment.goal_statuses)
    ids = company_.initiatives.id
    flags.store_flags(
        Subject.INITIATIVE, ids, holds, counted.as_of, counted.cause, at=at, stored=stored["initiative_flags"]
    )
    return changed > 0


def _store_teams(counted: _Counted, summed: Few) -> None:
    company_, on = summed.company, counted.alignment.on
    ids, rows = company_.teams.id, summed.more["sums"]
    sums = np.stack(_by_position(ids, rows["team_id"], *(rows[name] for name in SUMS)), axis=1)
    at = _places(counted.read.teams, ids)
    figures.store_teams(figures.team_columns(ids[at], sums[at]), stored=summed.more["team_figures"])
    holds = team_flags(company_, on, goal_statuses_of(company_, on), sums)
    flags.store_flags(Subject.TEAM, ids, holds, counted.as_of, counted.cause, at=at, stored=summed.more["team_flags"])


def _store_goals(counted: _Counted, summed: Few) -> tuple[list[int], list[int]]:
    """Returns the goals that got their first effort or lost their last, and those whose own effort or status may have
    changed."""
    ids, stored, reach = counted.alignment.company.goals.id, summed.more["goal_figures"], summed.more["reach"]
    at = _places(counted.read.worked, ids)
    (effort,) = _by_position(ids, reach["goal_id"], reach["amount"])
    before, covered, *counts = _by_position(
        ids, stored["goal_id"], stored["effort"], stored["covered"], *(stored[name] for name in figures.COUNTS)
    )
    # What depends on all goals below is as it was stored, until the worker has counted it.
    counted_before = {name: count.astype(np.int64) for name, count in zip(figures.COUNTS, counts, strict=True)}
    columns = figures.goal_columns(counted.alignment, effort, counted_before, covered > 0)
    if counted.read.whole:
        _count_whole(counted, summed, columns)
    figures.store_goals({name: column[at] for name, column in columns.items()}, stored=stored)
    crossed = at[(effort[at] > 0) != (before[at] > 0)]
    restood = np.isin(ids[at], np.array(counted.scope.goal_statuses, dtype=np.int64))
    changed = np.abs(effort[at] - before[at]) > ZERO * np.maximum(effort[at], before[at])
    return ids[crossed].tolist(), ids[at[changed | restood]].tolist()


def _count_whole(counted: _Counted, summed: Few, columns: dict[str, Column]) -> None:
    """For the goals of small trees, puts what depends on all goals below into `columns`, and stores their flags."""
    alignment, ids, by = counted.alignment, columns["goal_id"], summed.more["contributors"]
    whole = np.isin(ids, np.array(counted.read.whole, dtype=np.int64))
    covered = alignment.goal_statuses.forest.any_up((columns["effort"] > 0) & whole)
    at, unsized = places(by["goal"], ids), by["unsized"]
    count = alignment.goal_statuses.forest.count_distinct
    counted_now = {
        "initiatives": count(by["initiative"], at),
        "teams": count(by["team"], at),
        "unsized": count(by["initiative"][unsized], at[unsized]),
        "covered": covered,
    }
    for name, now in counted_now.items():
        columns[name] = np.where(whole, now, columns[name])
    holds = goal_flags(alignment.company, alignment.goal_statuses, covered)
    stored, at_whole = summed.more["goal_flags"], np.flatnonzero(whole)
    flags.store_flags(Subject.GOAL, ids, holds, counted.as_of, counted.cause, at=at_whole, stored=stored)


def _by_position(ids: Ints, keys: Ints, *columns: Column) -> list[Floats]:
    """Each of `columns`, which have the rows `keys`, at the positions of these in `ids`; 0 elsewhere."""
    at = places(keys, ids)
    there = at >= 0
    found = np.zeros((len(columns), len(ids)))
    for row, values in zip(found, columns, strict=True):
        row[at[there]] = values[there]
    return list(found)
