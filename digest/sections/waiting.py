"""What waits for a person: flags on work that they own, links in dispute, support asked of their teams."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alignment.flags import REACH_NOTHING
from alignment.models import Flag
from alignment.selectors.links import disputed_links
from alignment.selectors.people.flags import flags_of_owners
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.sections.asking import Asking, asking
from digest.sections.links import answered_line
from digest.sections.own import work_told
from digest.sections.support import answerable_line, asks_by_team, waits_for
from lib.http.access import query
from lib.text.counts import counted
from lib.text.names import path_of
from lib.text.numbers import number
from lib.text.spans import Line, Span
from teams.models import Initiative, Person, Team

FLAGS, DISPUTES, ASKS = 3, 2, 2
"""The most lines of each."""
WAITS = 55


@dataclass(frozen=True)
class Waiting:
    """What waits for one person; each ask comes with their team that is asked. `old` flags were told twice already."""

    flags: list[Flag]
    disputed: list[Any]
    asked: list[tuple[Any, Team]]
    old: int = 0

    @property
    def total(self) -> int:
        return len(self.flags) + self.old + len(self.disputed) + len(self.asked)

    def new(self, mark: int) -> int:
        """How many of them came since the log entry with id `mark`."""
        return (
            sum(1 for flag in self.flags if flag.was_opened_since(mark))
            + sum(1 for link in self.disputed if link.is_new)
            + sum(1 for ask, _team in self.asked if ask.is_new or ask.is_answered)
        )


@section(Kind.OWN, "waiting", order=30, asks=True)
def waiting(batch: Batch) -> Says:
    """It is news where any came since the last digest."""
    people = {each.person.pk: each for each in batch.recipients if each.has(Kind.OWN)}
    told, owned = work_told(batch).told, flags_of_owners(people, batch.company.as_of)
    flags = {pk: list(_weightiest(each, owned.get(pk, []), told[pk])) for pk, each in people.items()}
    asks = asking(batch).about(
        flag for pk, of in flags.items() for flag in [flag for flag in of if _is_new_to(pk, flag, batch)][:FLAGS]
    )
    disputes: dict[int, list[Any]] = defaultdict(list)
    for link in disputed_links(people, batch.mark):
        disputes[link.initiative.owner_id or 0].append(link)
    support = asks_by_team(batch)

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        person = recipient.person
        disputed = list(_disputed(recipient, disputes.get(person.pk, []), asks))
        of_flags = flags[person.pk]
        new = [flag for flag in of_flags if _is_new_to(person.pk, flag, batch)]
        found = Waiting(new, disputed, list(_asked(recipient, support, batch.today)), old=len(of_flags) - len(new))
        lines = tuple(_lines(found, person, asks, batch.today))
        return _section(found, lines, found.new(batch.mark)) if lines or found.old else None

    return says


def _is_new_to(person: int, flag: Flag, batch: Batch) -> bool:
    """Whether it was told once at most."""
    before = batch.told_twice.get(person)
    return before is None or flag.was_opened_since(before.to)


def _section(found: Waiting, lines: tuple[Line, ...], new: int) -> Section:
    left = found.total - found.old - len(lines)
    return Section(
        "waiting",
        "Waits for you",
        (*lines, *_older(found.old)),
        more=Span(f"and {number(left)} more", path_of("waiting_list")) if left else None,
        news=counted(new, "new thing waits for you", "new things wait for you") if new else "",
        weight=WAITS if new else 0,
        quiet=not new,
        asks=found.total,
    )


def _older(count: int) -> Iterator[Line]:
    """Flags that were told twice are one line."""
    if count:
        named = Span(counted(count, "older flag"), path_of("flag_list") + query({}, mine="yes"))
        yield Line((named, Span(f" on your work {'is' if count == 1 else 'are'} still open.")))


def _lines(found: Waiting, person: Person, asks: Asking, on: dt.date) -> Iterator[Line]:
    yield from (asks.line(flag, person) for flag in found.flags[:FLAGS])
    yield from (answered_line(link, person) for link in found.disputed[:DISPUTES])
    yield from (answerable_line(ask, team, person, on) for ask, team in found.asked[:ASKS])


def _weightiest(recipient: Recipient, flags: Iterable[Flag], told: Collection[Initiative]) -> Iterator[Flag]:
    """The most consequential flag of each initiative, without teams that they lead and have parts about, and without
    flags already shown with `told` work that reaches nothing."""
    led, work = {team.pk for team in recipient.leads}, set()
    for flag in flags:
        if flag.initiative is None or flag.initiative.pk in work or flag.initiative.team_id in led:
            continue
        if flag.code in REACH_NOTHING and flag.initiative in told:
            continue
        work.add(flag.initiative.pk)
        yield flag


def _disputed(recipient: Recipient, links: Iterable[Any], asks: Asking) -> Iterator[Any]:
    led = {team.pk for team in recipient.leads}
    for link in links:
        if link.initiative.team_id not in led and not asks.hides(recipient.person, link.goal):
            yield link


def _asked(recipient: Recipient, support: Mapping[int, Iterable[Any]], on: dt.date) -> Iterator[tuple[Any, Team]]:
    """Support that waits for a team that they are on, where they may act; each once."""
    told = set()
    for team in recipient.on:
        for ask in support.get(team.pk, ()):
            if ask.pk not in told and waits_for(ask, team, recipient.person, on):
                told.add(ask.pk)
                yield ask, team
