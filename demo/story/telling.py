"""Plays the story: runs each event through the services at its time, as a person who may do it, and the nightly work
and Monday's digests between events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from alignment.models import Link
from alignment.refresh.nightly import recompute_when_stale
from demo.calendar import FRI, MON, Calendar
from demo.outbox import Outbox
from digest.schedule import WEEK
from digest.services.building import build_digests
from digest.services.plans import put_in_order
from digest.services.sending import send_digests
from strategy.models import ContextPage, Goal, Measure, Persona, Strategy
from teams.models import Initiative, Person, Support, Team

Row = TypeVar("Row", bound=Model)
When = tuple[int, int]
"""A day of the story: week and weekday."""
DOMAIN = "wrenfield.example"
NIGHT = dt.time(0, 5)
DIGEST_HOURS = (dt.time(6), dt.time(8))
"""On Mondays: when digests are planned and built, and when they leave."""
MORNING, EVENING = dt.time(8, 30), dt.time(18)


class OutOfHoursError(Exception):
    """An event is earlier than the one before it, or outside working hours."""


@dataclass
class Scene:
    """What an event needs: the actor, the time, and the rows by their names in the story."""

    calendar: Calendar
    outbox: Outbox
    at: dt.datetime
    actor: Person = field(default_factory=Person)
    _named: dict[tuple[type[Model], str], int] = field(default_factory=dict)

    def name(self, name: str, row: Model) -> None:
        """Names `row` for later events."""
        self._named[type(row), name] = row.pk

    def person(self, name: str) -> Person:
        """The current row, by the first part of the address."""
        return Person.objects.with_email(f"{name}@{DOMAIN}").get()

    def team(self, name: str) -> Team:
        return self._row(Team, name)

    def strategy(self, name: str) -> Strategy:
        return self._row(Strategy, name)

    def goal(self, name: str) -> Goal:
        return self._row(Goal, name)

    def measure(self, name: str) -> Measure:
        return self._row(Measure, name)

    def work(self, name: str) -> Initiative:
        return self._row(Initiative, name)

    def page(self, name: str) -> ContextPage:
        return self._row(ContextPage, name)

    def persona(self, name: str) -> Persona:
        return self._row(Persona, name)

    def link(self, work: str, goal: str) -> Link:
        return Link.objects.get(initiative=self.work(work), goal=self.goal(goal))

    def ask(self, work: str, team: str) -> Support:
        return Support.objects.get(initiative=self.work(work), team=self.team(team))

    @property
    def by(self) -> dict[str, Any]:
        """The actor and the time, as arguments of services."""
        return {"actor": self.actor, "at": self.at}

    def day(self, when: When | None) -> dt.date | None:
        return None if when is None else self.calendar.day(*when)

    def _row(self, model: type[Row], name: str) -> Row:
        rows: Any = QuerySet(model)
        pk = self._named.get((model, name))
        found: Row = rows.get(key=name) if pk is None else rows.get(pk=pk)
        return found


Does = Callable[[Scene], object]
"""What an event does."""


@dataclass(frozen=True)
class Event:
    """On `weekday` at `time` by the company's clocks, `who` `does` something."""

    weekday: int
    time: dt.time
    who: str
    does: tuple[Does, ...]


def on(weekday: int, time: str, who: str, *does: Does) -> Event:
    """`time` as "10:05"."""
    return Event(weekday, dt.time.fromisoformat(time), who, does)


@dataclass(frozen=True)
class Week:
    """`title` sums it up in a line."""

    number: int
    title: str
    events: tuple[Event, ...]


def tell(week: Week, scene: Scene) -> None:
    """Plays the week up to its last event. Raises OutOfHoursError where an event is out of order."""
    for event in week.events:
        day = scene.calendar.day(week.number, event.weekday)
        at = scene.calendar.instant(day, event.time)
        if at < scene.at or not MORNING <= event.time <= EVENING or event.weekday > FRI:
            raise OutOfHoursError(f"week {week.number}, weekday {event.weekday}, {event.time}: {event.who}")
        pass_time(scene, at)
        for does in event.does:
            scene.actor = scene.person(event.who)
            does(scene)


def pass_time(scene: Scene, until: dt.datetime) -> None:
    """Runs the nightly work and digests due until then."""
    for at, happens in _by_itself(scene, until):
        scene.at = at
        happens(scene)
    scene.at = until


def _by_itself(scene: Scene, until: dt.datetime) -> Iterable[tuple[dt.datetime, Does]]:
    calendar, day = scene.calendar, scene.calendar.first
    while day <= calendar.last:
        times: list[tuple[dt.time, Does]] = [(NIGHT, _night)]
        if day.weekday() == MON:
            times += [(time, _digests) for time in DIGEST_HOURS]
        for time, happens in times:
            at = calendar.instant(day, time)
            if scene.at < at <= until:
                yield at, happens
        day += WEEK / 7


def _night(scene: Scene) -> None:
    recompute_when_stale(at=scene.at)


def _digests(scene: Scene) -> None:
    put_in_order(at=scene.at)
    while build_digests(at=scene.at):
        pass
    with scene.outbox.opened(scene.at) as server:
        while send_digests(at=scene.at, server=server):
            pass
