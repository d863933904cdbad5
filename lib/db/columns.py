"""Reads and writes tables as numpy columns by binary COPY (measured: docs/performance.md).

Each column has a one-letter kind: `i` int4, `l` int8, `d` float8, `b` boolean and, for reading only, `c` a code from 0
to 127. No value may be NULL: the query supplies the value that means "nothing".
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

Column = npt.NDArray[Any]

_WIRE = {"i": (">i4", 4, "int4"), "l": (">i8", 8, "int8"), "d": (">f8", 8, "float8"), "b": ("u1", 1, "bool")}
_NATIVE = {"i": np.int32, "l": np.int64, "d": np.float64, "b": np.bool_, "c": np.int32}
_SMALL = "bc"
_BYTES = 8
_CLOSE = 8
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def _record(kinds: str) -> np.dtype[Any]:
    """The layout of one row on the wire: the number of fields, then the length and value of each."""
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for position, kind in enumerate(kinds):
        layout += [(f"length{position}", ">i4"), (f"value{position}", _WIRE[kind][0])]
    return np.dtype(layout)


def read(columns: Mapping[str, tuple[str, str]], source: str, parameters: tuple[Any, ...] = ()) -> dict[str, Column]:
    """Returns the rows of `source` (what follows FROM) as one array per column; `columns` maps a name to (kind, SQL
    expression).

    Small columns share an int8, one byte each: a field costs PostgreSQL more than its content does.
    """
    small = [name for name, (kind, _sql) in columns.items() if kind in _SMALL]
    packs = [small[first : first + _BYTES] for first in range(0, len(small), _BYTES)]
    wanted = [column for name, column in columns.items() if name not in small]
    wanted += [("l", _packed([columns[name][1] for name in names])) for names in packs]
    values = iter(_copied(wanted, source, parameters))
    found: dict[str, Column] = {
        name: next(values).astype(_NATIVE[kind]) for name, (kind, _sql) in columns.items() if name not in small
    }
    for names in packs:
        share = next(values).astype(np.dtype("<i8")).view(np.uint8).reshape(-1, _BYTES)
        found |= {name: share[:, at].astype(_NATIVE[columns[name][0]]) for at, name in enumerate(names)}
    return {name: found[name] for name in columns}


@dataclass(frozen=True)
class Table:
    """A table to read: `columns` maps a name to (kind, SQL expression), `source` is what follows FROM."""

    source: str
    columns: Mapping[str, tuple[str, str]]


def read_together(
    tables: Mapping[str, Table], parameters: Mapping[str, Any], *, common: str = ""
) -> dict[str, dict[str, Column]]:
    """Reads a few rows of several tables in one statement and snapshot. The rows arrive as JSON, which is faster than
    one COPY per table up to some thousands of rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(together_sql(tables, common=common), parameters)
        (rows,) = cursor.fetchone()
    return from_json(tables, rows)


def together_sql(tables: Mapping[str, Table], *, common: str = "") -> str:
    """The statement whose result `from_json` reads; `common` contains common table expressions (WITH …) for the
    sources.
    """
    parts = ", ".join(f"({_as_json(table)})" for table in tables.values())
    return f"{f'WITH {common} ' if common else ''}SELECT json_build_array({parts})"


def from_json(tables: Mapping[str, Table], rows: Sequence[Any]) -> dict[str, dict[str, Column]]:
    return {
        name: {
            column: np.array(values or [], dtype=_NATIVE[kind])
            for (column, (kind, _sql)), values in zip(table.columns.items(), found, strict=True)
        }
        for (name, table), found in zip(tables.items(), rows, strict=True)
    }


def _as_json(table: Table) -> str:
    columns = ", ".join(f"json_agg({sql})" for _kind, sql in table.columns.values())
    return f"SELECT json_build_array({columns}) FROM {table.source}"  # noqa: S608 -- the caller's own SQL


def _packed(expressions: Sequence[str]) -> str:
    """One int8, with the first column in its lowest byte."""
    return " | ".join(f"(({sql})::int4::int8 << {8 * at})" for at, sql in enumerate(expressions))


def _copied(wanted: Sequence[tuple[str, str]], source: str, parameters: tuple[Any, ...]) -> list[Column]:
    """The columns as they arrive, in network byte order."""
    expressions = ", ".join(f"({sql})::{_WIRE[kind][2]}" for kind, sql in wanted)
    with connection.cursor() as cursor:
        query = cursor.mogrify(f"SELECT {expressions} FROM {source}", parameters).decode()  # noqa: S608 -- the caller's own SQL
        buffer = io.BytesIO()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer)
    record = _record("".join(kind for kind, _sql in wanted))
    rows = np.frombuffer(buffer.getbuffer()[len(_HEADER) : -len(_TRAILER)], dtype=record)
    return [rows[f"value{at}"] for at in range(len(wanted))]


def write(table: str, columns: Mapping[str, tuple[str, Column]]) -> None:
    """Appends rows to `table` by COPY; `columns` maps a column's name to (kind, values), all of the same length. The
    table's column types must match the kinds exactly.
    """
    count = len(next(iter(columns.values()))[1])
    rows = np.empty(count, dtype=_record("".join(kind for kind, _values in columns.values())))
    rows["fields"] = len(columns)
    for position, (kind, values) in enumerate(columns.values()):
        rows[f"length{position}"], rows[f"value{position}"] = _WIRE[kind][1], values
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", io.BytesIO(_HEADER + rows.tobytes() + _TRAILER)
        )


def places(of: Column, ids: Column) -> npt.NDArray[np.int64]:
    """The position of each of `of` in `ids` (distinct, in any order), or -1 where it is missing.

    Uses a lookup table where the ids are close together, and a binary search otherwise.
    """
    if not len(ids) or not len(of):
        return np.full(len(of), -1, dtype=np.int64)
    first, last = int(ids.min()), int(ids.max())
    if last - first < _CLOSE * len(ids):
        table = np.full(last - first + 2, -1, dtype=np.int64)
        table[ids - first] = np.arange(len(ids))
        return np.asarray(table[np.where((of >= first) & (of <= last), of - first, -1)])
    order = np.argsort(ids)
    at = order[np.minimum(np.searchsorted(ids, of, sorter=order), len(ids) - 1)]
    return np.where(ids[at] == of, at, -1)
