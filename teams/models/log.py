"""The log: what happened, by whom, for ever."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import CompositePrimaryKey

from lib.db.triggers import append_only
from lib.log.kinds import kind
from lib.log.values import Pairs, restored
from teams.models.person import Person

FORMAT = 1
"""Of the envelope: what an entry holds, and how."""


class LogEntryQuerySet(models.QuerySet["LogEntry"]):
    def about(self, kind: str, pk: int) -> Self:
        """Those that refer to this thing: what was done to it, and to what it is a part of. By one index."""
        return self.filter(refs__kind=kind, refs__object_id=pk)

    def done_to(self, row: models.Model) -> Self:
        """Those whose subject is `row`."""
        return self.filter(subject_kind=row._meta.model_name, subject_id=row.pk)


class LogEntry(models.Model):
    """One thing that was done. The database refuses UPDATE and DELETE; people appear by id, so that a person can be
    erased.

    `action` is registered (lib.log.actions); `subject_kind` and `subject_id` name the row it was done to ('' and None:
    the company), `row_version` is the version that it had then. `changes` are its fields that changed, each with its
    value before and after (lib.log.values): of a row that is new nothing was before, of one that went nothing is after.
    `note` is what else explains it. `actor` None is the system itself.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    format = models.PositiveSmallIntegerField(default=FORMAT)
    subject_kind = models.CharField(max_length=20, blank=True, default="")
    subject_id = models.BigIntegerField(null=True)
    row_version = models.PositiveIntegerField(null=True)
    changes: models.JSONField[Pairs, Pairs] = models.JSONField(default=dict)
    note: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "log"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="teams_log_by_subject"),
            models.Index(fields=["action", "at"], name="teams_log_by_action"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.action}"

    def before(self) -> dict[str, Any]:
        """What the fields that changed had, by the name that a new row takes them by: of another row the id."""
        fields: list[Any] = [kind(self.subject_kind).model._meta.get_field(name) for name in self.changes]
        return {
            getattr(field, "attname", field.name): restored(field, self.changes[field.name][0])
            for field in fields
            if self.changes[field.name][0] is not None
        }


class LogRef(models.Model):
    """One thing that an entry refers to, its subject included. The key is the index of a thing's history."""

    pk: Any = CompositePrimaryKey("kind", "object_id", "entry_id")
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    entry = models.ForeignKey(LogEntry, on_delete=models.CASCADE, related_name="refs")

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
