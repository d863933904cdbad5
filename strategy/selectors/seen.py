"""Who sees which goal, asked for many people and many goals at once; strategy.models.goal says it for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    """One query: by mark and by draft, each goal with who sees on."""
    marked = Goal.objects.filter(visibility=Visibility.LEADERS).order_by().values_list("pk", "owner_id")
    drafts = Goal.objects.filter(strategy__status=StrategyStatus.DRAFT).order_by()
    ends: dict[int, set[int]] = {}
    for goal, owner in marked.union(drafts.values_list("pk", "strategy__owner_id"), all=True):
        may = {owner} if owner is not None else set()
        ends[goal] = ends[goal] & may if goal in ends else may
    return Confidential(ends)
