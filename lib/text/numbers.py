"""Number formats for pages, formulas and mail.

A number that does not exist is an en dash, never 0.
"""

from __future__ import annotations

import re
from decimal import Decimal

NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
UNCHANGED = 0.0005
"""A change of a share below this rounds to less than a tenth of a point."""
TWO_READINGS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
"""A whole number with its thousands apart, or one with three decimals."""


def number(value: float | None) -> str:
    """Formats with two decimals below 10, one below 100, else none, without trailing zeros; only zero reads as 0."""
    if value is None:
        return NONE
    size = abs(value)
    if 0 < size < 0.005:
        return f"<{SPACE}0.01" if value > 0 else f">{SPACE}{MINUS}0.01"
    text = f"{size:,.{2 if size < 10 else 1 if size < 100 else 0}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 else "") + text.replace(",", SPACE)


def percent(share: float | None) -> str:
    """A share from 0 to 1 with one decimal; 0 % and 100 % only for exact values (to 1e-9, spec/alignment.md)."""
    if share is None:
        return NONE
    if abs(share) <= 1e-9 or abs(share - 1) <= 1e-9:
        return f"{round(share) * 100}{SPACE}%"
    if 0 < share < 0.0005:
        return f"<{SPACE}0.1{SPACE}%"
    if 0.9995 <= share < 1:
        return f">{SPACE}99.9{SPACE}%"
    return f"{share * 100:.1f}{SPACE}%"


def points(change: float) -> str:
    """The size of a change of a share, in percentage points with one decimal."""
    return f"{abs(change) * 100:.1f}{SPACE}points"


def exact_percent(share: Decimal) -> str:
    """A share with all its digits, for limits: the value shown must be accepted when it is typed."""
    return f"{typable(share * 100)}{SPACE}%"


def plain(value: Decimal) -> str:
    """All digits without trailing zeros: "33.3333", "50"."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def typable(value: Decimal) -> str:
    """As `plain`, but for what could be read as thousands (1.234 is "1.2340"): form fields show it and read it back."""
    text = plain(value)
    return f"{text}0" if TWO_READINGS.fullmatch(text.lstrip("-")) else text


def weeks(value: float | None) -> str:
    """Effort with its unit."""
    if value is None:
        return NONE
    text = number(value)
    return f"{text}{SPACE}person-week{'' if text == '1' else 's'}"


def quantity(value: float | None, unit: str) -> str:
    """A figure's value in its unit: `percent`, `weeks`, `count` or `ratio`.

    Raises KeyError for another unit.
    """
    return {"percent": percent, "weeks": weeks, "count": number, "ratio": number}[unit](value)
