"""Goal visibility for many people and goals at once; strategy.models.goal has the rule for one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from teams.enums import TeamRole
from teams.models import Person


def sees_strategy(strategy: Strategy, person: Person) -> bool:
    """As `visible_to` of strategy.models.strategy."""
    return strategy.status != StrategyStatus.DRAFT or person.sees_everything or strategy.owner_id == person.pk


@dataclass(frozen=True)
class Seers:
    """Who sees through a hidden goal, besides leaders: one of `people`, or people on the last of `teams`, the path of a
    team, or leading any of them."""

    people: frozenset[int]
    teams: tuple[int, ...] = ()

    def include(self, person: Person) -> bool:
        if person.pk in self.people:
            return True
        roles = person.team_roles if self.teams else {}
        return any(
            roles.get(team) == TeamRole.LEAD or (team == self.teams[-1] and team in roles) for team in self.teams
        )


@dataclass(frozen=True)
class Confidential:
    """`ends` maps the ids of the goals that hide themselves and what is below them to those who see through them."""

    ends: dict[int, Seers]

    def hides(self, person: Person, path: Iterable[int], owner_id: int | None) -> bool:
        """Whether `person` may not see the goal with this path, owned by `owner_id` (DESIGN.md, *Visibility*)."""
        if person.sees_everything or owner_id == person.pk:
            return False
        return any(not self.ends[goal].include(person) for goal in path if goal in self.ends)


def confidential() -> Confidential:
    """Reads the goals that hide something. One query."""
    rows: Iterable[Goal] = Goal.objects.hiding().select_related("strategy").annotate(of_team=F("team__path")).order_by()
    return Confidential({goal.pk: _seers(goal) for goal in rows})


def _seers(goal: Goal) -> Seers:
    """As `_opened_to` of strategy.models.goal."""
    strategy, marked = goal.strategy, goal.visibility == Visibility.LEADERS
    people = {goal.owner_id}
    if strategy is not None and strategy.status == StrategyStatus.DRAFT:
        people = people & {strategy.owner_id} if marked else {strategy.owner_id}
    of_team = goal.status == GoalStatus.DRAFT and not marked
    team: list[int] = getattr(goal, "of_team", None) or []
    return Seers(frozenset(pk for pk in people if pk is not None), tuple(team) if of_team else ())
