"""Forms about somebody who leaves."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.services.leaving import PARTS, Receivers
from alignment.narrative.departures import WORDS
from alignment.selectors.people.held import Holdings
from lib.forms.inputs import Line
from lib.forms.pages import VersionedForm
from lib.text.counts import counted, plural
from teams.models import Person
from web.people.naming import PersonField

NOT_SAID = "Say who gets this, or tick that what nobody gets has no owner."
ADDRESS = "This is not their address. Type it as it stands above."


class LeavingForm(VersionedForm):
    """Who gets what: `everything` to one person, or a field for each part that there is."""

    everything = PersonField(label="Everything goes to", help_text="A name or an e-mail address.")
    strategies = PersonField()
    goals = PersonField()
    measures = PersonField()
    initiatives = PersonField()
    context_pages = PersonField()
    decisions = PersonField()
    teams = PersonField()
    nobody = forms.BooleanField(label="What goes to nobody above is left without an owner, or a lead", required=False)
    field_order = ("everything", *PARTS, "nobody")

    def __init__(self, *args: Any, held: Holdings, **options: Any) -> None:
        super().__init__(*args, **options)
        counts = {part.name: part.count for part in held.parts}
        for name in PARTS:
            if name in counts:
                field = self.fields[name]
                field.label = f"{counted(counts[name], *WORDS[name])} {plural(counts[name], 'goes', 'go')} to"
                field.help_text = "Blank: as above."
            else:
                del self.fields[name]
        if not counts:
            del self.fields["everything"], self.fields["nobody"]

    def clean(self) -> dict[str, Any]:
        """Whatever there is goes to somebody, or is said to go to nobody."""
        values = super().clean() or self.cleaned_data
        if not values.get("nobody") and not values.get("everything") and "everything" not in self.errors:
            for name in PARTS:
                if name in self.fields and name not in self.errors and not values.get(name):
                    self.add_error(name, NOT_SAID)
        return values

    def receivers(self) -> Receivers:
        """By part; what came since the page was drawn goes where everything goes."""
        values = self.cleaned_data
        return {name: values.get(name) or values.get("everything") for name in PARTS}


class ErasureForm(VersionedForm):
    """Confirmed by typing the address of who is to be erased."""

    address = Line(label="Their e-mail address, typed once more")

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean_address(self) -> str:
        typed = str(self.cleaned_data["address"])
        if typed.strip().lower() != self.person.email.lower():
            raise forms.ValidationError(ADDRESS)
        return typed
