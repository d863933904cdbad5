"""Shared form fields and widgets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from lib.db import fields
from lib.text.clean import tidy
from lib.text.numbers import typable
from lib.text.typed import NotANumberError, TwoReadingsError, readings, typed_number


class Line(forms.CharField):
    """One line without control characters; what shows nothing is blank."""

    default_validators = [fields.one_line_validator, fields.one_direction_validator]

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": forms.TextInput({"autocomplete": "off"}), **options})

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class Lines(forms.CharField):
    """Several lines. Browsers send each line end as two characters; it counts as one, as it is stored."""

    default_validators = [fields.one_direction_validator]

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(**{"widget": forms.Textarea({"rows": rows}), **options})

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class MarkdownInput(forms.Textarea):
    """A text field with a toolbar and a preview, where scripts run (static/js/editor.js)."""

    template_name = "components/_editor.html"


class Markdown(Lines):
    """Long text. What is typed into its form is kept on the server meanwhile (lib.forms.sending)."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(**{"widget": MarkdownInput({"rows": rows}), "max_length": fields.MARKDOWN_LIMIT, **options})


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


PERCENT_SIGNS = "%\N{ARABIC PERCENT SIGN}\N{FULLWIDTH PERCENT SIGN}"
NO_NUMBER = "Give a number, written like 1250.5."


class Number(forms.DecimalField):
    """A number as people write it (lib/text/typed.py); what may be two numbers is asked about. A `signed` one may be
    negative: the decimal keypad of some telephones has no minus.
    """

    widget = forms.TextInput

    def __init__(self, *, signed: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "text" if signed else "decimal", "autocomplete": "off"}
        self.error_messages["invalid"] = options.get("error_messages", {}).get("invalid", NO_NUMBER)

    def prepare_value(self, value: Any) -> Any:
        return typable(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, (Decimal, int)):
            return super().to_python(value)
        try:
            return typed_number(self.written(str(value)))
        except TwoReadingsError as error:
            places = 6 if self.decimal_places is None else self.decimal_places
            raise forms.ValidationError(readings(error, places), code="two_readings") from error
        except NotANumberError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def written(self, text: str) -> str:
        """The part of what was typed that is the number."""
        return text


class Whole(Number):
    """A whole number, as an int."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"decimal_places": 0, **options})

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number)


class Percent(Number):
    """A percentage, with or without its sign."""

    def written(self, text: str) -> str:
        return text.strip().strip(PERCENT_SIGNS).strip()


@dataclass(frozen=True)
class Option:
    """A choice's label with a sentence below it, and `more` lines."""

    title: str
    hint: str = ""
    more: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.title


class _Options(forms.widgets.ChoiceWidget):
    """The keyboard begins in the first option, if it begins here."""

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(*args, **options)
        if option["index"] != "0":
            option["attrs"].pop("autofocus", None)
        return option


class OneOf(_Options, forms.RadioSelect):
    """Radio buttons; a label may be an Option."""

    template_name = "components/_choices.html"
    option_template_name = "components/_choice.html"


class SomeOf(_Options, forms.CheckboxSelectMultiple):
    """Checkboxes; a label may be an Option."""

    template_name = "components/_choices.html"
    option_template_name = "components/_choice.html"
