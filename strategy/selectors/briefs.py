"""What somebody who bets on a goal should know of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from strategy.models import Goal, Measure
from strategy.selectors.citations import with_citations


@dataclass(frozen=True)
class Brief:
    """Its own measures, and the names of the personas it is for and of the pages it cites."""

    measures: list[Measure] = field(default_factory=list)
    personas: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


def briefs(goals: Collection[Goal]) -> dict[int, Brief]:
    """By goal. Two queries, none without goals."""
    if not goals:
        return {}
    ids = [goal.pk for goal in goals]
    found = {
        row.pk: Brief([], [each["name"] for each in row.customers], [each["name"] for each in row.cited])
        for row in with_citations(Goal.objects.filter(pk__in=ids).only("pk"))
    }
    for measure in Measure.objects.filter(goal__in=[*found]).order_by("id"):
        found[measure.goal_id].measures.append(measure)
    return found
