"""Values of fields as the log keeps them, in JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db.models import DecimalField, Model

Pairs = dict[str, list[Any]]
"""What changed: by the name of the field, its value before and after, as `stored` has them."""


def stored(field: Any, value: Any) -> Any:
    """`value` of a model's `field` as Django serialises it: numbers and texts as they are, decimals, days and instants
    as text, another row as its id, several as their sorted ids. Equal decimals have equal texts.
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
    """The value of `field` that `stored` made `value` of; of another row the id."""
    if value is None or field.many_to_many:
        return value
    return restored(field.target_field, value) if field.is_relation else field.to_python(value)


def values_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """Of these fields of `row` the values as the log keeps them; no query."""
    fields: list[Any] = [row._meta.get_field(name) for name in names]
    return {field.name: stored(field, field.value_from_object(row)) for field in fields}


def changed(row: Model, before: Mapping[str, Any]) -> Pairs:
    """Those of the fields in `before` (from `values_of`) that have another value now."""
    after = values_of(row, before)
    return {name: [value, after[name]] for name, value in before.items() if value != after[name]}


def made(row: Model) -> Pairs:
    """What a row that is new says: each field that people set and that has a value, with nothing before."""
    return {name: [None, value] for name, value in values_of(row, _told(row)).items() if value not in (None, "")}


def removed(row: Model) -> Pairs:
    """What a row that goes said, with nothing after: as `made`, so that it can be made again."""
    return {name: [value, None] for name, [_none, value] in made(row).items()}


def _told(row: Model) -> list[str]:
    return [field.name for field in row._meta.concrete_fields if field.editable and not field.primary_key]
