"""Forms about a page of the business context."""

from __future__ import annotations

from django import forms

from lib.db import fields
from lib.forms.inputs import Line, Markdown, OneOf, Option
from lib.forms.pages import VersionedForm
from strategy.enums import Lens
from web.people.naming import OwnedForm, PersonField

LENSES = [
    (
        Lens.STRATEGY,
        Option(Lens.STRATEGY.label, "Where the company is going: its market, its bets, and what it leaves to others."),
    ),
    (
        Lens.PRODUCT,
        Option(Lens.PRODUCT.label, "Who the customers are, what is solved for them, and what they would do without."),
    ),
    (
        Lens.OPERATIONS,
        Option(
            Lens.OPERATIONS.label, "How it is sold, supported and financed: what brings money in, and what it costs."
        ),
    ),
]
"""The lenses in the order of the pages, each with a line on its purpose."""


class ContextPageForm(OwnedForm):
    title = Line(
        label="Title",
        max_length=fields.NAME_LIMIT,
        help_text="What it answers, in a few words: “How we earn our money”.",
        error_messages={"required": "Give it a title: what the page answers, in a few words."},
    )
    lens = forms.ChoiceField(
        label="Lens",
        choices=LENSES,
        widget=OneOf(),
        error_messages={"required": "Choose under which of the three people look for it."},
    )
    body = Markdown(
        label="Text",
        rows=16,
        required=False,
        help_text="What somebody new would have to ask about: a page or two, with the figures that matter. Markdown.",
    )
    owner = PersonField(
        help_text="Whom to ask about it, and who keeps it true: a name or an e-mail address. They may edit the page."
    )


class ContextPageEditForm(VersionedForm, ContextPageForm):
    merges = True
