"""Where a proposed goal may hang."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lib.text.names import choices_apart
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from strategy.selectors.places import company_goals_offered, open_strategies
from teams.models import Person

Places = dict[str, Strategy | Goal]
"""By the value of its choice, as in "strategy-growth" and "goal-retention"."""


def published(reader: Person) -> QuerySet[Strategy]:
    return open_strategies(reader).filter(status=StrategyStatus.PUBLISHED)


def places_to_propose(reader: Person, chosen: Goal | None = None) -> Places:
    """Those in strategies that somebody else answers for. Two queries."""
    return _places([row for row in published(reader) if row.owner_id != reader.pk], reader, chosen)


def places_within(strategy: Strategy, reader: Person, chosen: Goal | None = None) -> Places:
    """One query."""
    return _places([strategy], reader, chosen)


def _places(strategies: list[Strategy], reader: Person, chosen: Goal | None) -> Places:
    """Strategies and their active goals of the first two levels, each strategy before its goals, as far as `reader`
    sees them; `chosen` stands further down. One query."""
    goals = [goal for goal in company_goals_offered(reader) if goal.status == GoalStatus.ACTIVE]
    found: Places = {}
    for strategy in strategies:
        found[place_value(strategy)] = strategy
        below = [goal for goal in goals if _root_of(goal).strategy_id == strategy.pk]
        found |= {place_value(goal): goal for goal in below}
    return found | ({place_value(chosen): chosen} if chosen is not None else {})


def place_value(place: Strategy | Goal) -> str:
    return f"{place._meta.model_name}-{place.key}"


def _root_of(goal: Goal) -> Any:
    return goal.parent or goal


def place_choices(places: Places) -> list[tuple[str, str]]:
    """A goal of the second level follows its parent with a dash; namesakes are told apart."""
    labels = {value: _label(place) for value, place in places.items()}
    return choices_apart(labels)


def _label(place: Strategy | Goal) -> str:
    if isinstance(place, Strategy):
        return f"At the top of “{place}”"
    return f"– – {place}" if place.parent_id else f"– {place}"
