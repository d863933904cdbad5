"""Forms about a decision, and the filters of their list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Day, Line, Markdown, OneOf, Option
from lib.forms.pages import VersionedForm
from lib.text.names import choices_apart
from strategy.enums import Visibility
from strategy.models import Decision, Goal
from strategy.selectors.decisions import STATES
from web.context.citing import CitingForm, several
from web.filters import ListFilter
from web.people.naming import OwnedForm, PeopleField, PersonField
from web.teams.forms import finding, offer

SUPERSEDES_NOTHING = "None"
NO_SUCH = dict.fromkeys(
    ("required", "invalid_choice"), "There is no such decision to choose. Choose one from the list."
)
VISIBILITIES = [
    (Visibility.COMPANY, Option(Visibility.COMPANY.label, "As soon as it is decided; a draft is for leaders.")),
    (Visibility.LEADERS, Option(Visibility.LEADERS.label, "Leaders, administrators and its owner.")),
]


def _text(label: str, hint: str, *, rows: int = 5) -> Markdown:
    return Markdown(label=label, rows=rows, required=False, help_text=hint)


class DecisionFilter(ListFilter):
    q = forms.CharField(label="Find by title", max_length=200, widget=forms.SearchInput())
    state = forms.ChoiceField(label="State", choices=[("", "Any"), *STATES])


class DecisionForm(OwnedForm):
    """`supersedes` offers the decisions whose place it may take."""

    title = Line(
        label="Decision",
        max_length=fields.NAME_LIMIT,
        help_text="What is decided, in a line: “We sell through partners only”.",
        error_messages={"required": "Say in a line what is decided."},
    )
    context = _text("Context", "What made it necessary: the business behind it, for somebody who was not there.")
    options = _text("Options", "What else could have been done, with what spoke for it and against it.")
    choice = _text("Choice", "What is done now.", rows=3)
    reasons = _text("Reasons", "Why this and nothing else. Whoever finds it strange will look here.")
    consequences = _text("Consequences", "What follows: what becomes easier, what is given up, and when to look again.")
    decided_by = PeopleField(
        label="Decided by", help_text="Names or e-mail addresses, one a line. They are whom to ask about the reasons."
    )
    decided_on = Day(
        label="Decided on", required=False, help_text="Blank: the day on which you say that it is decided."
    )
    supersedes = forms.ChoiceField(
        label="Takes the place of",
        choices=[("", SUPERSEDES_NOTHING)],
        required=False,
        help_text="The decision that it replaces. That one stays to be read, and leads here.",
        error_messages=NO_SUCH,
    )
    visibility = forms.ChoiceField(
        label="Who may read it", choices=VISIBILITIES, widget=OneOf(), initial=Visibility.COMPANY
    )
    owner = PersonField(help_text="Who keeps it: a name or an e-mail address. They may edit it.")

    def __init__(self, *args: Any, former: Iterable[Decision], **options: Any) -> None:
        super().__init__(*args, **options)
        self.former = {row.key: row for row in former}
        titles = choices_apart({key: row.title for key, row in self.former.items()})
        offer(self, "supersedes", [("", SUPERSEDES_NOTHING), *titles])
        people: Any = self.fields["decided_by"]
        people.known = self.initial.get("decided_by") or ()

    def clean_supersedes(self) -> Decision | None:
        return self.former.get(self.cleaned_data["supersedes"])


class DecisionEditForm(VersionedForm, DecisionForm):
    merges = True


class RelationsForm(CitingForm):
    """`find` searches for goals and is not saved."""

    goals = several("Goals it touches")
    find = finding(
        "Find another goal", "By words of its title. What you find is added to the list above; nothing is saved yet."
    )
    field_order = ("goals", "personas", "pages", "find")

    def __init__(self, *args: Any, goals: Iterable[Goal], names: Mapping[int, str], **options: Any) -> None:
        """`names` are the titles of `goals`, by id, as told apart."""
        super().__init__(*args, **options)
        offer(self, "goals", [(goal.key, Option(names[goal.pk])) for goal in goals])
