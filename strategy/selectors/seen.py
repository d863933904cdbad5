"""Who sees which goal, asked for many people and many goals at once; strategy.models.goal says it for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import JSONObject

from strategy.enums import StrategyStatus, Visibility
from strategy.models import Goal
from teams.models import Person


@dataclass(frozen=True)
class Confidential:
    """`ends` are the goals at which a view ends (marked `leaders`, or in a draft strategy), by id, with the people who
    see on all the same."""

    ends: dict[int, set[int]]

    def hides(self, person: Person, path: Iterable[int], owner_id: int | None) -> bool:
        """Whether the goal with this path, owned by `owner_id`, is not for `person` (DESIGN.md, *Visibility*)."""
        if person.sees_everything or owner_id == person.pk:
            return False
        return any(person.pk not in self.ends[goal] for goal in path if goal in self.ends)


def confidential() -> Confidential:
    """One query."""
    marked, drafts = view_ends()
    return confidential_of(each["row"] for each in marked.union(drafts, all=True))


def view_ends() -> tuple[QuerySet[Goal, Any], QuerySet[Goal, Any]]:
    """The goals at which a view ends, by mark and by draft, each with who sees on, as JSON for `confidential_of`."""
    marked = Goal.objects.filter(visibility=Visibility.LEADERS).order_by()
    drafts = Goal.objects.filter(strategy__status=StrategyStatus.DRAFT).order_by()
    return (
        marked.values(row=JSONObject(goal="pk", owner="owner_id")),
        drafts.values(row=JSONObject(goal="pk", owner="strategy__owner_id")),
    )


def confidential_of(rows: Iterable[Mapping[str, Any]]) -> Confidential:
    ends: dict[int, set[int]] = {}
    for row in rows:
        goal, owner = row["goal"], row["owner"]
        may = {owner} if owner is not None else set()
        ends[goal] = ends[goal] & may if goal in ends else may
    return Confidential(ends)
