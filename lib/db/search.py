"""Text search in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import F, FloatField, Func, Lookup, Q, Value

from lib.db.folding import folded

TRIGRAM = 3


class _Like(Lookup):
    """`column LIKE pattern`, which can use a trigram index on the column."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_parameters, *right_parameters)


class _Alike(Lookup):
    """`column % text`: enough trigrams in common (pg_trgm.similarity_threshold), found by a trigram index."""

    lookup_name = "alike"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{left} %% {right}", (*left_parameters, *right_parameters)


def is_like(field: str, text: str) -> Q:
    """Matches rows whose `field` is spelled much like `text`, as `folded`; nothing where the text is too short."""
    return Q(_Alike(F(f"{field}__folded"), folded(text))) if is_indexed(text) else Q(pk__in=[])


def likeness(field: str, text: str) -> Func:
    """How much of their trigrams `field` and `text` have in common, from 0 to 1."""
    return Func(F(f"{field}__folded"), Value(folded(text)), function="SIMILARITY", output_field=FloatField())


def is_indexed(text: str) -> bool:
    """Whether a trigram index helps to find `text`: it contains a word of at least three letters."""
    return any(len(word) >= TRIGRAM for word in folded(text).split())


class Unindexed(Func):
    """The same value, hidden from indexes: the planner sorts the rows found instead of scanning a whole index in
    order.
    """

    function = "GREATEST"  # returns its only argument; the planner does not simplify it
    arity = 1


def has_words(field: str, text: str) -> Q:
    """Matches rows whose `field` contains every word of `text`, in any order, as `folded`; % and _ are plain
    characters.
    """
    found = Q()
    for word in folded(text).split():
        escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        found &= Q(_Like(F(f"{field}__folded"), f"%{escaped}%"))
    return found


def contains_words(text: str, words: str) -> bool:
    """As `has_words`, of a text at hand."""
    within = folded(text)
    return all(word in within for word in folded(words).split())
