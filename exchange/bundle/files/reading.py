"""Reads the records of a bundle's CSV files as streams."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO

from exchange.bundle.files.sources import UNREADABLE, ReadError
from exchange.bundle.format.kinds import blank
from exchange.bundle.problems import shown, words

RECORD_LIMIT = 2_000_000
CELL_LIMIT = 1_000_000
BLANK_LIMIT = 2_000_000
WIDEST = 1_000
BATCH_ROWS, BATCH_CHARACTERS = 2_000, 1_000_000
FIRST_LINE = 1_000
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
TO_COMMAS = "separate them by commas (in a spreadsheet: save as CSV UTF-8, comma delimited)"
ANNOUNCED = re.compile(r'"?sep=(.?)"?\s*', re.IGNORECASE)
UTF_16 = ("\udcff\udcfe", "\udcfe\udcff")

csv.field_size_limit(CELL_LIMIT)


@dataclass(frozen=True)
class Batch:
    """Some records, and the line where each starts."""

    lines: list[int]
    rows: list[list[str]]


class Records:
    """The records of one CSV file, RFC 4180, UTF-8 with or without a BOM. Bytes that are not UTF-8 become surrogates,
    so that their cell can be reported.

    Every step raises ReadError where the rest of the file cannot be read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._text = _Lines(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline=""))
        self._reader = csv.reader(self._text, strict=True)
        self._line = 1
        self._blanks = 0
        self.header_line = 1

    def header(self, known: Collection[str]) -> list[str]:
        """The first row that is not blank. What separates its cells is told by the `known` names of columns."""
        try:
            found = self._filled()
        except ReadError:
            _refuse_other_forms(self._text.first, known)
            raise
        if found is None:
            raise ReadError(1, "there is no header row", "name the columns in the first line")
        self.header_line, row = found
        _refuse_other_forms(self._text.first, known)
        if sum(not blank(cell) for cell in row) > WIDEST:
            raise ReadError(self.header_line, f"more than {WIDEST:,} columns", f"its columns are {words(known)}")
        return row

    def batches(self) -> Iterator[Batch]:
        """The rows that are not blank."""
        batch, characters = Batch([], []), 0
        while (found := self._filled()) is not None:
            batch.lines.append(found[0])
            batch.rows.append(found[1])
            characters += self._text.characters
            if len(batch.rows) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
                yield batch
                batch, characters = Batch([], []), 0
        if batch.rows:
            yield batch

    def _filled(self) -> tuple[int, list[str]] | None:
        """The next record with anything in it, and the line where it starts; None at the end."""
        while True:
            start, row = self._line, self._next()
            if row is None:
                return None
            if any(row) and not all(map(blank, row)):
                return start, row
            self._blanks += 1
            if self._blanks > BLANK_LIMIT:
                raise ReadError(start, f"more than {BLANK_LIMIT:,} blank rows", "remove them")

    def _next(self) -> list[str] | None:
        """The next record, None at the end."""
        self._text.characters = 0
        start = self._line
        try:
            row = next(self._reader, None)
        except _TooLongError as error:
            raise ReadError(start, error.wrong, error.right) from error
        except csv.Error as error:
            raise ReadError(
                start,
                _plain(str(error)),
                "see RFC 4180: a cell with a comma, quote or line break stands in quotes, its quotes doubled",
            ) from error
        except UNREADABLE as error:
            raise ReadError(start, f"the file cannot be read on ({error})", "make the bundle anew") from error
        self._line = self._reader.line_num + 1
        return row


def _plain(error: str) -> str:
    if "field larger" in error:
        return f"a cell of more than {CELL_LIMIT:,} characters"
    if "unexpected end" in error:
        return "a quote is opened and never closed"
    return "a closing quote is followed by something else than a comma or the end of the line"


def _refuse_other_forms(first: str, known: Collection[str]) -> None:
    """Refuses what the `first` line tells of: another encoding, or cells that are separated by something else."""
    if first.startswith(UTF_16):
        raise ReadError(1, "the file is in UTF-16", "save it as CSV UTF-8")
    if ANNOUNCED.fullmatch(first):
        raise ReadError(1, f"the first line is {shown(first)}", f"remove it, and {TO_COMMAS}")
    named = {mark: len({cell.strip(' "') for cell in first.split(mark)} & set(known)) for mark in (",", *SEPARATORS)}
    best = max(SEPARATORS, key=lambda mark: (named[mark], first.count(mark)))
    if named[best] > named[","] or (not named[","] and "," not in first and best in first):
        raise ReadError(1, f"the cells are separated by {SEPARATORS[best]}", TO_COMMAS)


class _TooLongError(Exception):
    """A record that does not fit into memory."""

    wrong = f"a row of more than {RECORD_LIMIT:,} characters"
    right = "see that every quote is closed, and keep within the limits"


class _Lines:
    """Lines for the CSV reader. `characters` are those of the current record, which has to fit into memory; `first` is
    the beginning of the first line that is not blank."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.characters = 0
        self.first = ""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(RECORD_LIMIT)
        if not line:
            raise StopIteration
        self.characters += len(line)
        if not self.first:
            self.first = line[:FIRST_LINE].strip()
        if self.characters >= RECORD_LIMIT:
            raise _TooLongError
        return line
