"""Tables as numpy columns, by binary COPY in both directions (measured: docs/performance.md).

A column is named by a one-letter kind: `i` int4, `l` int8, `d` float8, `b` boolean. Everything is NOT NULL; whoever
writes a query gives the value that stands for "nothing".
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

Column = npt.NDArray[Any]

_WIRE = {"i": (">i4", 4, "int4"), "l": (">i8", 8, "int8"), "d": (">f8", 8, "float8"), "b": ("u1", 1, "bool")}
_NATIVE = {"i": np.int32, "l": np.int64, "d": np.float64, "b": np.bool_}
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def _record(kinds: str) -> np.dtype[Any]:
    """One row on the wire: the number of fields, then length and value of each."""
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for position, kind in enumerate(kinds):
        layout += [(f"length{position}", ">i4"), (f"value{position}", _WIRE[kind][0])]
    return np.dtype(layout)


def read(columns: Mapping[str, tuple[str, str]], source: str, parameters: tuple[Any, ...] = ()) -> dict[str, Column]:
    """The rows of `source` (what follows FROM) as one array a column; `columns` maps a name to (kind, SQL
    expression).
    """
    kinds = "".join(kind for kind, _sql in columns.values())
    wanted = ", ".join(f"({sql})::{_WIRE[kind][2]}" for kind, sql in columns.values())
    with connection.cursor() as cursor:
        query = cursor.mogrify(f"SELECT {wanted} FROM {source}", parameters).decode()  # noqa: S608 -- the caller's own SQL
        buffer = io.BytesIO()
        cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT binary)", buffer)
    rows = np.frombuffer(buffer.getbuffer()[len(_HEADER) : -len(_TRAILER)], dtype=_record(kinds))
    return {name: rows[f"value{at}"].astype(_NATIVE[kind]) for at, (name, (kind, _sql)) in enumerate(columns.items())}


def write(table: str, columns: Mapping[str, tuple[str, Column]]) -> None:
    """Appends rows to `table` by COPY; `columns` maps a column's name to (kind, values), all of one length. The
    columns of the table have the very types of the kinds."""
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
