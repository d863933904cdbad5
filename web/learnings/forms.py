"""The filter of what was learned."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from alignment.enums import Outcome
from teams.models import Team
from web.filters import ListFilter, team_choices

EXPLORATIONS, WORK = "explorations", "work"
TESTED = (Outcome.HELD, Outcome.FAILED, Outcome.UNCLEAR)
WHAT = [
    *((outcome.value, f"Bets: {outcome.label.lower()}") for outcome in TESTED),
    (EXPLORATIONS, "Explorations"),
    (WORK, "Any work that taught something"),
]


class LearningFilter(ListFilter):
    what = forms.ChoiceField(label="What", choices=[("", "Anything"), *WHAT])
    goal = forms.ChoiceField(label="Goal", choices=[("", "Any goal")])
    team = forms.ChoiceField(label="Team", choices=[("", "Any team")])

    def __init__(self, data: QueryDict, *, teams: Iterable[Team], goals: dict[str, str]) -> None:
        """`goals` are the labels of those to choose from, by key."""
        super().__init__(data, {"team": team_choices(teams), "goal": [*goals.items()]})
