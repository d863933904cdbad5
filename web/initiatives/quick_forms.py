"""The form that writes down a piece of work and its first link in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from alignment.selectors.suggestions import Suggestion
from lib.db import fields
from lib.forms.inputs import Line, Lines, OneOf, Option
from web.links.forms import goal_choices
from web.teams.forms import NO_TEAM, Places, finding, offer, place_choices

NO_GOAL = "-"
"""The choice of no goal; no goal has this key."""
_LATER = (NO_GOAL, Option("None of them yet", "Until it is linked, or declared something else, it counts as orphaned."))


class QuickForm(forms.Form):
    """`find` searches for goals and is not saved."""

    title = Line(label="Title", max_length=fields.NAME_LIMIT, error_messages={"required": "Give it a title."})
    team = forms.ChoiceField(label="Team", error_messages={**NO_TEAM, "required": "Choose the team that takes it on."})
    goal = forms.ChoiceField(
        label="Which goal does it move?",
        widget=OneOf(),
        error_messages={
            "required": "Choose a goal, or say that it is none of them yet.",
            "invalid_choice": "There is no such goal to choose.",
        },
    )
    rationale = Lines(
        label="Because",
        rows=2,
        max_length=fields.LINES_LIMIT,
        required=False,
        help_text="How the work moves the goal, in a sentence. Nothing while there is no goal yet.",
    )
    find = finding("Find a goal", "By words of its title. Left blank, goals are suggested by what is typed above.")

    def __init__(self, *args: Any, places: Places, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "team", [("", "Choose a team"), *place_choices(places)])

    def offer_goals(self, suggestions: Iterable[Suggestion], places: Mapping[int, str]) -> None:
        """`places` says where each goal hangs."""
        offer(self, "goal", [*goal_choices(suggestions, places, {}), _LATER])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("goal") == NO_GOAL and given.get("rationale"):
            self.add_error("goal", "Choose the goal that it moves because of this, or leave that blank.")
        return given
