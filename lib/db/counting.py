"""Counts with an upper limit: no page counts a hundred thousand rows only to say that there are many."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

MANY = 1_000
"""The limit of a count."""


class CappedCount(Subquery):
    """The number of rows of a query, at most `most` + 1, as a subquery. `capped_count` counts on its own."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], most: int | None = None) -> None:
        super().__init__(rows.order_by().values("pk")[: (most or MANY) + 1])


def capped_count(rows: QuerySet[Any]) -> int:
    """At most MANY + 1."""
    return rows.order_by()[: MANY + 1].count()
