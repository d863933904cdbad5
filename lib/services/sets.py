"""Edits sets of a row, which are tables of pairs: what a decision cites, who works on an initiative."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Model, QuerySet

from lib.db.triggers import Versioned


def exchange(
    pairs: type[Model], row: Model, column: str, *, before: set[int], after: set[int], of: str = "team"
) -> None:
    """Replaces `before` with `after` in the rows of `pairs` whose column `of` is `row`; other rows do not change."""
    rows: QuerySet[Model] = QuerySet(pairs)
    rows.filter(**{of: row, f"{column}__in": before - after}).delete()
    rows.bulk_create([pairs(**{of: row, f"{column}_id": one}) for one in sorted(after - before)])


def touch(rows: Sequence[Versioned]) -> None:
    """Increments the versions of rows of one model after an edit of rows without a version, as the import does, so that
    concurrent edits of a set are detected. `rows` must be locked.
    """
    for model in {type(row) for row in rows}:
        QuerySet(model).filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1)
    for row in rows:
        row.version += 1
