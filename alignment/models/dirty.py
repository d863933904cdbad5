"""The queue of figures to recompute. The rows are authoritative: Redis only wakes a worker."""

from __future__ import annotations

from django.db import models

from alignment.enums import Stale
from teams.models import LogEntry


class Dirty(models.Model):
    """One thing that an edit left to a worker; several rows may name the same thing and are processed together. `cause`
    is the log entry of the edit."""

    what = models.CharField(max_length=10, choices=Stale)
    of = models.BigIntegerField(null=True)
    cause = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name_plural = "dirty"

    def __str__(self) -> str:
        return f"{self.what} {self.of}"
