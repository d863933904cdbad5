"""Makes a table equal to the engine's columns: numpy compares what is stored with them, and only differences are
written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from alignment.engine.goal_status import REASONS
from alignment.engine.model import NEVER, Ints
from alignment.engine.parts import ZERO
from lib.db.columns import Column, Table, places, read, write

TYPES = {"i": "integer", "l": "bigint", "d": "double precision", "b": "boolean"}
REASON_TEXTS = ["", *(reason.value for reason in REASONS)]
STAGED_FROM = 500
"""Fewer rows are sent with the statement, more by COPY into a temporary table."""
AT_ONCE = 250_000
"""How many rows are compared at once by a recompute: a million would take 300 MB."""
_WRITTEN = {
    "reason": "(%s::text[])[reason + 2]",
    "meaning_changed_on": f"DATE '1970-01-01' + NULLIF(meaning_changed_on, {NEVER})",
    "meaning_changed_at": "timestamptz 'epoch' + NULLIF(meaning_changed_at, 0) * interval '1 microsecond'",
}
"""SQL of the values that are stored otherwise than the engine has them."""
_PYTHON = {"i": np.int64, "l": np.int64, "d": np.float64, "b": np.bool_}

Rows = Mapping[str, Column]
Columns = Mapping[str, tuple[str, Column]]


@dataclass(frozen=True)
class Kept:
    """SQL that keeps elsewhere the rows of `touched`, those that a statement wrote or deleted, within that statement;
    and its parameters."""

    sql: str
    parameters: Sequence[Any]


def store_rows(table: Table, columns: Rows, stored: Rows | None) -> tuple[Ints, Ints]:
    """Makes `table` equal to `columns`, the first of which is its key; returns the positions of the rows written and
    the keys of those deleted."""
    differing, gone = differences(table, columns, stored)
    delete_rows(table.source, next(iter(columns)), gone)
    upsert_rows(table.source, typed(table, columns, differing))
    return differing, gone


def differences(table: Table, columns: Rows, stored: Rows | None = None) -> tuple[Ints, Ints]:
    """The positions in `columns` of rows that are missing or stored differently, and the keys of stored rows that are
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


def parts_of(ids: Ints) -> Iterator[tuple[Ints, str]]:
    """At most AT_ONCE positions of `ids` at a time, and a condition on {key} for the ids that they are among; together
    the conditions hold for every id."""
    bounds = np.sort(ids)[AT_ONCE - 1 : -1 : AT_ONCE].tolist() if len(ids) > AT_ONCE else []
    for after, to in zip([None, *bounds], [*bounds, None], strict=True):
        within = np.ones(len(ids), dtype=bool)
        conditions = ["TRUE"]
        if after is not None:
            within &= ids > after
            conditions.append(f"{{key}} > {after}")
        if to is not None:
            within &= ids <= to
            conditions.append(f"{{key}} <= {to}")
        yield np.flatnonzero(within), " AND ".join(conditions)


def typed(table: Table, columns: Rows, at: Ints) -> dict[str, tuple[str, Column]]:
    return {name: (table.columns[name][0], values[at]) for name, values in columns.items()}


def delete_rows(table: str, key: str, ids: Ints, kept: Kept | None = None) -> None:
    if len(ids):
        _run_keeping(f'DELETE FROM {table} WHERE "{key}" = ANY(%s)', [ids.tolist()], kept)  # noqa: S608 -- our own names


def upsert_rows(table: str, columns: Columns, kept: Kept | None = None) -> None:
    key, *names = columns
    if not len(columns[key][1]):
        return
    source, parameters = staged(columns)
    values = ", ".join(_WRITTEN.get(name, f'"{name}"') for name in columns)
    texts = [REASON_TEXTS] if "reason" in columns else []
    updates = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in names)
    quoted = ", ".join(f'"{name}"' for name in columns)
    _run_keeping(
        f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {source}"  # noqa: S608 -- our own names
        f' ON CONFLICT ("{key}") DO UPDATE SET {updates}',
        [*texts, *parameters],
        kept,
    )


def _run_keeping(sql: str, parameters: Sequence[Any], kept: Kept | None) -> None:
    if kept is None:
        run(sql, parameters)
    else:
        run(f"WITH touched AS ({sql} RETURNING *) {kept.sql}", [*parameters, *kept.parameters])


def staged(columns: Columns) -> tuple[str, list[Any]]:
    """SQL that gives the columns as `staged`, for use after FROM, and its parameters."""
    if len(next(iter(columns.values()))[1]) < STAGED_FROM:
        names = ", ".join(f'"{name}"' for name in columns)
        arrays = ", ".join(f"%s::{TYPES[kind]}[]" for kind, _values in columns.values())
        return f"unnest({arrays}) AS staged ({names})", [
            values.astype(_PYTHON[kind]).tolist() for kind, values in columns.values()
        ]
    definitions = ", ".join(f'"{name}" {TYPES[kind]} NOT NULL' for name, (kind, _values) in columns.items())
    run(f"DROP TABLE IF EXISTS staged; CREATE TEMPORARY TABLE staged ({definitions}) ON COMMIT DROP")
    write("staged", columns)
    return "staged", []


def run(sql: str, parameters: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _equal(kind: str, one: Column, other: Column) -> Any:
    if kind != "d":
        return one == other
    return np.abs(one - other) <= ZERO * np.maximum(np.abs(one), np.abs(other))
