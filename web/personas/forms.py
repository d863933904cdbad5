"""Forms about personas."""

from __future__ import annotations

from django import forms

from lib.db import fields
from lib.forms.inputs import Line, Markdown
from lib.forms.pages import VersionedForm


class PersonaForm(forms.Form):
    name = Line(
        label="Name",
        max_length=fields.NAME_LIMIT,
        help_text="What everybody calls them: “Shop owners”, “Night-shift nurses”.",
        error_messages={"required": "Give the persona a name."},
    )
    problem = Markdown(
        label="Who they are, and what we solve for them",
        required=False,
        rows=10,
        help_text="What they are trying to do, what stands in their way, and what they would miss if we were gone. "
        "Markdown is fine.",
    )


class PersonaEditForm(PersonaForm, VersionedForm):
    merges = True
