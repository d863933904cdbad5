"""How letters name things: a title in quotation marks that leads to its page, and what stands for one that is not for
the reader, or is gone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from alignment.digest.content import Span
from alignment.digest.paths import path_of
from alignment.selectors.named import Named
from alignment.wording import CONFIDENTIAL
from strategy.enums import StrategyStatus
from strategy.selectors.seen import Confidential
from teams.models import LogEntry, Person


class Knowing(Protocol):
    """Who knows what is not for everybody, as the batch of a letter does."""

    @property
    def confidential(self) -> Confidential: ...


def name_of(title: str, page: str, key: str) -> Span:
    return Span(f"“{title}”", path_of(page, key))


def day_of(day: dt.date) -> str:
    """ "3 March 2026"."""
    return f"{day.day} {day:%B} {day.year}"


@dataclass(frozen=True)
class Naming:
    """Says what entries of the log are about."""

    named: Named
    confidential: Confidential

    def spans(self, words: str, entry: LogEntry, person: Person) -> Iterator[Span]:
        """`words` with names for {goal}, {strategy} and {work}, as `person` may know them."""
        say = {"goal": self._goal, "strategy": self._strategy, "work": self._work}
        for at, part in enumerate(re.split(r"{(\w+)}", words)):
            if at % 2:
                yield say[part](entry, person)
            elif part:
                yield Span(part)

    def _goal(self, entry: LogEntry, person: Person) -> Span:
        goal = self.named.goals.get(entry.pk)
        if goal is None:
            return Span("a goal that is gone")
        if self.confidential.hides(person, goal.path, goal.owner_id):
            return Span(CONFIDENTIAL)
        return name_of(goal.title, "goal_detail", goal.key)

    def _strategy(self, entry: LogEntry, person: Person) -> Span:
        strategy = self.named.strategies.get(entry.pk)
        if strategy is None:
            return Span("a strategy that is gone")
        if strategy.status == StrategyStatus.DRAFT and not (person.sees_everything or strategy.owner_id == person.pk):
            return Span("a strategy that is a draft now")
        return name_of(strategy.title, "strategy_detail", strategy.key)

    def _work(self, entry: LogEntry, _person: Person) -> Span:
        work = self.named.work.get(entry.pk)
        return name_of(work.title, "initiative_detail", work.key) if work else Span("work that is gone")
