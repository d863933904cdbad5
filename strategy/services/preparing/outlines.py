"""Begins a strategy with example goals, which show how one is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lib.services.writes import writes
from strategy.models import Strategy
from strategy.outlines import GOALS
from strategy.services.goals import create_goal
from strategy.services.measures import create_measure
from strategy.services.strategies import create_strategy
from teams.models import Person


@writes(permission="strategy.write_strategy", alone=True)
def outline_strategy(*, actor: Person, at: dt.datetime, **values: Any) -> Strategy:
    """Creates a draft, as `create_strategy` does with the same `values`, and below it the example goals, each with a
    measure. Raises ValidationError by field."""
    strategy = create_strategy(actor=actor, at=at, **values)
    for example in GOALS:
        goal = create_goal(
            actor=actor, at=at, title=example.title, why=example.why, strategy=strategy, owner=strategy.owner
        )
        create_measure(
            goal,
            actor=actor,
            at=at,
            title=example.measure,
            unit=example.unit,
            baseline=example.baseline,
            target=example.target,
        )
    return strategy
