"""Stores the figures of initiatives, links, teams and goals.

Each function stores a whole table, or the rows at some positions: then `stored` are their current rows, which the
caller has read and locked.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from alignment.engine import Alignment
from alignment.engine.model import MILLION, Bools, Floats, Ints
from alignment.engine.parts import OWN_CHOICE, PARTS
from alignment.engine.work_figures import SUMS
from alignment.models import LinkFigures
from alignment.refresh.differences import (
    REASON_TEXTS,
    Rows,
    delete_rows,
    differences,
    parts_of,
    run,
    staged,
    store_rows,
    typed,
    upsert_rows,
)
from alignment.refresh.history import links_kept, remember, remember_gone
from alignment.selectors.columns import day_sql, instant_sql
from lib.db.columns import Column, Table, places, read
from lib.db.locks import lock_rows_sql

COUNTS = ("initiatives", "teams", "unsized")


def _reason_position(column: str) -> str:
    cases = " ".join(f"WHEN '{text}' THEN {at - 1}" for at, text in enumerate(REASON_TEXTS))
    return f"CASE {column} {cases} END"


INITIATIVES = Table(
    "alignment_initiativefigures",
    {
        "initiative_id": ("l", "initiative_id"),
        "team_id": ("l", "team_id"),
        "own_choice": ("b", "own_choice"),
        "unsized": ("b", "unsized"),
        **{name: ("d", name) for name in PARTS},
    },
)
TEAMS = Table(
    "alignment_teamfigures",
    {
        "team_id": ("l", "team_id"),
        **{name: ("i" if name in {"initiatives", "unsized"} else "d", name) for name in SUMS},
    },
)
GOALS = Table(
    "alignment_goalfigures",
    {
        "goal_id": ("l", "goal_id"),
        "live": ("b", "live"),
        "anchored": ("b", "anchored"),
        "covered": ("b", "covered"),
        "reason": ("i", _reason_position("reason")),
        "meaning_changed_on": ("i", day_sql("meaning_changed_on")),
        "meaning_changed_at": ("l", f"round({instant_sql('meaning_changed_at')} * {MILLION})::bigint"),
        "effort": ("d", "effort"),
        **{name: ("i", name) for name in COUNTS},
    },
)
LINKS = Table(
    "alignment_linkfigures",
    {"link_id": ("l", "link_id"), "endorsed": ("b", "endorsed"), "amount": ("d", "amount")},
)
_LINKS_WRITTEN = {"link_id": "l", "goal_id": "l", "initiative_id": "l", "endorsed": "b", "amount": "d"}
"""A link keeps its goal and its initiative, so that they are written and not compared."""


def initiative_columns(alignment: Alignment, at: Ints | None = None) -> Rows:
    """The columns of the active initiatives, or of those among positions `at`."""
    company, parts = alignment.company, alignment.parts
    active = np.flatnonzero(parts.active) if at is None else at[parts.active[at]]
    return {
        "initiative_id": company.initiatives.id[active],
        "team_id": company.teams.id[company.initiatives.team[active]],
        "own_choice": company.initiatives.origin[active] == OWN_CHOICE,
        "unsized": parts.unsized[active],
        **{name: getattr(parts, name)[active] for name in PARTS},
    }


def team_columns(ids: Ints, sums: Floats) -> Rows:
    """`sums` has a row for each of `ids`, in the columns of SUMS."""
    return {"team_id": ids, **dict(zip(SUMS, sums.T, strict=True))}


def goal_columns(alignment: Alignment, effort: Floats, counts: Rows, covered: Bools) -> dict[str, Column]:
    """`effort` (own), `counts` (of COUNTS) and `covered` are by position in the goals of `alignment`."""
    goal_statuses = alignment.goal_statuses
    return {
        "goal_id": alignment.company.goals.id,
        "live": goal_statuses.live,
        "anchored": goal_statuses.anchored,
        "covered": covered,
        "reason": goal_statuses.reason,
        "meaning_changed_on": goal_statuses.meaning_changed_on,
        "meaning_changed_at": np.rint(goal_statuses.meaning_changed_at * MILLION).astype(np.int64),
        "effort": effort,
        **counts,
    }


def store_initiatives(columns: Rows, as_of: dt.date, cause: int, *, stored: Rows | None = None) -> int:
    """Adds a row of history for each that changed, appeared or left; returns how many. `cause` is the id of a log
    entry."""
    differing, gone = store_rows(INITIATIVES, columns, stored)
    remember(typed(INITIATIVES, columns, differing), as_of, cause)
    remember_gone(gone, as_of, cause)
    return len(differing) + len(gone)


def store_all_initiatives(alignment: Alignment, as_of: dt.date, cause: int) -> int:
    """As `store_initiatives`, for all of them, part by part."""
    return sum(
        store_initiatives(initiative_columns(alignment, at), as_of, cause, stored=_stored(INITIATIVES, among))
        for at, among in parts_of(alignment.company.initiatives.id)
    )


def store_all_links(alignment: Alignment, as_of: dt.date, cause: int) -> int:
    """As `store_links`, for all of them, part by part."""
    return sum(
        store_links(link_columns(alignment, at), as_of, cause, stored=_stored(LINKS, among))
        for at, among in parts_of(alignment.company.links.id)
    )


def _stored(table: Table, among: str) -> Rows:
    return read(table.columns, f"{table.source} WHERE {among.format(key=next(iter(table.columns)))}")


def link_columns(alignment: Alignment, at: Ints | None = None) -> Rows:
    """The columns of the links that bring something to their goals, or of those among positions `at`."""
    company, amount = alignment.company, alignment.bets.amount
    gives = np.flatnonzero(amount > 0) if at is None else at[amount[at] > 0]
    work = company.links.initiative[gives]
    return {
        "link_id": company.links.id[gives],
        "goal_id": company.goals.id[company.links.goal[gives]],
        "initiative_id": company.initiatives.id[work],
        "endorsed": alignment.bets.endorsed[gives],
        "amount": amount[gives],
    }


def store_links(columns: Rows, as_of: dt.date, cause: int, *, stored: Rows | None = None) -> int:
    """Adds a row of history for each that changed, appeared or went, in the statement that stores it; returns how
    many. `cause` is the id of a log entry."""
    differing, gone = _link_differences(columns, stored)
    written = {name: (kind, columns[name][differing]) for name, kind in _LINKS_WRITTEN.items()}
    delete_rows(LINKS.source, "link_id", gone, links_kept(as_of, cause, gone=True))
    upsert_rows(LINKS.source, written, links_kept(as_of, cause))
    return len(differing) + len(gone)


def _link_differences(columns: Rows, stored: Rows | None = None) -> tuple[Ints, Ints]:
    return differences(LINKS, {name: columns[name] for name in LINKS.columns}, stored)


def initiatives_of_wrong_links(alignment: Alignment) -> list[int]:
    """Ids of initiatives with links whose stored figures are wrong."""
    columns = link_columns(alignment)
    differing, gone = _link_differences(columns)
    rows = LinkFigures.objects.filter(link__in=gone.tolist()) if len(gone) else LinkFigures.objects.none()
    return [*columns["initiative_id"][differing].tolist(), *rows.values_list("initiative", flat=True)]


def store_teams(columns: Rows, *, stored: Rows | None = None) -> int:
    differing, gone = store_rows(TEAMS, columns, stored)
    return len(differing) + len(gone)


def store_goals(columns: Rows, *, stored: Rows | None = None) -> int:
    differing, gone = store_rows(GOALS, columns, stored)
    return len(differing) + len(gone)


def all_counts(alignment: Alignment) -> dict[str, Ints]:
    """COUNTS of every goal; correct for goals whose descendants and links are all in `alignment`."""
    return {
        "initiatives": alignment.contributors(),
        "teams": alignment.contributors(team=True),
        "unsized": alignment.contributors(unsized=True),
    }


def store_counts(alignment: Alignment) -> int:
    """Stores COUNTS alone, of goals that were stored before; returns how many changed."""
    table = Table(GOALS.source, {name: GOALS.columns[name] for name in ("goal_id", *COUNTS)})
    stored = read(table.columns, table.source)
    at = places(stored["goal_id"], alignment.company.goals.id)
    counts = {name: values[at] for name, values in all_counts(alignment).items()}
    differing = np.flatnonzero((at >= 0) & np.any([counts[name] != stored[name] for name in COUNTS], axis=0))
    if len(differing):
        columns = typed(table, {"goal_id": stored["goal_id"], **counts}, differing)
        source, parameters = staged(columns)
        run(lock_rows_sql("alignment_goalfigures", "goal_id", "%s"), [stored["goal_id"][differing].tolist()])
        run(
            f"UPDATE alignment_goalfigures f SET {', '.join(f'{name} = staged.{name}' for name in COUNTS)}"  # noqa: S608
            f" FROM {source} WHERE f.goal_id = staged.goal_id",
            parameters,
        )
    return len(differing)
