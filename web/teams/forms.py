"""Forms about a team: its name, its place, its mission, its stance and whom it serves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Day, Line, Lines, OneOf, Option, SomeOf
from lib.forms.pages import VersionedForm
from lib.text.names import choices_apart
from strategy.models import Goal, Persona
from teams.enums import Stance
from teams.models import Team
from teams.services.stance import SAY_WHY

TOP = "At the top, below no team"
NO_TEAM = dict.fromkeys(("required", "invalid_choice"), "There is no such team to choose. Choose one from the list.")


def finding(label: str, hint: str) -> forms.CharField:
    """A field that searches for more choices."""
    widget = forms.SearchInput({"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=fields.NAME_LIMIT, help_text=hint, widget=widget)


def _name() -> Line:
    return Line(
        label="Name",
        max_length=fields.NAME_LIMIT,
        error_messages={"required": "Give the team a name."},
    )


Places = Iterable[tuple[Team, list[str]]]
"""As from teams.selectors.teams.team_places."""


def place_choices(places: Places) -> list[tuple[str, str]]:
    return choices_apart({team.key: " / ".join([*above, team.name]) for team, above in places})


class _Placed(forms.Form):
    """`find` searches for teams and is not saved."""

    parent = forms.ChoiceField(
        label="Below",
        choices=[("", TOP)],
        help_text="Whoever leads a team above it leads it too.",
        error_messages=NO_TEAM,
    )
    parent.empty_values = [None]  # '' is a choice
    find = finding("Find a team", "By words of its name. What you find is added to the list; nothing is saved yet.")

    def __init__(self, *args: Any, places: Places, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "parent", [("", TOP), *place_choices(places)])


class TeamForm(_Placed):
    name = _name()
    field_order = ("name", "parent", "find")


class PositionForm(_Placed, VersionedForm):
    pass


class TeamNameForm(VersionedForm):
    name = _name()


class StanceForm(VersionedForm):
    """`expectations` says what each stance expects."""

    stance = forms.ChoiceField(label="Stance", choices=Stance.choices, widget=OneOf())
    reason = Line(
        label="Because",
        required=False,
        max_length=fields.SENTENCE_LIMIT,
        help_text="One line that the team, its neighbours and leaders read: what makes it so now.",
    )
    until = Day(
        label="Until",
        required=False,
        help_text="The last day it counts; the team counts as core afterwards. Core itself needs no end.",
    )

    def __init__(self, *args: Any, expectations: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "stance", [(stance.value, Option(stance.label, expectations[stance])) for stance in Stance])

    def clean(self) -> dict[str, Any]:
        """A reason is that of one stance: it is not taken over by another one unread."""
        given: dict[str, Any] = super().clean() or {}
        before, reason = self.initial.get("stance", ""), self.initial.get("reason", "")
        if given.get("stance", before) != before and not given.get("reason"):
            self.add_error("reason", SAY_WHY)
        if reason and given.get("reason") == reason and given.get("stance", before) != before:
            was, now = Stance(before).label, Stance(given["stance"]).label
            self.add_error("reason", f"This was the reason for “{was}”. Say what makes it “{now}”.")
        return given


NO_GOALS = "There is none to choose yet: goals come with a strategy that leaders publish."


def some_goals(label: str) -> forms.MultipleChoiceField:
    """Goals of which some are chosen, if any; the form offers them."""
    gone = {"invalid_choice": "A goal you chose is no longer here. Choose among those that are."}
    return forms.MultipleChoiceField(label=label, required=False, widget=SomeOf(), error_messages=gone)


def another_goal() -> forms.Field:
    return finding(
        "Find another goal", "By words of its title. What you find is added to the list above; nothing is saved yet."
    )


class MissionForm(VersionedForm):
    """`find` searches for goals and is not saved."""

    merges = True
    mission = Lines(
        label="Mission",
        required=False,
        max_length=fields.LINES_LIMIT,
        help_text="In two or three sentences: what this team is there for, and for whom.",
    )
    goals = some_goals("Goals it serves")
    find = another_goal()

    def __init__(self, *args: Any, goals: Iterable[Goal], names: Mapping[int, str], **options: Any) -> None:
        """`names` are the titles of `goals`, by id, as told apart."""
        super().__init__(*args, **options)
        choices = [(goal.key, Option(names[goal.pk], _standing(goal))) for goal in goals]
        offer(self, "goals", choices)
        if not choices:
            self.fields["goals"].help_text = NO_GOALS


class PersonasForm(VersionedForm):
    personas = forms.MultipleChoiceField(
        label="Whom it serves",
        required=False,
        widget=SomeOf(),
        error_messages={"invalid_choice": "A persona you chose is no longer here. Choose among those that are."},
    )

    def __init__(self, *args: Any, personas: Iterable[Persona], **options: Any) -> None:
        super().__init__(*args, **options)
        names = choices_apart({persona.key: persona.name for persona in personas})
        offer(self, "personas", [(key, Option(name)) for key, name in names])


def offer(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field: Any = form.fields[name]
    field.choices = choices


def _standing(goal: Any) -> str:
    """A warning for goals that do not count; `goal` comes with its figures."""
    figures = getattr(goal, "figures", None)
    if figures is not None and figures.anchored:
        return ""
    return "Does not count now: it reaches no published strategy."
