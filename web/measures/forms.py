"""Forms of measures and their check-ins."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Lines
from lib.forms.pages import VersionedForm
from lib.text.numbers import MINUS, SPACE, plain


class NumberField(forms.DecimalField):
    """Accepts numbers as pages show them: with spaces between thousands and a minus sign."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=21, decimal_places=6, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        self.error_messages["invalid"] = "Give a number, written like 1250.5."

    def prepare_value(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace(" ", "").replace(SPACE, "").replace(MINUS, "-")
        return super().to_python(value)


class MeasureForm(forms.Form):
    title = forms.CharField(
        label="What is measured",
        max_length=fields.NAME_LIMIT,
        validators=[fields.one_line_validator],
        help_text="As in “Customers who come back within a month”.",
    )
    unit = forms.CharField(
        label="Unit",
        max_length=fields.UNIT_LIMIT,
        validators=[fields.one_line_validator],
        required=False,
        help_text="As in “%”, “days”, “a month”.",
    )
    baseline = NumberField(label="From", help_text="Where it stood when the goal began.")
    target = NumberField(label="To", help_text="Where it stands when the goal is reached.")


class NewMeasureForm(MeasureForm):
    current = NumberField(label="Value now", required=False, help_text="Left empty, it stands where it began.")


class MeasureEditForm(MeasureForm, VersionedForm):
    pass


class CheckInForm(VersionedForm):
    current = NumberField(label="Value now")
    note = Lines(
        label="Note",
        max_length=fields.LINES_LIMIT,
        required=False,
        rows=3,
        help_text="What you make of it: what moved it, or what is in the way.",
    )
