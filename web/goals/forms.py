"""Forms about a goal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Day, Line, Lines, Markdown, Number, OneOf, Option
from lib.forms.pages import VersionedForm
from strategy.enums import GoalKind, GoalStatus, Visibility
from strategy.models import Goal
from strategy.selectors.successors import MOST
from web.people.naming import OwnedForm, PersonField
from web.teams.forms import another_goal, offer, some_goals

Choices = Sequence[tuple[str, Any]]

KINDS = [
    (GoalKind.COMMITTED, Option(GoalKind.COMMITTED.label, "We mean to reach it, and plan for it.")),
    (GoalKind.ASPIRATIONAL, Option(GoalKind.ASPIRATIONAL.label, "A stretch: to come near it is good already.")),
]
ENDINGS = [
    (GoalStatus.ACHIEVED, Option(GoalStatus.ACHIEVED.label, "What it wanted is so.")),
    (GoalStatus.MISSED, Option(GoalStatus.MISSED.label, "Its time is over, and it is not so.")),
    (GoalStatus.DROPPED, Option(GoalStatus.DROPPED.label, "It is not wanted any more.")),
]
MEANING = [
    ("yes", Option("Yes", "Teams are asked to look at their links to it again.")),
    ("no", Option("No", "It is said better, and means the same.")),
]
SUCCESSORS = (
    f"At most {MOST}. They are suggested to the teams whose work was linked; nothing counts until a team takes one."
)
NO_SUCCESSORS = "No goal stands beside it. Find one by its title, where another goal takes its place."
NO_SUCH_GOAL = {"invalid_choice": "There is no such goal to choose. Choose one from the list."}


class GoalForm(OwnedForm):
    """`weighs`: the goal is at the top of a strategy, where weights are compared. `hides`: the person may restrict it
    to leaders."""

    title = Line(
        label="Goal",
        max_length=fields.NAME_LIMIT,
        help_text="The outcome wanted, in a line: what will be so, not what will be done.",
        error_messages={"required": "Say in a line what will be so."},
    )
    situation = Markdown(
        label="The situation",
        rows=4,
        required=False,
        help_text="What is so today, and makes it necessary: for customers, in the market, in the company. Markdown.",
    )
    why = Markdown(
        label="Why",
        rows=6,
        required=False,
        help_text="What changes for customers or the company when it is reached. Teams decide by this. Markdown.",
    )
    boundaries = Markdown(
        label="What is not wanted",
        rows=4,
        required=False,
        help_text="Where teams are not to go to reach it: what it must not cost, and what stays as it is. Markdown.",
    )
    kind = forms.ChoiceField(label="Kind", choices=KINDS, widget=OneOf(), initial=GoalKind.COMMITTED)
    weight = Number(
        label="Weight",
        max_digits=8,
        decimal_places=4,
        min_value=Decimal("0.0001"),
        initial=1,
        help_text="Beside the other goals at the top: 2 wants twice the effort of 1.",
        error_messages={"min_value": "Give a number above 0, such as 1 or 2.5."},
    )
    starts_on = Day(label="From", required=False)
    ends_on = Day(label="Until", required=False)
    owner = PersonField(help_text="Who endorses links to it, and answers questions: a name or an e-mail address.")
    visibility = forms.ChoiceField(
        label="Who may see it",
        choices=Visibility.choices,
        initial=Visibility.COMPANY,
        help_text="It holds for all goals below as well.",
    )

    def __init__(self, *args: Any, weighs: bool, hides: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not weighs:
            del self.fields["weight"]
        if not hides:
            del self.fields["visibility"]


class Unpressed(OneOf):
    """Radio buttons without the `required` attribute."""

    def use_required_attribute(self, _initial: Any) -> bool:
        return False


class OpenChoiceField(forms.ChoiceField):
    """Neither optional nor required: the service decides whether a blank answer is allowed."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class GoalEditForm(VersionedForm, GoalForm):
    """`active`: teams may work on the goal, so an edit has to say whether its meaning changed."""

    merges = True
    meaning_changed = OpenChoiceField(
        label="Does this change what the goal means?",
        choices=MEANING,
        widget=Unpressed(),
        help_text="To be answered when the goal, its why, what is not wanted, its kind or its dates change.",
    )

    def __init__(self, *args: Any, active: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not active:
            del self.fields["meaning_changed"]

    def values(self) -> dict[str, Any]:
        """`meaning_changed` as a bool, None where it was left blank."""
        said = self.cleaned_data.get("meaning_changed")
        return super().values() | {"meaning_changed": said == "yes" if said else None}


class OwnGoalForm(GoalForm):
    """A team's own goal, which may start at once."""

    active = forms.BooleanField(
        label="It starts now",
        required=False,
        initial=True,
        help_text="Work may be linked to it from today. Otherwise it is a draft.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, weighs=False, **options)


class TeamGoalForm(OwnGoalForm):
    """A goal `below` one of the company goals `goals` (choices by key), or by itself."""

    below = forms.ChoiceField(
        label="Below",
        required=False,
        error_messages=NO_SUCH_GOAL,
        help_text="Below a company goal, work on it reaches that goal. By itself it reaches no strategy.",
    )
    field_order = ("title", "situation", "why", "boundaries", "below")

    def __init__(self, *args: Any, goals: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        below: Any = self.fields["below"]
        below.choices = [("", "By itself, below no goal"), *goals]


class GoalBelowForm(OwnGoalForm):
    """A goal of one of the `teams` (by key) below a company goal, for a person who leads them."""

    team = forms.ChoiceField(label="Team", help_text="Whose goal it is: one of the teams that you lead.")
    field_order = ("title", "situation", "why", "boundaries", "team")

    def __init__(self, *args: Any, teams: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        team: Any = self.fields["team"]
        team.choices = teams


class ClosureForm(VersionedForm):
    """`successors` are goals to choose from; `find` searches for more and is not saved."""

    ending = forms.ChoiceField(
        label="How did it end?",
        choices=ENDINGS,
        widget=OneOf(),
        error_messages={"required": "Say how it ended: achieved, missed or dropped."},
    )
    reason = Lines(
        label="Why",
        max_length=fields.LINES_LIMIT,
        help_text="A few sentences for the teams that worked on it: what came of it, and what follows.",
        error_messages={"required": "Say why: the teams that worked on it will read it."},
    )
    learned = Lines(
        label="What was learned",
        required=False,
        max_length=fields.LINES_LIMIT,
        help_text="What you know now that you did not know before, for whoever wants something like it again.",
    )
    successors = some_goals("What takes its place")
    find = another_goal()

    def __init__(self, *args: Any, goals: Iterable[Goal], names: Mapping[int, str], **options: Any) -> None:
        """`names` are the titles of `goals`, by id, as told apart."""
        super().__init__(*args, **options)
        choices = [(goal.key, Option(names[goal.pk])) for goal in goals]
        offer(self, "successors", choices)
        self.fields["successors"].help_text = SUCCESSORS if choices else NO_SUCCESSORS

    def said(self, goals: Iterable[Goal]) -> dict[str, Any]:
        """As arguments of the service; `goals` are those that were offered."""
        typed = self.cleaned_data
        named = [each for each in goals if each.key in typed["successors"]]
        return {"status": typed["ending"], "reason": typed["reason"], "learned": typed["learned"], "successors": named}
