"""Edits what a decision, a goal or a link cites."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from lib.log.values import Pairs
from lib.services.sets import exchange
from teams.models import Person

GONE = "Something you chose is no longer here. Choose among what is."


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


def check_there(field: str, rows: Collection[Any], reader: Person) -> None:
    """Raises ValidationError for `field` unless all `rows`, of one model, are there and `reader` may see them."""
    ids = {row.pk for row in rows}
    for model in {type(row) for row in rows}:
        if model.objects.visible_to(reader).filter(pk__in=ids).count() != len(ids):
            raise ValidationError({field: GONE})
