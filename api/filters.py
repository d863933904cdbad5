"""Filters of a list by its columns. An invalid value is refused with an error, never ignored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, Filter
from django_filters.rest_framework.filterset import FilterSet
from drf_spectacular.utils import extend_schema_field

from lib.db.fields import EMAIL_LIMIT, KEY_LIMIT, KEY_PATTERN, NAME_LIMIT, URL_LIMIT, KeyField, key_validator
from lib.db.search import has_words
from lib.services.dates import parse_day
from lib.services.keys import has_key

NUMBER_LIMIT, NUMBER_PLACES = 10**15, 9
COMPARED = ["exact", "gte", "lte"]
"""The lookups of days and numbers: equal, from (`__gte`), up to (`__lte`)."""
KEY_SCHEMA = {"type": "string", "pattern": f"^{KEY_PATTERN}$", "maxLength": KEY_LIMIT}
DAY_SCHEMA = {"type": "string", "format": "date", "pattern": r"^(19[7-9]\d|20\d\d|2100)-\d\d-\d\d$"}


class _DayField(forms.Field):
    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        try:
            return parse_day(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class _NumberField(forms.DecimalField):
    """Accepts more than a column can store: rounds to NUMBER_PLACES, so that no exponent is too much for the
    database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"min_value": -NUMBER_LIMIT, "max_value": NUMBER_LIMIT})

    def clean(self, value: Any) -> Decimal | None:
        number: Decimal | None = super().clean(value)
        return None if number is None else round(number, NUMBER_PLACES)


@extend_schema_field(DAY_SCHEMA)
class DayFilter(Filter):
    field_class = _DayField


@extend_schema_field({"type": "number", "minimum": -NUMBER_LIMIT, "maximum": NUMBER_LIMIT})
class NumberFilter(Filter):
    field_class = _NumberField


@extend_schema_field(KEY_SCHEMA)
class KeyFilter(CharFilter):
    """Filters by key; an unknown key gives an empty list."""

    def __init__(self, field_name: str | None = None, lookup_expr: str | None = None, **options: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            field_name, lookup_expr, max_length=KEY_LIMIT, validators=[key_validator], **options
        )


class VisibleKeyFilter(KeyFilter):
    """Filters by the key of a related row; one that the person may not see is treated as if it did not exist.

    `field_name` leads to the row; `rows` is its manager, whose `visible_to` decides.
    """

    def __init__(self, field_name: str, rows: Any) -> None:
        self.rows = rows
        super().__init__(field_name)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        person = self.parent.request.user  # type: ignore[attr-defined]
        found = self.rows.visible_to(person).filter(has_key(self.rows.model, value))
        return qs.filter(**{f"{self.field_name}__in": found})


@extend_schema_field({"type": "string", "maxLength": EMAIL_LIMIT})
class OwnerFilter(CharFilter):
    """Filters by e-mail address, ignoring case."""

    def __init__(self, field_name: str) -> None:
        super().__init__(f"{field_name}__email", "iexact", max_length=EMAIL_LIMIT)  # type: ignore[no-untyped-call]


@extend_schema_field({"type": "string", "maxLength": NAME_LIMIT})
class WordsFilter(CharFilter):
    """Matches texts that contain every word, in any order and case."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name, max_length=NAME_LIMIT)  # type: ignore[no-untyped-call]

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(has_words(self.field_name, value)) if value else qs


@extend_schema_field({"type": "string", "maxLength": NAME_LIMIT})
class LabelFilter(CharFilter):
    """Filters rows with `label_list` by one label, in any case."""

    def __init__(self) -> None:
        super().__init__("labels", max_length=NAME_LIMIT)  # type: ignore[no-untyped-call]

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(label_list__contains=[value.lower()]) if value else qs


@extend_schema_field({"type": "string", "maxLength": URL_LIMIT})
class TextFilter(CharFilter):
    """Filters by the exact text."""


VERY_TEXT = {"max_length": URL_LIMIT, "strip": False}


class ColumnFilters(FilterSet):
    """Columns named in `Meta.fields` get the filter of their type; one with choices lists them in its error."""

    FILTER_DEFAULTS: dict[type, Any] = {
        KeyField: {"filter_class": KeyFilter},
        models.CharField: {"filter_class": TextFilter, "extra": lambda _field: VERY_TEXT},
        models.DateField: {"filter_class": DayFilter},
        models.DecimalField: {"filter_class": NumberFilter},
    }

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        if not field.choices:
            return super().filter_for_lookup(field, lookup_type)  # type: ignore[no-untyped-call]
        message = f"Choose one of: {', '.join(value for value, _label in field.choices)}."
        return ChoiceFilter, {"choices": field.choices, "error_messages": {"invalid_choice": message}}
