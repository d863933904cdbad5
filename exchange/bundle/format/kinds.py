"""The kinds of columns and the cells they allow, with their limits (spec/bundle.md, *Limits*).

`clean` takes a cell that is not blank and returns the text to store, or raises CellError. Columns handle blank cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from exchange.bundle.format.meant import (
    address_meant,
    day_meant,
    day_that_is_none,
    in_percent,
    key_meant,
    number_meant,
    share_meant,
)
from exchange.bundle.problems import CellError, shown, words
from lib.db import fields
from lib.services.dates import FIRST_DAY, LAST_DAY, zones
from lib.text.clean import bidi_control, normal, shows_nothing
from teams import labels

NO_TEXT = re.compile("[\\x00\ud800-\udfff]")
ONE_LINE = re.compile(fields.CONTROL_CHARACTERS)
SLUG = re.compile(fields.KEY_PATTERN)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
NUMBER = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
WEB = re.compile(r"https?://(?:[^\s/?#@]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]]+)(?::[0-9]{1,5})?(?:[/?#]\S*)?")
REFERENCE_LIMIT = fields.EMAIL_LIMIT


def blank(cell: str) -> bool:
    """Nothing but white space, format and control characters."""
    return not cell or (not "!" <= cell[0] <= "~" and shows_nothing(cell))


def refuse_blank(cell: str, right: str) -> None:
    if blank(cell):
        raise CellError("this is blank", right)


def refuse_what_is_no_text(cell: str) -> None:
    found = NO_TEXT.search(cell)
    if found is None:
        return
    if found.group() == "\0":
        raise CellError("a NUL byte", "remove it")
    around = shown(cell[max(0, found.start() - 10) :])
    raise CellError(f"text that is not UTF-8: {around}", "save the file as UTF-8", cell=around)


def _within(cell: str, limit: int) -> str:
    if len(cell) > limit:
        length = f"{len(cell):,}"
        raise CellError(f"{length} characters", f"use at most {limit:,}", cell=length)
    return cell


def _wrong(cell: str, is_wrong: str, right: str, instead: str = "") -> CellError:
    """For a cell that is quoted; with `instead`, the advice is to write that."""
    quoted = shown(cell)
    return CellError(f"{quoted} {is_wrong}", f"write {instead}" if instead else right, cell=quoted, instead=instead)


def _text(cell: str) -> str:
    """The text in NFC."""
    refuse_what_is_no_text(cell)
    if found := bidi_control(cell):
        raise CellError(f"an invisible character that turns the text around ({found})", "remove it")
    return normal(cell)


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
            raise _wrong(cell, "is not a key", right, key_meant(cell))
        return _within(cell, fields.KEY_LIMIT)


@dataclass(frozen=True)
class Line(Kind):
    """One line without control characters."""

    limit: int = fields.NAME_LIMIT
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        if not cell.isascii() or not cell.isprintable():
            cell = _text(cell)
            if ONE_LINE.search(cell):
                wrong = f"a line break or another control character in {shown(cell)}"
                raise CellError(wrong, "keep it on one line", cell=shown(cell))
        return _within(cell, self.limit)


@dataclass(frozen=True)
class Lines(Kind):
    """Several lines, in NFC; line ends become LF, all else is unchanged. The limit applies to what is stored."""

    limit: int = fields.MARKDOWN_LIMIT
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        if not cell.isascii() or not cell.isprintable():
            cell = _text(cell)
            if "\r" in cell:
                cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        return _within(cell, self.limit)


@dataclass(frozen=True)
class Labels(Line):
    """Labels of work, separated by commas or `;`, stored as teams.labels has them."""

    limit: int = labels.LIMIT

    def clean(self, cell: str) -> str:
        line = super().clean(cell)
        try:
            return labels.joined(labels.labels_in(line))
        except ValidationError as error:
            quoted = shown(cell)
            right = f"give at most {labels.AT_MOST} of at most {labels.LONGEST} characters, separated by commas"
            raise CellError(f"too many or too long labels in {quoted}", right, cell=quoted) from error


@dataclass(frozen=True)
class Choice(Kind):
    options: tuple[str, ...] = ()

    def clean(self, cell: str) -> str:
        if cell not in self.options:
            refuse_what_is_no_text(cell)
            meant = cell.strip().lower().replace(" ", "_").replace("-", "_")
            close = [meant] if meant in self.options else []
            raise _wrong(cell, "is not one of the words for it", f"use one of {words(self.options)}", *close)
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
        if day is None and DAY.fullmatch(cell):
            raise _wrong(cell, f"is no day: {day_that_is_none(cell)}", "write one that there is, like 2026-03-31")
        if day is None:
            raise _wrong(cell, "is not a date", "write it like 2026-03-31", day_meant(cell))
        if not FIRST_DAY <= day <= LAST_DAY:
            raise CellError(f"the year of {cell} is out of range", "use a year from 1970 to 2100", cell=cell)
        return cell


@dataclass(frozen=True)
class Instant(Kind):
    """An instant in UTC, to the microsecond. Whether it is past is checked with the others."""

    sql: ClassVar[str] = "timestamptz"
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        right = "write it like 2026-03-31T08:05:12Z"
        if not INSTANT.fullmatch(cell):
            raise _wrong(cell, "is not an instant", right)
        try:
            at = datetime.fromisoformat(cell)
        except ValueError as error:
            raise _wrong(cell, "is not an instant", right) from error
        if not FIRST_DAY <= at.date() <= LAST_DAY:
            raise CellError(f"the year of {cell} is out of range", "use a year from 1970 to 2100", cell=cell)
        return cell


@dataclass(frozen=True)
class YesOrNo(Choice):
    options: tuple[str, ...] = ("yes", "no")
    sql: ClassVar[str] = "boolean"


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
            raise self._no_plain_number(cell)
        sign, whole, part = match.group(1), match.group(2).lstrip("0"), (match.group(3) or "").rstrip("0")
        if self.highest == 1 and not sign and whole and (whole != "1" or part):
            raise self._above_one(cell)
        if len(whole) > self.before or len(part) > self.after:
            raise _wrong(cell, "has too many digits", f"use {self.range}")
        value = (whole or "0") + (f".{part}" if part else "")
        if sign and value != "0":
            value = f"-{value}"
        self._refuse_outside(Decimal(value), cell)
        return value

    def _refuse_outside(self, value: Decimal, cell: str) -> None:
        low = self.lowest is not None and (value < self.lowest or (self.above and value == self.lowest))
        if low or (self.highest is not None and value > self.highest):
            raise _wrong(cell, "is out of range", f"use {self.range}")

    def _above_one(self, cell: str) -> CellError:
        share, quoted = share_meant(cell), shown(cell)
        right = f"{share} would be {in_percent(share)}" if share else f"use {self.range}"
        return CellError(f"{quoted} is above 1, and a share is of 1", right, cell=quoted, instead=right)

    def _no_plain_number(self, cell: str) -> CellError:
        right = f"write it like 12 or 0.25: {self.range}"
        if self.highest == 1 and (share := share_meant(cell)):
            return _wrong(cell, "is a percentage, and a share is of 1", right, share)
        return _wrong(cell, "is not a plain number", right, number_meant(cell))

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
            is_wrong = "is not an e-mail address" if "@" in cell else "is a name, and an e-mail address belongs here"
            raise _wrong(cell, is_wrong, "write it like ada@example.org", address_meant(cell)) from error
        return cell.lower()


@dataclass(frozen=True)
class Zone(Kind):
    def clean(self, cell: str) -> str:
        if cell not in zones():
            refuse_what_is_no_text(cell)
            close = get_close_matches(cell[:REFERENCE_LIMIT], zones(), 1, 0.8)
            raise _wrong(cell, "is not a time zone", "use a name of the IANA list, like Europe/Berlin or UTC", *close)
        return cell


@dataclass(frozen=True)
class Web(Kind):
    """A web address: http or https, with a host."""

    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        if not WEB.fullmatch(cell) or ONE_LINE.search(cell):
            raise _wrong(cell, "is not a web address", "write it like https://example.org/page")
        _text(cell)
        return _within(cell, fields.URL_LIMIT)


@dataclass(frozen=True)
class Reference(Kind):
    """The key (or e-mail) of a row of the file `to`. Whether it exists is checked when all files are staged."""

    to: str

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        if len(cell) > REFERENCE_LIMIT:
            raise unknown(self.to, cell)
        return cell.lower() if self.to == "people" and "@" in cell else cell


@dataclass(frozen=True)
class References(Kind):
    """Keys of rows of the file `to`, separated by `;`: the pairs of the table `through`, of whose columns `of`
    is the row. Stored sorted, each once."""

    to: str
    through: str
    of: str = "team_id"
    repeats: ClassVar[bool] = False

    def clean(self, cell: str) -> str:
        refuse_what_is_no_text(cell)
        keys = {key.strip() for key in cell.split(";")}
        if "" in keys:
            raise CellError(f"an empty place in {shown(cell)}", "separate the keys by one ; each", cell=shown(cell))
        for key in keys:
            if len(key) > REFERENCE_LIMIT:
                raise unknown(self.to, key)
        return ";".join(sorted({key.lower() for key in keys} if self.to == "people" else keys))


NOUNS = {
    "people": "person",
    "personas": "persona",
    "context": "page",
    "teams": "team",
    "strategies": "strategy",
    "goals": "goal",
    "decisions": "decision",
    "measures": "measure",
    "initiatives": "initiative",
    "editions": "edition",
    "amendments": "amendment",
    "threads": "thread",
    "messages": "message",
    "proposals": "proposal",
}


def unknown(to: str, cell: str, instead: str = "") -> CellError:
    """The error of a reference to a missing row of the file `to`; `instead` is the key or address of one that has the
    cell for a name."""
    noun = NOUNS[to]
    article = "an" if noun[0] in "aeiou" else "a"
    right = f"use the key of {article} {noun} in this bundle or in the database"
    if to == "people":
        right = "use the e-mail of a person in this bundle or in the database"
        if instead and "@" not in cell:
            return _wrong(cell, "is a name, and an e-mail address belongs here", right, instead)
        return _wrong(cell, "is not among the people", right, instead)
    quoted = shown(cell)
    if instead:
        return CellError(f"there is no {noun} {quoted}", f"write {instead}", cell=quoted, instead=instead)
    return CellError(f"there is no {noun} {quoted}", right, cell=quoted)


def choice(options: Iterable[str]) -> Choice:
    return Choice(tuple(options))
