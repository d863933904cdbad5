"""Forms about an initiative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Day, Line, Lines, Markdown, Number, OneOf, Option
from lib.forms.pages import VersionedForm
from teams import labels
from teams.enums import InitiativeKind, InitiativeStatus, Origin
from teams.models import Person
from teams.selectors.people import named
from teams.services.initiatives import NEXT_STATUSES
from web.people.naming import PeopleField, PersonField
from web.teams.forms import NO_TEAM, Places, finding, offer, place_choices

KINDS = [
    (
        InitiativeKind.GOAL.value,
        Option(
            "Goal work",
            "It moves a goal. As far as its links reach a published strategy it counts as aligned, and the rest as"
            " orphaned: work whose purpose nobody can tell from here.",
        ),
    ),
    (
        InitiativeKind.EXPLORE.value,
        Option(
            "Exploration",
            "It answers a question before anybody can say which goal it moves. Until its end it counts as exploring,"
            " which every team is expected to have room for; after its end, as orphaned.",
        ),
    ),
    (
        InitiativeKind.SUSTAIN.value,
        Option(
            "Upkeep",
            "It keeps what is there running. It counts as sustaining, and coverage is computed without it.",
        ),
    ),
]
STATUSES = {
    InitiativeStatus.PROPOSED: Option("Proposed", "An idea that nobody works on yet. It is in no figure."),
    InitiativeStatus.ACTIVE: Option("Active", "The team works on it, and it counts in the figures."),
    InitiativeStatus.PAUSED: Option("Paused", "Nobody works on it for now. It is in no figure until it is resumed."),
    InitiativeStatus.DONE: Option("Done", "It is finished. It leaves the figures, and can be reopened."),
    InitiativeStatus.DROPPED: Option(
        "Dropped", "It is not worth going on. It leaves the figures, and can be reopened."
    ),
}
ORIGINS = [
    (Origin.TEAM.value, Option("Chosen by the team", "The team decided to do it: this is its autonomy.")),
    (Origin.ASSIGNED.value, Option("Assigned", "Somebody else decided that the team is to do it.")),
]


def _line(label: str, limit: int, hint: str = "", **options: Any) -> Line:
    return Line(label=label, max_length=limit, help_text=hint, **options)


def _declaration() -> Lines:
    return Lines(
        label="The question it explores, or why it is needed",
        required=False,
        rows=3,
        max_length=fields.LINES_LIMIT,
        help_text="An exploration and upkeep need it; goal work does not.",
    )


class _WorkFields(forms.Form):
    """The fields of an initiative, new or edited. Only those who `assign` get the field `origin`."""

    title = _line("Title", fields.NAME_LIMIT, error_messages={"required": "Give it a title."})
    problem = Markdown(
        label="The problem it solves",
        required=False,
        help_text="For whom, and how one notices it. Markdown.",
    )
    effort = Number(
        label="Effort still to do, in person-weeks",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=7,
        decimal_places=2,
        help_text="A rough guess is better than none.",
    )
    starts_on = Day(label="Starts on", required=False)
    ends_on = Day(label="Ends on", required=False, help_text="An exploration needs one.")
    owner = PersonField(help_text="Name or e-mail address of whoever answers for it.")
    contributors = PeopleField(
        label="Who else works on it",
        help_text="Names or e-mail addresses, one a line, of whatever team. They find it among theirs.",
    )
    labels = _line(
        "Labels",
        labels.LIMIT,
        "Words to group work by, separated by commas.",
        required=False,
    )
    url = forms.URLField(
        label="Address of more about it",
        required=False,
        max_length=fields.URL_LIMIT,
        assume_scheme="https",
        widget=forms.URLInput({"autocomplete": "off"}),
        validators=[fields.one_direction_validator],
        error_messages={"invalid": "Give an address that starts with https:// or http://."},
    )
    origin = forms.ChoiceField(label="Where it came from", choices=ORIGINS, initial=Origin.TEAM, widget=OneOf())

    def __init__(self, *args: Any, assigns: bool, owner: Person | None, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["owner"]
        field.known = owner
        self.initial["owner"] = named(owner) if owner else ""
        people: Any = self.fields["contributors"]
        people.known = self.initial.get("contributors") or ()
        if not assigns:
            del self.fields["origin"]

    def clean_labels(self) -> str:
        return labels.joined(labels.labels_in(self.cleaned_data["labels"]))


def _learned() -> Lines:
    return Lines(
        label="What was learned",
        required=False,
        rows=2,
        max_length=fields.LINES_LIMIT,
        help_text="What you know now and did not before, also where it failed. It is kept for others.",
    )


class InitiativeForm(_WorkFields):
    kind = forms.ChoiceField(
        label="What kind of work is it?", choices=KINDS, initial=InitiativeKind.GOAL, widget=OneOf()
    )
    declaration = _declaration()
    status = forms.ChoiceField(
        label="Does it begin now?",
        choices=[(status.value, STATUSES[status]) for status in (InitiativeStatus.PROPOSED, InitiativeStatus.ACTIVE)],
        initial=InitiativeStatus.PROPOSED,
        widget=OneOf(),
    )
    field_order = (
        "title",
        "problem",
        "kind",
        "declaration",
        "starts_on",
        "ends_on",
        "effort",
        "owner",
        "contributors",
        "labels",
        "url",
        "origin",
    )


class InitiativeEditForm(_WorkFields, VersionedForm):
    """With the team, by key, from `places`. With `finds`, the field `find` searches for more and is not saved."""

    merges = True
    learned = _learned()
    team = forms.ChoiceField(label="Team", error_messages=NO_TEAM)
    find = finding("Find a team", "By words of its name. What you find is added to the list; nothing is saved yet.")
    field_order = (
        *("title", "problem", "effort", "starts_on", "ends_on"),
        *("owner", "contributors", "labels", "url", "learned", "origin", "team", "find"),
    )

    def __init__(self, *args: Any, places: Places, finds: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = place_choices(places)
        offer(self, "team", choices)
        if not finds:
            del self.fields["find"]
        if len(choices) < 2 and not finds:
            del self.fields["team"]


class KindForm(VersionedForm):
    kind = forms.ChoiceField(label="Kind", choices=KINDS, widget=OneOf())
    declaration = _declaration()
    ends_on = Day(label="The exploration ends on", required=False, help_text="An exploration needs it.")


class ExplorationForm(VersionedForm):
    declaration = Lines(
        label="Which question does it explore?",
        rows=3,
        max_length=fields.LINES_LIMIT,
        help_text="What will be known when it ends.",
        error_messages={"required": "Say which question it explores."},
    )
    ends_on = Day(
        label="It ends on",
        help_text="Whatever is known by then: it goes on as goal work, explores on, or stops.",
        error_messages={
            "required": "Give the day on which it ends.",
            "invalid": "Give a day, written like 2026-03-31.",
        },
    )

    def values(self) -> dict[str, Any]:
        return super().values() | {"kind": InitiativeKind.EXPLORE.value}


class StatusForm(VersionedForm):
    """Offers the statuses that may follow `status`."""

    status = forms.ChoiceField(
        label="How does it stand?",
        widget=OneOf(),
        error_messages={"required": "Choose one of these.", "invalid_choice": "It cannot go there from where it is."},
    )
    reason = Lines(
        label="Because",
        required=False,
        rows=2,
        max_length=fields.SENTENCE_LIMIT,
        help_text="Dropping it needs a reason. It stands on the page of the work.",
    )
    learned = _learned()

    def __init__(self, *args: Any, status: str, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "status", [(to.value, STATUSES[to]) for to in NEXT_STATUSES[InitiativeStatus(status)]])
