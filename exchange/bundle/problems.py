"""Problems of a bundle: what is wrong, where, and what would be right. What has the same cause is said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

COUNTED, CAUSES, PLACES = 50_000, 500, 5
SHOWN = 60


class Place(NamedTuple):
    """A further place of a problem, with what stands there and what would be right instead, where these differ."""

    line: int | None
    cell: str
    instead: str

    def __str__(self) -> str:
        said = f" {self.cell}" if self.cell else ""
        return f"line {self.line}{said}" + (f" ({self.instead})" if self.instead else "")


class Problem(NamedTuple):
    """Something to correct. `line` is where the record starts (the header's is 1), None for the whole file. There are
    `times` like it: this one, those in `more`, and others that are not listed."""

    file: str
    line: int | None
    column: str | None
    wrong: str
    right: str
    times: int = 1
    more: tuple[Place, ...] = ()

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.wrong}; {self.right}{self._others()}"

    def _others(self) -> str:
        if self.times == 1:
            return ""
        places, left = [str(place) for place in self.more], self.times - 1 - len(self.more)
        if left:
            places.append(f"{left:,} more")
        return f". {self.times:,} like this; the others: {words(places)}"


Notice = Problem
"""What was taken, but may have been meant in another way."""


class CellError(Exception):
    """`wrong` is what is wrong with a cell, `right` what would be right. `cell` and `instead` are the parts of the two
    that differ from cell to cell."""

    def __init__(self, wrong: str, right: str, *, cell: str = "", instead: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.right, self.cell, self.instead = wrong, right, cell, instead


class BundleProblems(Exception):  # noqa: N818 - it is the list that people get to see, named as they know it
    """Nothing was imported; `problems` has all problems, in the order of the files and their lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(f"{len(self.problems):,} problems" if len(self.problems) > 1 else str(self.problems[0]))


class TooManyProblemsError(Exception):
    """More was found than the list takes, so reading stops."""


class Gathered:
    """What was found, by its cause: the file, the column and the sentence, whatever the cell and the value proposed."""

    def __init__(self) -> None:
        self._by_cause: dict[tuple[str, str | None, str, str], Problem] = {}
        self.count = 0

    def __len__(self) -> int:
        return len(self._by_cause)

    def add(self, place: Place, file: str, column: str | None, wrong: str, right: str) -> None:
        _line, cell, instead = place
        cause = (file, column, _without(wrong, cell), _without(right, instead))
        found = self._by_cause.get(cause)
        self.count += 1
        if found is None:
            self._by_cause[cause] = Problem(file, place.line, column, wrong, right)
            return
        more = (*found.more, place) if len(found.more) < PLACES else found.more
        self._by_cause[cause] = found._replace(times=found.times + 1, more=more)

    def listed(self, order: dict[str, int]) -> list[Problem]:
        """By file in the `order` of spec/bundle.md, then by line and column; what is of the whole bundle is last."""
        last = len(order)
        return sorted(
            self._by_cause.values(),
            key=lambda found: (order.get(found.file, last), found.line or 0, found.column or ""),
        )


class Problems:
    """The growing list. It also tracks the cells reported, so that one mistake is one problem.

    Adding raises TooManyProblemsError beyond CAUSES or COUNTED, because all of it has to fit into memory and be read.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._order = {file: number for number, file in enumerate(files)}
        self._found, self._noticed = Gathered(), Gathered()
        self._reported: defaultdict[tuple[str, int], set[str | None]] = defaultdict(set)
        self._excused = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(
        self, file: str, line: int | None, column: str | None, wrong: str, right: str, *, cell: str = "",
        instead: str = "",
    ) -> None:  # fmt: skip
        """`cell` and `instead` are the parts of `wrong` and `right` that differ from place to place."""
        self._found.add(Place(line, cell, instead), file, column, wrong, right)
        if line:
            self._reported[file, line].add(column)
        if self._found.count >= COUNTED or len(self._found) >= CAUSES:
            self._stop()

    def refuse(self, file: str, line: int, column: str, error: CellError) -> None:
        self.add(file, line, column, error.wrong, error.right, cell=error.cell, instead=error.instead)

    def notice(self, file: str, line: int, column: str, wrong: str, right: str, *, cell: str, instead: str) -> None:
        """Mentions a cell that was taken. Causes are few: a sentence for each column."""
        self._noticed.add(Place(line, cell, instead), file, column, wrong, right)

    def excuse(self, file: str, line: int, column: str) -> None:
        """Skips the cell, because what it depends on was reported."""
        self._reported[file, line].add(column)
        self._excused += 1
        if self._excused >= COUNTED:
            self._stop()

    def reported(self, file: str, line: int, *columns: str) -> bool:
        """Whether one of these cells was reported or excused."""
        found = self._reported.get((file, line))
        return found is not None and not found.isdisjoint(columns)

    def listed(self) -> list[Problem]:
        return self._found.listed(self._order)

    def notices(self) -> tuple[Notice, ...]:
        return tuple(self._noticed.listed(self._order))

    def _stop(self) -> None:
        wrong = f"this is not all: reading stopped after {self._found.count:,} problems"
        self._found.add(Place(None, "", ""), "the bundle", None, wrong, "correct these first")
        raise TooManyProblemsError


def _without(sentence: str, part: str) -> str:
    return sentence.replace(part, "…") if part else sentence


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
