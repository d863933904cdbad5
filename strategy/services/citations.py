"""Says which customers a goal is for, and which pages of the business context it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from lib.services.edits import opened
from lib.services.sets import touch
from lib.services.writes import writes
from strategy.models import ContextPage, Goal, GoalPage, GoalPersona, Persona
from strategy.selectors.citations import cited_by_goal
from strategy.services.sets import cite
from teams.models import Person
from teams.services.log import record

CITED = {"pages": (GoalPage, "page"), "personas": (GoalPersona, "persona")}
"""By field of a goal, its pairs and the column of what is cited."""


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
    changes = cite(row, "goal", CITED, {"pages": pages, "personas": personas}, actor)
    if changes:
        touch([row])
        record("goal.related", actor=actor, at=at, subject=row, changes=changes)
    return row
