"""SQL with names from exchange.bundle.format.contents: constants of ours, never input from a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from exchange.bundle.problems import COUNTED

Rows = list[tuple[Any, ...]]
AT_ONCE = 2_000
FOUND = 2 * COUNTED
"""Each may be reported, or skipped because something else about it was."""


def run(text: str, *parameters: Any, **names: str) -> int:
    """Runs one statement with `names` filled into its braces; returns the number of rows affected."""
    with connection.cursor() as cursor:
        cursor.execute(text.format(**names), parameters or None)
        return int(cursor.rowcount)


def rows(text: str, *parameters: Any, **names: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(text.format(**names), parameters or None)
        return list(cursor.fetchall())


def streamed(text: str, **names: str) -> Iterator[tuple[Any, ...]]:
    """Rows of which there may be as many as there is work: never all of them in memory."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(text.format(**names))
        while some := cursor.fetchmany(AT_ONCE):
            yield from some


def found(text: str, *parameters: Any, **names: str) -> Rows:
    """Rows of a bundle that break a rule: no more than there can be problems, as all of them are in memory."""
    return rows(f"{text} LIMIT {FOUND}", *parameters, **names)


def values(text: str, *parameters: Any, **names: str) -> Iterator[Any]:
    """The only column of the result."""
    return (row[0] for row in rows(text, *parameters, **names))


def literal(text: str) -> str:
    """`text`, one of our own constants, as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
