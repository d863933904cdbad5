"""Reads the company as the engine's columns: all of it by binary COPY, or a few rows in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import TextChoices

from alignment.engine import Asks, Company, Goals, Initiatives, Links, Missions, Rules, Strategies, Teams
from alignment.engine.model import MILLION, NEVER
from alignment.enums import LinkState, Outcome
from lib.db.columns import Column, Table, from_json, places, read, together_sql
from strategy.enums import GoalStatus, StrategyStatus
from teams.enums import InitiativeKind, InitiativeStatus, Origin, Stance, SupportStatus

Rows = dict[str, Column]

RANGES = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")


def _position(column: str, choices: Iterable[TextChoices]) -> tuple[str, str]:
    """The SQL of an enumeration's position."""
    cases = " ".join(f"WHEN '{choice.value}' THEN {at}" for at, choice in enumerate(choices))
    return "c", f"CASE {column} {cases} END"


def day_sql(column: str) -> str:
    """The SQL of a day number."""
    return f"COALESCE({column} - DATE '1970-01-01', {NEVER})"


def _day(column: str) -> tuple[str, str]:
    return "i", day_sql(column)


def instant_sql(column: str) -> str:
    """The SQL of an instant's seconds."""
    return f"COALESCE(date_part('epoch', {column}), 0)"


def _instant(column: str) -> tuple[str, str]:
    return "d", instant_sql(column)


NOT_HERE = "ARRAY(SELECT not_here.id FROM teams_team not_here WHERE NOT not_here.is_here)"
"""The SQL of the teams that are marked as not here; what is below them is not here either."""
RULES = {
    "settings": Table(
        "teams_company",
        {
            "grace_days": ("i", "grace_days"),
            "silent_days": ("i", "silent_days"),
            "default_effort": ("d", "default_effort"),
        },
    ),
    "ranges": Table(
        "teams_stancerange",
        {"stance": _position("stance", Stance), **{name: ("d", name) for name in RANGES}},
    ),
}
TABLES = {
    "strategies": Table(
        "strategy_strategy",
        {
            "id": ("l", "id"),
            "status": _position("status", StrategyStatus),
            "starts_on": _day("starts_on"),
            "ends_on": _day("ends_on"),
        },
    ),
    "goals": Table(
        "strategy_goal",
        {
            "id": ("l", "id"),
            "parent": ("l", "COALESCE(parent_id, -1)"),
            "strategy": ("l", "COALESCE(strategy_id, -1)"),
            "team": ("b", "team_id IS NOT NULL"),
            "here": ("b", f"NOT EXISTS (SELECT FROM teams_team t WHERE t.id = team_id AND t.path && {NOT_HERE})"),
            "status": _position("status", GoalStatus),
            "starts_on": _day("starts_on"),
            "ends_on": _day("ends_on"),
            "weight": ("d", "weight"),
            "explained": ("b", "why <> ''"),
            "measured": ("b", "id IN (SELECT goal_id FROM strategy_measure)"),
            "meaning_changed_on": _day("meaning_changed_on"),
            "meaning_changed_at": _instant("meaning_changed_at"),
        },
    ),
    "teams": Table(
        "teams_team",
        {
            "id": ("l", "id"),
            "parent": ("l", "COALESCE(parent_id, -1)"),
            "mission": ("b", "mission <> ''"),
            "stance": _position("stance", Stance),
            "stance_until": _day("CASE WHEN archived_on IS NULL THEN stance_until END"),
            "here": ("b", f"NOT path && {NOT_HERE}"),
        },
    ),
    "initiatives": Table(
        "teams_initiative",
        {
            "id": ("l", "id"),
            "team": ("l", "team_id"),
            "kind": _position("kind", InitiativeKind),
            "origin": _position("origin", Origin),
            "status": _position("status", InitiativeStatus),
            "effort": ("d", "COALESCE(effort, 0)"),
            "ends_on": _day("ends_on"),
            "touched_on": _day("touched_on"),
        },
    ),
    "links": Table(
        "alignment_link",
        {
            "id": ("l", "id"),
            "initiative": ("l", "initiative_id"),
            "goal": ("l", "goal_id"),
            "share": ("i", f"COALESCE(share * {MILLION}, -1)"),
            "state": _position("state", LinkState),
            "outcome": _position("outcome", Outcome),
            "reasoned": ("b", "rationale <> ''"),
            "confirmed_on": _day("confirmed_on"),
            "confirmed_at": _instant("confirmed_at"),
            "review_on": _day("review_on"),
        },
    ),
    "missions": Table("strategy_missiongoal", {"team": ("l", "team_id"), "goal": ("l", "goal_id")}),
    "asks": Table(
        "teams_support WHERE NOT offered",
        {
            "initiative": ("l", "initiative_id"),
            "status": _position("status", SupportStatus),
            "asked_on": _day("asked_on"),
        },
    ),
}


def one_snapshot() -> AbstractContextManager[Any]:
    """Lets several reads see one state of the database; inside a transaction, that transaction's view."""
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


def company_columns() -> Company:
    """The whole company, in one snapshot."""
    with one_snapshot():
        return _company({name: read(table.columns, table.source) for name, table in (RULES | TABLES).items()})


@dataclass(frozen=True)
class Few:
    """Some rows of a company with all that the engine needs for them, and `more` rows read by the same statement.

    `initiatives` come with all their links; linked goals and `goals` with all above them and their strategies; `teams`
    with their missions and, in the spotlight, the asks of their initiatives.
    """

    company: Company
    more: dict[str, Rows]


class FewReader:
    """Reads a few rows, and `more` with them. `sql` is the statement; %(initiatives)s, %(goals)s and %(teams)s are the
    ids wanted, and `more` may use further parameters."""

    def __init__(self, more: Mapping[str, Table]) -> None:
        few = {
            name: Table(_FEW[name], {**table.columns, **_FEW_COLUMNS.get(name, {})}) for name, table in TABLES.items()
        }
        self._more = list(more)
        self._tables = {**RULES, **few, **more}
        self.sql = together_sql(self._tables, common=_COMMON)

    def few(self, answer: Sequence[Any]) -> Few:
        """Converts the statement's result."""
        rows = from_json(self._tables, answer)
        return Few(_company(rows), {name: rows[name] for name in self._more})


_COMMON = """
    bets AS MATERIALIZED (
        SELECT * FROM alignment_link WHERE initiative_id = ANY(%(initiatives)s)
    ), asks AS MATERIALIZED (
        SELECT s.* FROM teams_team t JOIN teams_initiative i ON i.team_id = t.id
            JOIN teams_support s ON s.initiative_id = i.id
            WHERE t.id = ANY(%(teams)s) AND t.stance = 'spotlight' AND NOT s.offered
    ), work AS MATERIALIZED (
        SELECT * FROM teams_initiative
            WHERE id = ANY(%(initiatives)s || ARRAY(SELECT initiative_id FROM asks))
    ), tied AS MATERIALIZED (
        SELECT * FROM strategy_missiongoal WHERE team_id = ANY(%(teams)s)
    ), aims AS MATERIALIZED (
        SELECT * FROM strategy_goal WHERE id = ANY(ARRAY(
            SELECT unnest(path) FROM strategy_goal WHERE id = ANY(ARRAY(
                SELECT goal_id FROM bets UNION ALL SELECT goal_id FROM tied
                UNION ALL SELECT unnest(%(goals)s)))))
    )"""
_FEW = {
    "strategies": "strategy_strategy WHERE id = ANY(ARRAY(SELECT strategy_id FROM aims))",
    "goals": "aims",
    "teams": "teams_team WHERE id = ANY(ARRAY(SELECT team_id FROM work UNION SELECT unnest(%(teams)s)))",
    "initiatives": "work",
    "links": "bets",
    "missions": "tied",
    "asks": "asks",
}
_FEW_COLUMNS = {"goals": {"measured": ("b", "EXISTS (SELECT FROM strategy_measure m WHERE m.goal_id = aims.id)")}}


def _company(rows: dict[str, Rows]) -> Company:
    """Turns references into positions, and leaves out rows that refer to missing ones."""
    strategies = Strategies(**_sorted(rows["strategies"]))
    goal_rows, team_rows, work_rows = (_sorted(rows[name]) for name in ("goals", "teams", "initiatives"))
    goal_rows["parent"] = _positions(goal_rows["parent"], goal_rows["id"])
    goal_rows["strategy"] = _positions(goal_rows["strategy"], strategies.id)
    team_rows["parent"] = _positions(team_rows["parent"], team_rows["id"])
    goals, teams = Goals(**goal_rows), Teams(**team_rows)
    initiatives = Initiatives(**_placed(work_rows, team=teams.id))
    return Company(
        rules=_rules(rows["settings"], rows["ranges"]),
        strategies=strategies,
        goals=goals,
        teams=teams,
        missions=Missions(**_placed(rows["missions"], team=teams.id, goal=goals.id)),
        initiatives=initiatives,
        links=Links(**_placed(rows["links"], initiative=initiatives.id, goal=goals.id)),
        asks=Asks(**_placed(rows["asks"], initiative=initiatives.id)),
    )


def _rules(settings: Rows, ranges: Rows) -> Rules:
    by_stance = np.argsort(ranges["stance"])
    return Rules(
        grace_days=int(settings["grace_days"][0]),
        silent_days=int(settings["silent_days"][0]),
        default_effort=float(settings["default_effort"][0]),
        **{name: ranges[name][by_stance] for name in RANGES},
    )


def _sorted(rows: Rows) -> Rows:
    if np.all(rows["id"][1:] > rows["id"][:-1]):
        return dict(rows)
    order = np.argsort(rows["id"])
    return {name: column[order] for name, column in rows.items()}


def _positions(of: Column, ids: Column) -> Column:
    """In four bytes: a company has millions of references."""
    return places(of, ids).astype(np.int32)


def _placed(rows: Rows, **references: Column) -> Rows:
    """The rows with positions in `references` for ids, without those that refer to missing ones."""
    rows = rows | {name: _positions(rows[name], ids) for name, ids in references.items()}
    keep = np.logical_and.reduce([rows[name] >= 0 for name in references])
    return rows if keep.all() else {name: column[keep] for name, column in rows.items()}
