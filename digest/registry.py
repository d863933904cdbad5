"""The registry of a digest's sections, in their order. A feature with weekly news registers a section; no other code
depends on it.

A section reads for a whole batch of people at once, in a number of queries that does not depend on how many they are,
and then gives each person's lines without a query. It is asked nothing where nobody of the batch can have it, which it
declares by its `kind` and by `to`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, Subquery, Value
from django.db.models.functions import Coalesce

from alignment.history.movements import FROM_NOTHING, Movements, movements
from alignment.models import InitiativeHistory
from alignment.selectors.company import CompanyFigures, company_figures_of, with_company_figures
from alignment.selectors.teams import with_sums
from digest.content import Section
from digest.selectors.digests import Told, told_twice
from lib.services.dates import day_in
from strategy.selectors.seen import Confidential, confidential
from teams.enums import TeamRole
from teams.models import LogEntry, Membership, Person, Team
from teams.models.team import not_here

Read = TypeVar("Read")

TEAMS_OF_A_LEAD = 4
"""The most teams with parts in one digest; the pages show the others."""


class Kind(StrEnum):
    """Who gets a part: leaders and administrators; those who lead a team, about that team; those who do neither, or are
    on a team that others lead."""

    COMPANY = "company"
    TEAM = "team"
    OWN = "own"


@dataclass(frozen=True)
class Recipient:
    """`leads` are the teams that the person leads, by name; `on` are the others that they are on; teams that are not
    here are in neither. Nothing `is_asked` of somebody all of whose teams are not here, unless they see everything.
    """

    person: Person
    leads: tuple[Team, ...]
    on: tuple[Team, ...]
    is_asked: bool = True

    def has(self, kind: Kind) -> bool:
        """Whether their digest has a part of this kind."""
        if kind is Kind.COMPANY:
            return self.person.sees_everything
        if kind is Kind.TEAM:
            return bool(self.leads)
        return bool(self.on) or not (self.leads or self.person.sees_everything)


Has = Callable[[Recipient], bool]


def without(*kinds: Kind) -> Has:
    """For people whose digest has no part of any of these kinds."""
    return lambda recipient: not any(recipient.has(kind) for kind in kinds)


@dataclass
class Batch:
    """People whose digests are written together, at the instant `at`, about what happened since `since`: what was
    logged after the entry with id `told_to`, None for people without an earlier digest. What several sections need is
    read once, on first use."""

    people: Sequence[Person]
    since: dt.datetime
    at: dt.datetime
    told_to: int | None = None
    _read: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    _last: list[Callable[[], None]] = field(default_factory=list, init=False, repr=False)

    @cached_property
    def recipients(self) -> list[Recipient]:
        """In the order of `people`; each person has their roles on teams loaded."""
        roles: dict[int, dict[int, str]] = {person.pk: {} for person in self.people}
        teams: dict[int, Team] = {}
        seats: Any = Membership.objects.current().filter(person__in=self.people).select_related("team")
        away = ExpressionWrapper(not_here("team__"), BooleanField())
        for row in seats.annotate(away=away).order_by("team__name__folded", "team_id"):
            roles[row.person_id][row.team_id] = row.role
            if not row.away:
                teams[row.team_id] = row.team
        found = []
        for person in self.people:
            person.team_roles = roles[person.pk]
            here = {team: role for team, role in person.team_roles.items() if team in teams}
            leads = tuple(teams[team] for team, role in here.items() if role == TeamRole.LEAD)
            others = tuple(teams[team] for team, role in here.items() if role != TeamRole.LEAD)
            is_asked = bool(here) or not person.team_roles or person.sees_everything
            found.append(Recipient(person, leads, others, is_asked))
        return found

    @cached_property
    def has_leaders(self) -> bool:
        """Whether any of them sees everything."""
        return any(person.sees_everything for person in self.people)

    @cached_property
    def _company_row(self) -> Any:
        """With `mark`, and the entry that caused the first figures. One query."""
        last = LogEntry.objects.filter(at__lte=self.since).order_by("-id").values("pk")[:1]
        mark = Coalesce(Value(self.told_to), Subquery(last), Value(0), output_field=BigIntegerField())
        first = InitiativeHistory.objects.order_by("cause_id").values("cause_id")[:1]
        return with_company_figures().annotate(mark=mark, first_cause=Subquery(first)).get(pk=1)

    @cached_property
    def company(self) -> CompanyFigures:
        """The company with its current figures and their day."""
        return company_figures_of(self._company_row)

    @cached_property
    def today(self) -> dt.date:
        """The company's day."""
        return day_in(self.company.company.timezone, self.at)

    @cached_property
    def since_day(self) -> dt.date:
        """The company's day at `since`; what is known only by its day is included from that day on."""
        return day_in(self.company.company.timezone, self.since)

    @cached_property
    def led(self) -> dict[int, Any]:
        """The teams that people of the batch lead, by id, with sums that include sub-teams (`subtree`)."""
        ids = {team.pk for each in self.recipients for team in each.leads}
        return with_sums(Team.objects.select_related("figures")).in_bulk(ids)

    @cached_property
    def mark(self) -> int:
        """`told_to`, or the id of the last log entry that is not later than `since`; 0 where there is none."""
        return int(self._company_row.mark)

    @cached_property
    def movements(self) -> Movements:
        """What moved the figures of each of `led` and, for leaders, of the company. Nothing is read of a company whose
        first figures are later than `mark`: its whole history would be the movement."""
        first = self._company_row.first_cause
        if first is not None and first > self.mark:
            return FROM_NOTHING
        return movements(self.mark, self.led, of_company=self.has_leaders)

    @cached_property
    def told_twice(self) -> dict[int, Told]:
        """As `digest.selectors.digests.told_twice`: what was there by then becomes one line with others of its kind."""
        return told_twice([person.pk for person in self.people])

    @cached_property
    def confidential(self) -> Confidential:
        """Nothing is hidden from people who all see everything."""
        see_everything = all(person.sees_everything for person in self.people)
        return Confidential({}) if see_everything else confidential()

    def once(self, read: Callable[[Batch], Read]) -> Read:
        """The result of `read` for the batch, cached for the sections that share it."""
        if read not in self._read:
            self._read[read] = read(self)
        found: Read = self._read[read]
        return found

    def at_last(self, read: Callable[[], None]) -> None:
        """Has `read` called after the last section has read: for what several sections ask for alike."""
        self._last.append(read)

    def read_last(self) -> None:
        for read in self._last:
            read()


Says = Callable[[Recipient, Team | None], Section | None]
"""Gives a person's section (about a team, in parts of kind TEAM), None where it is empty."""
Reads = Callable[[Batch], Says]
"""Reads what all the people of a batch need, and returns the function that gives each person's section."""


@dataclass(frozen=True)
class Registered:
    kind: Kind
    name: str
    order: int
    reads: Reads
    to: Has
    asks: bool = False

    def is_for(self, recipient: Recipient) -> bool:
        is_wanted = recipient.is_asked or not self.asks
        return is_wanted and recipient.has(self.kind) and self.to(recipient)


_sections: dict[tuple[Kind, str], Registered] = {}


def section(
    kind: Kind, name: str, *, order: int, to: Has = lambda _recipient: True, asks: bool = False
) -> Callable[[Reads], Reads]:
    """Registers the decorated function as the section `name` of the parts of `kind`; a lower `order` comes first. With
    `to`, it is for those alone of whom that is true; one that `asks` its readers for something is not for people of
    whom nothing is asked.

    Raises ValueError where that name is taken.
    """

    def register(reads: Reads) -> Reads:
        if (kind, name) in _sections:
            raise ValueError(f"there is a section {name} of kind {kind} already")
        _sections[kind, name] = Registered(kind, name, order, reads, to, asks)
        return reads

    return register


def sections(kind: Kind) -> list[Registered]:
    """In their order."""
    return sorted((each for each in _sections.values() if each.kind is kind), key=lambda each: each.order)
