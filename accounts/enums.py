"""The enumerations of what waits for a worker."""

from __future__ import annotations

from django.db.models import TextChoices


class InvitationState(TextChoices):
    """`unneeded` ones are to people who joined, left or were refused mail while they waited."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNNEEDED = "unneeded", "No longer needed"
