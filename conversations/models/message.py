"""What is said in a thread, and who is mentioned there."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from conversations.models.thread import KIND_LIMIT, Thread
from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from teams.models import Person

MESSAGE_LIMIT = 10_000


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(thread__in=Thread.objects.visible_to(person).order_by().values("pk"))


class Message(Versioned):
    """`text` is Markdown. Its author edits it within a quarter of an hour (`edited_at`); after that it stays as it was
    read. An administrator can take the text away (`removed_at`, `removed_by`); the mark stays.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    text = fields.LinesField(MESSAGE_LIMIT)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["thread", "at", "id"], name="conversations_message_in_turn")]
        constraints = [
            *fields.at_most("conversations_message", MESSAGE_LIMIT, "text"),
            CheckConstraint(
                condition=Q(removed_at=None, removed_by=None, text__regex=fields.SOMETHING)
                | Q(removed_at__isnull=False, text=""),
                name="conversations_message_says_something",
            ),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Mention(models.Model):
    """A person or a team (`kind`, `object_id`: the log's) that a message names."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=KIND_LIMIT)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["kind", "object_id", "message"], name="conversations_mention_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} mentions {self.kind} {self.object_id}"
