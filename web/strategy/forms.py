"""Forms about a strategy."""

from __future__ import annotations

from lib.db import fields
from lib.forms.inputs import Day, Line, Lines
from lib.forms.pages import VersionedForm
from web.people.naming import OwnedForm, PersonField


class StrategyForm(OwnedForm):
    title = Line(
        label="Title",
        max_length=fields.NAME_LIMIT,
        error_messages={"required": "Give it a title: a few words that people will know it by."},
    )
    narrative = Lines(
        label="Narrative",
        rows=12,
        required=False,
        max_length=fields.MARKDOWN_LIMIT,
        help_text="What the company wants in this period, why, and what it leaves for later. Markdown.",
    )
    starts_on = Day(label="From", required=False)
    ends_on = Day(label="Until", required=False, help_text="Outside of these days its goals do not count.")
    owner = PersonField(help_text="Whom to ask about it: a name or an e-mail address. They may read the draft.")


class StrategyEditForm(VersionedForm, StrategyForm):
    merges = True
