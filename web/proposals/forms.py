"""Forms of proposals: what is proposed, and what is accepted of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from conversations.models.message import MESSAGE_LIMIT
from lib.db import fields
from lib.forms.inputs import Line, Lines, Markdown, Option, SomeOf
from lib.forms.pages import VersionedForm
from lib.text.isolation import isolated
from lib.text.names import choices_apart
from lib.text.numbers import weeks
from strategy.models import Goal, Strategy
from teams.models import Initiative
from web.people.naming import PersonField
from web.proposals.places import Places, place_choices
from web.teams.forms import finding, offer

SAY_WHERE = "Choose the strategy that it belongs to, or the goal below which it hangs."
NO_PLACE = dict.fromkeys(("required", "invalid_choice"), SAY_WHERE)


class _ProposedGoal(forms.Form):
    title = Line(
        label="Goal",
        max_length=fields.NAME_LIMIT,
        help_text="The outcome wanted, in a line: what will be so, not what will be done.",
        error_messages={"required": "Say in a line what will be so."},
    )
    place = forms.ChoiceField(label="Where it would hang", error_messages=NO_PLACE)
    measure = Line(
        label="How one would see that it is reached",
        required=False,
        max_length=fields.NAME_LIMIT,
        help_text="In words; numbers can come later.",
    )

    def __init__(self, *args: Any, places: Places, **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = places
        first = [] if len(places) == 1 else [("", "Choose where")]
        offer(self, "place", [*first, *place_choices(places)])

    def clean_place(self) -> Strategy | Goal:
        return self.places[self.cleaned_data["place"]]


class ProposalForm(_ProposedGoal):
    """`work` offers what may be its evidence; `find` searches for more and is not saved."""

    text = Markdown(
        label="Why the company should want it",
        rows=6,
        max_length=MESSAGE_LIMIT,
        help_text="What changes for customers or the company. It begins the conversation.",
        error_messages={"required": "Say why the company should want it."},
    )
    work = forms.MultipleChoiceField(
        label="Work that is its evidence",
        required=False,
        widget=SomeOf(),
        error_messages={"invalid_choice": "Something you chose is no longer here. Choose among what is."},
        help_text="Accepted and published, the goal has this work linked to it.",
    )
    because = Lines(
        label="How this work moves it",
        required=False,
        rows=3,
        max_length=fields.LINES_LIMIT,
        help_text="It becomes the reason of the links. Needed where you name work.",
    )
    find = finding(
        "Find other work of yours", "By words of its title. What you find is added to the list; nothing is saved yet."
    )
    field_order = ("title", "text", "place", "measure", "work", "because", "find")

    def __init__(self, *args: Any, work: Iterable[Initiative], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered: Mapping[str, Initiative] = {row.key: row for row in work}
        titles = dict(choices_apart({key: row.title for key, row in self.offered.items()}))
        offer(self, "work", [(key, Option(titles[key], _size(row))) for key, row in self.offered.items()])
        if not self.offered:
            self.fields["work"].help_text = "You work on nothing that could be linked yet. Propose it without."

    def clean_work(self) -> list[Initiative]:
        return [self.offered[key] for key in self.cleaned_data["work"]]


def _size(row: Initiative) -> str:
    effort = weeks(float(row.effort)) if row.effort is not None else "not sized"
    return f"{isolated(row.team.name)}, {effort}"


class AcceptanceForm(VersionedForm, _ProposedGoal):
    """What the draft goal says; it can be edited until it is published, and afterwards as any goal."""

    why = Markdown(
        label="Why", rows=6, required=False, help_text="Teams decide by this. It begins with what was proposed."
    )
    owner = PersonField(help_text="Who endorses links to it, and answers questions: a name or an e-mail address.")
    text = Lines(
        label="What you say with it",
        required=False,
        rows=3,
        max_length=fields.LINES_LIMIT,
        help_text="It is written into the conversation.",
    )
    field_order = ("title", "why", "place", "measure", "owner", "text")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        owner: Any = self.fields["owner"]
        owner.known = self.initial.get("owner")
        self.fields["measure"].help_text = "It begins as a milestone; give it numbers on the page of the goal."
