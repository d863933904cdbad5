"""Forms about flags."""

from __future__ import annotations

from django import forms

from lib.db import fields
from lib.forms.inputs import Day, Line


class SnoozeForm(forms.Form):
    until = Day(
        label="Until",
        help_text="If it still holds on that day, it is asked again.",
        error_messages={
            "required": "Give the day on which to ask again.",
            "invalid": "Give a day, written like 2026-03-31.",
        },
    )
    reason = Line(
        label="Why it can wait",
        max_length=fields.SENTENCE_LIMIT,
        help_text="In a sentence, for whoever wonders.",
        error_messages={"required": "Say why it can wait."},
    )
