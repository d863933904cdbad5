"""How many things wait, and what does not ask yet."""

from __future__ import annotations

from collections.abc import Iterator

from alignment.waiting.asks import Held, Waiting
from lib.text.counts import count_text, counted, plural
from lib.text.numbers import number


def lede(found: Waiting) -> str:
    if not found.entries:
        return ""
    return f"{things_text(found)}: first what most effort hangs on, then what has waited longest."


def things_text(found: Waiting) -> str:
    """As in "12 things"; where not all asks were read, "More than 700 things"."""
    return count_text(found.count, "thing", "things", None if found.is_whole else max(found.count - 1, 1))


def held_said(found: Waiting) -> Iterator[str]:
    """What waits, and does not ask the reader yet."""
    if with_teams := found.held.get(Held.TEAMS, 0):
        are = plural(with_teams, "is with its team", "are with their teams")
        yield f"{number(with_teams)} more {are} for now: for its first week, a new finding is the team’s own."
    if published := found.held.get(Held.PUBLISHED, 0):
        ask = f"{plural(published, 'asks', 'ask')} nothing yet"
        yield f"{counted(published, 'thing')} {ask}: what was just published has three days to be read."


def waiting_text(found: Waiting) -> str:
    """As in "12 things wait for you", within a sentence."""
    if not found.entries:
        return "nothing waits for you"
    things = things_text(found)
    return f"{things[:1].lower()}{things[1:]} {plural(found.count, 'waits', 'wait')} for you"
