"""Forms of the people page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices

from lib.db import fields
from lib.forms.inputs import Line
from teams.enums import Role
from web.filters import ListFilter


class State(TextChoices):
    JOINED = "joined", "Joined"
    INVITED = "invited", "Invited"
    EXPIRED = "expired", "Invitation expired"
    NOT_INVITED = "not_invited", "Not invited"
    NO_TEAM = "no_team", "On no team"
    LEFT = "left", "No longer active"


class PeopleFilter(ListFilter):
    q = forms.CharField(label="Name or e-mail", max_length=200, widget=forms.SearchInput())
    role = forms.ChoiceField(label="Role", choices=[("", "Any role"), *Role.choices])
    state = forms.ChoiceField(label="Joined", choices=[("", "Everybody active"), *State.choices])


class InvitationForm(forms.Form):
    """The view adds the errors that the service raises."""

    name = Line(label="Name", max_length=fields.NAME_LIMIT)
    email = forms.EmailField(
        label="E-mail", max_length=fields.EMAIL_LIMIT, widget=forms.EmailInput({"autocomplete": "off"})
    )
    role = forms.ChoiceField(
        label="Role",
        choices=Role.choices,
        initial=Role.MEMBER,
        help_text="Leaders and administrators also see drafts and confidential goals. Administrators invite people.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Prefixes the ids: the filters on the same page also have a field `role`."""
        super().__init__(*args, **options | {"auto_id": "invitation_%s"})


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", choices=Role.choices)
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput())
