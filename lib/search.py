"""Searching texts in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Lookup, Q


class _ILike(Lookup):
    """`column ILIKE pattern`, which a trigram index on the column serves (`icontains` compares UPPER of the column)."""

    lookup_name = "ilike"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", (*left_parameters, *right_parameters)


def has_words(field: str, text: str) -> Q:
    """Rows whose `field` has every word of `text` in it, in any case and order; % and _ are plain characters."""
    found = Q()
    for word in text.split():
        escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        found &= Q(_ILike(F(field), f"%{escaped}%"))
    return found
