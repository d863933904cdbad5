"""Field types and table constraints shared by every model: what a text may hold is said once, for forms, import and
database alike.

The limits are those of spec/bundle.md, *Limits*. A constraint that a helper returns carries the name
`<table>_<field>_<rule>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from lib.services.dates import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
    _TextField = models.TextField[str, str]
    _DecimalField = models.DecimalField[Decimal, Decimal]
else:
    _CharField, _TextField, _DecimalField = models.CharField, models.TextField, models.DecimalField

KEY_PATTERN = r"[a-z0-9][a-z0-9-]*"
KEY_LIMIT, NAME_LIMIT, UNIT_LIMIT, SENTENCE_LIMIT, URL_LIMIT, EMAIL_LIMIT = 80, 200, 40, 1_000, 2_000, 254
LINES_LIMIT, MARKDOWN_LIMIT = 2_000, 50_000
MEASURE_LIMIT = "999999999999999.999999"
CONTROL_CHARACTERS = r"[\x01-\x1f\x7f-\x9f]"
SOMETHING = r"[^\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""What is no white space in any locale: to C.UTF-8 of Debian's C library NO-BREAK SPACE, for one, is not in \\s."""

key_validator = RegexValidator(
    rf"\A{KEY_PATTERN}\Z", "Use lower-case letters, digits and hyphens, starting with a letter or digit."
)
one_line_validator = RegexValidator(
    CONTROL_CHARACTERS, "Keep this on one line, without control characters.", inverse_match=True
)


class _Plain:
    """In migrations these are Django's own fields: a migration keeps the schema and imports nothing of ours."""

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _path, args, options = super().deconstruct()  # type: ignore[misc]
        options.pop("validators", None)
        plain = next(base for base in type(self).__mro__ if base.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, options


class KeyField(_Plain, _CharField):
    """The slug by which URLs, the bundle and the API name a row: unique, at most 80 characters."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"max_length": KEY_LIMIT, "unique": True, "validators": [key_validator]} | options
        super().__init__(**settings)


class LineField(_Plain, _CharField):
    """One line without control characters; '' where nothing is said."""

    def __init__(self, limit: int = NAME_LIMIT, **options: Any) -> None:
        settings: dict[str, Any] = {"max_length": limit, "validators": [one_line_validator]} | options
        super().__init__(**settings)


class LinesField(_Plain, _TextField):
    """Several lines (Markdown where the limit is 50,000); '' where nothing is said."""

    def __init__(self, limit: int = MARKDOWN_LIMIT, **options: Any) -> None:
        self.limit = limit
        settings: dict[str, Any] = {"blank": True, "default": "", "validators": [MaxLengthValidator(limit)]} | options
        super().__init__(**settings)


class ShareField(_Plain, _DecimalField):
    """A part of one whole in millionths, 0..1 (or above 0, as the table's constraint says)."""

    def __init__(self, **options: Any) -> None:
        bounds = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]
        settings: dict[str, Any] = {"max_digits": 7, "decimal_places": 6, "validators": bounds} | options
        super().__init__(**settings)


class MeasureField(_Plain, _DecimalField):
    """Up to 15 digits before and 6 after the point."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"max_digits": 21, "decimal_places": 6} | options
        super().__init__(**settings)


def slug_key(table: str) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(key__regex=rf"^{KEY_PATTERN}$"),
        name=f"{table}_key_slug",
        violation_error_message=key_validator.message,
    )


def filled(table: str, field: str) -> CheckConstraint:
    """Not blank: something besides white space."""
    return CheckConstraint(
        condition=Q(**{f"{field}__regex": SOMETHING}),
        name=f"{table}_{field}_filled",
        violation_error_message=f"Give a {field}.",
    )


def one_line(table: str, *fields: str) -> list[CheckConstraint]:
    message = str(one_line_validator.message)
    return [
        CheckConstraint(
            condition=~Q(**{f"{field}__regex": CONTROL_CHARACTERS}),
            name=f"{table}_{field}_one_line",
            violation_error_message=message,
        )
        for field in fields
    ]


def at_most(table: str, limit: int, *fields: str) -> list[CheckConstraint]:
    """`fields` hold at most `limit` characters (code points)."""
    return [
        CheckConstraint(
            condition=LessThanOrEqual(Length(F(field)), limit),
            name=f"{table}_{field}_limit",
            violation_error_message=f"Use at most {limit:,} characters.",
        )
        for field in fields
    ]


def nothing_or_something(table: str, *fields: str) -> list[CheckConstraint]:
    """A blank text is stored as '': whoever asks whether something was said compares with it."""
    return [
        CheckConstraint(
            condition=Q(**{field: ""}) | Q(**{f"{field}__regex": SOMETHING}), name=f"{table}_{field}_not_blank"
        )
        for field in fields
    ]


def one_of(table: str, field: str, choices: Iterable[str]) -> CheckConstraint:
    return CheckConstraint(condition=Q(**{f"{field}__in": list(choices)}), name=f"{table}_{field}_known")


def in_order(table: str) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=f"{table}_dates_in_order",
        violation_error_message="The end must not be before the start.",
    )


def between(table: str, field: str, low: str | int, high: str | int, *, above: bool = False) -> CheckConstraint:
    """`low` ≤ field ≤ `high`; with `above`, the lower bound itself is refused. NULL passes."""
    bound = f"{field}__gt" if above else f"{field}__gte"
    return CheckConstraint(
        condition=Q(**{bound: Decimal(low), f"{field}__lte": Decimal(high)}), name=f"{table}_{field}_range"
    )


def measured(table: str, *fields: str) -> list[CheckConstraint]:
    """`fields` hold numbers within MEASURE_LIMIT: their type alone would let NaN pass."""
    return [between(table, field, f"-{MEASURE_LIMIT}", MEASURE_LIMIT) for field in fields]


def days(table: str, *fields: str) -> list[CheckConstraint]:
    """`fields` hold days of 1970 to 2100: their type alone would let infinity pass. NULL passes."""
    return [
        CheckConstraint(
            condition=Q(**{f"{field}__gte": FIRST_DAY, f"{field}__lte": LAST_DAY}),
            name=f"{table}_{field}_day",
            violation_error_message="Give a day of the years 1970 to 2100.",
        )
        for field in fields
    ]
