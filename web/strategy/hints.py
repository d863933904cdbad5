"""Hints beside a strategy that is being written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from lib.text.counts import counted, plural
from lib.text.numbers import number
from strategy.models import Goal, Strategy
from strategy.selectors.hints import MANY_GOALS, hints_of
from teams.models import Person

SHOWN = 3


@dataclass(frozen=True)
class Hint:
    """`goals` are pairs of title and address; `others` more are not shown."""

    text: str
    goals: list[tuple[str, str]] = field(default_factory=list)
    others: int = 0


def hints_for(strategy: Strategy, person: Person) -> list[Hint]:
    """For whoever may write it. One query."""
    if not person.has_perm("strategy.write_strategy", strategy):
        return []
    return list(_hints(strategy, person))


def _hints(strategy: Strategy, person: Person) -> Iterator[Hint]:
    found = hints_of(strategy, person)
    if found.top > MANY_GOALS:
        yield Hint(
            f"It has {counted(found.top, 'goal')} at the top. Three to five that everybody knows do more: "
            "could some of them stand below others?"
        )
    yield from _about(found.examples, "{} named as an example. Write your own goal over it, or remove it.", "is", "are")
    yield from _about(found.unexplained, "{} no why. Teams decide by it.", "has", "have")
    yield from _about(found.unmeasured, "{} no measure. Say how we would see that it is reached.", "has", "have")
    yield from _about(found.unowned, "{} no owner. Say whom to ask.", "has", "have")
    said = "{} what will be done. Say what will be so when it is done: people find their own ways there."
    yield from _about(found.activities, said, "says", "say")


def _about(goals: Sequence[Goal], text: str, one: str, many: str) -> Iterator[Hint]:
    if goals:
        count = f"{number(len(goals))} draft {plural(len(goals), 'goal')} {plural(len(goals), one, many)}"
        shown = [(goal.title, reverse("goal_detail", args=[goal.key])) for goal in goals[:SHOWN]]
        yield Hint(text.format(count), shown, len(goals) - len(shown))
