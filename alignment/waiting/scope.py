"""Who is asked: one person on one day, and what of the company's work is theirs.

Teams' things are asked of their own people: who owns the work, who is on the team, who leads it or a team above it.
Leaders may act on all of them; they are asked once a finding has been its team's own for a week.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, Expression, Q, Value, When

from alignment.waiting.asks import PUBLISHED_DAYS, TEAMS_DAYS, Held
from lib.services.dates import day_in
from strategy.selectors.reading import asked_people
from teams.enums import TeamRole
from teams.models import Company, Person
from teams.rules import is_leader, writes

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Scope:
    """`as_of` is the day of the figures, None before the first recompute; `at` is this instant."""

    person: Person
    company: Company
    as_of: dt.date | None
    at: dt.datetime

    @cached_property
    def today(self) -> dt.date:
        return day_in(self.company.timezone, self.at)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.company.timezone)

    @property
    def writes(self) -> bool:
        return writes(self.person)

    @property
    def leads_all(self) -> bool:
        return is_leader(self.person)

    @cached_property
    def on(self) -> list[int]:
        return list(self.person.team_roles)

    @cached_property
    def led(self) -> list[int]:
        return [team for team, role in self.person.team_roles.items() if role == TeamRole.LEAD]

    def is_asked(self) -> Q:
        """Nothing is asked of people whose teams are none of them here, unless they see everything."""
        if self.person.sees_everything or not self.on:
            return Q()
        return Q(Exists(asked_people().filter(pk=self.person.pk)))

    def leads(self, team: str) -> Q:
        """Matches what is of a team that they lead, or of one below it; `team` is the way to it."""
        return Q(**{f"{team}__path__overlap": self.led}) if self.led else NOTHING

    def works_on(self, team: str) -> Q:
        return self.leads(team) | Q(**{f"{team}__in": self.on}) if self.on else NOTHING

    def own_work(self, work: str) -> Q:
        return Q(**{f"{work}__owner": self.person}) | self.works_on(f"{work}__team")

    def held_from_leaders(self, own: Q, since: str) -> Expression:
        """From the eighth day on, leaders are asked what is not their `own` too."""
        young = {f"{since}__gt": self.today - TEAMS_DAYS}
        whens = [] if not self.leads_all else [When(own, then=Value("")), When(**young, then=Value(Held.TEAMS.value))]
        return Case(*whens, default=Value(""), output_field=CharField())

    @cached_property
    def young(self) -> dt.date:
        """What came after that day may be asked because of something that was just published."""
        return self.today - PUBLISHED_DAYS

    @cached_property
    def published_since(self) -> dt.datetime:
        """What was published since then asks nothing yet."""
        return self.midnight(self.young + dt.timedelta(days=1))

    def midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), self.zone)
