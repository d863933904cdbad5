"""Counts that stop: a page never counts a hundred thousand rows to say that there are many."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

MANY = 1_000
"""Where a count stops."""


class CappedCount(Subquery):
    """How many rows of a query there are, at most `most` + 1: within another query, or alone through `capped_count`."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], most: int | None = None) -> None:
        super().__init__(rows.order_by().values("pk")[: (most or MANY) + 1])


def capped_count(rows: QuerySet[Any]) -> int:
    """At most MANY + 1."""
    return rows.order_by()[: MANY + 1].count()
