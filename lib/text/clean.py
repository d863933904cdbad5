"""Text as it comes in from people (DESIGN.md, *Text*): forms, models and imports take and refuse the same."""

from __future__ import annotations

import re
import unicodedata

BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
"""Letters and marks that fonts draw as nothing: fillers, the blank Braille pattern, variation selectors."""
_SEEN_NOTHING = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def normal(text: str) -> str:
    """In NFC: letters with accents are one character where there is one."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """In NFC, lines ending in LF, without white space around it; '' for a text that shows nothing."""
    text = normal(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if shows_nothing(text) else text


def shows_nothing(text: str) -> bool:
    """Whether it is white space, format and control characters and nothing else."""
    return all(unicodedata.category(character) in _SEEN_NOTHING or character in UNSEEN for character in text)


def bidi_control(text: str) -> str:
    """The first character that changes the direction of the text around it, as in "U+202E"; '' where there is none."""
    found = None if text.isascii() else BIDI_CONTROLS.search(text)
    return f"U+{ord(found.group()):04X}" if found else ""
