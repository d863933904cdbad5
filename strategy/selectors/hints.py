"""What a strategy still lacks while it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef

from strategy.enums import CLOSED, GoalStatus
from strategy.models import Goal, Measure, Strategy
from strategy.outlines import MARK
from strategy.selectors.strategies import company_goals
from strategy.wording import names_activity
from teams.models import Person

MANY_GOALS = 5
"""A strategy with more goals at its top than these is asked about."""
READ = 1_000
"""So many goals are looked at."""


@dataclass(frozen=True)
class Hints:
    """Of the draft company goals of a strategy, those that lack something, in the order in which they were made; `top`
    is how many goals at the top of it are not closed."""

    unexplained: list[Goal] = field(default_factory=list)
    unmeasured: list[Goal] = field(default_factory=list)
    unowned: list[Goal] = field(default_factory=list)
    activities: list[Goal] = field(default_factory=list)
    examples: list[Goal] = field(default_factory=list)
    top: int = 0


def hints_of(strategy: Strategy, person: Person) -> Hints:
    """One query."""
    goals: Any = company_goals(strategy)
    measured = Exists(Measure.objects.filter(goal=OuterRef("pk")))
    goals = goals.visible_to(person).exclude(status__in=CLOSED).annotate(measured=measured)
    rows: list[Any] = list(goals.order_by("pk")[:READ])
    drafts = [goal for goal in rows if goal.status == GoalStatus.DRAFT]
    return Hints(
        unexplained=[goal for goal in drafts if not goal.why],
        unmeasured=[goal for goal in drafts if not goal.measured],
        unowned=[goal for goal in drafts if goal.owner_id is None],
        activities=[goal for goal in drafts if names_activity(goal.title)],
        examples=[goal for goal in drafts if goal.title.startswith(MARK)],
        top=sum(goal.strategy_id is not None for goal in rows),
    )
