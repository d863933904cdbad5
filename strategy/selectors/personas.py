"""Personas, and the teams that serve them."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from lib.db.counting import CappedCount
from strategy.models import Goal, Persona, TeamPersona
from teams.models import Person, Team

TEAMS_SHOWN = 10
GOALS_SHOWN = 10


def personas(reader: Person) -> QuerySet[Any]:
    """The personas that `reader` may see, each with `serving` (key and name of the first TEAMS_SHOWN current teams by
    name) and `serving_count`, and as `naming` those of the first GOALS_SHOWN + 1 goals that are for it, by title, as
    far as `reader` may see them; unordered.
    """
    pairs = TeamPersona.objects.filter(persona=OuterRef("pk"), team__archived_on=None)
    teams = Team.objects.current().filter(personas=OuterRef("pk")).order_by("name__folded", "id")
    row = JSONObject(key="key", name="name")
    goals = Goal.objects.visible_to(reader).filter(persona_citations__persona=OuterRef("pk"))
    naming = goals.order_by("title__folded", "id").values(row=JSONObject(key="key", name="title"))
    return Persona.objects.visible_to(reader).annotate(
        serving=ArraySubquery(teams.values(row=row)[:TEAMS_SHOWN]),
        serving_count=CappedCount(pairs),
        naming=ArraySubquery(naming[: GOALS_SHOWN + 1]),
    )
