"""Support that a team asks of another for one of its initiatives."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import UniqueConstraint

from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from teams.enums import SupportSize, SupportStatus
from teams.models.initiative import Initiative
from teams.models.person import Person
from teams.models.team import Team


class SupportQuerySet(models.QuerySet["Support"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody in the company sees it, as they see initiatives (DESIGN.md, *Visibility*)."""
        return self if person.is_active else self.none()


class Support(Versioned):
    """An ask: the team of `initiative` asks `team`, a different one, which replies in `answer`."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="support")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="support_asked")
    ask = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="")
    size = models.CharField(max_length=10, choices=SupportSize, default=SupportSize.MEDIUM)
    status = models.CharField(max_length=10, choices=SupportStatus, default=SupportStatus.ASKED)
    asked_on = models.DateField()
    answer = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="", db_default="")

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "support"
        constraints = [
            UniqueConstraint(fields=["initiative", "team"], name="teams_support_once"),
            *fields.one_line("teams_support", "ask", "answer"),
            fields.one_of("teams_support", "size", SupportSize.values),
            fields.one_of("teams_support", "status", SupportStatus.values),
            *fields.days("teams_support", "asked_on"),
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
