"""Field types and table constraints shared by all models, so that forms, imports and the database apply the same rules.

The limits come from spec/bundle.md, *Limits*. Each constraint is named `<table>_<field>_<rule>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from lib.services.dates import FIRST_DAY, LAST_DAY
from lib.text.clean import bidi_control, normal, shows_nothing

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
"""Any character that no locale counts as white space. \\s is not enough: with Debian's C.UTF-8 it misses NO-BREAK
SPACE.
"""

key_validator = RegexValidator(
    rf"\A{KEY_PATTERN}\Z", "Use lower-case letters, digits and hyphens, starting with a letter or digit."
)
one_line_validator = RegexValidator(
    CONTROL_CHARACTERS, "Keep this on one line, without control characters.", inverse_match=True
)


def one_direction_validator(text: str) -> None:
    if found := bidi_control(text):
        raise ValidationError(
            f"There is an invisible character that turns the text around ({found}). Remove it, or type the text anew.",
            code="bidi_control",
        )


class _Plain:
    """Migrations refer to Django's own field class instead, so that they import no app code."""

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _path, args, options = super().deconstruct()  # type: ignore[misc]
        options.pop("validators", None)
        plain = next(base for base in type(self).__mro__ if base.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, options


class KeyField(_Plain, _CharField):
    """The slug that identifies a row in URLs, the bundle and the API: unique, at most 80 characters."""

    def __init__(self, **options: Any) -> None:
        settings: dict[str, Any] = {"max_length": KEY_LIMIT, "unique": True, "validators": [key_validator]} | options
        super().__init__(**settings)


class FirstKeyField(KeyField):
    """The key that a row was made with while not everybody might see it, which cannot be guessed; null for others. It
    is the row's `key` until everybody may see it, and leads to it ever after (lib.http.access).
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"null": True, "blank": True, "editable": False} | options)


class _Text(_Plain):
    """Text in NFC, without bidi controls. A required one shows something."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)  # type: ignore[misc]
        return normal(text) if isinstance(text, str) else text

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate("" if shows_nothing(value) else value, model_instance)  # type: ignore[misc]


class LineField(_Text, _CharField):
    """One line without control characters; '' means empty."""

    def __init__(self, limit: int = NAME_LIMIT, **options: Any) -> None:
        checks = [one_line_validator, one_direction_validator]
        settings: dict[str, Any] = {"max_length": limit, "validators": checks} | options
        super().__init__(**settings)


class LinesField(_Text, _TextField):
    """Several lines (Markdown where the limit is 50,000); '' means empty."""

    def __init__(self, limit: int = MARKDOWN_LIMIT, **options: Any) -> None:
        self.limit = limit
        checks = [MaxLengthValidator(limit), one_direction_validator]
        settings: dict[str, Any] = {"blank": True, "default": "", "validators": checks} | options
        super().__init__(**settings)


class ShareField(_Plain, _DecimalField):
    """A share from 0 to 1 with six decimals; a table constraint may exclude 0."""

    def __init__(self, **options: Any) -> None:
        bounds = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]
        settings: dict[str, Any] = {"max_digits": 7, "decimal_places": 6, "validators": bounds} | options
        super().__init__(**settings)


class MeasureField(_Plain, _DecimalField):
    """Up to 15 digits before the decimal point and 6 after it."""

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
    """Requires a character other than white space."""
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
    """Limits `fields` to `limit` characters (code points)."""
    return [
        CheckConstraint(
            condition=LessThanOrEqual(Length(F(field)), limit),
            name=f"{table}_{field}_limit",
            violation_error_message=f"Use at most {limit:,} characters.",
        )
        for field in fields
    ]


def nothing_or_something(table: str, *fields: str) -> list[CheckConstraint]:
    """Requires blank texts to be stored as '', so that a comparison with '' finds all of them."""
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
    """Limits `fields` to ±MEASURE_LIMIT, because their type alone would accept NaN."""
    return [between(table, field, f"-{MEASURE_LIMIT}", MEASURE_LIMIT) for field in fields]


def days(table: str, *fields: str) -> list[CheckConstraint]:
    """Limits `fields` to the years 1970 to 2100, because their type alone would accept infinity. NULL passes."""
    return [
        CheckConstraint(
            condition=Q(**{f"{field}__gte": FIRST_DAY, f"{field}__lte": LAST_DAY}),
            name=f"{table}_{field}_day",
            violation_error_message="Give a day of the years 1970 to 2100.",
        )
        for field in fields
    ]
