"""Amendments: the open one of each strategy, with what it plans. They come in when strategies, goals and measures are
there. One that is open already stays as it is: a bundle may only have the same.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from exchange.bundle import sql
from exchange.bundle.counts import Counts
from exchange.bundle.export import rows_of
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.kinds import unknown
from exchange.bundle.format.published import AMENDMENT_EDITS, AMENDMENTS
from exchange.bundle.format.tables import GOALS, MEASURES, STRATEGIES
from exchange.bundle.overlay import follow_renamed, refuse_twice
from exchange.bundle.problems import CellError, shown
from exchange.bundle.staging import Stage
from lib.log.values import stored
from strategy.enums import EditKind, StrategyStatus
from strategy.models import Amendment, AmendmentEdit
from strategy.selectors.amendments import FIELDS, MODELS, SUCCESSORS

ONE_OPEN = "publish or drop the open one first, or leave its rows out"
OF_PUBLISHED = "publish it, or leave the row out: only what is published is amended"
FILES = {"strategy": STRATEGIES, "goal": GOALS, "measure": MEASURES}
NAMED = {"parent": "goals", "strategy": "strategies", "keeper": "people", SUCCESSORS: "goals"}
"""Fields whose values are keys, with the files of these."""
Row = dict[str, Any]


def lay(stage: Stage) -> None:
    """Keeps what is there already of both files, and reports duplicates."""
    for table in (AMENDMENTS, AMENDMENT_EDITS):
        if table.name in stage.columns:
            follow_renamed(table, "strategy", "strategies")
            refuse_twice(table, stage)
            sql.run("CREATE TEMPORARY TABLE whole_old_{name} AS {rows}", name=table.name, rows=rows_of(table))


def put(stage: Stage) -> dict[str, Counts]:
    """Opens the amendments that are not there, and adds what is wrong to the stage's problems."""
    tables = [table for table in (AMENDMENTS, AMENDMENT_EDITS) if table.name in stage.columns]
    if not tables:
        return {}
    created, unchanged = Counter[str](), Counter[str]()
    edits, ids = defaultdict(list), _Ids()
    for row in _rows(AMENDMENT_EDITS, stage):
        edits[row["strategy"]].append(row)
    there = {row["strategy"]: row for row in _old(AMENDMENTS, stage)}
    for row in _rows(AMENDMENTS, stage):
        own = edits.pop(row["strategy"], [])
        if row["strategy"] in there:
            _compare(row, own, there[row["strategy"]], stage)
            made = False
        else:
            made = _open(row, own, ids, stage)
        (created if made else unchanged).update({AMENDMENTS.name: 1, AMENDMENT_EDITS.name: len(own)})
    for rows in edits.values():
        wrong = f"the bundle has no amendment of {shown(rows[0]['strategy'] or '')}"
        stage.problems.add(AMENDMENT_EDITS.file, rows[0]["line"], "strategy", wrong, f"add it to {AMENDMENTS.file}")
    return {each.name: Counts(created=created[each.name], unchanged=unchanged[each.name]) for each in tables}


def _rows(table: Table, stage: Stage) -> list[Row]:
    """The staged rows, in their order; what the file does not have is None."""
    if table.name not in stage.columns:
        return []
    names = [column.name for column in table.columns if stage.has(table, column.name)]
    text, listed = "SELECT line, {names} FROM raw_{table} ORDER BY line", ", ".join(f'"{name}"' for name in names)
    nothing = dict.fromkeys(column.name for column in table.columns)
    found = sql.rows(text, names=listed, table=table.name)
    return [nothing | dict(zip(("line", *names), row, strict=True)) for row in found]


def _old(table: Table, stage: Stage) -> list[Row]:
    """What is there already, as an export has it."""
    if table.name not in stage.columns:
        return []
    names = [column.name for column in table.columns]
    listed = ", ".join(f'"{name}"' for name in names)
    found = sql.rows("SELECT {names} FROM whole_old_{table}", names=listed, table=table.name)
    return [dict(zip(names, row, strict=True)) for row in found]


def _compare(row: Row, edits: list[Row], there: Row, stage: Stage) -> None:
    """Reports what differs from the open amendment."""
    _compare_row(AMENDMENTS, row, there, stage)
    old = {each["number"]: each for each in _old(AMENDMENT_EDITS, stage) if each["strategy"] == row["strategy"]}
    for edit in edits:
        _compare_row(AMENDMENT_EDITS, edit, old.get(str(edit["number"]), {}), stage)


def _compare_row(table: Table, row: Row, there: Row, stage: Stage) -> None:
    for column in table.columns:
        if stage.has(table, column.name) and _said(column, row[column.name]) != _said(column, there.get(column.name)):
            if not stage.problems.reported(table.file, row["line"], column.name):
                wrong = "this differs from the amendment that is open"
                stage.problems.add(table.file, row["line"], column.name, wrong, ONE_OPEN)
            return


def _said(column: Column, value: Any) -> Any:
    """A value of the bundle or of the export, so that the same ones are equal."""
    if value is None or value == "":
        return None
    if column.name == "changes":
        return json.loads(value)
    if column.name == "at":
        return column.kind.clean(value) if isinstance(value, str) else f"{value:%Y-%m-%dT%H:%M:%S.%fZ}"
    return str(value)


def _open(row: Row, edits: list[Row], ids: _Ids, stage: Stage) -> bool:
    """Opens the amendment; returns whether that was possible."""

    def named(table: Table, of: Row, column: str, to: str) -> int | None:
        return _named(table, of, column, ids.of(to), to, stage)

    strategy = named(AMENDMENTS, row, "strategy", "strategies")
    by = named(AMENDMENTS, row, "by", "people")
    if row["at"] is not None and row["at"] > stage.at:
        stage.problems.add(AMENDMENTS.file, row["line"], "at", "this is after now", "use an instant that is past")
    if strategy is not None and strategy not in ids.published:
        wrong = f"{shown(row['strategy'])} is not published"
        stage.problems.add(AMENDMENTS.file, row["line"], "strategy", wrong, OF_PUBLISHED)
    made = [_edit(edit, ids, named, stage) for edit in edits]
    if stage.problems or strategy is None:
        return False
    amendment = Amendment.objects.create(
        strategy_id=strategy, opened_by_id=by, opened_at=row["at"], because=row["because"] or ""
    )
    for each in made:
        each.amendment = amendment
    AmendmentEdit.objects.bulk_create(made)
    return True


def _named(table: Table, row: Row, column: str, ids: Mapping[str, int], to: str, stage: Stage) -> int | None:
    key = row[column]
    if key is None or key in ids:
        return ids.get(key) if key is not None else None
    if not stage.problems.reported(table.file, row["line"], column):
        stage.problems.refuse(table.file, row["line"], column, unknown(to, key))
    return None


def _edit(row: Row, ids: _Ids, named: Callable[..., int | None], stage: Stage) -> AmendmentEdit:
    kind = EditKind(row["kind"] or EditKind.STRATEGY)
    edit = AmendmentEdit(
        kind=kind,
        goal_id=named(AMENDMENT_EDITS, row, "goal", "goals"),
        measure_id=named(AMENDMENT_EDITS, row, "measure", "measures"),
        meaning_changed={"yes": True, "no": False}.get(row["meaning_changed"]),
        person_id=named(AMENDMENT_EDITS, row, "by", "people"),
        at=row["at"],
    )
    needs = {"goal": kind != EditKind.STRATEGY, "measure": kind in {EditKind.MEASURE, EditKind.NO_MEASURE}}
    for column, is_needed in needs.items():
        if (row[column] is not None) != is_needed:
            wrong = f"an edit of kind {kind} has {'a' if is_needed else 'no'} {column}"
            stage.problems.add(AMENDMENT_EDITS.file, row["line"], column, wrong, "leave the row as it was exported")
    try:
        edit.changes = _changes(kind, json.loads(row["changes"] or "{}"), ids)
    except CellError as error:
        stage.problems.refuse(AMENDMENT_EDITS.file, row["line"], "changes", error)
    return edit


def _changes(kind: EditKind, changes: Mapping[str, list[Any]], ids: _Ids) -> dict[str, list[Any]]:
    """With ids in the place of keys, and values as in the log. Raises CellError."""
    fields = {*FIELDS[kind], *({SUCCESSORS} if kind == EditKind.CLOSING else ())}
    if left := changes.keys() - fields:
        raise CellError(f"an edit of kind {kind} has no {min(left)}", "leave the row as it was exported")
    return {name: [_value(kind, name, value, ids) for value in pair] for name, pair in changes.items()}


def _value(kind: EditKind, name: str, value: Any, ids: _Ids) -> Any:
    field: Any = MODELS[kind]._meta.get_field(name)
    if name in NAMED:
        several = value if isinstance(value, list) else [value]
        found = [None if key is None else ids.known(NAMED[name], key) for key in several]
        return found if isinstance(value, list) else found[0]
    if value is None or isinstance(value, list):
        return None
    table = FILES["strategy" if kind == EditKind.STRATEGY else "measure" if "measure" in kind else "goal"]
    return stored(field, field.to_python(table.by_name[name].kind.clean(value))) if value else ""


class _Ids:
    """Ids by key, also by the one of before a row became visible to all, and of people by address."""

    def of(self, to: str) -> Mapping[str, int]:
        mapping: Mapping[str, int] = getattr(self, to)
        return mapping

    def known(self, to: str, key: str) -> int:
        """Raises CellError."""
        if key not in self.of(to):
            raise unknown(to, key)
        return self.of(to)[key]

    @cached_property
    def strategies(self) -> dict[str, int]:
        return _by_key("strategy_strategy")

    @cached_property
    def goals(self) -> dict[str, int]:
        return _by_key("strategy_goal")

    @cached_property
    def measures(self) -> dict[str, int]:
        return _by_key("strategy_measure")

    @cached_property
    def people(self) -> dict[str, int]:
        return dict(sql.rows("SELECT email, id FROM teams_person"))

    @cached_property
    def published(self) -> set[int]:
        return set(sql.values("SELECT id FROM strategy_strategy WHERE status = %s", StrategyStatus.PUBLISHED.value))


def _by_key(table: str) -> dict[str, int]:
    text = "SELECT first_key, id FROM {table} WHERE first_key IS NOT NULL UNION ALL SELECT key, id FROM {table}"
    return dict(sql.rows(text, table=table))
