"""Forms about who is on a team."""

from __future__ import annotations

from typing import Any

from django import forms

from lib import fields
from lib.editing import VersionedForm
from teams.enums import TeamRole
from teams.models import Person
from teams.selectors.people import named, people_called

SHOWN = 5
PEOPLE = "people"
"""Id of the list of suggestions."""


class MemberForm(forms.Form):
    """Somebody to add: `person` is what was typed, cleaned to the one person it means."""

    person = forms.CharField(
        label="Person",
        max_length=fields.NAME_LIMIT + fields.EMAIL_LIMIT + 3,
        help_text="Name or e-mail address.",
        widget=forms.TextInput({"list": PEOPLE, "autocomplete": "off"}),
        error_messages={"required": "Say whom: type a name or an e-mail address."},
    )
    role = forms.ChoiceField(label="On the team as", choices=TeamRole.choices, initial=TeamRole.MEMBER)

    def clean_person(self) -> Person:
        typed: Any = self.cleaned_data["person"]
        found = people_called(typed, limit=SHOWN + 1)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                "Nobody active here has this name or address. Somebody new is invited on the people page first."
            )
        shown = ", ".join(named(person) for person in found[:SHOWN])
        more = " and others" if len(found) > SHOWN else ""
        raise forms.ValidationError(f"Several people fit: {shown}{more}. Write the e-mail address of the one you mean.")


class MemberRoleForm(VersionedForm):
    role = forms.ChoiceField(choices=TeamRole.choices)
