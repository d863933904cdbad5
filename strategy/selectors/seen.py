"""Goal visibility for many people and goals at once; strategy.models.goal has the rule for one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from strategy.enums import StrategyStatus, Visibility
from strategy.models import Goal
from teams.models import Person


@dataclass(frozen=True)
class Confidential:
    """`ends` maps the ids of hidden goals (marked `leaders`, or at the root of a draft strategy) to the people who may
    still see them.
    """

    ends: dict[int, set[int]]

    def hides(self, person: Person, path: Iterable[int], owner_id: int | None) -> bool:
        """Whether `person` may not see the goal with this path, owned by `owner_id` (DESIGN.md, *Visibility*)."""
        if person.sees_everything or owner_id == person.pk:
            return False
        return any(person.pk not in self.ends[goal] for goal in path if goal in self.ends)


def confidential() -> Confidential:
    """Reads both kinds of hidden goals, each with the people who may see it. One query."""
    marked = Goal.objects.filter(visibility=Visibility.LEADERS).order_by().values_list("pk", "owner_id")
    drafts = Goal.objects.filter(strategy__status=StrategyStatus.DRAFT).order_by()
    ends: dict[int, set[int]] = {}
    for goal, owner in marked.union(drafts.values_list("pk", "strategy__owner_id"), all=True):
        may = {owner} if owner is not None else set()
        ends[goal] = ends[goal] & may if goal in ends else may
    return Confidential(ends)
