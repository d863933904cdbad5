"""Says which customers a goal is for, and which pages of the business context it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from lib.services.edits import opened
from lib.services.writes import writes
from strategy.models import ContextPage, Goal, GoalPage, GoalPersona, Persona
from strategy.selectors.citations import cited_by_goal
from strategy.services.sets import check_there, exchange, touch
from teams.models import Person
from teams.services.log import record


@writes(permission="strategy.edit_goal")
def cite_for_goal(
    goal: Goal,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    pages: Collection[ContextPage],
    personas: Collection[Persona],
) -> Goal:
    """In no edition, as owners are: it does not change what is wanted. Raises StaleError with the keys of now;
    ValidationError by field.
    """
    row = opened(goal, version, told=lambda now: cited_by_goal(now).keys())
    before, changes = cited_by_goal(row), {}
    for name, pairs, column, wanted in (
        ("pages", GoalPage, "page", pages),
        ("personas", GoalPersona, "persona", personas),
    ):
        old, new = ({each.pk for each in part} for part in (getattr(before, name), wanted))
        check_there(name, wanted, actor)
        if old != new:
            exchange(pairs, row, column, of="goal", before=old, after=new)
            changes[name] = [sorted(old), sorted(new)]
    if changes:
        touch([row])
        record("goal.related", actor=actor, at=at, subject=row, changes=changes)
    return row
