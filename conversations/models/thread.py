"""Threads: conversations about one thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, F, Q

from conversations.enums import Side
from conversations.kinds import thread_kinds
from conversations.topics import topics
from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from teams.models import Person

KIND_LIMIT, ASPECT_LIMIT = 20, 40


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, person: Person, kinds: Collection[str] | None = None) -> Self:
        """A thread is visible to those who see what it is about (DESIGN.md, *Visibility*). With `kinds`, only threads
        about things of these.
        """
        seen = Q(pk=None)
        for topic in topics(kinds):
            seen |= Q(about_kind=topic.kind, about_id__in=topic.seen_by(person).order_by().values("pk"))
        return self.filter(seen)

    def open(self) -> Self:
        return self.filter(outcome="")

    def in_turn_of(self, person: Person) -> Self:
        """Open threads in which `person` is to write next. Whoever may not see what it is about is not asked."""
        standing = [kind.code for kind in thread_kinds() if kind.asked_by]
        side = Q(turn=Side.ASKS, asker=person) & ~Q(kind__in=standing)
        for kind in thread_kinds():
            if kind.asked_by:
                rows = kind.asked_by(person).order_by().values("pk")
                side |= Q(turn=Side.ASKS, kind=kind.code, about_id__in=rows)
        side |= Q(turn=Side.ANSWERS) & answered_by(person)
        return self.open().visible_to(person).filter(side) if person.is_active else self.none()

    def reminded_of_owed(self, person: Person, on: dt.date) -> Self:
        """Open threads in which nobody is in turn, and `person` was reminded of what they owe on the day `on`."""
        return self.open().visible_to(person).filter(owed(on), answered_by(person)) if person.is_active else self.none()

    def asked_since(self, at: dt.datetime) -> Self:
        """Those that became somebody's turn, or of which whoever is in turn was reminded, at or after `at`."""
        return self.filter(Q(turned_at__gte=at) | Q(reminded_at__gte=at) & Q(reminded_at__gte=F("turned_at")))

    def late(self, on: dt.date) -> Self:
        """Open threads that whoever answers should have answered by now."""
        return self.open().filter(turn=Side.ANSWERS, due_on__lt=on)


class Thread(Versioned):
    """A conversation of a `kind` (conversations/kinds.py) about one thing, and, with `aspect`, about a flag or a figure
    of it. `asker` asked; whoever answers for the thing (`answers_kind`, `answers_id`: conversations/topics.py) answers.

    `turn` says which side is to write next, by `due_on`; '' for nobody. `outcome` is what came of it, '' while it is
    open; an ended one with a `due_on` is opened again on that day. `pinned` is the message that answers it best.
    `last_at` is when something was last said or done, `reminded_at` when whoever was in turn was last reminded.
    """

    key = fields.KeyField()
    kind = models.CharField(max_length=KIND_LIMIT)
    about_kind = models.CharField(max_length=KIND_LIMIT)
    about_id = models.BigIntegerField()
    aspect = models.CharField(max_length=ASPECT_LIMIT, blank=True, default="")
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="threads")
    answers_kind = models.CharField(max_length=KIND_LIMIT)
    answers_id = models.BigIntegerField()
    turn = models.CharField(max_length=10, choices=Side, blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True, default="")
    pinned: Any = models.ForeignKey(
        "conversations.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()
    turned_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("about_kind", "about_id", name="conversations_thread_about"),
            models.Index(
                "answers_kind", "answers_id", name="conversations_thread_answers", condition=Q(turn="answers")
            ),
            models.Index("asker", name="conversations_thread_asker", condition=Q(turn="asks")),
            models.Index(F("last_at").desc(), F("id").desc(), name="conversations_thread_by_last"),
        ]
        constraints = [
            fields.slug_key("conversations_thread"),
            CheckConstraint(condition=Q(turn__in=["", *Side.values]), name="conversations_thread_turn_known"),
            *fields.days("conversations_thread", "due_on"),
            CheckConstraint(
                condition=Q(outcome="", closed_at=None) | (~Q(outcome="") & Q(closed_at__isnull=False, turn="")),
                name="conversations_thread_ended",
            ),
            CheckConstraint(
                condition=Q(due_on=None) | ~Q(turn="", outcome=""), name="conversations_thread_due_in_turn"
            ),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.key

    @property
    def is_reminded(self) -> bool:
        """Whether whoever is in turn was reminded of it since then."""
        return self.reminded_at is not None and self.reminded_at >= self.turned_at

    @property
    def asked_at(self) -> dt.datetime:
        """When whoever is in turn was last asked for it."""
        return asked_at(self.turned_at, self.reminded_at)


def answered_by(person: Person) -> Q:
    """Threads in which `person` answers."""
    answers = Q(pk=None)
    for topic in topics():
        rows = topic.answered_by(person).order_by().values("pk")
        answers |= Q(answers_kind=topic.kind, answers_id__in=rows)
    return answers


def owed(on: dt.date) -> Q:
    """Threads in which nobody is in turn, and whose other side was reminded of what it owes on the day `on`."""
    about = Q(pk=None)
    for kind in thread_kinds():
        if kind.owed:
            rows = kind.owed(on).order_by().values("pk")
            about |= Q(kind=kind.code, about_kind__in=kind.about, about_id__in=rows)
    return about & Q(turn="", outcome="", reminded_at__gte=F("turned_at"))


def asked_at(turned_at: dt.datetime, reminded_at: dt.datetime | None) -> dt.datetime:
    return max(turned_at, reminded_at) if reminded_at else turned_at
