"""Writing the engine's columns to their tables, as differences: what is stored is compared in numpy with what the
engine says, and the rest is left alone.

Each function stores a whole table, or the rows at some positions: then `stored` are the rows that are there now, read
(and locked) by whoever asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from alignment.engine import Alignment
from alignment.engine.figures import SUMS
from alignment.engine.flags import Holds
from alignment.engine.model import Bools, Floats, Ints
from alignment.engine.parts import OWN_CHOICE, PARTS, ZERO
from alignment.engine.standing import REASONS
from alignment.enums import FlagCode, Subject
from alignment.flags import HOUSEKEEPING
from lib.columns import Column, Table, places, read, write
from lib.statements import flush, run
from teams.enums import Origin

TYPES = {"i": "integer", "l": "bigint", "d": "double precision", "b": "boolean"}
CODES = tuple(FlagCode)
MOST_FIRST = sorted(range(len(CODES)), key=lambda at: CODES[at] not in HOUSEKEEPING)
"""Positions in CODES, those of most flags first."""
REASON_TEXTS = ["", *(reason.value for reason in REASONS)]
COUNTS = ("initiatives", "teams", "unsized")
STAGED_FROM = 500
"""Fewer rows are sent with the statement, more by COPY into a temporary table."""

Rows = Mapping[str, Column]
Columns = Mapping[str, tuple[str, Column]]
Pairs = tuple[Ints, Ints]
"""Flags: positions in CODES, and the ids of what they are about."""


def _reason_position(column: str) -> str:
    cases = " ".join(f"WHEN '{text}' THEN {at - 1}" for at, text in enumerate(REASON_TEXTS))
    return f"CASE {column} {cases} END"


def _flag_keys(subject: Subject) -> str:
    """An open flag as one number: the id of what it is about × the number of codes + the position of its code."""
    cases = " ".join(f"WHEN '{CODES[at].value}' THEN {at}" for at in MOST_FIRST)
    return f"{subject.value}_id * {len(CODES)} + CASE code {cases} END"


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
        "effort": ("d", "effort"),
        **{name: ("i", name) for name in COUNTS},
    },
)
LINKS = Table("alignment_linkfigures", {"link_id": ("l", "link_id"), "amount": ("d", "amount")})
_LINKS_WRITTEN = {"link_id": "l", "goal_id": "l", "initiative_id": "l", "amount": "d"}
FLAGS = {
    subject: Table(
        f"alignment_flag WHERE resolved_on IS NULL AND {subject.value}_id IS NOT NULL",
        {"key": ("l", _flag_keys(subject))},
    )
    for subject in Subject
}


def initiative_columns(alignment: Alignment, at: Ints | None = None) -> Rows:
    """Of the active initiatives, of those at positions `at`."""
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
    """`sums` has a row for each of `ids`, and the columns of SUMS."""
    return {"team_id": ids, **dict(zip(SUMS, sums.T, strict=True))}


def goal_columns(alignment: Alignment, effort: Floats, counts: Rows, covered: Bools) -> dict[str, Column]:
    """`effort` (own), `counts` (of COUNTS) and `covered` are by position in the goals of `alignment`."""
    standing = alignment.standing
    return {
        "goal_id": alignment.company.goals.id,
        "live": standing.live,
        "anchored": standing.anchored,
        "covered": covered,
        "reason": standing.reason,
        "effort": effort,
        **counts,
    }


def store_initiatives(columns: Rows, as_of: dt.date, cause: int, *, stored: Rows | None = None) -> int:
    """A row of history for each that changed, came or went; returns how many. `cause` is the id of a log entry."""
    differing, gone = _store(INITIATIVES, columns, stored)
    _remember(_typed(INITIATIVES, columns, differing), as_of, cause)
    _remember_gone(gone, as_of, cause)
    return len(differing) + len(gone)


def store_links(alignment: Alignment, at: Ints | None = None, *, stored: Rows | None = None) -> int:
    """What each link brings, of all or of those at positions `at`; returns how many changed."""
    links, amount = alignment.company.links, alignment.bets.amount
    gives = np.flatnonzero(amount > 0) if at is None else at[amount[at] > 0]
    differing, gone = differences(LINKS, {"link_id": links.id[gives], "amount": amount[gives]}, stored)
    at = gives[differing]
    columns: Rows = {
        "link_id": links.id[at],
        "goal_id": alignment.company.goals.id[links.goal[at]],
        "initiative_id": alignment.company.initiatives.id[links.initiative[at]],
        "amount": amount[at],
    }
    _delete(LINKS.source, "link_id", gone)
    _upsert(LINKS.source, {name: (kind, columns[name]) for name, kind in _LINKS_WRITTEN.items()})
    return len(differing) + len(gone)


def initiatives_of_wrong_links(alignment: Alignment) -> list[int]:
    """Ids of initiatives of whose links something else is stored than they bring."""
    links, amount = alignment.company.links, alignment.bets.amount
    gives = np.flatnonzero(amount > 0)
    differing, gone = differences(LINKS, {"link_id": links.id[gives], "amount": amount[gives]})
    at = np.r_[gives[differing], places(gone, links.id)]
    return [int(one) for one in alignment.company.initiatives.id[links.initiative[at[at >= 0]]]]


def store_teams(columns: Rows, *, stored: Rows | None = None) -> int:
    differing, gone = _store(TEAMS, columns, stored)
    return len(differing) + len(gone)


def store_goals(columns: Rows, *, stored: Rows | None = None) -> int:
    differing, gone = _store(GOALS, columns, stored)
    return len(differing) + len(gone)


def all_counts(alignment: Alignment) -> dict[str, Ints]:
    """COUNTS of every goal; true of goals of which all below them and all their links are in `alignment`."""
    return {
        "initiatives": alignment.contributors(),
        "teams": alignment.contributors(team=True),
        "unsized": alignment.contributors(unsized=True),
    }


def store_counts(alignment: Alignment) -> int:
    """COUNTS alone, of goals that were stored before; returns how many changed."""
    table = Table(GOALS.source, {name: GOALS.columns[name] for name in ("goal_id", *COUNTS)})
    stored = read(table.columns, table.source)
    at = places(stored["goal_id"], alignment.company.goals.id)
    counts = {name: values[at] for name, values in all_counts(alignment).items()}
    differing = np.flatnonzero((at >= 0) & np.any([counts[name] != stored[name] for name in COUNTS], axis=0))
    if len(differing):
        columns = _typed(table, {"goal_id": stored["goal_id"], **counts}, differing)
        source, parameters = _sent(columns)
        run(
            "SELECT count(*) FROM (SELECT FROM alignment_goalfigures WHERE goal_id = ANY(%s)"
            " ORDER BY goal_id FOR NO KEY UPDATE) locked",
            [stored["goal_id"][differing].tolist()],
        )
        run(
            f"UPDATE alignment_goalfigures f SET {', '.join(f'{name} = staged.{name}' for name in COUNTS)}"  # noqa: S608
            f" FROM {source} WHERE f.goal_id = staged.goal_id",
            parameters,
        )
    return len(differing)


def store_flags(
    subject: Subject,
    ids: Ints,
    holds: Holds,
    as_of: dt.date,
    cause: int,
    *,
    at: Ints | None = None,
    stored: Rows | None = None,
) -> tuple[int, int]:
    """Opens what now holds, by the log entry with id `cause`, resolves what no longer does, keeps the rest; returns how
    many were opened and resolved. `holds` has a column for each of `ids`; codes that are not in it are left alone."""
    if at is not None:
        ids, holds = ids[at], {code: marked[at] for code, marked in holds.items()}
    stored = read(FLAGS[subject].columns, FLAGS[subject].source) if stored is None else stored
    new, gone = flag_differences(ids, holds, stored["key"])
    _open_flags(subject, new, as_of, cause)
    _resolve_flags(subject, gone, as_of)
    return len(new[0]), len(gone[0])


def _store(table: Table, columns: Rows, stored: Rows | None) -> tuple[Ints, Ints]:
    """Makes `table` hold `columns`, of which the first is its key; returns the positions of the rows written and the
    keys of those deleted."""
    differing, gone = differences(table, columns, stored)
    _delete(table.source, next(iter(columns)), gone)
    _upsert(table.source, _typed(table, columns, differing))
    return differing, gone


def differences(table: Table, columns: Rows, stored: Rows | None = None) -> tuple[Ints, Ints]:
    """The positions in `columns` of rows that are stored otherwise or not at all, and the keys of rows stored that are
    not in `columns`."""
    stored = read(table.columns, table.source) if stored is None else stored
    key, *names = columns
    ids, old = columns[key], stored[key]
    at = places(ids, old)
    same, kept = at >= 0, np.zeros(len(old), dtype=bool)
    kept[at[same]] = True
    for name in names if len(old) else ():
        same &= _equal(table.columns[name][0], stored[name][at], columns[name])
    return np.flatnonzero(~same), old[~kept]


def _typed(table: Table, columns: Rows, at: Ints) -> dict[str, tuple[str, Column]]:
    return {name: (table.columns[name][0], values[at]) for name, values in columns.items()}


def _equal(kind: str, one: Column, other: Column) -> Any:
    if kind != "d":
        return one == other
    return np.abs(one - other) <= ZERO * np.maximum(np.abs(one), np.abs(other))


def _delete(table: str, key: str, ids: Ints) -> None:
    if len(ids):
        run(f'DELETE FROM {table} WHERE "{key}" = ANY(%s)', [ids.tolist()])  # noqa: S608 -- our own names


def _sent(columns: Columns) -> tuple[str, list[Any]]:
    """The columns as `staged`: what stands after FROM, and its parameters."""
    if len(next(iter(columns.values()))[1]) < STAGED_FROM:
        names = ", ".join(f'"{name}"' for name in columns)
        arrays = ", ".join(f"%s::{TYPES[kind]}[]" for kind, _values in columns.values())
        return f"unnest({arrays}) AS staged ({names})", [
            values.astype(_PYTHON[kind]).tolist() for kind, values in columns.values()
        ]
    definitions = ", ".join(f'"{name}" {TYPES[kind]} NOT NULL' for name, (kind, _values) in columns.items())
    flush()
    run(f"DROP TABLE IF EXISTS staged; CREATE TEMPORARY TABLE staged ({definitions}) ON COMMIT DROP")
    flush()
    write("staged", columns)
    return "staged", []


_PYTHON = {"i": np.int64, "l": np.int64, "d": np.float64, "b": np.bool_}


def _upsert(table: str, columns: Columns) -> None:
    key, *names = columns
    if not len(columns[key][1]):
        return
    source, parameters = _sent(columns)
    values = ", ".join("(%s::text[])[reason + 2]" if name == "reason" else f'"{name}"' for name in columns)
    texts = [REASON_TEXTS] if "reason" in columns else []
    updates = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in names)
    quoted = ", ".join(f'"{name}"' for name in columns)
    run(
        f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {source}"  # noqa: S608 -- our own names
        f' ON CONFLICT ("{key}") DO UPDATE SET {updates}',
        [*texts, *parameters],
    )


def _remember(columns: Columns, as_of: dt.date, cause: int) -> None:
    if not len(columns["initiative_id"][1]):
        return
    source, parameters = _sent(columns)
    parts = ", ".join(PARTS)
    run(
        f"INSERT INTO alignment_initiativehistory (initiative_id, team_id, origin, as_of, cause_id, {parts})"  # noqa: S608
        f" SELECT initiative_id, team_id, CASE WHEN own_choice THEN %s ELSE %s END, %s, %s, {parts} FROM {source}",
        [Origin.TEAM.value, Origin.ASSIGNED.value, as_of, cause, *parameters],
    )


def _remember_gone(initiatives: Ints, as_of: dt.date, cause: int) -> None:
    """Work that left the portfolio: a row of nothing."""
    if not len(initiatives):
        return
    run(
        "INSERT INTO alignment_initiativehistory (initiative_id, team_id, origin, as_of, cause_id,"  # noqa: S608
        f" {', '.join(PARTS)}) SELECT id, team_id, origin, %s, %s, 0, 0, 0, 0, 0, 0, 0"
        " FROM teams_initiative WHERE id = ANY(%s)",
        [as_of, cause, initiatives.tolist()],
    )


def flag_differences(ids: Ints, holds: Holds, stored: Ints) -> tuple[Pairs, Pairs]:
    """What holds and is not open, and what is open and no longer holds, of the codes in `holds`; `stored` are open
    flags as `_flag_keys` numbers them."""
    marked = np.zeros((len(CODES), len(ids) + 1), dtype=bool)  # the last column is for subjects that are not there
    asked = np.zeros(len(CODES), dtype=bool)
    for flag_code, marks in holds.items():
        marked[CODES.index(flag_code), :-1], asked[CODES.index(flag_code)] = marks, True
    of, code = np.divmod(stored[asked[stored % len(CODES)]], len(CODES))
    at, is_open = places(of, ids), np.zeros_like(marked)
    is_open[code, at] = True
    new_code, new_at = np.nonzero(marked & ~is_open)
    gone = ~marked[code, at]
    return (new_code, ids[new_at]), (code[gone], of[gone])


def _open_flags(subject: Subject, new: Pairs, as_of: dt.date, cause: int) -> None:
    if not len(new[0]):
        return
    source, parameters = _sent({"code": ("i", new[0]), "subject_id": ("l", new[1])})
    run(
        f"INSERT INTO alignment_flag (code, {subject.value}_id, first_seen, cause_id)"  # noqa: S608 -- our own names
        f" SELECT (%s::text[])[code + 1], subject_id, %s, %s FROM {source}",
        [[code.value for code in CODES], as_of, cause, *parameters],
    )


def _resolve_flags(subject: Subject, gone: Pairs, as_of: dt.date) -> None:
    if not len(gone[0]):
        return
    source, parameters = _sent({"code": ("i", gone[0]), "subject_id": ("l", gone[1])})
    run(
        f"UPDATE alignment_flag SET resolved_on = GREATEST(first_seen, %s) FROM {source}"  # noqa: S608 -- our own names
        f" WHERE resolved_on IS NULL AND {subject.value}_id = ANY(%s) AND {subject.value}_id = staged.subject_id"
        " AND alignment_flag.code = (%s::text[])[staged.code + 1]",
        [as_of, *parameters, gone[1].tolist(), [code.value for code in CODES]],
    )
