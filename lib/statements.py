"""Statements whose answers nobody waits for, sent to the server in one message."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

_kept = threading.local()


def run(sql: str, parameters: Sequence[Any] = ()) -> None:
    """Now, or inside of `together` with the others."""
    statements: list[bytes] | None = getattr(_kept, "statements", None)
    with connection.cursor() as cursor:
        if statements is None:
            cursor.execute(sql, parameters)
        else:
            statements.append(cursor.mogrify(sql, parameters))


def ask(sql: str, parameters: Any = ()) -> Any:
    """The one value that `sql` answers with, asked in one message with what was kept so far, and after it."""
    statements: list[bytes] = getattr(_kept, "statements", None) or []
    with connection.cursor() as cursor:
        statements.append(cursor.mogrify(sql, parameters))
        cursor.execute(b";".join(statements).decode())
        statements.clear()
        (answer,) = cursor.fetchone()
    return answer


def flush() -> None:
    """What was kept so far, in its order; before anything that has to come after it."""
    statements: list[bytes] | None = getattr(_kept, "statements", None)
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(b";".join(statements).decode())
        statements.clear()


@contextmanager
def together() -> Iterator[None]:
    """Keeps what is run inside and sends it at the end; where something is raised inside, nothing of what is kept is
    sent."""
    _kept.statements = []
    try:
        yield
        flush()
    finally:
        _kept.statements = None
