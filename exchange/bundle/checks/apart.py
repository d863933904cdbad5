"""Rules of files whose rows are imported once, by modules of their own."""

from __future__ import annotations

from exchange.bundle import sql
from exchange.bundle.format.columns import Table
from exchange.bundle.format.published import EDITION_GOALS, EDITIONS
from exchange.bundle.staging import Stage

NOUNS = {EDITION_GOALS.name: EDITIONS.noun}
"""Of rows that are parts of others."""


def refuse_missing(table: Table, stage: Stage) -> None:
    for column in table.columns:
        if column.required and not stage.has(table, column.name):
            stage.problems.add(table.file, 1, column.name, "this column is missing", "add it")


def refuse_the_future(table: Table, stage: Stage, *columns: str) -> None:
    for column in columns:
        if stage.has(table, column):
            for (line,) in sql.found(f"SELECT line FROM raw_{table.name} WHERE {column} > %s", stage.at):  # noqa: S608 - our own names
                stage.problems.add(table.file, line, column, "this is after now", "use an instant that is past")


def refuse_changes(table: Table, stage: Stage, *, kept: str) -> None:
    """What is there already (`whole_old_<file>`, as exported) has to be the same; `kept` says what would be right."""
    same = " AND ".join(f'o."{name}"::{table.by_name[name].kind.sql} = r."{name}"' for name in table.identity)
    for column in table.columns:
        if column.name in table.identity or not stage.has(table, column.name):
            continue
        kind = "jsonb" if column.name == "says" else column.kind.sql
        text = """SELECT r.line FROM raw_{table} r JOIN whole_old_{table} o ON {same}
                  WHERE r."{name}"::{kind} IS DISTINCT FROM o."{name}"::{kind}"""
        for (line,) in sql.found(text, table=table.name, same=same, name=column.name, kind=kind):
            if not stage.problems.reported(table.file, line, column.name, *table.identity):
                wrong = f"this differs from the {NOUNS.get(table.name, table.noun)} that is there"
                stage.problems.add(table.file, line, column.name, wrong, kept)
