"""The log: what was done, and by whom. Entries are permanent."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import CompositePrimaryKey

from lib.db.triggers import append_only
from lib.log.kinds import kind
from lib.log.values import Pairs, restored
from teams.models.person import Person

FORMAT = 1
"""The version of the entry format."""


class LogEntryQuerySet(models.QuerySet["LogEntry"]):
    def about(self, kind: str, pk: int) -> Self:
        """Entries that refer to this object, so also those about its parts. Uses one index."""
        return self.filter(refs__kind=kind, refs__object_id=pk)

    def done_to(self, row: models.Model) -> Self:
        """Entries whose subject is `row`."""
        return self.filter(subject_kind=row._meta.model_name, subject_id=row.pk)

    def since(self, row: models.Model, version: int) -> Self:
        """What was done to `row` since it had `version`, in the order in which it was done."""
        return self.done_to(row).filter(row_version__gt=version).order_by("id")


class LogEntry(models.Model):
    """One action. The database refuses UPDATE and DELETE; people appear by id, so that a person can be erased.

    `action` is registered (lib.log.actions); `subject_kind` and `subject_id` identify the row it changed ('' and None:
    the company), `row_version` is that row's version then. `changes` are its changed fields with their values before
    and after (lib.log.values): a new row has no value before, a deleted one none after. `note` is further explanation.
    `actor` None is the system.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
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
            models.Index(fields=["actor", "-id"], name="teams_log_by_actor"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.action}"

    def before(self) -> dict[str, Any]:
        """The earlier values of the changed fields, by attribute name (`owner_id`); a related row is its id."""
        fields: list[Any] = [kind(self.subject_kind).model._meta.get_field(name) for name in self.changes]
        return {
            getattr(field, "attname", field.name): restored(field, self.changes[field.name][0])
            for field in fields
            if self.changes[field.name][0] is not None
        }


class LogRef(models.Model):
    """One object that an entry refers to, its subject included. The primary key is the index for an object's
    history.
    """

    pk: Any = CompositePrimaryKey("kind", "object_id", "entry_id")
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    entry = models.ForeignKey(LogEntry, on_delete=models.CASCADE, related_name="refs")

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
