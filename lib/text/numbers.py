"""Number formats for pages, formulas and mail.

A number that does not exist is an en dash, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor

NONE = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
MOST_DECIMALS = 6
SHARE_DECIMALS = 3
"""Of a share from 0 to 1: one of its per cent."""
ROUNDING = 1e-6
"""What a sum of floating-point numbers may be off by, in the last decimal shown."""
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
    return (MINUS if value < 0 else "") + _decimal(size, _decimals(size))


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


def exact(value: Decimal) -> str:
    """All its digits without needless zeros, as in "1 250.5"."""
    return f"{value.normalize():,f}".replace(",", SPACE).replace("-", MINUS)


def signed(value: Decimal) -> str:
    """As `exact`, with a plus sign where it is above 0."""
    return f"+{exact(value)}" if value > 0 else exact(value)


def typable(value: Decimal) -> str:
    """As `plain`, but for what could be read as thousands (1.234 is "1.2340"): form fields show it and read it back."""
    text = plain(value)
    return f"{text}0" if TWO_READINGS.fullmatch(text.lstrip("-")) else text


def weeks(value: float | None) -> str:
    """Effort with its unit."""
    return NONE if value is None else person_weeks(number(value))


def person_weeks(text: str) -> str:
    """A number, as it is shown, with the unit of effort."""
    return f"{text}{SPACE}person-week{'' if text == '1' else 's'}"


def rounded_together(parts: Sequence[float], whole: float, decimals: int) -> list[float]:
    """`parts`, none below zero, rounded so that they add up to `whole`, their sum, rounded: down, and up where most is
    left.
    """
    unit = 10.0**decimals
    amounts = [part * unit for part in parts]
    shown = [floor(amount + ROUNDING) for amount in amounts]
    missing = max(round(whole * unit) - sum(shown), 0)
    for at in sorted(range(len(amounts)), key=lambda at: shown[at] - amounts[at])[:missing]:
        shown[at] += 1
    return [amount / unit for amount in shown]


@dataclass(frozen=True)
class AddingUp:
    """The parts of a sum as they are shown: with so many decimals that none reads as 0, and adding up."""

    parts: list[float]
    whole: float
    decimals: int

    def text(self, value: float) -> str:
        return _decimal(value, self.decimals)


def adding_up(parts: Sequence[float], whole: float) -> AddingUp:
    """Of `parts`, none below zero, and `whole`, their sum."""
    sizes = [size for size in (*parts, whole) if size > 0]
    decimals = max(map(_decimals, sizes), default=0)
    while decimals < MOST_DECIMALS and any(round(size, decimals) == 0 for size in sizes):
        decimals += 1
    return AddingUp(rounded_together(parts, whole, decimals), round(whole, decimals), decimals)


def _decimals(size: float) -> int:
    return 2 if size < 10 else 1 if size < 100 else 0


def _decimal(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(",", SPACE)


def quantity(value: float | None, unit: str) -> str:
    """A figure's value in its unit: `percent`, `weeks`, `count` or `ratio`.

    Raises KeyError for another unit.
    """
    return {"percent": percent, "weeks": weeks, "count": number, "ratio": number}[unit](value)
