"""Problems of a bundle: what is wrong, where, and what would be right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LISTED = 250_000
SHOWN = 60


class Problem(NamedTuple):
    """One thing to correct. `line` is where the record starts (the header's is 1), None for the whole file."""

    file: str
    line: int | None
    column: str | None
    wrong: str
    right: str

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.wrong}; {self.right}"


class BundleProblems(Exception):  # noqa: N818 - it is the list that people get to see, named as they know it
    """Nothing was imported; `problems` has all problems, in the order of the files and their lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(f"{len(self.problems):,} problems" if len(self.problems) > 1 else str(self.problems[0]))


class TooManyProblemsError(Exception):
    """LISTED problems were found, so reading stops."""


class Problems:
    """The growing list. It also tracks the cells reported, so that one mistake is one problem."""

    def __init__(self, files: Iterable[str]) -> None:
        self._order = {file: number for number, file in enumerate(files)}
        self._found: list[Problem] = []
        self._reported: defaultdict[tuple[str, int], set[str | None]] = defaultdict(set)

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, file: str, line: int | None, column: str | None, wrong: str, right: str) -> None:
        """Raises TooManyProblemsError at the LISTEDth problem, because the list has to fit into memory."""
        self._found.append(Problem(file, line, column, wrong, right))
        if line:
            self._reported[file, line].add(column)
        if len(self._found) >= LISTED:
            self._found.append(
                Problem("the bundle", None, None, f"more than {LISTED:,} problems", "correct these first")
            )
            raise TooManyProblemsError

    def excuse(self, file: str, line: int, column: str) -> None:
        """Skips the cell, because what it depends on was reported."""
        self._reported[file, line].add(column)

    def reported(self, file: str, line: int, *columns: str) -> bool:
        """Whether one of these cells was reported or excused."""
        found = self._reported.get((file, line))
        return found is not None and not found.isdisjoint(columns)

    def listed(self) -> list[Problem]:
        """By file in the order of spec/bundle.md, then by line and column; problems of the whole bundle are last."""
        last = len(self._order)
        return sorted(
            self._found, key=lambda found: (self._order.get(found.file, last), found.line or 0, found.column or "")
        )


def shown(text: str) -> str:
    """A cell as messages quote it: shortened, without control sequences for a terminal."""
    cut = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return '"' + "".join(character if character.isprintable() else _escaped(character) for character in cut) + '"'


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8, by `surrogateescape`
        return f"\\x{code - 0xDC00:02x}"
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\u{code:04x}")


def words(options: Iterable[str]) -> str:
    return ", ".join(options)
