"""Numbers as people type them: a comma or a point, spaces or apostrophes between thousands, digits of any script."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from lib.text.numbers import SPACE, TWO_READINGS, plain, typable

LONGEST = 100
_POINT, _COMMA, _GROUP = ".", ",", " "
_DECIMAL = "\N{ARABIC DECIMAL SEPARATOR}"
"""A mark of its own: it never groups digits."""
_SAME = {
    **dict.fromkeys("'`\u00b4\u2018\u2019\u02bc\u2032\uff07\u066c", _GROUP),
    **dict.fromkeys("\u2212\u2013\u2010\u2011\ufe63\uff0d", "-"),
    "\N{FULLWIDTH FULL STOP}": _POINT,
    "\N{FULLWIDTH COMMA}": _COMMA,
    "\N{FULLWIDTH PLUS SIGN}": "+",
}
"""What stands for another character: apostrophes that group digits, hyphens and dashes that are typed for a minus."""
_SHAPE = re.compile(rf"([-+]?) ?([0-9., ]*?)(?:{_DECIMAL}([0-9]*))?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\x00[0-9]{3})+|[0-9]{1,2}(?:\x00[0-9]{2})+\x00[0-9]{3}")
"""Groups of three; or, as in India, of two and a last one of three."""


class NotANumberError(ValueError):
    """The text is no number."""


class TwoReadingsError(ValueError):
    """The text is a whole number with its thousands apart, or one with three decimals: `whole` or `part`."""

    def __init__(self, whole: Decimal, part: Decimal) -> None:
        super().__init__(f"{whole} or {part}")
        self.whole, self.part = whole, part


def typed_number(text: str) -> Decimal:
    """Raises NotANumberError, or TwoReadingsError for what is like 1.234 and 1,234."""
    found = _SHAPE.fullmatch(_in_one_script(text)) if len(text) <= LONGEST else None
    if found is None:
        raise NotANumberError
    sign, digits, decimals = found.groups()
    if decimals is None:
        if TWO_READINGS.fullmatch(digits):
            mark = _POINT if _POINT in digits else _COMMA
            raise TwoReadingsError(Decimal(sign + digits.replace(mark, "")), Decimal(sign + digits.replace(mark, ".")))
        whole, decimals = _split(digits)
    else:
        whole = digits
    if not (whole or decimals) or (decimals and not decimals.isdigit()):
        raise NotANumberError
    number = Decimal(f"{sign}{_without_groups(whole) or '0'}.{decimals or '0'}")
    return Decimal(plain(number)) if number else Decimal(0)


def readings(error: TwoReadingsError, places: int) -> str:
    """What was meant, as a question, and how to write each of the two in a field with `places` decimals."""
    part = typable(error.part) if places > 3 else plain(round(error.part, places))
    whole = f"{error.whole:,}".replace(",", SPACE)
    return f"This is {whole} or {plain(error.part)}: write {error.whole} for the first, {part} for the second."


def _in_one_script(text: str) -> str:
    """With ASCII digits and one character for each mark, without the invisible marks that some keyboards add."""
    written = []
    for character in text.strip():
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            written.append(str(digit))
        elif character.isspace():
            written.append(_GROUP)
        elif unicodedata.category(character) != "Cf":
            written.append(_SAME.get(character, character))
    return "".join(written).strip()


def _split(digits: str) -> tuple[str, str]:
    """The part before the decimal mark and the part after it: a mark that stands once, after all others."""
    last = max(digits.rfind(_POINT), digits.rfind(_COMMA))
    if last < 0 or digits.count(digits[last]) > 1:
        return digits, ""
    return digits[:last], digits[last + 1 :]


def _without_groups(whole: str) -> str:
    if not whole or whole.isdigit():
        return whole
    marks = {character for character in whole if not character.isdigit()}
    if len(marks) > 1 or not _THOUSANDS.fullmatch(whole.replace(min(marks), "\0")):
        raise NotANumberError
    return whole.replace(min(marks), "")
