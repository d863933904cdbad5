"""Exports the company as a bundle (spec/bundle.md, *Exporting*): importing it again changes nothing, and exporting it
from another database gives the same bytes.

A person who follows the company's time zone is written with that zone, as every default is; an import reads the
company's own zone as following it. So the file is the same for a person who chose that zone, and an import ties nobody
to it.
"""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from exchange.bundle import sql
from exchange.bundle.company import HEADER, stored_settings
from exchange.bundle.files.writing import Writer, write_rows, writing
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.contents import BY_NAME, COMPANY_FILE, TABLES
from exchange.bundle.format.kinds import Reference, References
from exchange.bundle.overlay import CHANGED_LATER, key_of


def export_bundle(path: Path) -> None:
    """Writes every file to the folder `path`, or to the zip where it ends in .zip, in one snapshot.

    Inside a caller's transaction it uses that transaction's view. Raises BundleTargetError.
    """
    own = not connection.in_atomic_block
    with writing(Path(path)) as writer, transaction.atomic():
        if own:
            sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        write_rows(writer, COMPANY_FILE, HEADER, ((name, value) for name, value in stored_settings().items() if value))
        for table in TABLES:
            _export(table, writer)


def _export(table: Table, writer: Writer) -> None:
    with writer.open(table.file) as stream, connection.cursor() as cursor:
        stream.write((",".join(column.name for column in table.columns) + "\n").encode())
        cursor.copy_expert(f"COPY ({rows_of(table)}) TO STDOUT (FORMAT csv)", stream)


def rows_of(table: Table) -> str:
    """Sorted by code points, but for numbers. Empty cells are NULL, which CSV writes without quotes, as a
    blank cell should be."""
    joins = [_join(column) for column in table.columns if isinstance(column.kind, Reference)]
    cells = ", ".join(f"nullif({_cell(table, column)}, '') AS \"{column.name}\"" for column in table.columns)
    order = _order(table)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    source = f"{table.target} t {' '.join(joins)} WHERE {table.only}"
    rows = f"SELECT {cells}, t.id AS place FROM {source}"  # noqa: S608 - our own names
    return f"SELECT {names} FROM ({rows}) whole ORDER BY {order}, place"  # noqa: S608 - our own names


def _order(table: Table) -> str:
    return ", ".join('"number"::integer' if name == "number" else f'"{name}" COLLATE "C"' for name in table.identity)


def _join(column: Column) -> str:
    assert isinstance(column.kind, Reference)  # noqa: S101 - for the type checker
    return f"LEFT JOIN {BY_NAME[column.kind.to].target} of_{column.name} ON of_{column.name}.id = t.{column.stored}"


def _cell(table: Table, column: Column) -> str:
    kind, stored = column.kind, f"t.{column.stored}"
    if isinstance(kind, Reference):
        return key_of(BY_NAME[kind.to], f"of_{column.name}")
    if isinstance(kind, References):
        to = BY_NAME[kind.to]
        key = key_of(to, "k")
        return f"""(SELECT string_agg({key}, ';' ORDER BY {key} COLLATE "C") FROM {kind.through} s
                    JOIN {to.target} k ON k.id = s.{column.stored} WHERE s.{kind.of} = t.id)"""  # noqa: S608 - our own names
    if table.keyed and column.name in table.identity:
        return key_of(table, "t")
    if table.name == "people" and column.name == "timezone":
        return "coalesce(nullif(t.timezone, ''), (SELECT timezone FROM teams_company))"
    if (table.name, column.name) == ("links", "confirmed_on"):
        return f"to_char(t.confirmed_on - ({CHANGED_LATER})::int, 'YYYY-MM-DD')"
    if column.told:
        stored = column.told
    if kind.sql == "boolean":
        return f"CASE WHEN {stored} THEN 'yes' ELSE 'no' END"
    if kind.sql == "timestamptz":
        return f"""to_char({stored} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    if kind.sql == "date":
        return f"to_char({stored}, 'YYYY-MM-DD')"
    return f"trim_scale({stored})::text" if kind.sql == "numeric" else stored
