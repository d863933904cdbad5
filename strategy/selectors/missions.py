"""The goals that a team's mission serves."""

from __future__ import annotations

from collections.abc import Collection

from strategy.models import Goal, MissionGoal
from teams.models import Person, Team


def served_goals(team: Team, reader: Person) -> list[Goal]:
    """The goals that `reader` may see, by title."""
    return list(Goal.objects.visible_to(reader).filter(missions__team=team).order_by("title__folded", "id"))


def missions_under(goals: Collection[int], teams: Collection[int]) -> list[MissionGoal]:
    """The mission goals of `teams` at or below any of `goals`, each with its goal. One query."""
    rows = MissionGoal.objects.filter(team__in=[0, *teams], goal__path__overlap=[0, *goals])
    return list(rows.select_related("goal"))
