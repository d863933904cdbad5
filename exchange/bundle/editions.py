"""Editions: immutable rows, numbered within their strategy, each with what its strategy said and the goals that it
changed. Goals that are gone are in them too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from exchange.bundle import sql
from exchange.bundle.checks.apart import refuse_changes, refuse_missing, refuse_the_future
from exchange.bundle.checks.rules import report_unknown
from exchange.bundle.counts import Counts
from exchange.bundle.export import rows_of
from exchange.bundle.format.columns import Column
from exchange.bundle.format.kinds import Reference
from exchange.bundle.format.published import EDITION_GOALS, EDITIONS
from exchange.bundle.overlay import follow_renamed, joined, refuse_twice, resolved
from exchange.bundle.problems import shown
from exchange.bundle.staging import Stage
from strategy.enums import Visibility
from strategy.models import Edition, EditionGoal
from strategy.models.edition import STRATEGY_FIELDS
from strategy.selectors.differences import fields_changed
from strategy.selectors.snapshots import said_last
from strategy.services.editions import save_editions

AT_ONCE = 100
KEPT = "leave the row as it is there, or out: what was published stays as it was read"
STRATEGY, BY = EDITIONS.by_name["strategy"], EDITIONS.by_name["by"]


def lay(stage: Stage) -> None:
    """Makes `whole_editions`, with the ids of strategies and people, and of both files what is there already. Reports
    duplicates."""
    for table in (EDITIONS, EDITION_GOALS):
        if table.name not in stage.columns:
            continue
        follow_renamed(table, STRATEGY.name, "strategies")
        refuse_twice(table, stage)
        sql.run("CREATE TEMPORARY TABLE whole_old_{name} AS {rows}", name=table.name, rows=rows_of(table))
    if EDITION_GOALS.name in stage.columns:
        sql.run("CREATE INDEX ON raw_edition_goals (strategy, number)")
    if EDITIONS.name not in stage.columns:
        return
    named = [column for column in (STRATEGY, BY) if stage.has(EDITIONS, column.name)]
    sql.run(
        """CREATE TEMPORARY TABLE whole_editions AS
           SELECT r.*, {ids}, o.strategy IS NULL AS is_new FROM raw_editions r {joins}
           LEFT JOIN whole_old_editions o ON o.strategy = r.strategy AND o.number::numeric = r.number""",
        ids=", ".join(f"{resolved(column, stage)} AS {column.stored}" for column in named),
        joins=" ".join(joined(column, stage) for column in named),
    )


def check(stage: Stage) -> None:
    """Adds every broken rule to the stage's problems."""
    if EDITIONS.name in stage.columns:
        for column in (STRATEGY, BY):
            _refuse_unknown(column, stage)
        refuse_missing(EDITIONS, stage)
        refuse_the_future(EDITIONS, stage, "at")
        _refuse_gaps(stage)
        refuse_changes(EDITIONS, stage, kept=KEPT)
    if EDITION_GOALS.name in stage.columns:
        _refuse_without_edition(stage)
        refuse_changes(EDITION_GOALS, stage, kept=KEPT)


def _refuse_unknown(column: Column, stage: Stage) -> None:
    if stage.has(EDITIONS, column.name) and isinstance(column.kind, Reference):
        text = 'SELECT line, "{name}" FROM whole_editions WHERE "{name}" IS NOT NULL AND {stored} IS NULL'
        found = sql.found(text, name=column.name, stored=column.stored)
        report_unknown(EDITIONS, column, column.kind.to, found, stage)


def _refuse_gaps(stage: Stage) -> None:
    text = """SELECT w.line, w.number FROM whole_editions w WHERE w.is_new AND w.number > 1
              AND NOT EXISTS (SELECT FROM whole_editions b WHERE b.strategy = w.strategy AND b.number = w.number - 1)
              AND NOT EXISTS (SELECT FROM whole_old_editions o
                              WHERE o.strategy = w.strategy AND o.number::numeric = w.number - 1)"""
    for line, number in sql.found(text):
        if not stage.problems.reported(EDITIONS.file, line, "strategy", "number"):
            wrong = f"there is no edition {number - 1} of this strategy"
            stage.problems.add(EDITIONS.file, line, "number", wrong, "editions are numbered from 1, without a gap")


def _refuse_without_edition(stage: Stage) -> None:
    """A goal's row is of an edition that the bundle makes, or that is there and has it."""
    made = "SELECT FROM whole_editions w WHERE w.is_new AND w.strategy = r.strategy AND w.number = r.number"
    made = f"OR EXISTS ({made})" if EDITIONS.name in stage.columns else ""
    text = """SELECT r.line, r.strategy, r.number FROM raw_edition_goals r WHERE NOT (EXISTS (
                SELECT FROM whole_old_edition_goals o
                WHERE o.strategy = r.strategy AND o.number::numeric = r.number AND o.goal = r.goal) {made})
              ORDER BY r.line"""
    for line, strategy, number in sql.found(text, made=made):
        if not stage.problems.reported(EDITION_GOALS.file, line, "strategy", "number", "goal"):
            what = f"edition {number} of {shown(strategy or '')}"
            wrong = f"{what} did not change this goal"
            stage.problems.add(EDITION_GOALS.file, line, "goal", wrong, KEPT, cell=what)


def put(stage: Stage) -> dict[str, Counts]:
    """Makes the editions that are new, when goals and measures are there. Returns the counts of both files."""
    counts = {}
    if EDITION_GOALS.name in stage.columns:
        new = "SELECT count(*) FILTER (WHERE o.goal IS NULL), count(*) FROM raw_edition_goals r"
        same = "o.strategy = r.strategy AND o.number::numeric = r.number AND o.goal = r.goal"
        ((created, rows),) = sql.rows("{new} LEFT JOIN whole_old_edition_goals o ON {same}", new=new, same=same)
        counts[EDITION_GOALS.name] = Counts(created=created, unchanged=rows - created)
    if EDITIONS.name not in stage.columns:
        return counts
    waiting: list[tuple[Edition, list[EditionGoal]]] = []
    for made in _made(stage):
        waiting.append(made)
        if len(waiting) == AT_ONCE:
            save_editions(waiting)
            waiting = []
    save_editions(waiting)
    ((created, rows),) = sql.rows("SELECT count(*) FILTER (WHERE is_new), count(*) FROM whole_editions")
    return {EDITIONS.name: Counts(created=created, unchanged=rows - created)} | counts


def _made(stage: Stage) -> Iterator[tuple[Edition, list[EditionGoal]]]:
    """The new editions with the goals that they changed, by strategy and number."""
    ids, before = _Ids(), _Before()
    has = {name: name if stage.has(EDITIONS, name) else "NULL" for name in ("because", *STRATEGY_FIELDS)}
    text = """SELECT strategy, strategy_id, number::integer, at, {by}, kind, coalesce({because}::text, ''), {fields}
              FROM whole_editions WHERE is_new ORDER BY strategy_id, number"""
    fields = ", ".join(f"{has[name]}::text" for name in STRATEGY_FIELDS)
    by = "person_id" if stage.has(EDITIONS, BY.name) else "NULL::bigint"
    for key, strategy, number, at, person, kind, because, *said in sql.rows(
        text, by=by, because=has["because"], fields=fields
    ):
        before.go_on(strategy)
        made = Edition(strategy_id=strategy, number=number, at=at, person_id=person, kind=kind, because=because)
        made.says = _own(said)
        made.of_strategy = before.own is None or bool(fields_changed(before.own, made.says, STRATEGY_FIELDS))
        goals = [
            EditionGoal(goal_id=ids.goal(goal), says=_says(goal, of, ids)) for goal, of in _goals_of(stage, key, number)
        ]
        before.become(made, goals)
        yield made, goals


def _own(said: Iterable[str | None]) -> dict[str, Any]:
    texts = {"title", "narrative"}
    return {name: value or ("" if name in texts else None) for name, value in zip(STRATEGY_FIELDS, said, strict=True)}


def _goals_of(stage: Stage, strategy: str, number: int) -> list[tuple[str, Any]]:
    """Key and what is said of each goal that the edition changed; None: it left."""
    if EDITION_GOALS.name not in stage.columns:
        return []
    says = "says" if stage.has(EDITION_GOALS, "says") else "NULL"
    text = 'SELECT goal, {says} FROM raw_edition_goals WHERE strategy = %s AND number = %s ORDER BY goal COLLATE "C"'
    return [(goal, json.loads(said) if said else None) for goal, said in sql.rows(text, strategy, number, says=says)]


def _says(key: str, said: Any, ids: _Ids) -> dict[str, Any] | None:
    if said is None:
        return None
    parent, measured = said.pop("parent"), said.pop("measures")
    measures = {str(ids.measure(each)): {"key": each, **values} for each, values in measured.items()}
    return {"key": key, "parent": ids.goal(parent) if parent is not None else None, **said, "measures": measures}


class _Before:
    """What the edition before says: of the strategy (`own`, None before the first), and of goals what hides them."""

    def __init__(self) -> None:
        self.own: dict[str, Any] | None = None
        self._strategy = 0
        self._goals: dict[int, tuple[int | None, bool]] = {}
        """By goal, the one above it and whether it is for leaders."""

    def go_on(self, strategy: int) -> None:
        """Begins with the last edition that is there, where another strategy was before."""
        if strategy == self._strategy:
            return
        last = Edition.objects.filter(strategy=strategy).order_by("-number").first()
        there = said_last([strategy]) if last else {}
        self._strategy, self.own = strategy, last.says if last else None
        self._goals = {goal: _place(row.says) for (_of, goal), row in there.items() if row.says is not None}

    def become(self, edition: Edition, goals: Iterable[EditionGoal]) -> None:
        """Sets whether `goals` are hidden, as of this edition; those that leave it, as of the one before."""
        self.own, left = edition.says, [row for row in goals if row.says is None]
        for row in left:
            row.hidden = self._hides(row.goal_id)
        self._goals |= {row.goal_id: _place(row.says) for row in goals if row.says is not None}
        for row in left:
            self._goals.pop(row.goal_id, None)
        for row in goals:
            if row.says is not None:
                row.hidden = self._hides(row.goal_id)

    def _hides(self, goal: int) -> bool:
        """A bundle may have goals below each other."""
        passed: set[int] = set()
        at: int | None = goal
        while at is not None and at not in passed:
            passed.add(at)
            at, hidden = self._goals.get(at, (None, False))
            if hidden:
                return True
        return False


def _place(says: dict[str, Any]) -> tuple[int | None, bool]:
    return says["parent"], says["visibility"] == Visibility.LEADERS


class _Ids:
    """Ids by key. What was removed since an edition gets one that nothing else will have."""

    def __init__(self) -> None:
        self._known = {table: self._read(table) for table in ("strategy_goal", "strategy_measure")}

    def goal(self, key: str) -> int:
        return self._of("strategy_goal", key)

    def measure(self, key: str) -> int:
        return self._of("strategy_measure", key)

    def _of(self, table: str, key: str) -> int:
        known = self._known[table]
        if key not in known:
            ((known[key],),) = sql.rows("SELECT nextval(pg_get_serial_sequence('{table}', 'id'))", table=table)
        return known[key]

    def _read(self, table: str) -> dict[str, int]:
        text = "SELECT first_key, id FROM {table} WHERE first_key IS NOT NULL UNION ALL SELECT key, id FROM {table}"
        return dict(sql.rows(text, table=table))
