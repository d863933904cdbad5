"""Forms about support that teams ask of each other, and offer."""

from __future__ import annotations

from typing import Any

from django import forms

from conversations.models.message import MESSAGE_LIMIT
from lib.db import fields
from lib.forms.inputs import Day, Line, Markdown, OneOf, Option
from lib.forms.pages import VersionedForm
from teams.enums import SupportSize, SupportStatus
from teams.services.pledges import TERMS
from web.teams.forms import NO_TEAM, Places, finding, offer, place_choices

ANSWERS = [
    (SupportStatus.PLEDGED.value, Option("We will", "They can plan with it, from the day that you name.")),
    (
        TERMS.value,
        Option("We can, on terms", "If, from when, or what instead: they accept it, or answer."),
    ),
    (SupportStatus.DECLINED.value, Option("We cannot", "They have to plan without it, so say why.")),
]
FIND = "By words of its name. What you find is added to the list; nothing is saved yet."


def _line(label: str, hint: str = "", **options: Any) -> Line:
    return Line(label=label, max_length=fields.SENTENCE_LIMIT, help_text=hint, **options)


def _size() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="How much is it?",
        choices=[
            (SupportSize.SMALL.value, Option("Small", "Days.")),
            (SupportSize.MEDIUM.value, Option("Medium", "Weeks.")),
            (SupportSize.LARGE.value, Option("Large", "A good part of what they do.")),
        ],
        initial=SupportSize.MEDIUM,
        widget=OneOf(),
    )


class _AskFields(forms.Form):
    ask = _line(
        "What do you ask of them?",
        "In a sentence: what, and what it makes possible.",
        error_messages={"required": "Say what you ask of them, in a sentence."},
    )
    needed_on = Day(label="By when do you need it?", required=False, help_text="Leave it empty where no day matters.")
    size = _size()


class SupportForm(_AskFields):
    """`team` is a key; `find` searches for teams and is not saved."""

    team = forms.ChoiceField(
        label="Which team?", error_messages={**NO_TEAM, "required": "Choose the team whose support it needs."}
    )
    find = finding("Find a team", FIND)
    field_order = ("team", "ask", "needed_on", "size", "find")

    def __init__(self, *args: Any, places: Places, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "team", [("", "Choose a team"), *place_choices(places)])


class AskForm(_AskFields, VersionedForm):
    """Changes an existing ask."""

    merges = True


class AnswerForm(VersionedForm):
    """An answer; with `offered`, other words of an offer that waits."""

    status = forms.ChoiceField(
        label="Your answer",
        choices=ANSWERS,
        widget=OneOf(),
        error_messages={"required": "Choose one of these."},
    )
    answer = _line("In your words", "What they can count on, or why not.", required=False)
    due_on = Day(label="By when?", required=False, help_text="The day on which they can count, if you do it.")

    def __init__(self, *args: Any, offered: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if offered:
            offer(self, "status", [(TERMS.value, Option("We offer this", "They accept it, or thank you."))])


class OfferForm(forms.Form):
    """`team` is the key of the one that helps; `find` searches for teams and is not saved."""

    team = forms.ChoiceField(
        label="Which team helps?", error_messages={**NO_TEAM, "required": "Choose the team that would do it."}
    )
    answer = _line(
        "What do you offer?",
        "In a sentence: what you would do for them.",
        error_messages={"required": "Say what you would do for them, in a sentence."},
    )
    due_on = Day(
        label="By when?",
        error_messages={
            "required": "Say by when: a day on which they can count.",
            "invalid": "Give a day, written like 2026-03-31.",
        },
    )
    size = _size()
    find = finding("Find a team", FIND)

    def __init__(self, *args: Any, places: Places, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = place_choices(places)
        offer(self, "team", choices if len(choices) == 1 else [("", "Choose a team"), *choices])


class ThanksForm(VersionedForm):
    thanks = _line(
        "Your thanks",
        "What it made possible. Everybody reads it, and it stands on the other team’s page.",
        error_messages={"required": "Say what it made possible, in a sentence."},
    )


class OfferEndForm(VersionedForm):
    reason = _line("In your words", error_messages={"required": "Thank them, or say why, in a sentence."})


class TalkForm(forms.Form):
    text = Markdown(
        label="What would you like to say?",
        max_length=MESSAGE_LIMIT,
        help_text="Both teams are told. Write @ and a name to mention somebody or a team.",
        error_messages={"required": "Write something first."},
    )

    def said(self) -> str:
        return str(self.cleaned_data["text"])
