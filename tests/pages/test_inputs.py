"""Every number and every line of text that a form takes is typed in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django import forms

from lib.db.fields import one_direction_validator
from lib.forms.inputs import Line, Lines, Number

ROOT = Path(__file__).parents[2]


def all_forms(base: type[forms.Form] = forms.Form) -> Iterator[type[forms.Form]]:
    for form in base.__subclasses__():
        yield form
        yield from all_forms(form)


def own_forms() -> list[type[forms.Form]]:
    for path in [*ROOT.glob("web/*/*forms.py"), *ROOT.glob("web/*forms.py"), *ROOT.glob("accounts/*forms.py")]:
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [form for form in all_forms() if form.__module__.split(".")[0] in {"web", "accounts", "lib", "digest"}]


SIGNED = {"baseline", "target", "current", "expected_change"}
"""They may be negative, and the decimal keypad of the iPhone has no minus."""


def test_number_of_a_form_is_a_text_field_with_a_decimal_keypad() -> None:
    seen = set()
    for form in own_forms():
        for name, field in form.base_fields.items():
            if isinstance(field, forms.IntegerField) and not isinstance(field.widget, forms.HiddenInput):
                assert isinstance(field, Number), (form, name)
                assert type(field.widget) is forms.TextInput, (form, name)
                keypad = "text" if name in SIGNED else "decimal"
                assert field.widget.attrs["inputmode"] == keypad, (form, name)
                seen.add(name)
            assert not isinstance(field.widget, forms.NumberInput), (form, name)
    assert seen >= {"weight", "effort", "share", "baseline", "target", "current", "expected_change"}


def test_text_of_a_form_is_refused_where_it_shows_nothing_or_turns_the_text_around() -> None:
    texts = 0
    for form in own_forms():
        for name, field in form.base_fields.items():
            if isinstance(field, forms.EmailField):
                continue  # addresses have a shape of their own
            if type(field.widget) in (forms.TextInput, forms.Textarea) and not isinstance(field, Number):
                assert isinstance(field, Line | Lines), (form, name)
                texts += 1
            if isinstance(field, forms.URLField):
                assert one_direction_validator in field.validators, (form, name)
    assert texts > 20
