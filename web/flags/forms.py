"""Forms about flags."""

from __future__ import annotations

from lib.db import fields
from lib.forms.inputs import Day, Line
from lib.forms.pages import VersionedForm


class SnoozeForm(VersionedForm):
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
