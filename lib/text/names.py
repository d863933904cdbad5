"""How things are named in a sentence: one, several, one that is not for the reader; and what people wrote, quoted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from textwrap import shorten

from django.urls import reverse

from lib.text.numbers import number
from lib.text.spans import Span, words_of

CONFIDENTIAL = "a confidential goal"
CONFIDENTIAL_STRATEGY = "a confidential strategy"
"""Where a name would stand that is not for the reader."""

NAMED = 3
"""Of several things, so many are named; of the others is said how many they are."""
QUOTED, LABEL = 160, 60
"""Characters of what somebody wrote that are repeated, and of a name in the label of a button."""


@lru_cache(maxsize=20_000)
def path_of(page: str, *key: str | int) -> str:
    """The path of the page that the URL conf calls `page`, about what `key` names; kept, as a batch of mails names the
    same things many times."""
    return reverse(page, args=key)


def name_of(title: str, page: str, key: str) -> Span:
    """A title in quotation marks that leads to its page."""
    return Span(f"“{title}”", path_of(page, key))


def several(names: Sequence[Span], *, limit: int = NAMED) -> list[Span]:
    """As in "“A”, “B” and 2 more"."""
    shown, left = names[:limit], len(names) - limit
    if left > 0:
        shown = [*shown, Span(f"{number(left)} more")]
    joined: list[Span] = []
    for at, name in enumerate(shown):
        if at:
            joined.append(Span(" and " if at == len(shown) - 1 else ", "))
        joined.append(name)
    return joined


def several_words(names: Sequence[Span], *, limit: int = NAMED) -> str:
    return words_of(several(names, limit=limit))


def quoted(text: str) -> str:
    """What somebody wrote, on one line and not too long, in quotation marks; '' for nothing."""
    return f"“{shorten(text, QUOTED, placeholder=' …')}”" if text.strip() else ""


def short(title: str) -> str:
    """A name in the label of a button."""
    return shorten(title, LABEL, placeholder=" …")
