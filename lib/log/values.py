"""Converts field values to the log's JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import DecimalField, Model

Pairs = dict[str, list[Any]]
"""The changes: each field name with its values before and after, as `stored` returns them."""


def stored(field: Any, value: Any) -> Any:
    """Serialises `value` of a model's `field` as Django does: numbers and texts unchanged, decimals, days and instants
    as text, a related row as its id, several as their sorted ids. Equal decimals have equal texts.
    """
    if value is None:
        return None
    if field.many_to_many:
        return sorted(getattr(each, "pk", each) for each in value)
    if field.is_relation:
        return stored(field.target_field, getattr(value, field.target_field.attname, value))
    if isinstance(field, DecimalField):
        return f"{Decimal(value).normalize():f}"
    if isinstance(value, str):
        return str(value)
    return value if isinstance(value, int | float) else field.value_to_string(SimpleNamespace(**{field.attname: value}))


def restored(field: Any, value: Any) -> Any:
    """The inverse of `stored`; a related row stays an id."""
    if value is None or field.many_to_many:
        return value
    return restored(field.target_field, value) if field.is_relation else field.to_python(value)


def values_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """The stored values of these fields of `row`; no query."""
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    return {field.name: stored(field, field.value_from_object(row)) for field in fields}


def changed(row: Model, before: Mapping[str, Any]) -> Pairs:
    """The fields in `before` (from `values_of`) whose values differ now."""
    after = values_of(row, before)
    return {name: [value, after[name]] for name, value in before.items() if value != after[name]}


def made(row: Model) -> Pairs:
    """The changes of a new row: each editable field that has a value, with None before."""
    return {name: [None, value] for name, value in values_of(row, _told(row)).items() if value not in (None, "")}


def removed(row: Model) -> Pairs:
    """The changes of a deleted row: as `made`, with None after, so that it can be restored."""
    return {name: [value, None] for name, [_none, value] in made(row).items()}


def _told(row: Model) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if field.editable and not field.primary_key]
