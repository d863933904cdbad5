"""What a team has that goes on, and that has to go elsewhere or end when it is archived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Window

from strategy.enums import GoalStatus
from strategy.models import Goal
from teams.enums import GOES_ON, SupportStatus
from teams.models import Initiative, Support, Team

ROWS = 100


@dataclass(frozen=True)
class GoesOn:
    """`work` are the first ROWS initiatives by title, `more` how many there are besides; `goals` counts its own active
    goals, `asks` the support that others wait for, `teams` its sub-teams that are not archived.
    """

    work: list[Initiative]
    more: int
    goals: int
    asks: int
    teams: int


def goes_on(team: Team) -> GoesOn:
    """Four queries."""
    rows: Any = work_of(team).annotate(there=Window(Count(F("pk"))))
    work = list(rows.order_by("title__folded", "id")[:ROWS])
    return GoesOn(
        work=work,
        more=work[0].there - len(work) if work else 0,
        goals=active_goals_of(team).count(),
        asks=asks_of(team).count(),
        teams=teams_below(team).count(),
    )


def work_of(team: Team) -> QuerySet[Initiative]:
    return Initiative.objects.filter(team=team, status__in=GOES_ON)


def active_goals_of(team: Team) -> QuerySet[Goal]:
    return Goal.objects.filter(team=team, status=GoalStatus.ACTIVE)


def asks_of(team: Team) -> QuerySet[Support]:
    """Support that others asked it for and have not got, for work that goes on."""
    open_ = (SupportStatus.ASKED, SupportStatus.PLEDGED)
    return Support.objects.filter(team=team, status__in=open_, initiative__status__in=GOES_ON)


def teams_below(team: Team) -> QuerySet[Team]:
    """Its sub-teams that are not archived."""
    return Team.objects.current().filter(parent=team)
