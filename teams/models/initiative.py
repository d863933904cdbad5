"""Initiatives: the work that teams chose or were given."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import URLValidator
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from lib.db import fields
from lib.db.folding import folded_index
from lib.db.named import Named
from lib.db.triggers import Versioned, counted_version
from teams import labels
from teams.enums import InitiativeKind, InitiativeStatus, Origin
from teams.models.person import Person
from teams.models.team import Team

EDITED = (
    "key",
    "team_id",
    "title",
    "problem",
    "kind",
    "origin",
    "effort",
    "status",
    "starts_on",
    "ends_on",
    "owner_id",
    "url",
    "declaration",
    "status_reason",
    "learned",
    "labels",
)
"""All fields but `touched_on`: a link made meanwhile does not make an open form stale."""


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody in the company sees every initiative; fewer people see its links (DESIGN.md, *Visibility*)."""
        return self if person.is_active else self.none()


class Initiative(Named, Versioned):
    """A piece of work. `effort` is the person-weeks left in this strategy's period, None while not sized. `declaration`
    is the question of an exploration, or the reason for an upkeep; `status_reason` says why it has its status; work
    that was dropped here always has one. `learned` is what it taught, for whoever thinks of the like; `labels` is as
    teams.labels has them.
    """

    key = fields.KeyField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="initiatives")
    title = fields.LineField()
    problem = fields.LinesField()
    kind = models.CharField(max_length=10, choices=InitiativeKind, default=InitiativeKind.GOAL)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.TEAM)
    effort = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    status = models.CharField(max_length=10, choices=InitiativeStatus, default=InitiativeStatus.PROPOSED)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="initiatives")
    url = models.CharField(
        max_length=fields.URL_LIMIT, blank=True, default="", validators=[URLValidator(schemes=["http", "https"])]
    )
    touched_on = models.DateField()
    declaration = fields.LinesField(fields.LINES_LIMIT, db_default="")
    status_reason = fields.LinesField(fields.LINES_LIMIT, db_default="")
    learned = fields.LinesField(fields.LINES_LIMIT, db_default="")
    labels = fields.LineField(labels.LIMIT, blank=True, default="", db_default="")
    contributors = models.ManyToManyField(Person, through="teams.Contributor", related_name="+")

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(folded_index("title"), "id", name="teams_initiative_by_title"),
            models.Index("touched_on", "id", name="teams_initiative_by_touched"),
            models.Index("team", folded_index("title"), "id", name="teams_initiative_by_team"),
            GinIndex(OpClass(folded_index("title"), name="gin_trgm_ops"), name="teams_initiative_title_trgm"),
            GinIndex(labels.several("labels"), name="teams_initiative_labels"),
        ]
        constraints = [
            fields.slug_key("teams_initiative"),
            fields.filled("teams_initiative", "title"),
            *fields.one_line("teams_initiative", "title", "url", "labels"),
            *fields.at_most("teams_initiative", fields.MARKDOWN_LIMIT, "problem"),
            *fields.at_most("teams_initiative", fields.LINES_LIMIT, "declaration", "status_reason", "learned"),
            fields.one_of("teams_initiative", "kind", InitiativeKind.values),
            fields.one_of("teams_initiative", "origin", Origin.values),
            fields.one_of("teams_initiative", "status", InitiativeStatus.values),
            fields.between("teams_initiative", "effort", 0, "99999.99", above=True),
            fields.in_order("teams_initiative"),
            *fields.days("teams_initiative", "starts_on", "ends_on", "touched_on"),
            CheckConstraint(
                condition=~Q(kind=InitiativeKind.EXPLORE) | Q(ends_on__isnull=False),
                name="teams_initiative_exploration_ends",
                violation_error_message="An exploration needs an end: give the day it stops.",
            ),
            CheckConstraint(condition=Q(url="") | Q(url__regex=r"^https?://\S+$"), name="teams_initiative_url_web"),
        ]
        triggers = [
            counted_version(*EDITED),
            pgtrigger.Trigger(
                name="asks_others",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("team_id"),
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("OLD.team_id <> NEW.team_id"),
                func="""
                    IF EXISTS (SELECT FROM teams_support s
                               JOIN teams_initiative i ON i.id = s.initiative_id AND i.team_id = s.team_id
                               WHERE i.id = NEW.id) THEN
                        RAISE EXCEPTION 'a team does not ask itself for support'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_support_of_others';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Contributor(models.Model):
    """Somebody who works on an initiative beside its owner, from whatever team."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["initiative", "person"], name="teams_contributor_once")]

    def __str__(self) -> str:
        return f"{self.person_id} works on {self.initiative_id}"
