"""The enumerations of what waits for a worker."""

from __future__ import annotations

from django.db.models import TextChoices


class InvitationState(TextChoices):
    """`unneeded` ones are to people who joined, left or were refused mail while they waited."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNNEEDED = "unneeded", "No longer needed"


class NoticeMail(TextChoices):
    """By the name of its templates: what a mail about another address says."""

    CONFIRM = "address_confirm", "Confirm this address"
    ASKED = "address_asked", "Another address was asked for"
    CHANGED = "address_changed", "The address was changed"
