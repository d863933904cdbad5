"""The registry of a digest's sections, in their order. A feature with weekly news registers a section; no other code
depends on it.

A section reads for a whole batch of people at once, in a number of queries that does not depend on how many they are,
and then gives each person's lines without a query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from alignment.history.movements import Movements, movements
from alignment.selectors.company import CompanyFigures, company_figures
from alignment.selectors.teams import with_sums
from digest.content import Section
from lib.services.dates import day_in
from strategy.selectors.seen import Confidential, confidential
from teams.enums import TeamRole
from teams.models import LogEntry, Membership, Person, Team

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
    """`leads` are the teams that the person leads, by name; `on` are the others that they are on."""

    person: Person
    leads: tuple[Team, ...]
    on: tuple[Team, ...]

    def has(self, kind: Kind) -> bool:
        """Whether their digest has a part of this kind."""
        if kind is Kind.COMPANY:
            return self.person.sees_everything
        if kind is Kind.TEAM:
            return bool(self.leads)
        return bool(self.on) or not (self.leads or self.person.sees_everything)


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

    @cached_property
    def recipients(self) -> list[Recipient]:
        """In the order of `people`; each person has their roles on teams loaded."""
        roles: dict[int, dict[int, str]] = {person.pk: {} for person in self.people}
        teams: dict[int, Team] = {}
        for row in (
            Membership.objects.filter(person__in=self.people)
            .select_related("team")
            .order_by("team__name__folded", "team_id")
        ):
            roles[row.person_id][row.team_id] = row.role
            teams[row.team_id] = row.team
        found = []
        for person in self.people:
            person.team_roles = roles[person.pk]
            leads = [teams[team] for team, role in person.team_roles.items() if role == TeamRole.LEAD]
            others = [teams[team] for team, role in person.team_roles.items() if role != TeamRole.LEAD]
            found.append(Recipient(person, tuple(leads), tuple(others)))
        return found

    @cached_property
    def company(self) -> CompanyFigures:
        """The company with its current figures and their day."""
        return company_figures()

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
        return with_sums(Team.objects.filter(pk__in=[0, *ids]).select_related("figures")).in_bulk()

    @cached_property
    def mark(self) -> int:
        """`told_to`, or the id of the last log entry that is not later than `since`; 0 where there is none."""
        if self.told_to is not None:
            return self.told_to
        entry = LogEntry.objects.filter(at__lte=self.since).order_by("-id").values_list("pk", flat=True).first()
        return entry or 0

    @cached_property
    def movements(self) -> Movements:
        """What moved the figures of the company and of each of `led`."""
        return movements(self.mark, self.led)

    @cached_property
    def confidential(self) -> Confidential:
        return confidential()

    def once(self, read: Callable[[Batch], Read]) -> Read:
        """The result of `read` for the batch, cached for the sections that share it."""
        if read not in self._read:
            self._read[read] = read(self)
        found: Read = self._read[read]
        return found


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


_sections: dict[tuple[Kind, str], Registered] = {}


def section(kind: Kind, name: str, *, order: int) -> Callable[[Reads], Reads]:
    """Registers the decorated function as the section `name` of the parts of `kind`; a lower `order` comes first.

    Raises ValueError where that name is taken.
    """

    def register(reads: Reads) -> Reads:
        if (kind, name) in _sections:
            raise ValueError(f"there is a section {name} of kind {kind} already")
        _sections[kind, name] = Registered(kind, name, order, reads)
        return reads

    return register


def sections(kind: Kind) -> list[Registered]:
    """In their order."""
    return sorted((each for each in _sections.values() if each.kind is kind), key=lambda each: each.order)
