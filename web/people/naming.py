"""Form fields that take a person by name, and facts that name one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode

from lib.db import fields
from lib.forms.inputs import Line, Lines
from lib.text.isolation import isolated
from lib.text.names import path_of
from teams.models import Person
from teams.selectors.people import named, people_called, teams_of

SHOWN = 5
OFFERS = "data-people"
"""The attribute with the address that offers people."""
NOBODY = "Nobody active here has this name or address. Write it as it is on the people page."


def person_fact(term: str, person: Person | None, nobody: str = "") -> tuple[str, str, str | None]:
    """A row of components/_facts.html that leads to the person."""
    return (term, person.name, path_of("person_detail", person.pk)) if person else (term, nobody, None)


def crumbs_of(person: Person) -> list[tuple[str, str]]:
    """For pages about one person."""
    return [("People", reverse("person_list")), (person.name, person_url(person))]


def person_url(person: Person) -> str:
    return reverse("person_detail", args=[person.pk])


class Picker(forms.TextInput):
    """A text field with room for what it offers."""

    template_name = "components/_picker.html"


class LinesPicker(forms.Textarea):
    """A text field whose lines are offered one by one."""

    template_name = Picker.template_name


def mentioning(field: forms.CharField) -> forms.CharField:
    """`field`, a text that may mention people, with those who may be meant behind an @."""
    field.widget.attrs |= {OFFERS: reverse_lazy("person_suggestions"), "data-mentions": True}
    return field


class PersonField(Line):
    """A name or an e-mail address, cleaned to the one active person it means, or to None where it is blank.

    While somebody types, static/js/people.js offers whom they may mean; without scripts a text that fits several people
    is answered with who they are. `known` is accepted, active or not. `nobody` is the error where
    no one is found.
    """

    known: Person | None = None

    def __init__(self, *, nobody: str = NOBODY, **options: Any) -> None:
        self.nobody = nobody
        attributes = {"autocomplete": "off", "dir": "auto", OFFERS: reverse_lazy("person_suggestions")}
        super().__init__(
            **{
                "label": "Owner",
                "required": False,
                "max_length": fields.NAME_LIMIT + fields.EMAIL_LIMIT + 3,
                "widget": Picker(attributes),
                **options,
            }
        )

    def prepare_value(self, value: Any) -> Any:
        return named(value) if isinstance(value, Person) else value

    def clean(self, value: Any) -> Person | None:
        typed = super().clean(value)
        if not typed:
            return None
        if self.known is not None and typed == named(self.known):
            return self.known
        found = people_called(typed, limit=SHOWN + 1)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(self.nobody)
        shown = ", ".join(_told_apart(person) for person in found[:SHOWN])
        more = " and others" if len(found) > SHOWN else ""
        raise forms.ValidationError(f"Several people fit: {shown}{more}. Write the e-mail address of the one you mean.")


class PeopleField(Lines):
    """Names or e-mail addresses, one a line and offered as in a PersonField, cleaned to the active people they mean.
    Those of `known` are accepted, active or not.
    """

    known: Sequence[Person] = ()
    AT_MOST = 20

    def __init__(self, **options: Any) -> None:
        attributes = {"rows": 3, "dir": "auto", OFFERS: reverse_lazy("person_suggestions")}
        widget = LinesPicker(attributes)
        super().__init__(**{"required": False, "max_length": fields.LINES_LIMIT, "widget": widget, **options})

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else "\n".join(person.email for person in value)

    def clean(self, value: Any) -> list[Person]:
        typed = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(typed) > self.AT_MOST:
            raise forms.ValidationError(f"Name at most {self.AT_MOST} people.")
        found = {person.pk: person for person in map(self._one, typed)}
        return [*found.values()]

    def _one(self, line: str) -> Person:
        one = PersonField(nobody=f"Nobody active here is “{isolated(line)}”. Write one name or address a line.")
        one.known = next((person for person in self.known if person.email.lower() == line.lower()), None)
        person = one.known or one.clean(line)
        assert person is not None  # noqa: S101 - a line is not blank
        return person


def _told_apart(person: Person) -> str:
    """As they can be typed, and their teams."""
    teams = teams_of(person)
    return f"{named(person)} ({teams})" if teams else named(person)


def offer_people(form: forms.Form, name: str, **choice: str) -> None:
    """Has the PersonField `name` offer people by `choice` (`team`, `without`, `digest`: web/people/suggestions.py)."""
    form.fields[name].widget.attrs[OFFERS] = f"{reverse('person_suggestions')}?{urlencode(choice)}"


class OwnedForm(forms.Form):
    """For a row whose current `owner`, a PersonField, is accepted, active or not."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        owner: Any = self.fields["owner"]
        owner.known = self.initial.get("owner")
