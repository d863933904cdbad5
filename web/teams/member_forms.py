"""Forms about who is on a team."""

from __future__ import annotations

from django import forms

from lib.forms.pages import VersionedForm
from teams.enums import TeamRole
from web.people.naming import PersonField


class MemberForm(forms.Form):
    person = PersonField(
        label="Person",
        required=True,
        nobody="Nobody active here has this name or address. Somebody new is invited on the people page first.",
        help_text="Name or e-mail address.",
        error_messages={"required": "Say whom: type a name or an e-mail address."},
    )
    role = forms.ChoiceField(label="On the team as", choices=TeamRole.choices, initial=TeamRole.MEMBER)


class MemberRoleForm(VersionedForm):
    role = forms.ChoiceField(choices=TeamRole.choices)
