"""Which teams are here, and how many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, Func, IntegerField, JSONField, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from teams.models import Team
from teams.models.team import not_here


@dataclass(frozen=True)
class Presence:
    """Of how many `teams` of the company how many are `here`."""

    teams: int
    here: int

    @property
    def all_here(self) -> bool:
        return self.here == self.teams


def is_here(team: Team) -> bool:
    """Whether the team is here, and all above it. One query."""
    return Team.objects.here().filter(pk=team.pk).exists()


def teams_here() -> Presence:
    """Also where all are here. One query."""
    return Presence(**Team.objects.current().aggregate(teams=Count("pk"), here=Count("pk", filter=~not_here())))


def presence_counts() -> Case:
    """For a query of one row: what `presence_of` reads. The teams are counted only where one is not here."""
    counts = JSONObject(teams=_count(Team.objects.current()), here=_count(Team.objects.current().here()))
    some_missing = Exists(Team.objects.current().filter(is_here=False))
    return Case(When(some_missing, then=counts), default=None, output_field=JSONField())


def presence_of(counts: dict[str, int] | None) -> Presence | None:
    """None where every team is here."""
    return Presence(**counts) if counts else None


def _count(teams: QuerySet[Team]) -> Any:
    counted = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Subquery(teams.order_by().values(n=counted))
