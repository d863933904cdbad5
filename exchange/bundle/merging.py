"""Merges the temporary tables into the company's own: only differences are written, so that versions count only edits.

Nothing is deleted except members of a set that a bundle replaces. The order of the statements is that of the
constraints which the database checks immediately: parents before children, and shares that shrink before new shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exchange.bundle import sql
from exchange.bundle.checks.forest import Forest
from exchange.bundle.counts import Counts
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.kinds import References
from exchange.bundle.format.tables import GOALS
from exchange.bundle.overlay import pairs_of
from exchange.bundle.staging import Stage

ANALYSED_FROM = 1_000


def merge(staged: list[Table], forests: dict[str, Forest], stage: Stage) -> dict[str, Counts]:
    """Writes everything; returns counts by file. The caller has checked every rule.

    It sets the list of ignored triggers to empty: each pgtrigger reads that list, and where it was never set, reading
    it costs a rolled back subtransaction, in which PostgreSQL goes through all deferred checks: quadratic in the rows.
    """
    if GOALS in staged:
        sql.run("UPDATE whole_goals SET strategy_id = NULL WHERE parent_id IS NOT NULL AND strategy_id IS NOT NULL")
    sql.run("SET LOCAL pgtrigger.ignore = '{{}}'")
    merged = {}
    for table in staged:
        forest = forests.get(table.name)
        merged[table.name] = _merge(table, stage) if forest is None else _merge_tree(table, forest, stage)
    for table in staged:
        for column in table.sets:
            if stage.has(table, column.name):
                _replace_sets(table, column)
        merged[table.name] = _with_sets(table, merged[table.name], stage)
    _let_the_database_check(table for table in staged if merged[table.name].changed >= ANALYSED_FROM)
    return merged


def _let_the_database_check(grown: Iterable[Table]) -> None:
    """Runs deferred checks now rather than at the commit, so that this import fails. Without fresh statistics the
    planner takes the new tables for empty, and scans them for every row it checks."""
    for table in grown:
        sql.run("ANALYZE {target}", target=table.target)
    sql.run("SET CONSTRAINTS ALL IMMEDIATE")
    sql.run("SET CONSTRAINTS ALL DEFERRED")


def _merge(table: Table, stage: Stage) -> Counts:
    updated = _update(table, stage)
    created = _insert(table, stage)
    return _counted(table, created, updated)


def _merge_tree(table: Table, forest: Forest, stage: Stage) -> Counts:
    """From the roots of the final tree down, so that every parent is placed before its children: even when two rows
    change places no row ever hangs below itself."""
    text = (
        "SELECT w.id FROM whole_{name} w JOIN {target} t ON t.id = w.id WHERE t.parent_id IS DISTINCT FROM w.parent_id"
    )
    moved = set(sql.values(text, name=table.name, target=table.target))
    new = set(sql.values("SELECT id FROM whole_{name} WHERE is_new", name=table.name))
    updated = _update(table, stage, "t.parent_id IS NOT DISTINCT FROM w.parent_id")
    for _, level in forest.levels(new | moved):
        coming = [node for node in level if node in new]
        if coming:
            _insert(table, stage, "AND w.id = ANY(%s)", coming)
        updated += _move(table, [node for node in level if node in moved], stage)
    return _counted(table, len(new), updated)


def _move(table: Table, nodes: list[int], stage: Stage) -> int:
    """Moves rows of one final depth. The ones deepest now go first, so that each moves with its own subtree only."""
    if not nodes:
        return 0
    text = "SELECT cardinality(path), array_agg(id) FROM {target} WHERE id = ANY(%s) GROUP BY 1 ORDER BY 1 DESC"
    deepest_first = [group for _, group in sql.rows(text, nodes, target=table.target)]
    return sum(_update(table, stage, "w.id = ANY(%s)", group) for group in deepest_first)


def _written(table: Table, stage: Stage) -> list[str]:
    """The database's columns that the bundle may change on an existing row, without its identity."""
    columns = [
        column.stored for column in table.fields if stage.has(table, column.name) and column.name not in table.identity
    ]
    if table is GOALS and "strategy_id" not in columns:
        columns.append("strategy_id")  # a goal that moves below another loses its own
    return columns


def _update(table: Table, stage: Stage, only: str = "true", *parameters: object) -> int:
    columns = _written(table, stage)
    if not columns or table.immutable:
        return 0
    return sql.run(
        """UPDATE {target} t SET {assigned} FROM whole_{name} w
           WHERE t.id = w.id AND NOT w.is_new AND ({stored}) IS DISTINCT FROM ({said}) AND {only}""",
        *parameters,
        target=table.target,
        name=table.name,
        assigned=", ".join([*(f"{column} = w.{column}" for column in columns), *_instants(table, stage)]),
        stored=_row("t", columns),
        said=_row("w", columns),
        only=only,
    )


def _instants(table: Table, stage: Stage) -> Iterator[str]:
    """Assigns the instants of days that the bundle changes."""
    for column in table.fields:
        if column.instant and stage.has(table, column.name):
            same = f"t.{column.stored} IS NOT DISTINCT FROM w.{column.stored}"
            yield f"{column.instant} = CASE WHEN {same} THEN t.{column.instant} ELSE {_instant(column, stage)} END"


def _instant(column: Column, stage: Stage) -> str:
    return f"timestamptz {sql.literal(stage.at.isoformat())}" if column.keeps else "NULL"


def _row(alias: str, columns: list[str]) -> str:
    return "ROW(" + ", ".join(f"{alias}.{column}" for column in columns) + ")"


def _insert(table: Table, stage: Stage, only: str = "", *parameters: object) -> int:
    instants = [(column.instant, _instant(column, stage)) for column in table.fields if column.instant]
    given = (*(() if table.immutable else (("version", "1"),)), *table.given, *instants)
    ids = ["id"] if table.keyed or table.sets else []
    columns = [*ids, *(column.stored for column in table.fields)]
    return sql.run(
        """INSERT INTO {target} ({columns})
           SELECT {said} FROM whole_{name} w WHERE w.is_new {only} ORDER BY {order}""",
        *parameters,
        target=table.target,
        name=table.name,
        columns=", ".join([*columns, *(name for name, _ in given)]),
        said=", ".join([*(f"w.{column}" for column in columns), *(value for _, value in given)]),
        only=only,
        order="w.at, w.line" if table.immutable else "w.line",
    )


def _counted(table: Table, created: int, updated: int) -> Counts:
    ((rows,),) = sql.rows("SELECT count(*) FROM whole_{name}", name=table.name)
    return Counts(created=created, updated=updated, unchanged=rows - created - updated)


def _replace_sets(table: Table, column: Column) -> None:
    """Gives every row of the bundle exactly the members it lists; rows changed by it are stored in
    `pairs_<file>_<column>_changed`."""
    assert isinstance(column.kind, References)  # noqa: S101 - for the type checker
    names = {
        "through": column.kind.through,
        "of": column.kind.of,
        "stored": column.stored,
        "pairs": pairs_of(table, column),
        "name": table.name,
    }
    sql.run("CREATE TEMPORARY TABLE {pairs}_changed (row_id bigint)", **names)
    sql.run(
        """WITH gone AS (
             DELETE FROM {through} s USING whole_{name} w
             WHERE s.{of} = w.id
               AND NOT EXISTS (SELECT FROM {pairs} p WHERE p.row_id = s.{of} AND p.member = s.{stored})
             RETURNING s.{of} AS row_id)
           INSERT INTO {pairs}_changed SELECT row_id FROM gone""",
        **names,
    )
    sql.run(
        """WITH come AS (
             INSERT INTO {through} ({of}, {stored}) SELECT row_id, member FROM {pairs} ORDER BY row_id, member
             ON CONFLICT DO NOTHING RETURNING {of} AS row_id)
           INSERT INTO {pairs}_changed SELECT row_id FROM come""",
        **names,
    )


def _with_sets(table: Table, counts: Counts, stage: Stage) -> Counts:
    """Counts a row of which only a set changed as updated, and increments its version once, as for any other column."""
    changed = [
        f"SELECT row_id FROM {pairs_of(table, column)}_changed"  # noqa: S608 - our own names
        for column in table.sets
        if stage.has(table, column.name)
    ]
    if not changed:
        return counts
    updated = sql.run(
        """UPDATE {target} t SET version = t.version + 1 FROM whole_{name} w
           WHERE t.id = w.id AND NOT w.is_new AND t.id IN ({changed}) AND w.version_before = t.version""",
        target=table.target, name=table.name, changed=" UNION ".join(changed),
    )  # fmt: skip
    return Counts(counts.created, counts.updated + updated, counts.unchanged - updated)
