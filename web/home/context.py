"""Reads everything that the home page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from alignment.engine import Figures
from alignment.history.movements import Movement
from alignment.narrative.causes import ToldCauses
from alignment.rules import judges_link
from alignment.selectors.flags import FlagLinks, flag_links
from alignment.selectors.people.flags import UNCOVERED, TopFlags, flags_for
from alignment.selectors.people.judging import links_to_judge
from alignment.selectors.people.own import OwnWork, own_work
from lib.services.dates import day_in
from strategy.selectors.changes import ChangesSince, changes_told
from teams.enums import Role
from teams.models import Person
from web.home import words
from web.home.front import Front, Week, front, past_week
from web.home.items import SHOWN

REASONS = 4
WORK_READ = 40


@dataclass(frozen=True)
class HomeContext:
    """The page's data: the current state, and what happened from the start of the day `since` on."""

    reader: Person
    since: dt.date
    front: Front
    week: Week
    asked: Mapping[int, TopFlags]
    links: Mapping[int, FlagLinks]
    to_judge: Sequence[Any]
    work: Sequence[OwnWork]

    @property
    def figures(self) -> Figures:
        return self.front.now.figures

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

    def asked_of(self, group: int) -> TopFlags:
        """`group` is the id of a team, OWN or UNCOVERED."""
        return self.asked.get(group, TopFlags())

    @property
    def gaps(self) -> int:
        """How many goals have no work, hidden ones included; 0 for readers who are not shown the company's."""
        goals = self.front.goals
        return goals.anchored - goals.covered if goals else 0


def reads_company(reader: Person) -> bool:
    """Leaders, viewers and administrators see the company first; members their own work."""
    return reader.role != Role.MEMBER


def read(reader: Person, at: dt.datetime) -> HomeContext:
    """Covers the time that the reader's digest of this week does. Ten queries at most."""
    of_company = reads_company(reader)
    found = front(reader, at=at, with_goals=of_company)
    led = [own.team.pk for own in found.led]
    week = past_week(found, moved=of_company or bool(led))
    asked = flags_for(reader, led, found.now.as_of, of_company=of_company, limit=SHOWN)
    about_work = [flag for group, each in asked.items() if group != UNCOVERED for flag in each.flags]
    with_links = bool(led) or not of_company
    judges = reader.role in {Role.MEMBER, Role.LEADER} and found.asks_of(reader)
    return HomeContext(
        reader=reader,
        since=day_in(found.now.company.timezone, found.since),
        front=found,
        week=week,
        asked=asked,
        links=flag_links(about_work, reader) if with_links else {},
        to_judge=judged_by(reader, found) if judges else [],
        work=[] if led else own_work(reader, limit=WORK_READ),
    )


def judged_by(reader: Person, found: Front) -> list[Any]:
    """The links that wait for the reader's judgement; those that a team changed after a dispute come first."""
    groups = links_to_judge(
        [reader.pk],
        [own.team.pk for own in found.here if own.leads],
        leaders=reader.sees_everything,
        mark=found.mark,
        limit=SHOWN,
    )
    links = [link for group in groups.values() for link in group.links if judges_link(reader, link)]
    return sorted(links, key=lambda link: (not link.answered, link.state, -link.amount, link.pk))[:SHOWN]
