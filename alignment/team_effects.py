"""What archiving a team would do, and what expecting other figures of a stance would (alignment.effects)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np

from alignment.effects import CLOSED, Effect, effect_of, place_of
from alignment.engine import Change, Company, changed
from alignment.engine.model import NEVER, day_number
from strategy.selectors.archiving import active_goals_of, asks_of
from teams.enums import InitiativeStatus, Stance, SupportStatus
from teams.models import Person, Support, Team

STATUSES = tuple(SupportStatus)


def archiving_team(
    team: Team, *, moved: Mapping[int, Team], ended: Mapping[int, str], reader: Person, on: dt.date
) -> Effect:
    """Archives the team: `moved` are the teams to which work goes, `ended` its new status, both by the id of the
    initiative. The team's active goals close, and what it was asked for is declined. Raises RefusedError where
    something of it is gone.
    """
    goals, asks = list(active_goals_of(team).values_list("pk", flat=True)), list(asks_of(team))

    def edit(company: Company) -> Iterator[Change]:
        for work, to in moved.items():
            yield Change("initiatives", work, "team", place_of(company.teams.id, to))
        for work, status in ended.items():
            yield Change("initiatives", work, "status", tuple(InitiativeStatus).index(InitiativeStatus(status)))
        for goal in goals:
            yield Change("goals", goal, "status", CLOSED)
        yield Change("teams", team.pk, "stance_until", NEVER)

    return effect_of(lambda company: _declined(changed(company, edit(company)), asks), reader, on)


def _declined(company: Company, asks: Iterable[Support]) -> Company:
    """With the `asks` declined. The engine knows an ask by its initiative, status and day; of those that are alike any
    one will do."""
    rows, status = company.asks, company.asks.status.copy()
    for ask in asks:
        of_work = company.initiatives.id[rows.initiative] == ask.initiative_id
        alike = of_work & (status == STATUSES.index(SupportStatus(ask.status)))
        at = np.flatnonzero(alike & (rows.asked_on == day_number(ask.asked_on)))
        status[at[:1]] = STATUSES.index(SupportStatus.DECLINED)
    return replace(company, asks=replace(rows, status=status))


def expecting(stance: str, values: Mapping[str, Decimal], *, reader: Person, on: dt.date) -> Effect:
    """Expects other figures of a stance; `values` are fields of its StanceRange."""
    at = tuple(Stance).index(Stance(stance))

    def edit(company: Company) -> Company:
        columns = {name: getattr(company.rules, name).copy() for name in values}
        for name, value in values.items():
            columns[name][at] = float(value)
        return replace(company, rules=replace(company.rules, **columns))

    return effect_of(edit, reader, on)
