"""Goals that a team may tie its mission to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lib.db.folding import folded
from lib.db.search import has_words
from strategy.models import Goal, MissionGoal
from teams.models import Person, Team

SUGGESTED, FOUND = 100, 30


def mission_options(team: Team, reader: Person, *, chosen: Collection[str], search: str = "") -> list[Goal]:
    """Goals that `reader` may see, with their figures, in one query: those that the mission serves and those of the
    keys `chosen`, FOUND goals with every word of `search` in their title, then SUGGESTED anchored goals of the company;
    each part by title."""
    seen = Goal.objects.visible_to(reader)
    served = MissionGoal.objects.filter(team=team).values("goal")
    found = seen.filter(has_words("title", search) if search else Q(pk=None)).order_by("title__folded", "id")
    suggested = seen.filter(team=None, figures__anchored=True).order_by("path__len", "title__folded", "id")
    ids = (served, found.values("pk")[:FOUND], suggested.values("pk")[:SUGGESTED])
    rows: QuerySet[Any] = seen.filter(Q(Q(key__in=chosen), *(Q(pk__in=part) for part in ids), _connector=Q.OR))
    listed = rows.select_related("figures").annotate(
        is_served=Exists(served.filter(goal=OuterRef("pk"))), is_found=Exists(found.filter(pk=OuterRef("pk")))
    )

    def place(goal: Any) -> tuple[bool, bool, str, int]:
        return (not goal.is_served and goal.key not in chosen, not goal.is_found, folded(goal.title), goal.pk)

    return sorted(listed, key=place)
