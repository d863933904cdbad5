"""How sections name things, and several of them."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from alignment.digest.content import Span
from alignment.digest.sections.naming import Knowing, name_of
from alignment.wording import CONFIDENTIAL
from lib.numbers import number
from strategy.models import Goal
from teams.models import Initiative, Person, Team

NAMED = 3
"""Of several things, so many are named; of the others is said how many they are."""
QUOTED, LABEL = 160, 60
"""Characters of what somebody wrote that a letter repeats, and of a name in a reply."""


def work_name(work: Initiative) -> Span:
    return name_of(work.title, "initiative_detail", work.key)


def team_name(team: Team) -> Span:
    """Without quotation marks: teams are called by their names."""
    return Span(team.name, name_of(team.name, "team_detail", team.key).path)


def goal_name(goal: Goal, person: Person, batch: Knowing) -> Span:
    if batch.confidential.hides(person, goal.path, goal.owner_id):
        return Span(CONFIDENTIAL)
    return name_of(goal.title, "goal_detail", goal.key)


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
    return "".join(span.text for span in several(names, limit=limit))


def counted(count: int, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}"


def quoted(text: str) -> str:
    """What somebody wrote, on one line and not too long, in quotation marks; '' for nothing."""
    return f"“{shorten(text, QUOTED, placeholder=' …')}”" if text.strip() else ""


def short(title: str) -> str:
    """A name in the label of a reply."""
    return shorten(title, LABEL, placeholder=" …")
