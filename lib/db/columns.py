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
_NATIVE = {"i": np.int32, "l": np.int64, "d": np.float64, "b": np.bool_, "c": np.int8}
_SMALL = "bc"
_BYTES = 8
_CLOSE = 8
_CHUNK, _BLOCK = 20_000, 1_000_000
"""Rows that are made columns, or bytes that are sent, at once."""
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
        name: next(values).astype(_NATIVE[kind], copy=False)
        for name, (kind, _sql) in columns.items()
        if name not in small
    }
    for names in packs:
        share = next(values).astype(np.dtype("<i8"), copy=False).view(np.uint8).reshape(-1, _BYTES)
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


class _Received(io.RawIOBase):
    """Takes a binary COPY as it arrives, and keeps its rows column by column: what has arrived as bytes is never whole
    in memory (measured: half of what a million initiatives need).
    """

    def __init__(self, record: np.dtype[Any], kinds: Sequence[str]) -> None:
        self._record, self._pending, self._begun = record, bytearray(), False
        self._parts: list[list[Column]] = [[] for _kind in kinds]

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pending += data
        if not self._begun and len(self._pending) >= len(_HEADER):
            del self._pending[: len(_HEADER)]
            self._begun = True
        if len(self._pending) >= _CHUNK * self._record.itemsize:
            self._take()
        return len(data)

    def _take(self) -> None:
        count = len(self._pending) // self._record.itemsize
        rows = np.frombuffer(bytes(self._pending[: count * self._record.itemsize]), dtype=self._record)
        for at, parts in enumerate(self._parts):
            value = rows[f"value{at}"]
            parts.append(value.astype(value.dtype.newbyteorder("=")))
        del self._pending[: count * self._record.itemsize]

    def columns(self) -> list[Column]:
        """All rows; the parts of a column are let go as it is made."""
        self._take()
        return [_joined(self._parts.pop(0)) for _ in range(len(self._parts))]


def _joined(parts: list[Column]) -> Column:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _copied(wanted: Sequence[tuple[str, str]], source: str, parameters: tuple[Any, ...]) -> list[Column]:
    expressions = ", ".join(f"({sql})::{_WIRE[kind][2]}" for kind, sql in wanted)
    kinds = [kind for kind, _sql in wanted]
    received = _Received(_record("".join(kinds)), kinds)
    buffer = io.BufferedWriter(received, _BLOCK)  # psycopg2 writes row by row
    with connection.cursor() as cursor:
        query = cursor.mogrify(f"SELECT {expressions} FROM {source}", parameters).decode()  # noqa: S608 -- the caller's own SQL
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer)
    buffer.flush()
    return received.columns()


class _Sent(io.RawIOBase):
    """The rows of a binary COPY, made as they are asked for."""

    def __init__(self, columns: Mapping[str, tuple[str, Column]]) -> None:
        self._columns = list(columns.values())
        self._record = _record("".join(kind for kind, _values in self._columns))
        self._count, self._at, self._ready = len(self._columns[0][1]), 0, memoryview(_HEADER)
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._ready and not self._ended:
            self._ready = memoryview(self._next())
        taken = min(len(buffer), len(self._ready))
        buffer[:taken] = self._ready[:taken]
        self._ready = self._ready[taken:]
        return taken

    def _next(self) -> bytes:
        if self._at >= self._count:
            self._ended = True
            return _TRAILER
        part = slice(self._at, self._at + _CHUNK)
        rows = np.empty(len(self._columns[0][1][part]), dtype=self._record)
        rows["fields"] = len(self._columns)
        for position, (kind, values) in enumerate(self._columns):
            rows[f"length{position}"], rows[f"value{position}"] = _WIRE[kind][1], values[part]
        self._at += _CHUNK
        return rows.tobytes()


def write(table: str, columns: Mapping[str, tuple[str, Column]]) -> None:
    """Appends rows to `table` by COPY; `columns` maps a column's name to (kind, values), all of the same length. The
    table's column types must match the kinds exactly.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)", _Sent(columns), _BLOCK)


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
