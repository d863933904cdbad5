"""The enumerations of the weekly digest."""

from __future__ import annotations

from django.db.models import TextChoices


class DigestState(TextChoices):
    """`due` digests wait to be built, `built` ones to be sent."""

    DUE = "due", "Due"
    BUILT = "built", "Built"
    SENT = "sent", "Sent"
    NOTHING = "nothing", "Nothing to say"
    FAILED = "failed", "Failed"
    MISSED = "missed", "Missed"
