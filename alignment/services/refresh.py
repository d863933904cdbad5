"""Figures and flags follow an edit in its own transaction (docs/architecture.md, *Refreshing*).

Counted again, never added to: the rows of figures concerned are locked first, always teams before goals and by id, and
counted in the next statement, which sees what others committed meanwhile. What is too much for one edit waits as rows
of Dirty for a worker.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from alignment.engine import Alignment, compute
from alignment.engine.figures import SUMS, sums_by_initiative, sums_by_team
from alignment.engine.flags import goal_flags, initiative_flags, team_flags
from alignment.engine.model import Floats, Ints, day_number
from alignment.engine.parts import PARTS, ZERO
from alignment.enums import Stale, Subject
from alignment.models import Dirty, Recompute
from alignment.selectors.columns import Few, few_columns
from alignment.services import storing
from alignment.services.recompute import recompute
from alignment.services.scope import Scope, scope_of
from alignment.services.treeflags import refresh_fit, refresh_line
from alignment.services.waking import wake
from lib.changes import Changes
from lib.columns import Table, places
from lib.dates import day_in
from teams.models import Initiative, LogEntry
from teams.selectors.company import company

INLINE = 400
"""An edit that bears on more goals and initiatives than this leaves them to a worker."""


def refresh(changes: Changes, cause: int, at: dt.datetime) -> None:
    """The listener of lib.changes. Before the first recompute, the first one is made."""
    scope = scope_of(changes, limit=INLINE)
    never_computed = scope.as_of is None and not Recompute.objects.exists()
    if never_computed or (changes.company and _is_small()):
        _recompute_now(cause, at)
    elif changes.company:
        leave([(Stale.COMPANY, None)], cause)
    elif scope.size > INLINE:
        leave(_rows(changes), cause)
    else:
        refresh_scope(scope, cause)


def leave(rows: Iterable[tuple[Stale, int | None]], cause: int) -> None:
    """For a worker, who is woken on commit."""
    waiting = [Dirty(what=what, of=of, cause_id=cause) for what, of in rows]
    if waiting:
        Dirty.objects.bulk_create(waiting)
        transaction.on_commit(wake)


def _rows(changes: Changes) -> list[tuple[Stale, int | None]]:
    named = ((Stale.INITIATIVE, changes.initiatives), (Stale.GOAL, {*changes.goals, *changes.above, *changes.worked}))
    return [(what, of) for what, ids in (*named, (Stale.TEAM, changes.teams)) for of in ids]


def _is_small() -> bool:
    return len(Initiative.objects.order_by().values("pk")[: INLINE + 1]) <= INLINE


def _recompute_now(cause: int, at: dt.datetime) -> None:
    latest = Recompute.objects.first()
    as_of = latest.as_of if latest else day_in(company().timezone, at)
    recompute(as_of=as_of, at=at, cause=LogEntry.objects.get(pk=cause))


@dataclass(frozen=True)
class _Counted:
    """What the engine says of a scope; `at_*` are the positions of its rows in the columns."""

    scope: Scope
    as_of: dt.date
    cause: int
    few: Few
    alignment: Alignment
    at_initiatives: Ints
    at_teams: Ints
    at_goals: Ints


def refresh_scope(scope: Scope, cause: int) -> None:
    """Counts and stores what `scope` names, with its flags; inside a transaction that holds the company."""
    if scope.is_empty or scope.as_of is None:
        return
    _lock(scope)
    counted = _count(scope, scope.as_of, cause)
    parts_changed = _store_initiatives(counted)
    _store_teams(counted)
    crossed, moved = _store_goals(counted)
    line = sorted({*scope.standing, *scope.above, *crossed} - scope.whole)
    if line:
        refresh_line(line, scope.as_of)
    recount = scope.worked if parts_changed else moved
    left: list[tuple[Stale, int | None]] = [(Stale.COUNTS, goal) for goal in recount if goal not in scope.whole]
    if moved and (scope.many_goals or refresh_fit(scope.as_of)):
        left.append((Stale.FIT, None))
    leave(left, cause)


def _lock(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH of_teams AS MATERIALIZED (
                SELECT team_id FROM alignment_teamfigures WHERE team_id = ANY(%s)
                    ORDER BY team_id FOR NO KEY UPDATE
            ), of_goals AS MATERIALIZED (
                SELECT goal_id FROM alignment_goalfigures WHERE goal_id = ANY(%s)
                    ORDER BY goal_id FOR NO KEY UPDATE
            )
            SELECT count(*) FROM (SELECT team_id FROM of_teams UNION ALL SELECT goal_id FROM of_goals) locked
            """,
            [scope.teams, scope.worked],
        )


_CHOSEN = "coalesce(sum({}) FILTER (WHERE own_choice), 0)"
_SUMMED = {
    **{name: f"sum({name})" for name in PARTS},
    "own_choice": _CHOSEN.format("aligned + exploring + orphaned"),
    "own_choice_aligned": _CHOSEN.format("aligned"),
    "initiatives": "count(*)",
    "unsized": "count(*) FILTER (WHERE unsized)",
}
_SUMS_SQL = ", ".join(f"{sql} AS sum_{name}" for name, sql in _SUMMED.items())
_OTHERS = Table(
    f"(SELECT team_id, {_SUMS_SQL} FROM alignment_initiativefigures"  # noqa: S608 -- our own names
    " WHERE team_id = ANY(%(teams)s::bigint[]) AND initiative_id <> ALL(%(initiatives)s::bigint[]) GROUP BY 1) others",
    {"team_id": ("l", "team_id"), **{name: ("d", f"sum_{name}") for name in SUMS}},
)
"""By team, the sums over the stored rows of its initiatives that are not counted again."""
_OF = {Subject.INITIATIVE: "initiatives", Subject.GOAL: "worked", Subject.TEAM: "teams"}


def _stored(table: Table, key: str, parameter: str) -> Table:
    joint = "AND" if " WHERE " in table.source else "WHERE"
    return Table(f"{table.source} {joint} {key} = ANY(%({parameter})s::bigint[])", table.columns)


_MORE = {
    "others": _OTHERS,
    "initiative_figures": _stored(storing.INITIATIVES, "initiative_id", "initiatives"),
    "team_figures": _stored(storing.TEAMS, "team_id", "teams"),
    "goal_figures": _stored(storing.GOALS, "goal_id", "worked"),
    **{f"{subject}_flags": _stored(storing.FLAGS[subject], f"{subject}_id", _OF[subject]) for subject in Subject},
}


def _count(scope: Scope, as_of: dt.date, cause: int) -> _Counted:
    few = few_columns(
        initiatives=scope.initiatives, worked=scope.worked, goals=scope.standing, teams=scope.teams, more=_MORE
    )
    company_ = few.company
    return _Counted(
        scope=scope,
        as_of=as_of,
        cause=cause,
        few=few,
        alignment=compute(company_, day_number(as_of)),
        at_initiatives=_places(scope.initiatives, company_.initiatives.id),
        at_teams=_places(scope.teams, company_.teams.id),
        at_goals=_places(scope.worked, company_.goals.id),
    )


def _places(ids: list[int], among: Ints) -> Ints:
    """Positions of those that are there."""
    found = places(np.array(ids, dtype=np.int64), among)
    return found[found >= 0]


def _store_initiatives(counted: _Counted) -> bool:
    """Whether any parts changed."""
    alignment, at = counted.alignment, counted.at_initiatives
    changed = storing.store_initiatives(
        storing.initiative_columns(alignment, at),
        counted.as_of,
        counted.cause,
        stored=counted.few.more["initiative_figures"],
    )
    company_ = alignment.company
    holds = initiative_flags(company_, alignment.on, alignment.parts, alignment.bets)
    stored = counted.few.more["initiative_flags"]
    storing.store_flags(Subject.INITIATIVE, company_.initiatives.id, holds, counted.as_of, at=at, stored=stored)
    return changed > 0


def _store_teams(counted: _Counted) -> None:
    alignment, at = counted.alignment, counted.at_teams
    sums = _team_sums(counted)
    ids = alignment.company.teams.id
    storing.store_teams(storing.team_columns(ids[at], sums[at]), stored=counted.few.more["team_figures"])
    holds = team_flags(alignment.company, alignment.on, alignment.standing, sums)
    stored = counted.few.more["team_flags"]
    storing.store_flags(Subject.TEAM, ids, holds, counted.as_of, at=at, stored=stored)


def _team_sums(counted: _Counted) -> Floats:
    """Of each team in the columns; true of those of the scope."""
    company_, at = counted.alignment.company, counted.at_initiatives
    of_work = sums_by_initiative(company_, counted.alignment.parts)[at]
    sums = sums_by_team(company_.initiatives.team[at], of_work, len(company_.teams.id))
    others = counted.few.more["others"]
    if len(others["team_id"]):
        sums[places(others["team_id"], company_.teams.id)] += np.stack([others[name] for name in SUMS], axis=1)
    return sums


def _store_goals(counted: _Counted) -> tuple[list[int], list[int]]:
    """Returns the goals to which effort came that had none or the other way round (or whose standing may have changed),
    and those whose own effort changed."""
    alignment, at, whole = counted.alignment, counted.at_goals, counted.scope.whole
    ids = alignment.company.goals.id
    stored = counted.few.more["goal_figures"]
    before = _by_position(ids, stored["goal_id"], stored["effort"])
    effort = alignment.goal_own_effort
    in_whole = np.isin(ids, np.array(sorted(whole), dtype=np.int64))
    counts = {
        name: np.where(in_whole, now, _by_position(ids, stored["goal_id"], stored[name]))
        for name, now in storing.all_counts(alignment).items()
    }
    covered = np.where(in_whole, alignment.covered, _by_position(ids, stored["goal_id"], stored["covered"]) > 0)
    storing.store_goals(storing.goal_columns(alignment, counts, covered, at), stored=stored)
    at_whole = at[in_whole[at]]
    holds = goal_flags(alignment.company, alignment.standing, alignment.covered)
    storing.store_flags(Subject.GOAL, ids, holds, counted.as_of, at=at_whole, stored=_of_goals(counted, ids[at_whole]))
    crossed = at[(effort[at] > 0) != (before[at] > 0)]
    restood = np.isin(ids[at], np.array(counted.scope.standing, dtype=np.int64))
    changed = np.abs(effort[at] - before[at]) > ZERO * np.maximum(effort[at], before[at])
    return ids[crossed].tolist(), ids[at[changed | restood]].tolist()


def _by_position(ids: Ints, keys: Ints, values: Ints) -> Floats:
    """`values` of the rows `keys` at their positions in `ids`, 0 elsewhere."""
    result = np.zeros(len(ids))
    at = places(keys, ids)
    result[at[at >= 0]] = values[at >= 0]
    return result


def _of_goals(counted: _Counted, goals: Ints) -> dict[str, Ints]:
    """The open flags of `goals`."""
    key = counted.few.more["goal_flags"]["key"]
    return {"key": key[np.isin(key // len(storing.CODES), goals)]}
