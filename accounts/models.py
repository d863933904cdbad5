"""What waits for a worker, and forms that people sent: what came of them, or what was typed where they could not be
taken.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q

from teams.models import Person


class ResetRequest(models.Model):
    """A link for a forgotten password that somebody asked for, and that a worker is to mail at `due_at`.

    `person` is null where nobody may have it: that is written as well, so that the page takes as long for everybody.
    """

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"asked at {self.asked_at}"


class SentForm(models.Model):
    """One form, by the nonce that it was drawn with. `url` is where saving it led; before that, `typed` may hold what
    was in its fields when its session had ended, at `address`. Only `person` gets it back into the form; whoever signs
    in as somebody else where it was typed sees it to copy.

    The database does not check the person: that would lock their row, which some forms are about.
    """

    nonce = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    at = models.DateTimeField(db_index=True)
    url = models.TextField(default="")
    address = models.TextField(default="")
    typed: models.JSONField[dict[str, list[str]] | None, dict[str, list[str]] | None] = models.JSONField(null=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(url="") | Q(typed__isnull=True), name="accounts_sentform_saved_or_kept"),
        ]

    def __str__(self) -> str:
        return str(self.nonce)
