"""SQL with names from exchange.bundle.columns: constants of ours, never input from a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

Rows = list[tuple[Any, ...]]


def run(text: str, *parameters: Any, **names: str) -> int:
    """Runs one statement with `names` filled into its braces; returns the number of rows affected."""
    with connection.cursor() as cursor:
        cursor.execute(text.format(**names), parameters or None)
        return int(cursor.rowcount)


def rows(text: str, *parameters: Any, **names: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(text.format(**names), parameters or None)
        return list(cursor.fetchall())


def values(text: str, *parameters: Any, **names: str) -> Iterator[Any]:
    """The only column of the result."""
    return (row[0] for row in rows(text, *parameters, **names))


def literal(text: str) -> str:
    """`text`, one of our own constants, as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
