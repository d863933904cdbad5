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
from exchange.bundle.files.reading import Batch, Records
from exchange.bundle.files.sources import ReadError, UnpackedTooMuchError
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.kinds import (
    REFERENCE_LIMIT,
    Amount,
    Day,
    Kind,
    blank,
    refuse_blank,
    refuse_what_is_no_text,
)
from exchange.bundle.format.meant import is_a_thousand_elsewhere
from exchange.bundle.format.tables import CHECK_INS, SUPPORT
from exchange.bundle.problems import CellError, Problems, shown, words

NULL = r"\N"
KEPT, KEPT_LENGTH = 10_000, 100
GHOSTS, WIDEST = 20_000, 30
UNKNOWN = 5
NEEDED = {CHECK_INS.name: ("measure", "on"), SUPPORT.name: ("initiative", "team")}
"""The columns by which rows are known, where these are not the identity: the instant of a check-in may be left out, and
the key of an ask."""


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

    def haunt(self, table: str, *keys: str) -> None:
        """Adds possible keys of a row that could not be staged; where there are too many, any key is possible."""
        ghosts = self.ghosts.setdefault(table, set())
        short = [key for key in keys if len(key) <= REFERENCE_LIMIT]
        ghosts.update(short, (key.lower() for key in short))
        if len(ghosts) > GHOSTS:
            ghosts.clear()
            self.unread.add(table)

    def may_exist(self, table: str, key: str) -> bool:
        """Whether `key` may belong to a row with a reported problem."""
        return table in self.unread or key in self.ghosts.get(table, ())


def stage_file(table: Table, records: Records, stage: Stage) -> None:
    """Fills `raw_<table>`; skips a file whose header has no identity."""
    try:
        header = read_header(table.file, records, [column.name for column in table.columns], stage.problems)
        missing = [name for name in NEEDED.get(table.name, table.identity) if name not in header]
        for name in missing:
            line = records.header_line
            stage.problems.add(table.file, line, name, "this column is missing", "a row is known by it: add it")
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
    """The columns in the order of the file; None for those reported, '' for those without a name."""
    cells = records.header(known)
    try:
        for cell in cells:
            refuse_what_is_no_text(cell)
    except CellError as error:
        raise ReadError(records.header_line, error.wrong, error.right) from error
    header: list[str | None] = []
    unknown = []
    for cell in cells:
        if blank(cell):
            header.append("")
        elif cell not in known:
            header.append(None)
            unknown.append(cell)
        elif cell in header:
            header.append(None)
            problems.add(file, records.header_line, cell, "this column is here twice", "keep one of the two")
        else:
            header.append(cell)
    _report_unknown(file, records.header_line, unknown, known, problems)
    return header


def _report_unknown(file: str, line: int, unknown: list[str], known: Sequence[str], problems: Problems) -> None:
    for cell in unknown[:UNKNOWN]:
        close = get_close_matches(cell[:REFERENCE_LIMIT], known, 1)
        right = f'did you mean "{close[0]}"?' if close else f"its columns are {words(known)}"
        name = cell if cell.isidentifier() and len(cell) <= REFERENCE_LIMIT else shown(cell)
        problems.add(file, line, name, "there is no such column", right)
    if len(unknown) > UNKNOWN:
        wrong = f"{len(unknown) - UNKNOWN:,} more columns are not columns of it"
        problems.add(file, line, None, wrong, f"its columns are {words(known)}")


class _Loader:
    """Loads one file. Cells of kinds that repeat are checked once."""

    def __init__(self, table: Table, header: list[str | None], stage: Stage) -> None:
        self._table, self._stage = table, stage
        self._header = header
        self._columns = [(number, table.by_name[name]) for number, name in enumerate(header) if name]
        self._nameless = [number for number, name in enumerate(header) if name == ""]
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
            report_width(self._table.file, line, len(row), width, self._stage.problems)
            self._stage.haunt(self._table.name, *row[:WIDEST])
        return kept

    def _copied(self, batch: Batch) -> str:
        cells = list(zip(*batch.rows, strict=True))
        for number in self._nameless:
            self._refuse_nameless(cells[number], batch.lines)
        columns = [self._values(column, cells[number], batch.lines) for number, column in self._columns]
        lines = map("\t".join, zip(map(str, batch.lines), *columns, strict=True))
        return "\n".join(lines) + "\n"

    def _refuse_nameless(self, cells: Sequence[str], lines: list[int]) -> None:
        if not any(cells):
            return
        for line, cell in zip(lines, cells, strict=True):
            report_nameless(self._table.file, line, cell, self._stage.problems)

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
                if repeats and good and len(cell) <= KEPT_LENGTH:
                    seen[cell] = value
            values.append(value)
        return values

    def _value(self, column: Column, cell: str, line: int) -> tuple[str, bool]:
        """The cell as text for COPY, and whether it is valid and need not be looked at again."""
        problems, file = self._stage.problems, self._table.file
        try:
            if blank(cell):
                if column.required:
                    article = "an" if column.name[0] in "aeiou" else "a"
                    refuse_blank(cell, column.advice or f"give {article} {column.name}")
                return NULL, True
            value = column.kind.clean(cell)
            if isinstance(column.kind, Day) and column.kind.past:
                refuse_after(self._stage.today, value)
            return copied(value), not noticed(column.kind, cell, value, problems, file, line, column.name)
        except CellError as error:
            right = error.right if error.instead else column.advice or error.right
            problems.add(file, line, column.name, error.wrong, right, cell=error.cell, instead=error.instead)
            return self._known_by(column, cell), False

    def _known_by(self, column: Column, cell: str) -> str:
        """The key by which other rows may refer to this one though it is wrong, so that they are not reported for
        it."""
        if self._table.keyed and column.name in self._table.identity and not blank(cell):
            self._stage.haunt(self._table.name, cell)
        return NULL


def report_width(file: str, line: int, cells: int, width: int, problems: Problems) -> None:
    found = f"{cells:,}"
    right = "give every column a cell, and put one with a comma in quotes"
    problems.add(file, line, None, f"{found} cells under a header of {width:,}", right, cell=found)


def report_nameless(file: str, line: int, cell: str, problems: Problems) -> None:
    """Reports a cell of a column without a name, unless it is blank."""
    if blank(cell):
        return
    wrong, right = f"{shown(cell)} stands in a column without a name", "name the column in the first line, or empty it"
    problems.add(file, line, None, wrong, right, cell=shown(cell))


def noticed(kind: Kind, cell: str, value: str, problems: Problems, file: str, line: int, column: str) -> bool:
    """Mentions a decimal that would be a thousand elsewhere; whether it did."""
    if not isinstance(kind, Amount) or not is_a_thousand_elsewhere(cell):
        return False
    quoted, thousands = shown(cell), cell.replace(".", "")
    said = f"{quoted} is read as {value}"
    problems.notice(file, line, column, said, f"write {thousands} if that is meant", cell=said, instead=thousands)
    return True


def refuse_after(today: date, value: str) -> None:
    if value > today.isoformat():
        raise CellError(f"{value} is after today", f"use {today} at the latest", cell=value)


def copied(value: str) -> str:
    """`value` in COPY's text format."""
    if "\\" in value:
        value = value.replace("\\", r"\\")
    if value.isprintable():
        return value
    return value.replace("\n", r"\n").replace("\t", r"\t").replace("\r", r"\r")
