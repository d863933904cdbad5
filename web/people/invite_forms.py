"""The form that invites several people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices

from accounts.selectors.invitations import Reach
from lib.forms.inputs import Lines, OneOf, Option
from lib.mail.addresses import AddressList, typed_addresses
from lib.text.counts import counted
from lib.text.numbers import number
from teams.enums import Role
from web.teams.forms import NO_TEAM, Places, finding, offer

LONGEST, MOST = 1_000_000, 10_000
"""The characters of a list of addresses, and the addresses in it."""


class Whom(TextChoices):
    EVERYBODY = "everybody", "Everybody of the company"
    TEAM = "team", "A team with its sub-teams"
    ROLE = "role", "A role"
    LIST = "list", "A list of addresses"


HINTS = {
    Whom.EVERYBODY: "Whoever was imported, or invited before.",
    Whom.TEAM: "Choose it below.",
    Whom.ROLE: "Choose it below.",
    Whom.LIST: "Paste it below. Who is new here is added.",
}
MISSING = {
    Whom.TEAM: ("team", "Choose a team."),
    Whom.ROLE: ("role", "Choose a role."),
    Whom.LIST: ("people", "Paste the addresses of those you want to invite."),
}
"""The field that a choice needs, and what is said where it is blank."""
REACHES = [
    (Reach.NEW.value, "Those who were never invited"),
    (Reach.EXPIRED.value, "Also those whose invitation has expired"),
    (Reach.INVITED.value, "Those who were invited and have not joined, as a reminder"),
    (Reach.ALL.value, "All who have not joined"),
]


class InviteForm(forms.Form):
    """`seen` is the mark of the plan that was looked at (`web/people/plans.py`); `find` searches for teams. While it
    `searches`, nothing is missing yet.
    """

    whom = forms.ChoiceField(
        label="Whom",
        choices=[(each.value, Option(str(each.label), HINTS[each])) for each in Whom],
        widget=OneOf,
        initial=Whom.EVERYBODY,
    )
    team = forms.ChoiceField(label="Team", required=False, error_messages=NO_TEAM)
    alone = forms.BooleanField(label="Without its sub-teams", required=False)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "Choose a role"), *Role.choices])
    people = Lines(
        label="Addresses",
        required=False,
        rows=6,
        max_length=LONGEST,
        help_text="Addresses, or Name <address>; a new line, a comma or a semicolon stands between two.",
    )
    new_role = forms.ChoiceField(label="Role of those who are new here", choices=Role.choices, initial=Role.MEMBER)
    reach = forms.ChoiceField(
        label="Of these",
        choices=REACHES,
        initial=Reach.NEW.value,
        help_text="Of a list, all who have not joined are invited.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    find = finding("Find a team", "By words of its name. What you find is added to the teams; nothing is sent yet.")

    def __init__(self, *args: Any, places: Places, searches: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._searches = searches
        choices = [("", "Choose a team"), *((team.key, " / ".join([*above, team.name])) for team, above in places)]
        offer(self, "team", choices)

    @property
    def addresses(self) -> AddressList:
        """What the pasted list says, once the form is valid."""
        found: AddressList = self.cleaned_data["addresses"]
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        whom = data.get("whom")
        data["addresses"] = AddressList()
        if self._searches or whom not in MISSING:
            return data
        name, missing = MISSING[whom]
        if not data.get(name) and name not in self.errors:
            self.add_error(name, missing)
        elif whom == Whom.LIST and name not in self.errors:
            data["addresses"] = self._read(data[name])
        return data

    def _read(self, text: str) -> AddressList:
        found = typed_addresses(text)
        if not found.addressees and not found.wrong:
            self.add_error("people", MISSING[Whom.LIST][1])
        elif len(found.addressees) > MOST:
            these = counted(len(found.addressees), "address", "addresses")
            self.add_error("people", f"These are {these}. Send them in parts of at most {number(MOST)}.")
            return AddressList()
        return found
