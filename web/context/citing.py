"""The part of a form that cites pages of the business context and personas."""

from __future__ import annotations

from typing import Any

from django import forms

from lib.forms.inputs import Option, SomeOf
from lib.forms.pages import VersionedForm
from lib.text.names import choices_apart
from strategy.selectors.citations import Cited

GONE = "Something you chose is no longer here. Choose among what is."


def several(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=SomeOf(), error_messages={"invalid_choice": GONE}
    )


class CitingFields(forms.Form):
    """Offers all pages and personas of `offered`."""

    personas = several("Customers it is about")
    pages = several("Business context that it rests on")

    def __init__(self, *args: Any, offered: Cited, **options: Any) -> None:
        super().__init__(*args, **options)
        self._offer("pages", {row.key: row.title for row in offered.pages}, "Nobody has written such a page yet.")
        self._offer("personas", {row.key: row.name for row in offered.personas}, "Nobody has described one yet.")

    def _offer(self, name: str, names: dict[str, str], nothing: str) -> None:
        field: Any = self.fields[name]
        field.choices = [(key, Option(label)) for key, label in choices_apart(names)]
        if not names:
            field.help_text = nothing


class CitingForm(CitingFields, VersionedForm):
    """About a row that is there."""


def chosen_in(form: forms.Form, offered: Cited) -> dict[str, list[Any]]:
    """The rows that a valid form chose, by field."""
    return {
        name: [row for row in getattr(offered, name) if row.key in form.cleaned_data[name]]
        for name in ("pages", "personas")
    }
