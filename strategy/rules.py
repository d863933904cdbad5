"""Permissions for strategies, goals, measures and the business context."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from strategy.models import ContextPage, Decision, Edition, Goal, Measure, Strategy
from teams.enums import TeamRole
from teams.models import Person, Team
from teams.rules import is_leader, is_signed_in, leads, writes


def edits_goal(person: Person, goal: Goal | None) -> bool:
    """True for leaders, the goal's owner and, for a team's own goal, the team's leads."""
    if goal is None or not writes(person):
        return False
    return is_leader(person) or goal.owner_id == person.pk or leads(person, goal.team)


def decides_on_goal(person: Person, goal: Goal | None) -> bool:
    """Whether to close, move or remove it: leaders and, for a team's own goal, the team's leads."""
    return goal is not None and (is_leader(person) or leads(person, goal.team))


def adds_below(person: Person, goal: Goal | None) -> bool:
    """Below a team's goal, the team's leads; below a company goal, leaders, and leads for their own teams."""
    if goal is None or not writes(person):
        return False
    if goal.team_id is not None:
        return leads(person, goal.team)
    return is_leader(person) or TeamRole.LEAD in person.team_roles.values()


def creates_goal(person: Person, place: Strategy | Goal | Team | None) -> bool:
    """At the top of a strategy, leaders; below a goal, as `adds_below`; for a team's own, the team's leads."""
    if isinstance(place, Goal):
        return adds_below(person, place)
    return leads(person, place) if isinstance(place, Team) else is_leader(person)


def orders_goals(person: Person, place: Strategy | Goal | None) -> bool:
    """In a strategy, leaders; below a goal, whoever edits that goal."""
    return edits_goal(person, place) if isinstance(place, Goal) else is_leader(person)


def edits_measure(person: Person, measure: Measure | None) -> bool:
    return measure is not None and edits_goal(person, measure.goal)


def checks_in(person: Person, measure: Measure | None) -> bool:
    """Its keeper, and those who may edit it."""
    if measure is None:
        return False
    return edits_measure(person, measure) or (measure.keeper_id == person.pk and writes(person))


def amends(person: Person, strategy: Strategy | None) -> bool:
    """Whether to prepare what is published next: leaders, and the strategy's owner."""
    return strategy is not None and writes(person) and (is_leader(person) or strategy.owner_id == person.pk)


def edits_context_page(person: Person, page: ContextPage | None) -> bool:
    """True for leaders and the page's owner."""
    if page is None or not writes(person):
        return False
    return is_leader(person) or page.owner_id == person.pk


def reads_edition(person: Person, edition: Edition | None) -> bool:
    """Everybody says for themselves that they have read it."""
    return edition is not None and is_signed_in(person)


def edits_decision(person: Person, decision: Decision | None) -> bool:
    """True for leaders and the decision's owner."""
    if decision is None or not writes(person):
        return False
    return is_leader(person) or decision.owner_id == person.pk


add_perm("strategy.write_strategy", predicate(is_leader))
add_perm("strategy.publish_strategy", predicate(is_leader))
add_perm("strategy.amend_strategy", predicate(amends))
add_perm("strategy.write_persona", predicate(is_leader))
add_perm("strategy.write_context_page", predicate(is_leader))
add_perm("strategy.edit_context_page", predicate(edits_context_page))
add_perm("strategy.read_edition", predicate(reads_edition))
add_perm("strategy.write_decision", predicate(is_leader))
add_perm("strategy.edit_decision", predicate(edits_decision))
add_perm("strategy.edit_goal", predicate(edits_goal))
add_perm("strategy.add_goal_below", predicate(adds_below))
add_perm("strategy.create_goal", predicate(creates_goal))
add_perm("strategy.order_goals", predicate(orders_goals))
add_perm("strategy.decide_goal", predicate(decides_on_goal))
add_perm("strategy.edit_measure", predicate(edits_measure))
add_perm("strategy.check_in", predicate(checks_in))
