"""Filters of lists, over request.GET. An invalid value filters nothing and is reported beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from alignment.enums import FlagCode, Subject
from alignment.flags import INITIATIVE_FLAGS
from lib.db.fields import KEY_LIMIT, KEY_PATTERN
from lib.text.names import named_apart, namesakes, placed
from lib.text.parts import LABELS
from teams.enums import InitiativeKind, InitiativeStatus, Origin
from teams.labels import is_label
from teams.models import Team
from teams.selectors.initiatives import ANY_STATUS

YES = "yes"
INDENT = "\N{EM SPACE}"
OTHER_STATUSES = [(value, label) for value, label in InitiativeStatus.choices if value != InitiativeStatus.ACTIVE]


def asked_key(params: QueryDict, name: str) -> str:
    """The key in a parameter, '' where it is not a valid key."""
    key = params.get(name, "")
    return key if len(key) <= KEY_LIMIT and re.fullmatch(KEY_PATTERN, key) else ""


def team_choices(teams: Iterable[Team]) -> list[tuple[str, str]]:
    """Choices by key, with names indented by depth; namesakes have the name of their parent with them, and those of one
    parent their key.
    """
    rows = list(teams)
    names, same = {team.pk: team.name for team in rows}, namesakes(team.name for team in rows)
    twins = [team for team in rows if team.name in same]
    places = placed({team.key: (team.name, names.get(team.parent_id or 0, "")) for team in twins})
    return [(team.key, f"{INDENT * team.depth}{named_apart(team.name, places.get(team.key, ''))}") for team in rows]


class ListFilter(forms.Form):
    """Every field is optional; those in `folded` stand behind “More filters”."""

    folded: tuple[str, ...] = ()

    def __init__(self, data: QueryDict, choices: dict[str, list[tuple[str, str]]]) -> None:
        super().__init__(data)
        for name, more in choices.items():
            field: Any = self.fields[name]
            field.choices = [*field.choices, *more]
        for field in self.fields.values():
            field.required = False
            field.error_messages["invalid_choice"] = "There is no such choice, so it was left out."

    def given(self) -> dict[str, str]:
        """The filters in force, by parameter, without blank and invalid ones."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words(self) -> dict[str, str]:
        """The filters in force as people read them, by parameter."""
        read = {}
        for name, value in self.given().items():
            field: Any = self.fields[name]
            chosen = str(dict(getattr(field, "choices", [])).get(value, value)).strip()
            read[name] = f"“{chosen}”" if name == "q" else chosen
        return read

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.folded]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.folded]

    @property
    def more_in_force(self) -> bool:
        return any(self.data.get(name) for name in self.folded)


class TeamSearch(ListFilter):
    q = forms.CharField(label="Find a team", max_length=200, widget=forms.SearchInput())


class WorkFilter(ListFilter):
    q = forms.CharField(label="Find by title", max_length=200, widget=forms.SearchInput())
    team = forms.ChoiceField(label="Team", choices=[("", "Any team")])
    goal = forms.ChoiceField(label="Goal", choices=[("", "Any goal")])
    part = forms.ChoiceField(label="Effort", choices=[("", "Any part"), *LABELS.items()])
    flag = forms.ChoiceField(label="Flag", choices=[("", "Any")])
    status = forms.ChoiceField(label="Status", choices=[("", "Active"), *OTHER_STATUSES, (ANY_STATUS, "Any status")])
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any kind"), *InitiativeKind.choices])
    origin = forms.ChoiceField(label="Origin", choices=[("", "Any origin"), *Origin.choices])
    sized = forms.ChoiceField(label="Size", choices=[("", "Any"), (YES, "Sized"), ("no", "Not sized")])
    label = forms.ChoiceField(label="Label", choices=[("", "Any label")])
    mine = forms.ChoiceField(label="Whose", choices=[("", "Everybody's"), (YES, "Mine and my teams'")])
    folded = ("kind", "origin", "flag", "sized", "label")
    own = forms.ChoiceField(choices=[("", ""), (YES, "without its sub-teams")], widget=forms.HiddenInput())

    def __init__(
        self, data: QueryDict, *, teams: Iterable[Team], goals: dict[str, str], labels: Iterable[str] = ()
    ) -> None:
        """`goals` are the titles of those to choose from, by key; the label that is asked for is among `labels`."""
        data = data.copy()
        if data.get("status") == InitiativeStatus.ACTIVE:
            data.pop("status")
        flags = [(code.value, str(code.label)) for code in INITIATIVE_FLAGS]
        asked = data.get("label", "")
        carried = [(label, label) for label in sorted({*labels, *([asked] if is_label(asked) else [])})]
        choices = {"team": team_choices(teams), "goal": [*goals.items()], "flag": flags, "label": carried}
        super().__init__(data, choices)


class FlagFilter(ListFilter):
    team = forms.ChoiceField(label="Team", choices=[("", "Any team")])
    code = forms.ChoiceField(label="Flag", choices=[("", "Any flag"), *FlagCode.choices])
    subject = forms.ChoiceField(label="About", choices=[("", "Anything"), *Subject.choices])
    mine = forms.ChoiceField(label="Whose", choices=[("", "Everybody's"), (YES, "Mine and my teams'")])
    snoozed = forms.ChoiceField(choices=[("", ""), (YES, "Snoozed")], widget=forms.HiddenInput())

    def __init__(self, data: QueryDict, *, teams: Iterable[Team]) -> None:
        super().__init__(data, {"team": team_choices(teams)})
