"""Edits sets of a row: the goals of a team's mission and its personas, what a decision or a goal cites."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model, QuerySet

from lib.db.triggers import Versioned
from lib.log.values import Pairs
from teams.models import Person

GONE = "Something you chose is no longer here. Choose among what is."


def exchange(
    pairs: type[Model], row: Model, column: str, *, before: set[int], after: set[int], of: str = "team"
) -> None:
    """Replaces `before` with `after` in the rows of `pairs` whose column `of` is `row`; other rows do not change."""
    rows: QuerySet[Model] = QuerySet(pairs)
    rows.filter(**{of: row, f"{column}__in": before - after}).delete()
    rows.bulk_create([pairs(**{of: row, f"{column}_id": one}) for one in sorted(after - before)])


def cite(
    row: Model,
    of: str,
    pairs: Mapping[str, tuple[type[Model], str]],
    wanted: Mapping[str, Collection[Any]],
    actor: Person,
) -> Pairs:
    """Has `row`, in the column `of` of `pairs`, cite just what is `wanted`; both by field, `pairs` with the column of
    what is cited. Returns the changes for the log. One query for each field, and raises ValidationError by field.
    """
    changes: Pairs = {}
    for name, (model, column) in pairs.items():
        rows: QuerySet[Model] = QuerySet(model)
        before: set[int] = set(rows.filter(**{of: row}).values_list(f"{column}_id", flat=True))
        after = {each.pk for each in wanted[name]}
        check_there(name, wanted[name], actor)
        if before != after:
            exchange(model, row, column, of=of, before=before, after=after)
            changes[name] = [sorted(before), sorted(after)]
    return changes


def touch(rows: Sequence[Versioned]) -> None:
    """Increments the versions of rows of one model after an edit of rows without a version, as the import does, so that
    concurrent edits of a set are detected. `rows` must be locked.
    """
    for model in {type(row) for row in rows}:
        QuerySet(model).filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1)
    for row in rows:
        row.version += 1


def check_there(field: str, rows: Collection[Any], reader: Person) -> None:
    """Raises ValidationError for `field` unless all `rows`, of one model, are there and `reader` may see them."""
    ids = {row.pk for row in rows}
    for model in {type(row) for row in rows}:
        if model.objects.visible_to(reader).filter(pk__in=ids).count() != len(ids):
            raise ValidationError({field: GONE})
