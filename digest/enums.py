"""The words of the weekly digest."""

from __future__ import annotations

from django.db.models import TextChoices


class DigestState(TextChoices):
    """Of a person's digest of a week. `due` waits to be built, `built` to be sent."""

    DUE = "due", "Due"
    BUILT = "built", "Built"
    SENT = "sent", "Sent"
    NOTHING = "nothing", "Nothing to say"
    FAILED = "failed", "Failed"
    MISSED = "missed", "Missed"
