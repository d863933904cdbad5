"""Counts the queries of a page that may compute an effect, and the rows that queries read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

READING = "COPY "
"""What an effect reads the whole company with, however large it is: counted as one."""
FRAMES = ("SAVEPOINT ", "RELEASE ", "ROLLBACK TO ")
"""What begins and ends a transaction within the test's, and asks for nothing."""


def counted(seen: CaptureQueriesContext) -> int:
    asked = [query["sql"] for query in seen if not query["sql"].startswith(FRAMES)]
    read = [sql for sql in asked if sql.startswith(READING)]
    assert len(read) in {0, 9}
    return len(asked) - len(read) + bool(read)


def rows_read(seen: Iterable[Any], table: str) -> int:
    """How many rows of `table` PostgreSQL looks at for the queries that were seen, those it leaves out again too."""
    plans = []
    with connection.cursor() as cursor:
        for query in [query["sql"] for query in seen if not query["sql"].startswith((READING, *FRAMES))]:
            cursor.execute("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, FORMAT JSON) " + query)
            plans.append(cursor.fetchone()[0][0]["Plan"])
    return sum(_read(plan, table) for plan in plans)


def _read(plan: dict[str, Any], table: str) -> int:
    own = 0
    if plan.get("Relation Name") == table:
        own = round((plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"])
    return own + sum(_read(below, table) for below in plan.get("Plans", ()))
