"""Writing the engine's columns to their tables: read what is stored, compare in numpy, write the differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import connection

from alignment.engine import Alignment
from alignment.engine.figures import SUMS
from alignment.engine.model import Bools, Ints
from alignment.engine.parts import OWN_CHOICE, PARTS, ZERO
from alignment.engine.standing import REASONS
from alignment.enums import HOUSEKEEPING, FlagCode, Subject
from lib.columns import Column, places, read, write
from teams.enums import Origin
from teams.models import LogEntry

TYPES = {"i": "integer", "l": "bigint", "d": "double precision", "b": "boolean"}
CODES = tuple(FlagCode)
MOST_FIRST = sorted(range(len(CODES)), key=lambda at: CODES[at] not in HOUSEKEEPING)
"""Positions in CODES, those of most flags first."""

Columns = Mapping[str, tuple[str, Column]]
Pairs = tuple[Ints, Ints]
"""Flags: positions in CODES, and the ids of what they are about."""


def store_initiatives(alignment: Alignment, as_of: dt.date, cause: LogEntry) -> int:
    """The parts of every active initiative, and a row of history for each that changed, came or went; returns how
    many.
    """
    initiatives, parts = alignment.company.initiatives, alignment.parts
    active = np.flatnonzero(parts.active)
    columns: dict[str, tuple[str, Column]] = {
        "initiative_id": ("l", initiatives.id[active]),
        "team_id": ("l", alignment.company.teams.id[initiatives.team[active]]),
        "own_choice": ("b", initiatives.origin[active] == OWN_CHOICE),
        "unsized": ("b", parts.unsized[active]),
        **{name: ("d", getattr(parts, name)[active]) for name in PARTS},
    }
    differing, gone = _store("alignment_initiativefigures", columns)
    _remember({name: (kind, values[differing]) for name, (kind, values) in columns.items()}, as_of, cause)
    _remember_gone(gone, as_of, cause)
    return len(differing) + len(gone)


def store_teams(alignment: Alignment) -> int:
    columns: dict[str, tuple[str, Column]] = {"team_id": ("l", alignment.company.teams.id)}
    for name, sums in zip(SUMS, alignment.team_sums.T, strict=True):
        columns[name] = ("i", sums.astype(np.int32)) if name in {"initiatives", "unsized"} else ("d", sums)
    differing, gone = _store("alignment_teamfigures", columns)
    return len(differing) + len(gone)


def store_goals(alignment: Alignment) -> int:
    standing = alignment.standing
    columns: dict[str, tuple[str, Column]] = {
        "goal_id": ("l", alignment.company.goals.id),
        "live": ("b", standing.live),
        "anchored": ("b", standing.anchored),
        "reason": ("i", standing.reason),
        "effort": ("d", alignment.goal_own_effort),
        "initiatives": ("i", alignment.contributors()),
        "teams": ("i", alignment.contributors(team=True)),
        "unsized": ("i", alignment.contributors(unsized=True)),
    }
    differing, gone = _store(
        "alignment_goalfigures", columns, coded={"reason": ["", *(reason.value for reason in REASONS)]}
    )
    return len(differing) + len(gone)


def _store(table: str, columns: Columns, coded: Mapping[str, list[str]] | None = None) -> tuple[Ints, Ints]:
    """Makes `table` hold `columns`, of which the first is its key, in order. A column in `coded` is text, given as
    position − 1 in the list. Returns the positions of the rows written and the keys of those deleted."""
    coded = coded or {}
    key, *names = columns
    stored = read({name: (kind, _to_position(name, coded)) for name, (kind, _values) in columns.items()}, table)
    ids, old = columns[key][1], stored[key]
    at = places(ids, old)
    same, kept = at >= 0, np.zeros(len(old), dtype=bool)
    kept[at[same]] = True
    for name in names if len(old) else ():
        kind, values = columns[name]
        same &= _equal(kind, stored[name][at], values)
    differing, gone = np.flatnonzero(~same), old[~kept]
    _delete(table, key, gone)
    _upsert(table, {name: (kind, values[differing]) for name, (kind, values) in columns.items()}, coded)
    return differing, gone


def _to_position(name: str, coded: Mapping[str, list[str]]) -> str:
    if name not in coded:
        return f'"{name}"'
    cases = " ".join(f"WHEN '{text}' THEN {at - 1}" for at, text in enumerate(coded[name]))
    return f'CASE "{name}" {cases} END'


def _equal(kind: str, one: Column, other: Column) -> Any:
    if kind != "d":
        return one == other
    return np.abs(one - other) <= ZERO * np.maximum(np.abs(one), np.abs(other))


def _delete(table: str, key: str, ids: Ints) -> None:
    if len(ids):
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM {table} WHERE "{key}" = ANY(%s)', [ids.tolist()])  # noqa: S608 -- our own names


def _staged(columns: Columns) -> None:
    """The columns as the temporary table `staged`."""
    definitions = ", ".join(f'"{name}" {TYPES[kind]} NOT NULL' for name, (kind, _values) in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS staged; CREATE TEMPORARY TABLE staged ({definitions}) ON COMMIT DROP")
    write("staged", columns)


def _upsert(table: str, columns: Columns, coded: Mapping[str, list[str]]) -> None:
    key, *names = columns
    if not len(columns[key][1]):
        return
    _staged(columns)
    values = ", ".join(f'(%s::text[])["{name}" + 2]' if name in coded else f'"{name}"' for name in columns)
    updates = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in names)
    quoted = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {table} ({quoted}) SELECT {values} FROM staged ON CONFLICT ("{key}") DO UPDATE SET {updates}',  # noqa: S608
            [coded[name] for name in columns if name in coded],
        )


def _remember(columns: Columns, as_of: dt.date, cause: LogEntry) -> None:
    if not len(columns["initiative_id"][1]):
        return
    _staged(columns)
    parts = ", ".join(PARTS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO alignment_initiativehistory (initiative_id, team_id, origin, as_of, cause_id, {parts})"  # noqa: S608
            f" SELECT initiative_id, team_id, CASE WHEN own_choice THEN %s ELSE %s END, %s, %s, {parts} FROM staged",
            [Origin.TEAM.value, Origin.ASSIGNED.value, as_of, cause.pk],
        )


def _remember_gone(initiatives: Ints, as_of: dt.date, cause: LogEntry) -> None:
    """Work that left the portfolio: a row of nothing."""
    if not len(initiatives):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alignment_initiativehistory (initiative_id, team_id, origin, as_of, cause_id,"  # noqa: S608
            f" {', '.join(PARTS)}) SELECT id, team_id, origin, %s, %s, 0, 0, 0, 0, 0, 0, 0"
            " FROM teams_initiative WHERE id = ANY(%s)",
            [as_of, cause.pk, initiatives.tolist()],
        )


def store_flags(alignment: Alignment, as_of: dt.date) -> tuple[int, int]:
    """Opens what now holds, resolves what no longer does, keeps the rest; returns how many were opened and resolved."""
    opened = resolved = 0
    ids = {
        Subject.INITIATIVE: alignment.company.initiatives.id,
        Subject.GOAL: alignment.company.goals.id,
        Subject.TEAM: alignment.company.teams.id,
    }
    for subject in Subject:
        holds = np.zeros((len(CODES), len(ids[subject]) + 1), dtype=bool)
        for flag in alignment.flags:
            if flag.subject is subject:
                holds[CODES.index(flag.code), flag.at] = True
        new, gone = _flag_differences(subject, ids[subject], holds)
        _open_flags(subject, new, as_of)
        _resolve_flags(subject, gone, as_of)
        opened, resolved = opened + len(new[0]), resolved + len(gone[0])
    return opened, resolved


def _flag_differences(subject: Subject, ids: Ints, holds: Bools) -> tuple[Pairs, Pairs]:
    """What holds and is not open, and what is open and no longer holds; `holds` has a row a code, a column for each of
    `ids` and a last one, of nothing, for subjects that are not there."""
    cases = " ".join(f"WHEN '{CODES[at].value}' THEN {at}" for at in MOST_FIRST)
    key = f"{subject.value}_id * {len(CODES)} + CASE code {cases} END"
    stored = read({"key": ("l", key)}, f"alignment_flag WHERE resolved_on IS NULL AND {subject.value}_id IS NOT NULL")
    of, code = np.divmod(stored["key"], len(CODES))
    at, is_open = places(of, ids), np.zeros_like(holds)
    is_open[code, at] = True
    new_code, new_at = np.nonzero(holds & ~is_open)
    gone = ~holds[code, at]
    return (new_code, ids[new_at]), (code[gone], of[gone])


def _open_flags(subject: Subject, new: Pairs, as_of: dt.date) -> None:
    if not len(new[0]):
        return
    _staged({"code": ("i", new[0]), "subject_id": ("l", new[1])})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO alignment_flag (code, {subject.value}_id, first_seen)"  # noqa: S608 -- our own names
            " SELECT (%s::text[])[code + 1], subject_id, %s FROM staged",
            [[code.value for code in CODES], as_of],
        )


def _resolve_flags(subject: Subject, gone: Pairs, as_of: dt.date) -> None:
    if not len(gone[0]):
        return
    _staged({"code": ("i", gone[0]), "subject_id": ("l", gone[1])})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE alignment_flag SET resolved_on = GREATEST(first_seen, %s) FROM staged"  # noqa: S608 -- our own names
            f" WHERE resolved_on IS NULL AND {subject.value}_id = staged.subject_id"
            " AND alignment_flag.code = (%s::text[])[staged.code + 1]",
            [as_of, [code.value for code in CODES]],
        )
