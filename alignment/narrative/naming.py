"""Names of what log entries are about, and replacements for what is gone or the reader may not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from alignment.selectors.named import Named
from lib.text.spans import Span
from strategy.narrative import goal_name, strategy_name
from strategy.selectors.seen import Confidential, sees_strategy
from teams.models import LogEntry, Person
from teams.narrative import work_name


class Knowing(Protocol):
    """Anything that has the confidential goals, such as a digest's batch."""

    @property
    def confidential(self) -> Confidential: ...


@dataclass(frozen=True)
class Naming:
    named: Named
    confidential: Confidential

    def spans(self, words: str, entry: LogEntry, person: Person) -> Iterator[Span]:
        """`words` with names for {goal}, {strategy} and {work}, as far as `person` may see them."""
        say = {"goal": self._goal, "strategy": self._strategy, "work": self._work}
        for at, part in enumerate(re.split(r"{(\w+)}", words)):
            if at % 2:
                yield say[part](entry, person)
            elif part:
                yield Span(part)

    def _goal(self, entry: LogEntry, person: Person) -> Span:
        goal = self.named.goals.get(entry.pk)
        return goal_name(goal, person, self.confidential) if goal else Span("a goal that is gone")

    def _strategy(self, entry: LogEntry, person: Person) -> Span:
        strategy = self.named.strategies.get(entry.pk)
        if strategy is None:
            return Span("a strategy that is gone")
        if not sees_strategy(strategy, person):
            return Span("a strategy that is a draft now")
        return strategy_name(strategy)

    def _work(self, entry: LogEntry, _person: Person) -> Span:
        work = self.named.work.get(entry.pk)
        return work_name(work) if work else Span("work that is gone")
