"""Forms of conversations."""

from __future__ import annotations

from django import forms

from conversations.models.message import MESSAGE_LIMIT
from conversations.selectors.threads import STATES
from lib.forms.inputs import Lines, Markdown
from lib.forms.pages import VersionedForm
from web.filters import ListFilter

PART = 2_000
MENTION = "Write @ and a name to mention somebody or a team."


class QuestionForm(forms.Form):
    text = Markdown(
        label="What would you like to know?",
        max_length=MESSAGE_LIMIT,
        help_text=f"Everybody who sees what it is about can read it. {MENTION}",
        error_messages={"required": "Say what you would like to know."},
    )


class MessageForm(forms.Form):
    text = Markdown(
        label="Your message",
        rows=4,
        max_length=MESSAGE_LIMIT,
        help_text=MENTION,
        error_messages={"required": "Write something first."},
    )

    def said(self) -> str:
        return str(self.cleaned_data["text"])


def _part(label: str, hint: str = "", *, needed: str = "") -> Lines:
    errors = {"required": needed} if needed else {}
    return Lines(label=label, rows=3, required=bool(needed), max_length=PART, help_text=hint, error_messages=errors)


class BackBriefForm(forms.Form):
    """What a team answers when it is asked what was just published means for it."""

    what = _part("What it asks of us", "In your own words.", needed="Say in your own words what it asks of you.")
    why = _part("Why", "What the company gets out of it.", needed="Say what you think it is for.")
    will = _part("What we will do", "Nobody approves it: it says what others can count on.")
    needs = _part("What we need for it", "Of leaders, or of other teams.")

    def said(self) -> str:
        """One message in Markdown, with a heading for each part that is filled in."""
        parts = [(self.fields[name].label, value) for name, value in self.cleaned_data.items() if value]
        return "\n\n".join(f"**{label}**\n\n{value}" for label, value in parts)


class MessageEditForm(VersionedForm, MessageForm):
    pass


class ThreadFilter(ListFilter):
    state = forms.ChoiceField(label="State", choices=[("", "All"), *STATES])
    about = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
