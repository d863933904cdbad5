"""Forms of measures and their check-ins."""

from __future__ import annotations

from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Line, Lines, Number
from lib.forms.pages import VersionedForm


def measured(**options: Any) -> Number:
    """A value of a measure, with as many digits as are kept."""
    return Number(signed=True, max_digits=21, decimal_places=6, **options)


class MeasureForm(forms.Form):
    title = Line(
        label="What is measured",
        max_length=fields.NAME_LIMIT,
        help_text="As in “Customers who come back within a month”.",
    )
    unit = Line(
        label="Unit",
        max_length=fields.UNIT_LIMIT,
        required=False,
        help_text="As in “%”, “days”, “a month”.",
    )
    baseline = measured(label="From", help_text="Where it stood when the goal began.")
    target = measured(label="To", help_text="Where it stands when the goal is reached.")


class NewMeasureForm(MeasureForm):
    current = measured(label="Value now", required=False, help_text="Left empty, it stands where it began.")


class MeasureEditForm(MeasureForm, VersionedForm):
    merges = True


class CheckInForm(VersionedForm):
    current = measured(label="Value now")
    note = Lines(
        label="Note",
        max_length=fields.LINES_LIMIT,
        required=False,
        rows=3,
        help_text="What you make of it: what moved it, or what is in the way.",
    )
