"""The kinds of columns and the cells they allow, with their limits (spec/bundle.md, *Limits*).

`clean` takes a cell that is not blank and returns the text to store, or raises CellError. Columns handle blank cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import ClassVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from exchange.bundle.problems import shown, words
from lib.db import fields
from lib.services.dates import FIRST_DAY, LAST_DAY

NO_TEXT = re.compile("[\\x00\ud800-\udfff]")
ONE_LINE = re.compile(fields.CONTROL_CHARACTERS)
SLUG = re.compile(fields.KEY_PATTERN)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
WEB = re.compile(r"https?://(?:[^\s/?#@]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)(?::[0-9]{1,5})?(?:[/?#]\S*)?")
REFERENCE_LIMIT = fields.EMAIL_LIMIT


class CellError(Exception):
    """`wrong` is what is wrong with a cell, `right` what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.wrong, self.right = wrong, right


def blank(cell: str) -> bool:
    """Empty or only white space."""
    return not cell or cell.isspace()


def refuse_blank(cell: str, right: str) -> None:
    if blank(cell):
        raise CellError("this is blank", right)


def refuse_what_is_no_text(cell: str) -> None:
    found = NO_TEXT.search(cell)
    if found is None:
        return
    if found.group() == "\0":
        raise CellError("a NUL byte", "remove it")
    raise CellError(f"text that is not UTF-8: {shown(cell[max(0, found.start() - 10) :])}", "save the file as UTF-8")


def _within(cell: str, limit: int) -> str:
    if len(cell) > limit:
        raise CellError(f"{len(cell):,} characters", f"use at most {limit:,}")
    return cell


@dataclass(frozen=True)
class Kind:
    """`sql` is the type in the staging table; `repeats` marks kinds with few distinct values, whose results are
    cached."""

    sql: ClassVar[str] = "text"
    repeats: ClassVar[bool] = True

    def clean(self, cell: str) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class Key(Kind):
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        if not SLUG.fullmatch(cell):
            refuse_what_is_no_text(cell)
            right = "use lower-case letters, digits and hyphens, starting with a letter or digit"
            raise CellError(f"{shown(cell)} is not a key", right)
        return _within(cell, fields.KEY_LIMIT)


@dataclass(frozen=True)
class Line(Kind):
    """One line without control characters."""

    limit: int = fields.NAME_LIMIT
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        if not cell.isprintable():
            refuse_what_is_no_text(cell)
            if ONE_LINE.search(cell):
                raise CellError(f"a line break or another control character in {shown(cell)}", "keep it on one line")
        return _within(cell, self.limit)


@dataclass(frozen=True)
class Lines(Kind):
    """Several lines; line ends become LF, all else is unchanged. The limit applies to what is stored."""

    limit: int = fields.MARKDOWN_LIMIT
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        if not cell.isprintable():
            refuse_what_is_no_text(cell)
            if "\r" in cell:
                cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        return _within(cell, self.limit)


@dataclass(frozen=True)
class Choice(Kind):
    options: tuple[str, ...] = ()

    def clean(self, cell: str) -> str:
        if cell not in self.options:
            refuse_what_is_no_text(cell)
            raise CellError(f"{shown(cell)} is not one of the words for it", f"use one of {words(self.options)}")
        return cell


@dataclass(frozen=True)
class Day(Kind):
    """A day of 1970 to 2100; with `past`, not after the day of the import (which staging checks)."""

    past: bool = False
    sql: ClassVar[str] = "date"

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        try:
            day = date.fromisoformat(cell) if DAY.fullmatch(cell) else None
        except ValueError:
            day = None
        if day is None:
            raise CellError(f"{shown(cell)} is not a date", "write it like 2026-03-31")
        if not FIRST_DAY <= day <= LAST_DAY:
            raise CellError(f"the year of {cell} is out of range", "use a year from 1970 to 2100")
        return cell


@dataclass(frozen=True)
class Amount(Kind):
    """A plain decimal of at most `before` and `after` digits around the point, `lowest` to `highest`; with `above`, not
    `lowest` itself.
    """

    before: int
    after: int
    lowest: Decimal | None = None
    highest: Decimal | None = None
    above: bool = False
    sql: ClassVar[str] = "numeric"

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        match = NUMBER.fullmatch(cell)
        if match is None:
            raise CellError(f"{shown(cell)} is not a plain number", f"write it like 12 or 0.25: {self.range}")
        sign, whole, part = match.group(1), match.group(2).lstrip("0"), (match.group(3) or "").rstrip("0")
        if len(whole) > self.before or len(part) > self.after:
            raise CellError(f"{shown(cell)} has too many digits", f"use {self.range}")
        value = (whole or "0") + (f".{part}" if part else "")
        if sign and value != "0":
            value = f"-{value}"
        self._refuse_outside(Decimal(value), cell)
        return value

    def _refuse_outside(self, value: Decimal, cell: str) -> None:
        low = self.lowest is not None and (value < self.lowest or (self.above and value == self.lowest))
        if low or (self.highest is not None and value > self.highest):
            raise CellError(f"{shown(cell)} is out of range", f"use {self.range}")

    @property
    def range(self) -> str:
        digits = f"at most {self.after} digits after the point" if self.after else "a whole number"
        if self.lowest is None:
            return f"at most {self.before} digits before and {self.after} after the point"
        low = f"above {self.lowest}" if self.above else f"{self.lowest} or more"
        return f"{low}, at most {self.highest}, {digits}"


@dataclass(frozen=True)
class Email(Kind):
    """Stored in lower case: addresses compare without regard to case."""

    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        try:
            validate_email(_within(cell.lower(), fields.EMAIL_LIMIT))
        except ValidationError as error:
            raise CellError(f"{shown(cell)} is not an e-mail address", "write it like ada@example.org") from error
        return cell.lower()


@dataclass(frozen=True)
class Zone(Kind):
    def clean(self, cell: str) -> str:
        if cell not in _zones():
            refuse_what_is_no_text(cell)
            raise CellError(
                f"{shown(cell)} is not a time zone", "use a name of the IANA list, like Europe/Berlin or UTC"
            )
        return cell


@cache
def _zones() -> frozenset[str]:
    """Without `localtime`, which is a different zone on each machine that has it."""
    return frozenset(available_timezones() - {"localtime"})


@dataclass(frozen=True)
class Web(Kind):
    """A web address: http or https, with a host."""

    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        if not WEB.fullmatch(cell) or ONE_LINE.search(cell):
            raise CellError(f"{shown(cell)} is not a web address", "write it like https://example.org/page")
        return _within(cell, fields.URL_LIMIT)


@dataclass(frozen=True)
class Reference(Kind):
    """The key (or e-mail) of a row of the file `to`. Whether it exists is checked when all files are staged."""

    to: str

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        if len(cell) > REFERENCE_LIMIT:
            raise CellError(*unknown(self.to, cell))
        return cell.lower() if self.to == "people" else cell


@dataclass(frozen=True)
class References(Kind):
    """Keys of rows of the file `to`, separated by `;`: the pairs of the table `through`. Stored sorted, each once."""

    to: str
    through: str
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        keys = {key.strip() for key in cell.split(";")}
        if "" in keys:
            raise CellError(f"an empty place in {shown(cell)}", "separate the keys by one ; each")
        for key in keys:
            if len(key) > REFERENCE_LIMIT:
                raise CellError(*unknown(self.to, key))
        return ";".join(sorted(keys))


NOUNS = {
    "people": "person",
    "personas": "persona",
    "context": "page",
    "teams": "team",
    "strategies": "strategy",
    "goals": "goal",
    "measures": "measure",
    "initiatives": "initiative",
}


def unknown(to: str, cell: str) -> tuple[str, str]:
    """The message for a reference to a missing row of the file `to`."""
    if to == "people":
        return f"{shown(cell)} is not among the people", "use the e-mail of a person in this bundle or in the database"
    noun = NOUNS[to]
    article = "an" if noun[0] in "aeiou" else "a"
    return f"there is no {noun} {shown(cell)}", f"use the key of {article} {noun} in this bundle or in the database"


def choice(options: Iterable[str]) -> Choice:
    return Choice(tuple(options))
