"""Forms about a strategy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lib.db import fields
from lib.forms.inputs import Day, Line, Lines, Markdown
from lib.forms.pages import VersionedForm
from lib.text.isolation import isolated
from strategy.enums import CLOSED, GoalStatus
from strategy.models import Goal
from strategy.outlines import NARRATIVE
from strategy.services.carrying_over import CARRY, LEAVE
from web.people.naming import OwnedForm, PersonField


class StrategyForm(OwnedForm):
    title = Line(
        label="Title",
        max_length=fields.NAME_LIMIT,
        error_messages={"required": "Give it a title: a few words that people will know it by."},
    )
    narrative = Markdown(
        label="Narrative",
        rows=12,
        required=False,
        help_text="What the company wants in this period, why, and what it leaves for later. Markdown.",
    )
    starts_on = Day(label="From", required=False)
    ends_on = Day(label="Until", required=False, help_text="Outside of these days its goals do not count.")
    owner = PersonField(help_text="Whom to ask about it: a name or an e-mail address. They may read the draft.")


class NewStrategyForm(StrategyForm):
    """An `outlined` one begins with the outline's narrative, and asks whether example goals are wanted."""

    examples = forms.BooleanField(
        label="With three example goals",
        required=False,
        initial=True,
        help_text="Each with a why and a measure, as drafts, to be replaced by yours.",
    )

    def __init__(self, *args: Any, outlined: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if outlined:
            self.initial["narrative"] = NARRATIVE
        else:
            del self.fields["examples"]


class StrategyEditForm(VersionedForm, StrategyForm):
    merges = True


FATES = [
    (CARRY, "Carry it over"),
    (LEAVE, "Leave it behind"),
    *((status, f"Close it now: {status.label.lower()}") for status in GoalStatus if status in CLOSED),
]


class NextForm(VersionedForm):
    """The next period of a strategy: `goals` are its open ones, each with its depth in the tree."""

    title = Line(
        label="Title of the next one",
        max_length=fields.NAME_LIMIT,
        error_messages={"required": "Give it a title: a few words that people will know it by."},
    )
    starts_on = Day(label="From", required=False)
    ends_on = Day(label="Until", required=False)
    reason = Lines(
        label="Why are these closed?",
        required=False,
        max_length=fields.LINES_LIMIT,
        help_text="For the goals that you close now. The teams that worked on them will read it.",
    )

    def __init__(self, *args: Any, goals: Sequence[tuple[Goal, int]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.goals = [goal for goal, _depth in goals]
        for goal, depth in goals:
            ways = FATES if goal.status == GoalStatus.ACTIVE else FATES[:2]
            label = f"{'– ' * depth}{isolated(goal.title)}"
            self.fields[f"goal-{goal.pk}"] = forms.ChoiceField(label=label, choices=ways, initial=CARRY)
        self.order_fields(["title", "starts_on", "ends_on", *(f"goal-{goal.pk}" for goal in self.goals), "reason"])

    def values(self) -> dict[str, Any]:
        fates = {goal.pk: self.cleaned_data[f"goal-{goal.pk}"] for goal in self.goals}
        return {name: self.cleaned_data[name] for name in ("title", "starts_on", "ends_on", "reason")} | {
            "fates": fates
        }


class Unpressing(forms.Textarea):
    """Without the `required` attribute."""

    def use_required_attribute(self, _initial: Any) -> bool:
        return False


class Reason(Lines):
    """Neither optional nor required: the service knows whether a change needs a reason."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


def ask_why(form: forms.Form, *, at_once: bool = False, planned: bool = False) -> None:
    """Adds the question for the reason of a change of what is published, which is read with the edition that it makes.
    Not `at_once`, some changes need none, such as that of the owner. Where it may be `planned`, the reason is that of
    the amendment.
    """
    when = "" if at_once else " To be answered when more than the owner changes."
    if planned:
        when = " Only needed to publish it now: the amendment has a reason of its own."
    form.fields["because"] = Reason(
        label="What changed, and why",
        max_length=fields.LINES_LIMIT,
        widget=(forms.Textarea if at_once and not planned else Unpressing)({"rows": 3}),
        help_text=f"In a sentence or two, for everybody who works by it: they read it beside the change.{when}",
    )


def reason_in(form: forms.Form) -> dict[str, Any]:
    """For the service, where the form asked for a reason."""
    return {"because": form.cleaned_data["because"]} if "because" in form.fields else {}
