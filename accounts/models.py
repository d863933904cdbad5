"""What waits for a worker."""

from __future__ import annotations

from django.db import models

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
