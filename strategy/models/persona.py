"""Personas: the customers, and what the company solves for them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import UniqueConstraint

from lib.db import fields
from lib.db.named import Named
from lib.db.triggers import Versioned, counted_version
from teams.models import Person, Team


class PersonaQuerySet(models.QuerySet["Persona"]):
    def visible_to(self, person: Person) -> Self:
        """Everybody in the company sees every persona (DESIGN.md, *Visibility*)."""
        return self if person.is_active else self.none()


class Persona(Named, Versioned):
    key = fields.KeyField()
    name = fields.LineField()
    problem = fields.LinesField()
    teams = models.ManyToManyField(Team, through="strategy.TeamPersona", related_name="personas")

    objects = PersonaQuerySet.as_manager()

    class Meta:
        constraints = [
            fields.slug_key("strategy_persona"),
            fields.filled("strategy_persona", "name"),
            *fields.one_line("strategy_persona", "name"),
            *fields.at_most("strategy_persona", fields.MARKDOWN_LIMIT, "problem"),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.name


class TeamPersona(models.Model):
    """A persona that a team serves."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["team", "persona"], name="strategy_teampersona_once")]

    def __str__(self) -> str:
        return f"{self.team_id} serves {self.persona_id}"
