"""Counts the queries of a page that may compute an effect."""

from __future__ import annotations

from django.test.utils import CaptureQueriesContext

READING = ("COPY ", "SAVEPOINT ", "RELEASE ")
"""What an effect reads the whole company with, however large it is: counted as one."""


def counted(seen: CaptureQueriesContext) -> int:
    asked = [query["sql"] for query in seen]
    read = [sql for sql in asked if sql.startswith(READING)]
    assert len(read) in {0, 11}
    return len(asked) - len(read) + bool(read)
