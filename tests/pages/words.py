"""Whether a page says what it has to, in its order."""

from __future__ import annotations


def in_order(text: str, words: list[str]) -> list[str]:
    """As many of `words`, from the first, as follow one another in `text`: all of them where nothing is missing."""
    at, found = 0, []
    for each in words:
        at = text.find(each, at)
        if at < 0:
            break
        at += len(each)
        found.append(each)
    return found
