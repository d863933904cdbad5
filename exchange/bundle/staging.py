"""Loads a CSV file into a temporary table `raw_<file>`: every cell is checked alone, and valid ones become text for
COPY.

Blank cells are NULL there, and so are reported ones. All problems go into one list; nothing stops at the first.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from django.db import connection

from exchange.bundle import sql
from exchange.bundle.columns import Column, Table
from exchange.bundle.kinds import REFERENCE_LIMIT, CellError, Day, blank, refuse_blank, refuse_what_is_no_text
from exchange.bundle.problems import Problems, shown, words
from exchange.bundle.reading import Batch, ReadError, Records, UnpackedTooMuchError

NULL = r"\N"
KEPT = 50_000
WIDEST = 30


@dataclass
class Stage:
    """The staged files. `at` is the instant of the import, `today` and `timezone` are the company's after it. `columns`
    are those of each file's header; `unread` are files with unknown rows, so that a reference into them may be right;
    `ghosts` are possible keys of rows that could not be staged."""

    problems: Problems
    at: datetime
    today: date
    timezone: str
    columns: dict[str, frozenset[str]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    ghosts: dict[str, set[str]] = field(default_factory=dict)

    def has(self, table: Table, column: str) -> bool:
        return column in self.columns.get(table.name, ())

    def may_exist(self, table: str, key: str) -> bool:
        """Whether `key` may belong to a row with a reported problem."""
        return table in self.unread or key in self.ghosts.get(table, ())


def stage_file(table: Table, records: Records, stage: Stage) -> None:
    """Fills `raw_<table>`; skips a file whose header has no identity."""
    try:
        header = read_header(table.file, records, [column.name for column in table.columns], stage.problems)
        missing = [name for name in table.identity if name not in header]
        for name in missing:
            stage.problems.add(table.file, 1, name, "this column is missing", "a row is known by it: add it")
        if missing:
            stage.unread.add(table.name)
            return
        _Loader(table, header, stage).load(records)
    except UnpackedTooMuchError:
        raise
    except ReadError as error:
        stage.unread.add(table.name)
        stage.problems.add(table.file, error.line or None, None, error.wrong, error.right)


def read_header(file: str, records: Records, known: Sequence[str], problems: Problems) -> list[str | None]:
    """The columns in the order of the file; None for those reported."""
    cells = records.header()
    try:
        for cell in cells:
            refuse_what_is_no_text(cell)
    except CellError as error:
        raise ReadError(1, error.wrong, error.right) from error
    header: list[str | None] = []
    for cell in cells:
        if cell not in known:
            close = get_close_matches(cell, known, 1)
            right = f'did you mean "{close[0]}"?' if close else f"its columns are {words(known)}"
            problems.add(file, 1, cell if cell.isidentifier() else shown(cell), "there is no such column", right)
        elif cell in header:
            problems.add(file, 1, cell, "this column is here twice", "keep one of the two")
        header.append(cell if cell in known and cell not in header else None)
    return header


class _Loader:
    """Loads one file. Cells of kinds that repeat are checked once."""

    def __init__(self, table: Table, header: list[str | None], stage: Stage) -> None:
        self._table, self._stage = table, stage
        self._header = header
        self._columns = [(number, table.by_name[name]) for number, name in enumerate(header) if name is not None]
        self._seen: dict[str, dict[str, str]] = {
            column.name: {"": NULL} for _, column in self._columns if not column.required
        }
        stage.columns[table.name] = frozenset(column.name for _, column in self._columns)
        definitions = ", ".join(f'"{column.name}" {column.kind.sql}' for _, column in self._columns)
        sql.run(
            "CREATE TEMPORARY TABLE raw_{name} (line bigint, {definitions})", name=table.name, definitions=definitions
        )

    def load(self, records: Records) -> None:
        names = ", ".join(f'"{column.name}"' for _, column in self._columns)
        with connection.cursor() as cursor:
            for batch in records.batches():
                kept = self._whole_rows(batch)
                if kept.rows:
                    text = self._copied(kept)
                    cursor.copy_expert(
                        f"COPY raw_{self._table.name} (line, {names}) FROM STDIN", io.BytesIO(text.encode())
                    )

    def _whole_rows(self, batch: Batch) -> Batch:
        """The rows with as many cells as the header; in the others any cell may be the key."""
        width = len(self._header)
        if all(len(row) == width for row in batch.rows):
            return batch
        kept = Batch([], [])
        for line, row in zip(batch.lines, batch.rows, strict=True):
            if len(row) == width:
                kept.lines.append(line)
                kept.rows.append(row)
                continue
            wrong = (
                f"{len(row):,} cells under a header of {width:,}" if row else "a blank line in the middle of the file"
            )
            right = "give every column a cell, and put one with a comma in quotes" if row else "remove it"
            self._stage.problems.add(self._table.file, line, None, wrong, right)
            self._haunt(*row[:WIDEST])
        return kept

    def _copied(self, batch: Batch) -> str:
        cells = list(zip(*batch.rows, strict=True))
        columns = [self._values(column, cells[number], batch.lines) for number, column in self._columns]
        lines = map("\t".join, zip(map(str, batch.lines), *columns, strict=True))
        return "\n".join(lines) + "\n"

    def _values(self, column: Column, cells: Sequence[str], lines: list[int]) -> list[str]:
        seen = self._seen.setdefault(column.name, {})
        repeats = column.kind.repeats
        if repeats:
            try:
                return [seen[cell] for cell in cells]
            except KeyError:
                if len(seen) > KEPT:
                    seen.clear()
        values = []
        for number, cell in enumerate(cells):
            value = seen.get(cell)
            if value is None:
                value, good = self._value(column, cell, lines[number])
                if repeats and good:
                    seen[cell] = value
            values.append(value)
        return values

    def _value(self, column: Column, cell: str, line: int) -> tuple[str, bool]:
        """The cell as text for COPY, and whether it is valid."""
        try:
            if column.required:
                refuse_blank(cell, f"give {'an' if column.name[0] in 'aeiou' else 'a'} {column.name}")
            if blank(cell):
                return NULL, True
            value = column.kind.clean(cell)
            if isinstance(column.kind, Day) and column.kind.past:
                refuse_after(self._stage.today, value)
            return copied(value), True
        except CellError as error:
            self._stage.problems.add(self._table.file, line, column.name, error.wrong, error.right)
            return self._known_by(column, cell), False

    def _known_by(self, column: Column, cell: str) -> str:
        """The key by which other rows may refer to this one though it is wrong, so that they are not reported for
        it."""
        if self._table.keyed and column.name in self._table.identity and not blank(cell):
            self._haunt(cell)
        return NULL

    def _haunt(self, *cells: str) -> None:
        short = [cell for cell in cells if len(cell) <= REFERENCE_LIMIT]
        self._stage.ghosts.setdefault(self._table.name, set()).update(short, (cell.lower() for cell in short))


def refuse_after(today: date, value: str) -> None:
    if value > today.isoformat():
        raise CellError(f"{value} is after today", f"use {today} at the latest")


def copied(value: str) -> str:
    """`value` in COPY's text format."""
    if "\\" in value:
        value = value.replace("\\", r"\\")
    if value.isprintable():
        return value
    return value.replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")
