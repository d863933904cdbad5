"""Forms about an amendment."""

from __future__ import annotations

from lib.db import fields
from lib.forms.pages import VersionedForm
from web.strategy.forms import Reason


class AmendmentForm(VersionedForm):
    """The version is that of all that it plans."""

    because = Reason(
        label="What changes, and why",
        rows=4,
        max_length=fields.LINES_LIMIT,
        help_text="In a few sentences, for everybody who works by it: they read it with the edition that this makes.",
    )
