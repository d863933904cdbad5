"""Names in sentences: one, several or confidential ones, and quotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from textwrap import shorten

from django.urls import reverse

from lib.db.folding import folded
from lib.text.isolation import isolated
from lib.text.numbers import number
from lib.text.spans import Span, words_of

CONFIDENTIAL = "a confidential goal"
CONFIDENTIAL_STRATEGY = "a confidential strategy"
"""Replaces a name that the reader may not see."""

NAMED = 3
"""The number of things listed by name; the others are counted."""
QUOTED, LABEL = 160, 60
"""The maximum characters of a quotation, and of a name in a button's label."""
SENTENCE_ENDS = (".", "!", "?", "…")


@lru_cache(maxsize=20_000)
def path_of(page: str, *key: str | int) -> str:
    """The path of the URL pattern `page` with the arguments `key`; cached, because a batch of mails repeats the same
    names.
    """
    return reverse(page, args=key)


def name_of(title: str, page: str, key: str) -> Span:
    """A title in quotation marks, linked to its page."""
    return Span(f"“{isolated(title)}”", path_of(page, key))


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


def namesakes(names: Iterable[str]) -> set[str]:
    """The names that differ from another one in nothing but case, accents or marks."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(folded(name).strip(), []).append(name)
    return {name for same in found.values() if len(same) > 1 for name in same}


def named_apart(name: str, place: str) -> str:
    """A name with what tells it from its namesakes, where there is something: "Grow (Plan A)"."""
    return f"{isolated(name)} ({place})" if place else isolated(name)


def placed(things: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """By key, the place of each thing, given its name and its place; with its key where another of that name is in the
    same place.
    """
    same = Counter((folded(name).strip(), place) for name, place in things.values())
    return {
        key: place if same[folded(name).strip(), place] == 1 else ", ".join(filter(None, (place, key)))
        for key, (name, place) in things.items()
    }


def choices_apart(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Choices by key, of names that say a place where there is one; those of one name have their key with them."""
    same = namesakes(names.values())
    return [(key, named_apart(name, key if name in same else "")) for key, name in names.items()]


def quoted(text: str) -> str:
    """A text on one line, shortened, in quotation marks; '' for a blank one."""
    return f"“{isolated(shorten(text, QUOTED, placeholder=' …'))}”" if text.strip() else ""


def stated(text: str) -> str:
    """As `quoted`, with a full stop behind a text that does not end a sentence: before another sentence."""
    ends = shorten(text, QUOTED, placeholder=" …").endswith(SENTENCE_ENDS)
    return quoted(text) if ends or not text.strip() else f"{quoted(text)}."


def short(title: str) -> str:
    """A name shortened for a button's label."""
    return isolated(shorten(title, LABEL, placeholder=" …"))
