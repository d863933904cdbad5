"""What a person may have meant by a cell that is not as it should be; '' where nothing is likely enough."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lib.db.fields import KEY_LIMIT
from lib.services.keys import slug
from lib.text.numbers import TWO_READINGS, plain
from lib.text.typed import NotANumberError, TwoReadingsError, typed_number

LONGEST = 300
SHARE_PLACES = 6
YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]?([0-9]{1,2})[-./ ]?([0-9]{1,2})(?:[T ][0-9:.]+Z?)?")
DAY_FIRST = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})")
SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")


def key_meant(cell: str) -> str:
    return slug(cell)[:KEY_LIMIT] if len(cell) <= LONGEST else ""


def day_meant(cell: str) -> str:
    """The day in the bundle's form; two of them where it may be either."""
    text = cell.strip()[:LONGEST]
    if found := YEAR_FIRST.fullmatch(text):
        return _day(*found.group(1, 2, 3))
    if found := DAY_FIRST.fullmatch(text):
        return _day(*found.group(3, 2, 1))
    if found := SLASHES.fullmatch(text):
        first, second, year = found.groups()
        days = {_day(year, first, second), _day(year, second, first)} - {""}
        return " or ".join(sorted(days))
    return ""


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def day_that_is_none(cell: str) -> str:
    """Why a day in the right form does not exist, as in "there is no 30 February 2026"."""
    year, month, day = (int(part) for part in cell.split("-"))
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    return f"there is no {day} {date(2000, month, 1):%B} {year}"


def number_meant(cell: str) -> str:
    """The plain number; two of them where it may be either."""
    try:
        return plain(typed_number(cell))
    except TwoReadingsError as either:
        return f"{plain(either.whole)} or {plain(either.part)}"
    except NotANumberError:
        return ""


def share_meant(cell: str) -> str:
    """The share of one that a percentage is, where `cell` is one."""
    try:
        percent = typed_number(cell.strip().rstrip("%").strip())
    except ValueError:
        return ""
    share = percent / 100
    is_one = 0 < share <= 1 and (percent > 1 or "%" in cell) and share == round(share, SHARE_PLACES)
    return plain(share) if is_one else ""


def address_meant(cell: str) -> str:
    """The address in something like "Ann Lee <ann@example.org>" or "mailto:ann@example.org"."""
    found = IN_BRACKETS.fullmatch(cell[:LONGEST].strip())
    address = (found.group(1) if found else cell[:LONGEST]).strip().removeprefix("mailto:").strip(" ,;.").lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address


def is_a_thousand_elsewhere(plain_decimal: str) -> bool:
    """Whether it has three digits after its point, and so may have been written for a thousand."""
    return TWO_READINGS.fullmatch(plain_decimal.lstrip("-")) is not None


def in_percent(share: str) -> str:
    return f"{plain(Decimal(share) * 100)} %"
