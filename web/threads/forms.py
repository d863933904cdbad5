"""Forms of conversations."""

from __future__ import annotations

from typing import Any

from django import forms

from conversations.kinds import Ending
from conversations.models.message import MESSAGE_LIMIT
from conversations.selectors.threads import STATES
from lib.forms.inputs import Day, Lines, Markdown
from lib.forms.pages import VersionedForm
from strategy.selectors.clarity import Asked
from web.filters import ListFilter
from web.people.naming import mentioning

PART = 2_000
EVIDENCE = "Say what you have seen that speaks for it."
QUESTIONS = [
    ("", ""),
    (Asked.WAITING.value, "Asked in 90 days about strategy, goals, decisions and context, and not answered"),
    (Asked.LATE.value, "Asked in 90 days about strategy, goals, decisions and context, and late"),
]
"""What Clarity on the leaders' home opens to."""
MENTION = "Write @ and a name to mention somebody or a team."


class QuestionForm(forms.Form):
    text = mentioning(
        Markdown(
            label="What would you like to know?",
            max_length=MESSAGE_LIMIT,
            help_text=f"Everybody who sees what it is about can read it. {MENTION}",
            error_messages={"required": "Say what you would like to know."},
        )
    )

    def said(self) -> str:
        return str(self.cleaned_data["text"])


class MessageForm(forms.Form):
    text = mentioning(
        Markdown(
            label="Your message",
            rows=4,
            max_length=MESSAGE_LIMIT,
            help_text=MENTION,
            error_messages={"required": "Write something first."},
        )
    )

    def said(self) -> str:
        return str(self.cleaned_data["text"])


def _part(label: str, hint: str = "", *, needed: str = "") -> Lines:
    errors = {"required": needed} if needed else {}
    return Lines(label=label, rows=3, required=bool(needed), max_length=PART, help_text=hint, error_messages=errors)


class PartsForm(forms.Form):
    """Its fields are one message in Markdown, with a heading for each that is filled in."""

    def said(self) -> str:
        parts = [(self.fields[name].label, value) for name, value in self.cleaned_data.items() if value]
        return "\n\n".join(f"**{label}**\n\n{value}" for label, value in parts)


class BackBriefForm(PartsForm):
    """What a team answers when it is asked what was just published means for it."""

    what = _part("What it asks of us", "In your own words.", needed="Say in your own words what it asks of you.")
    why = _part("Why", "What the company gets out of it.", needed="Say what you think it is for.")
    will = _part("What we will do", "Nobody approves it: it says what others can count on.")
    needs = _part("What we need for it", "Of leaders, or of other teams.")


class CounterForm(PartsForm):
    """What somebody would want instead of a goal."""

    instead = _part(
        "What instead",
        "Another target, date or measure, another goal, or none: then say that the goal is wrong.",
        needed="Say what you would want instead.",
    )
    evidence = _part("What speaks for it", "What you have seen, with numbers where there are any.", needed=EVIDENCE)
    gain = _part("What the company gains by it", "The business case, in a sentence or two.")


class EndingForm(VersionedForm):
    """A text that ends a conversation, and, where it may come back, when."""

    text = Lines(label="", rows=4, max_length=PART, error_messages={"required": "Say it in a sentence or two."})
    again_on = Day(label="Look at it again on", required=False, help_text="It comes back to you by itself on that day.")

    def __init__(self, *args: Any, ending: Ending, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = ending.says
        if not ending.again:
            del self.fields["again_on"]


class MessageEditForm(VersionedForm, MessageForm):
    pass


class ThreadFilter(ListFilter):
    state = forms.ChoiceField(label="State", choices=[("", "All"), *STATES])
    questions = forms.ChoiceField(choices=QUESTIONS, widget=forms.HiddenInput())
    about = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
