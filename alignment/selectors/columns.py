"""The company of the database as the engine's columns, whole, by binary COPY."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import TextChoices

from alignment.engine import Asks, Company, Goals, Initiatives, Links, Missions, Rules, Strategies, Teams
from alignment.engine.model import MILLION, NEVER
from alignment.enums import LinkState, Outcome
from lib.columns import Column, places, read
from strategy.enums import GoalStatus, StrategyStatus
from teams.enums import InitiativeKind, InitiativeStatus, Origin, Stance, SupportStatus
from teams.models import StanceRange
from teams.selectors.company import company


def _position(column: str, choices: Iterable[TextChoices]) -> tuple[str, str]:
    """An enumeration as its position."""
    cases = " ".join(f"WHEN '{choice.value}' THEN {at}" for at, choice in enumerate(choices))
    return "c", f"CASE {column} {cases} END"


def _day(column: str) -> tuple[str, str]:
    return "i", f"COALESCE({column} - DATE '1970-01-01', {NEVER})"


def one_snapshot() -> AbstractContextManager[Any]:
    """Several reads that see one state of the database; inside a transaction, that transaction's view."""
    if connection.in_atomic_block:
        return transaction.atomic()
    return _repeatable_read()


class _repeatable_read(transaction.Atomic):  # noqa: N801 -- used as transaction.atomic() is
    def __init__(self) -> None:
        super().__init__(None, savepoint=False, durable=False)

    def __enter__(self) -> None:
        super().__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def rules() -> Rules:
    settings = company()
    ranges = {row.stance: row for row in StanceRange.objects.all()}

    def column(name: str) -> Any:
        return np.array([float(getattr(ranges[stance], name)) for stance in Stance])

    return Rules(
        grace_days=settings.grace_days,
        silent_days=settings.silent_days,
        default_effort=float(settings.default_effort),
        coverage_floor=column("coverage_floor"),
        exploring_floor=column("exploring_floor"),
        exploring_ceiling=column("exploring_ceiling"),
        autonomy_floor=column("autonomy_floor"),
        sustaining_ceiling=column("sustaining_ceiling"),
    )


def _sorted(rows: dict[str, Column]) -> dict[str, Column]:
    if np.all(rows["id"][1:] > rows["id"][:-1]):
        return rows
    order = np.argsort(rows["id"])
    return {name: column[order] for name, column in rows.items()}


def _kept(rows: dict[str, Column], *references: str) -> dict[str, Column]:
    """Without the rows that refer to something that is not there."""
    keep = np.logical_and.reduce([rows[reference] >= 0 for reference in references])
    return rows if keep.all() else {name: column[keep] for name, column in rows.items()}


def _strategies() -> Strategies:
    columns = {
        "id": ("l", "id"),
        "status": _position("status", StrategyStatus),
        "starts_on": _day("starts_on"),
        "ends_on": _day("ends_on"),
    }
    return Strategies(**_sorted(read(columns, "strategy_strategy")))


def _goals(strategies: Strategies) -> Goals:
    columns = {
        "id": ("l", "id"),
        "parent": ("l", "COALESCE(parent_id, -1)"),
        "strategy": ("l", "COALESCE(strategy_id, -1)"),
        "team": ("b", "team_id IS NOT NULL"),
        "status": _position("status", GoalStatus),
        "starts_on": _day("starts_on"),
        "ends_on": _day("ends_on"),
        "weight": ("d", "weight"),
        "explained": ("b", "why <> ''"),
        "measured": ("b", "id IN (SELECT goal_id FROM strategy_measure)"),
        "meaning_changed_on": _day("meaning_changed_on"),
    }
    rows = _sorted(read(columns, "strategy_goal"))
    rows["parent"] = places(rows["parent"], rows["id"])
    rows["strategy"] = places(rows["strategy"], strategies.id)
    return Goals(**rows)


def _teams() -> Teams:
    columns = {
        "id": ("l", "id"),
        "parent": ("l", "COALESCE(parent_id, -1)"),
        "mission": ("b", "mission <> ''"),
        "stance": _position("stance", Stance),
        "stance_until": _day("stance_until"),
    }
    rows = _sorted(read(columns, "teams_team"))
    rows["parent"] = places(rows["parent"], rows["id"])
    return Teams(**rows)


def _initiatives(teams: Teams) -> Initiatives:
    columns = {
        "id": ("l", "id"),
        "team": ("l", "team_id"),
        "kind": _position("kind", InitiativeKind),
        "origin": _position("origin", Origin),
        "status": _position("status", InitiativeStatus),
        "effort": ("d", "COALESCE(effort, 0)"),
        "ends_on": _day("ends_on"),
        "touched_on": _day("touched_on"),
    }
    rows = _sorted(read(columns, "teams_initiative"))
    rows["team"] = places(rows["team"], teams.id)
    return Initiatives(**_kept(rows, "team"))


def _links(initiatives: Initiatives, goals: Goals) -> Links:
    columns = {
        "id": ("l", "id"),
        "initiative": ("l", "initiative_id"),
        "goal": ("l", "goal_id"),
        "share": ("i", f"COALESCE(share * {MILLION}, -1)"),
        "state": _position("state", LinkState),
        "outcome": _position("outcome", Outcome),
        "reasoned": ("b", "rationale <> ''"),
        "confirmed_on": _day("confirmed_on"),
        "review_on": _day("review_on"),
    }
    rows = read(columns, "alignment_link")
    rows["initiative"] = places(rows["initiative"], initiatives.id)
    rows["goal"] = places(rows["goal"], goals.id)
    return Links(**_kept(rows, "initiative", "goal"))


def _missions(teams: Teams, goals: Goals) -> Missions:
    rows = read({"team": ("l", "team_id"), "goal": ("l", "goal_id")}, "strategy_missiongoal")
    pairs = {"team": places(rows["team"], teams.id), "goal": places(rows["goal"], goals.id)}
    return Missions(**_kept(pairs, "team", "goal"))


def _asks(initiatives: Initiatives) -> Asks:
    columns = {
        "initiative": ("l", "initiative_id"),
        "status": _position("status", SupportStatus),
        "asked_on": _day("asked_on"),
    }
    rows = read(columns, "teams_support")
    rows["initiative"] = places(rows["initiative"], initiatives.id)
    return Asks(**_kept(rows, "initiative"))


def company_columns() -> Company:
    """The whole company, of one snapshot."""
    with one_snapshot():
        strategies, teams = _strategies(), _teams()
        goals, initiatives = _goals(strategies), _initiatives(teams)
        return Company(
            rules=rules(),
            strategies=strategies,
            goals=goals,
            teams=teams,
            missions=_missions(teams, goals),
            initiatives=initiatives,
            links=_links(initiatives, goals),
            asks=_asks(initiatives),
        )
