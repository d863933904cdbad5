"""The weekly digest, one per person and week, and the mail about turns in conversations, one per person and day."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from digest.enums import DigestState
from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from lib.services.dates import iso_week
from teams.models import Person

WAITING = (DigestState.DUE, DigestState.BUILT)


class DigestSettings(Versioned):
    """Settings of the weekly digest: one row, made by a migration. `weekday` (ISO, 1 is Monday) and `hour` apply to
    people who chose none.

    Nothing is sent before `started_at` or while it is paused (`paused_at`); it starts only after an administrator has
    seen a preview (`previewed_at`). `planned_to` is the instant up to which every digest due has its row;
    `turns_planned_to` is that of the mails about turns, which leave while digests do.
    """

    weekday = models.PositiveSmallIntegerField(default=1)
    hour = models.PositiveSmallIntegerField(default=8)
    previewed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    planned_to = models.DateTimeField(null=True, blank=True)
    turns_planned_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(id=1), name="digest_digestsettings_only_one"),
            fields.between("digest_digestsettings", "weekday", 1, 7),
            fields.between("digest_digestsettings", "hour", 0, 23),
            CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(previewed_at__isnull=False),
                name="digest_digestsettings_previewed_first",
            ),
        ]
        triggers = [counted_version("weekday", "hour", "started_at", "paused_at")]

    def __str__(self) -> str:
        return "the weekly digest"

    @property
    def is_running(self) -> bool:
        return self.started_at is not None and self.paused_at is None


class DigestQuerySet(models.QuerySet["Digest"]):
    def visible_to(self, person: Person) -> Self:
        """Only the person a digest is written to may see it."""
        return self.filter(person=person)


class Digest(Versioned):
    """One person's digest of the ISO week that begins on Monday `week`; unique, whatever process writes it.

    `due_at` is its moment and `ends_at` the end of that week, both in the person's own zone. `content` is its content
    (digest/content.py), stored for the archive; `standing` is its reader's when it was written
    (digest/selectors/standing.py). `told_to` is the id of the last log entry that it tells (0: none); the person's next
    digest tells what came after. A worker that builds or sends it has leased it by `claim` since
    `claimed_at`, by the database's clock. `attempts` counts attempts to send, the next one is not before `not_before`;
    `problem` is the mail server's last answer. `version` counts its changes of state.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests_of_weeks")
    week = models.DateField()
    due_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DigestState, default=DigestState.DUE)
    subject = models.CharField(max_length=300, blank=True, default="")
    content: models.JSONField[Any, dict[str, Any] | None] = models.JSONField(null=True, blank=True)
    standing = models.CharField(max_length=60, blank=True, default="", db_default="")
    told_to = models.BigIntegerField(null=True, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="")
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = DigestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("state", "not_before", "id", name="digest_digest_waiting", condition=Q(state__in=WAITING)),
            models.Index("week", "state", name="digest_digest_by_week"),
        ]
        constraints = [
            UniqueConstraint(fields=["person", "week"], name="digest_digest_once"),
            fields.one_of("digest_digest", "state", DigestState.values),
            CheckConstraint(condition=Q(week__iso_week_day=1), name="digest_digest_week_begins_on_monday"),
            CheckConstraint(condition=Q(due_at__lt=models.F("ends_at")), name="digest_digest_due_in_its_week"),
            CheckConstraint(
                condition=~Q(state=DigestState.SENT) | Q(sent_at__isnull=False), name="digest_digest_sent_at"
            ),
        ]
        triggers = [counted_version("state")]

    def __str__(self) -> str:
        return f"digest to {self.person_id} of {self.iso_week}"

    @property
    def iso_week(self) -> str:
        """The week as people and addresses write it: 2026-W48."""
        return iso_week(self.week)


class TurnMail(models.Model):
    """One person's mail of `day`, a day in their own zone: in which conversations they got the turn.

    Its rows are planned at its moment, `due_at`, for those in whose turn something may be; what it says is read when it
    leaves. `told` has the ids of the threads in which they were told that it is their turn, by this mail or by their
    digest, as things stood at `told_at`. Claims and attempts are as those of Digest. Where nothing was left to say, its
    state is `nothing`; one that could not leave on its day is `missed`, and the next one says what it would have.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="turn_mails_of_days")
    day = models.DateField()
    due_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DigestState, default=DigestState.DUE)
    told = models.JSONField(default=list, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="")
    claim = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index("not_before", "id", name="digest_turnmail_waiting", condition=Q(state=DigestState.DUE)),
        ]
        constraints = [
            UniqueConstraint(fields=["person", "day"], name="digest_turnmail_once"),
            fields.one_of("digest_turnmail", "state", DigestState.values),
            *fields.days("digest_turnmail", "day"),
            CheckConstraint(condition=Q(due_at__lt=models.F("ends_at")), name="digest_turnmail_due_on_its_day"),
            CheckConstraint(
                condition=~Q(state=DigestState.SENT) | Q(sent_at__isnull=False), name="digest_turnmail_sent_at"
            ),
        ]

    def __str__(self) -> str:
        return f"turns of {self.person_id} on {self.day}"
