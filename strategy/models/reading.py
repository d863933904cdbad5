"""Who has read which edition."""

from __future__ import annotations

from django.db import models
from django.db.models import UniqueConstraint

from strategy.models.edition import Edition
from teams.models import Person


class EditionRead(models.Model):
    """Somebody's own note that they have read an edition. It is counted, and shown to nobody but themselves: so it is
    neither in the log nor in `/admin/`."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [UniqueConstraint(fields=["edition", "person"], name="strategy_editionread_once")]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.edition_id}"
