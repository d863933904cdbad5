"""Forms of conversations."""

from __future__ import annotations

from django import forms

from conversations.models.message import MESSAGE_LIMIT
from conversations.selectors.threads import STATES
from lib.forms.inputs import Markdown
from lib.forms.pages import VersionedForm
from web.filters import ListFilter

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


class MessageEditForm(VersionedForm, MessageForm):
    pass


class ThreadFilter(ListFilter):
    state = forms.ChoiceField(label="State", choices=[("", "All"), *STATES])
    about = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
