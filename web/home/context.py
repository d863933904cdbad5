"""Reads everything that the home page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from alignment.engine import Figures
from alignment.history.movements import Movement
from alignment.narrative.causes import ToldCauses
from alignment.selectors.people.own import OwnWork, own_work
from alignment.waiting.asks import Waiting
from alignment.waiting.lists import waiting_for
from lib.services.dates import day_in
from strategy.selectors.changes import ChangesSince, changes_told
from teams.enums import Role
from teams.models import Person
from teams.selectors.stances import StanceChange, stance_changes_in
from web.home import words
from web.home.front import Front, Week, front, past_week
from web.home.items import SHOWN
from web.waiting.drawing import Drawing, drawing

REASONS = 4
WORK_READ = 40
ASKS_ABOVE_FIGURES = 3


@dataclass(frozen=True)
class HomeContext:
    """The page's data: the current state, and what happened from the start of the day `since` on."""

    reader: Person
    since: dt.date
    front: Front
    week: Week
    waiting: Waiting
    drawing: Drawing
    work: Sequence[OwnWork]

    @property
    def figures(self) -> Figures:
        return self.front.now.figures

    @cached_property
    def stances(self) -> list[StanceChange]:
        """For those who see everything."""
        return stance_changes_in(self.week.entries) if self.reader.sees_everything else []

    @cached_property
    def changes(self) -> ChangesSince:
        names = self.week.names(())
        goals = {goal.pk: goal for goal in names.goals.values()}
        strategies = {strategy.pk: strategy for strategy in names.strategies.values()}
        return changes_told(self.week.entries, goals, strategies, opened=self.week.opened)

    @cached_property
    def movements(self) -> dict[int | None, Movement]:
        """By team that the reader leads, None for the company; empty where no earlier figures are stored."""
        if self.week.movements is None:
            return {}
        now = {None: self.figures} | {own.team.pk: own.figures for own in self.front.led}
        return {of: self.week.movements.of(of, figures) for of, figures in now.items()}

    @cached_property
    def reasons(self) -> ToldCauses:
        return ToldCauses(self.front, self.movements, limit=REASONS, names=self.week.names)

    def change(self, of: int | None, figures: Figures) -> str:
        """How coverage changed, in words; '' where there is nothing to compare with."""
        movement = self.movements.get(of)
        return words.changed(figures.coverage, movement.before.coverage, self.since) if movement else ""

    @property
    def gaps(self) -> int:
        """How many goals have no work, hidden ones included; 0 for readers who are not shown the company's."""
        goals = self.front.goals
        return goals.anchored - goals.covered if goals else 0


def reads_company(reader: Person) -> bool:
    """Leaders, viewers and administrators see the company first; members their own work."""
    return reader.role != Role.MEMBER


def asks_shown(reader: Person) -> int:
    """How many things that wait are shown: fewer above the company's figures."""
    return ASKS_ABOVE_FIGURES if reads_company(reader) else SHOWN


def read(reader: Person, at: dt.datetime) -> HomeContext:
    """Covers the time that the reader's digest of this week does. Ten queries at most."""
    of_company = reads_company(reader)
    found = front(reader, at=at, with_goals=of_company)
    now, led = found.now, bool(found.led)
    waiting = waiting_for(reader, now.company, as_of=now.as_of, at=at)
    return HomeContext(
        reader=reader,
        since=day_in(found.now.company.timezone, found.since),
        front=found,
        week=past_week(found, moved=of_company or led, stances=reader.sees_everything),
        waiting=waiting,
        drawing=drawing(reader, now, waiting.entries[: asks_shown(reader)]),
        work=[] if led else own_work(reader, limit=WORK_READ),
    )
