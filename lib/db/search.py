"""Searching texts in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, Lookup, Q

TRIGRAM = 3


class _ILike(Lookup):
    """`column ILIKE pattern`, which a trigram index on the column serves (`icontains` compares UPPER of the column)."""

    lookup_name = "ilike"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", (*left_parameters, *right_parameters)


def is_indexed(text: str) -> bool:
    """Whether a trigram index helps to find `text`: it has a word of three letters or more."""
    return any(len(word) >= TRIGRAM for word in text.split())


class Unindexed(Func):
    """The same value, which no index orders: what a search has found is sorted, instead of found by walking a whole
    index in its order.
    """

    function = "GREATEST"  # of one argument, which the planner does not see through
    arity = 1


def has_words(field: str, text: str) -> Q:
    """Rows whose `field` has every word of `text` in it, in any case and order; % and _ are plain characters."""
    found = Q()
    for word in text.split():
        escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        found &= Q(_ILike(F(field), f"%{escaped}%"))
    return found
