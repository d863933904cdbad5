"""Support that a team asks of another for one of its initiatives."""

from __future__ import annotations

import datetime as dt
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from teams.enums import AskTurn, SupportSize, SupportStatus
from teams.models.initiative import Initiative
from teams.models.person import Person
from teams.models.team import Team


class SupportQuerySet(models.QuerySet["Support"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody in the company sees it, as they see initiatives (DESIGN.md, *Visibility*)."""
        return self if person.is_active else self.none()

    def waits_for_asked(self) -> Self:
        """What the asked team has to answer."""
        return self.filter(status=SupportStatus.ASKED, answer="")

    def waits_for_asking(self) -> Self:
        """Terms and offers to be accepted, and what is delivered as the other team says."""
        offered = Q(status=SupportStatus.ASKED) & ~Q(answer="")
        return self.filter(offered | Q(status=SupportStatus.DELIVERED, unconfirmed=True))

    def late(self, on: dt.date) -> Self:
        """What was pledged for a day before `on`."""
        return self.filter(status=SupportStatus.PLEDGED, due_on__lt=on)


class Support(Versioned):
    """An ask: the team of `initiative` asks `team`, a different one, by `needed_on`; several asks of one pair have a
    `key`. The other team replies in `answer`. What is asked and has an answer are terms, which the asking team accepts
    or answers; it is pledged for the day `due_on`. With `unconfirmed`, the helping team says that it is delivered, and
    the asking one has not said so. `thanks` is what that one says in the end.

    With `offered`, the other team offered it unasked: `answer` says what, and `ask` nothing.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="support")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="support_asked")
    key = models.CharField(max_length=fields.KEY_LIMIT, blank=True, default="", db_default="")
    ask = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="")
    size = models.CharField(max_length=10, choices=SupportSize, default=SupportSize.MEDIUM)
    status = models.CharField(max_length=10, choices=SupportStatus, default=SupportStatus.ASKED)
    asked_on = models.DateField()
    answer = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="", db_default="")
    needed_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    unconfirmed = models.BooleanField(default=False, db_default=False)
    thanks = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="", db_default="")
    offered = models.BooleanField(default=False, db_default=False)

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "support"
        constraints = [
            UniqueConstraint(fields=["initiative", "team", "key"], name="teams_support_once"),
            CheckConstraint(
                condition=Q(key__regex=rf"^({fields.KEY_PATTERN})?$"),
                name="teams_support_key_slug",
                violation_error_message=fields.key_validator.message,
            ),
            CheckConstraint(
                condition=Q(unconfirmed=False) | Q(status=SupportStatus.DELIVERED),
                name="teams_support_unconfirmed_delivered",
            ),
            *fields.one_line("teams_support", "ask", "answer", "thanks"),
            fields.one_of("teams_support", "size", SupportSize.values),
            fields.one_of("teams_support", "status", SupportStatus.values),
            *fields.days("teams_support", "asked_on", "needed_on", "due_on"),
        ]
        triggers = [
            counted_version(),
            pgtrigger.Trigger(
                name="asks_others",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("initiative_id", "team_id"),
                timing=pgtrigger.Deferred,
                func="""
                    IF EXISTS (SELECT FROM teams_support s
                               JOIN teams_initiative i ON i.id = s.initiative_id AND i.team_id = s.team_id
                               WHERE s.id = NEW.id) THEN
                        RAISE EXCEPTION 'a team does not ask itself for support'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_support_of_others';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} asks {self.team_id}"

    @property
    def turn(self) -> AskTurn:
        """Of what is pledged nobody's, until it is late."""
        if self.status == SupportStatus.ASKED:
            return AskTurn.ASKING if self.answer else AskTurn.ASKED
        waits = self.status == SupportStatus.DELIVERED and self.unconfirmed
        return AskTurn.ASKING if waits else AskTurn.NOBODY

    @property
    def is_open_offer(self) -> bool:
        return self.offered and self.status == SupportStatus.ASKED

    def is_late(self, on: dt.date) -> bool:
        return self.status == SupportStatus.PLEDGED and self.due_on is not None and self.due_on < on
