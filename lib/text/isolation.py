"""Names in a sentence, kept apart from its direction: a title that is read from right to left neither turns the words
around it nor is turned by them.

In plain text two invisible characters do it, FSI and PDI. Pages draw them as `<bdi>`.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

FIRST, LAST = "\u2068", "\u2069"
_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ISOLATED: Final = re.compile(f"{FIRST}([^{FIRST}{LAST}]*){LAST}")


def isolated(name: object) -> str:
    """The name between FSI and PDI where it has letters that are read from right to left, else as it is."""
    text = str(name)
    return f"{FIRST}{text}{LAST}" if _RIGHT_TO_LEFT.search(text) and not text.startswith(FIRST) else text


def drawn(text: object) -> SafeString:
    """A sentence for a page, with its isolated names in `<bdi>`."""
    escaped = conditional_escape(str(text))
    return mark_safe(_ISOLATED.sub(r"<bdi>\1</bdi>", escaped))  # noqa: S308 - escaped on the line above
