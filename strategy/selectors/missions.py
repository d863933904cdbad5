"""The goals that a team's mission serves."""

from __future__ import annotations

from strategy.models import Goal
from teams.models import Person, Team


def served_goals(team: Team, reader: Person) -> list[Goal]:
    """Those that `reader` may see, by title."""
    return list(Goal.objects.visible_to(reader).filter(missions__team=team).order_by("title", "id"))
