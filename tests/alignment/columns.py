"""A bundle's plain rows as the engine's columns, without a database: the quick way to the engine in tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from alignment.engine import Asks, Company, Goals, Initiatives, Links, Missions, Rules, Strategies, Teams
from alignment.engine.model import day_number
from alignment.enums import LinkState, Outcome
from strategy.enums import GoalStatus, StrategyStatus
from teams.enums import InitiativeKind, InitiativeStatus, Origin, Stance, SupportStatus

Rows = list[dict[str, str]]

STANCES = {
    "spotlight": {
        "coverage_floor": 0.9,
        "exploring_floor": 0,
        "exploring_ceiling": 0.1,
        "autonomy_floor": 0.2,
        "sustaining_ceiling": 0.4,
    },
    "core": {
        "coverage_floor": 0.7,
        "exploring_floor": 0.05,
        "exploring_ceiling": 0.3,
        "autonomy_floor": 0.4,
        "sustaining_ceiling": 0.5,
    },
    "explore": {
        "coverage_floor": 0.3,
        "exploring_floor": 0.2,
        "exploring_ceiling": 0.7,
        "autonomy_floor": 0.6,
        "sustaining_ceiling": 0.6,
    },
}


def cell(row: dict[str, str], column: str, default: str = "") -> str:
    value = row.get(column) or ""
    return value if value.strip() else default


def days(rows: Rows, column: str, default: str = "") -> Any:
    values = (cell(row, column, default) for row in rows)
    return np.array([day_number(dt.date.fromisoformat(value) if value else None) for value in values], dtype=np.int64)


def choice(rows: Rows, column: str, choices: Any, default: str) -> Any:
    order = [option.value for option in choices]
    return np.array([order.index(cell(row, column, default)) for row in rows], dtype=np.int64)


def places(rows: Rows, column: str, of: Rows) -> Any:
    by_key = {row["key"]: at for at, row in enumerate(of)}
    return np.array([by_key[cell(row, column)] if cell(row, column) else -1 for row in rows], dtype=np.int64)


def filled(rows: Rows, column: str) -> Any:
    return np.array([bool(cell(row, column)) for row in rows], dtype=bool)


def ids(rows: Rows) -> Any:
    return np.arange(1, len(rows) + 1)


def _rules(rows: Rows) -> Rules:
    settings = {row["setting"]: row["value"] for row in rows}

    def stances(column: str) -> Any:
        return np.array(
            [float(settings.get(f"{stance.value}.{column}", STANCES[stance.value][column])) for stance in Stance]
        )

    return Rules(
        grace_days=int(settings.get("grace_days", 14)),
        silent_days=int(settings.get("silent_days", 28)),
        default_effort=float(settings.get("default_effort", 1)),
        **{column: stances(column) for column in STANCES["core"]},
    )


def _here(teams: Rows) -> list[bool]:
    """By position, whether neither a team nor one above it is marked as not here."""
    by_key = {row["key"]: row for row in teams}

    def is_here(row: dict[str, str]) -> bool:
        return cell(row, "here", "yes") == "yes" and (not cell(row, "parent") or is_here(by_key[row["parent"]]))

    return [is_here(row) for row in teams]


def _goals(rows: Rows, strategies: Rows, measures: Rows, teams: Rows) -> Goals:
    absent = {row["key"] for row, is_here in zip(teams, _here(teams), strict=True) if not is_here}
    measured = {row["goal"] for row in measures}
    return Goals(
        id=ids(rows),
        parent=places(rows, "parent", rows),
        strategy=np.where(filled(rows, "parent"), -1, places(rows, "strategy", strategies)),
        team=filled(rows, "team"),
        here=np.array([cell(row, "team") not in absent for row in rows], dtype=bool),
        status=choice(rows, "status", GoalStatus, "draft"),
        starts_on=days(rows, "starts_on"),
        ends_on=days(rows, "ends_on"),
        weight=np.array([float(cell(row, "weight", "1")) for row in rows]),
        explained=filled(rows, "why"),
        measured=np.array([row["key"] in measured for row in rows], dtype=bool),
        meaning_changed_on=days(rows, "meaning_changed_on"),
        meaning_changed_at=np.zeros(len(rows)),
    )


def _links(rows: Rows, initiatives: Rows, goals: Rows, today: str) -> Links:
    return Links(
        id=ids(rows),
        initiative=places(rows, "initiative", initiatives),
        goal=places(rows, "goal", goals),
        share=np.array([round(float(cell(row, "share", "-0.000001")) * 1_000_000) for row in rows], dtype=np.int64),
        state=choice(rows, "state", LinkState, "claimed"),
        outcome=choice(rows, "outcome", Outcome, "untested"),
        reasoned=filled(rows, "rationale"),
        confirmed_on=days(rows, "confirmed_on", today),
        confirmed_at=np.zeros(len(rows)),
        review_on=days(rows, "review_on"),
    )


def _missions(teams: Rows, goals: Rows) -> Missions:
    by_key = {row["key"]: at for at, row in enumerate(goals)}
    pairs = [
        (at, by_key[key.strip()])
        for at, team in enumerate(teams)
        for key in cell(team, "mission_goals").split(";")
        if key.strip()
    ]
    return Missions(*(np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1)))


def company_of(bundle: dict[str, Rows], imported_on: dt.date) -> Company:
    """The columns of `bundle` as an import on `imported_on` into an empty database would leave them."""
    today = imported_on.isoformat()
    strategies, goals, teams, initiatives = (
        bundle.get(name, []) for name in ("strategies", "goals", "teams", "initiatives")
    )
    support = bundle.get("support", [])
    return Company(
        rules=_rules(bundle.get("company", [])),
        strategies=Strategies(
            ids(strategies),
            choice(strategies, "status", StrategyStatus, "draft"),
            days(strategies, "starts_on"),
            days(strategies, "ends_on"),
        ),
        goals=_goals(goals, strategies, bundle.get("measures", []), teams),
        teams=Teams(
            ids(teams),
            places(teams, "parent", teams),
            filled(teams, "mission"),
            choice(teams, "stance", Stance, "core"),
            days(teams, "stance_until"),
            np.array(_here(teams), dtype=bool),
        ),
        missions=_missions(teams, goals),
        initiatives=Initiatives(
            id=ids(initiatives),
            team=places(initiatives, "team", teams),
            kind=choice(initiatives, "kind", InitiativeKind, "goal"),
            origin=choice(initiatives, "origin", Origin, "team"),
            status=choice(initiatives, "status", InitiativeStatus, "proposed"),
            effort=np.array([float(cell(row, "effort", "0")) for row in initiatives]),
            ends_on=days(initiatives, "ends_on"),
            touched_on=days(initiatives, "touched_on", today),
        ),
        links=_links(bundle.get("links", []), initiatives, goals, today),
        asks=Asks(
            places(support, "initiative", initiatives),
            choice(support, "status", SupportStatus, "asked"),
            days(support, "asked_on", today),
        ),
    )
