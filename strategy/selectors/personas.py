"""Personas, and the teams that serve them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from lib.db.counting import CappedCount
from strategy.models import Persona, TeamPersona
from teams.models import Person, Team

TEAMS_SHOWN = 10


def personas(reader: Person) -> QuerySet[Any]:
    """The personas that `reader` may see, each with `serving` (key and name of the first TEAMS_SHOWN current teams by
    name) and `serving_count`; unordered.
    """
    pairs = TeamPersona.objects.filter(persona=OuterRef("pk"), team__archived_on=None)
    teams = Team.objects.current().filter(personas=OuterRef("pk")).order_by("name__folded", "id")
    row = JSONObject(key="key", name="name")
    return Persona.objects.visible_to(reader).annotate(
        serving=ArraySubquery(teams.values(row=row)[:TEAMS_SHOWN]), serving_count=CappedCount(pairs)
    )
