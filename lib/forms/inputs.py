"""Shared form fields and widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from lib.services.edits import tidy


class Lines(forms.CharField):
    """Several lines. Browsers send each line end as two characters; it counts as one, as it is stored."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(**{"widget": forms.Textarea({"rows": rows}), **options})

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class Day(forms.DateField):
    """A day, with the browser's date picker."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
                "input_formats": ["%Y-%m-%d"],
                "error_messages": {"invalid": "Give a day, written like 2026-03-31."},
                **options,
            }
        )


@dataclass(frozen=True)
class Option:
    """A choice's label with a sentence below it."""

    title: str
    hint: str = ""

    def __str__(self) -> str:
        return self.title


class OneOf(forms.RadioSelect):
    """Radio buttons; a label may be an Option."""

    template_name = "components/_choices.html"
    option_template_name = "components/_choice.html"


class SomeOf(forms.CheckboxSelectMultiple):
    """Checkboxes; a label may be an Option."""

    template_name = "components/_choices.html"
    option_template_name = "components/_choice.html"
