"""Writes the content of digests for a batch of people."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from alignment.selectors.columns import one_snapshot
from digest import sections as _sections  # noqa: F401 -- registers them
from digest.apart import told_apart
from digest.content import Content, Part, Section
from digest.registry import TEAMS_OF_A_LEAD, Batch, Kind, Recipient, Registered, Says, sections
from digest.replies import Action
from digest.schedule import tells_since
from digest.selectors.digests import Told, told_before
from lib.programs.memory import nothing_collected
from lib.services.dates import iso_week
from lib.text.names import path_of
from lib.text.spans import Line
from teams.models import Person, Team

Said = dict[Kind, list[tuple[Registered, Says]]]
ASKS = 5
"""The most answers that a digest asks for (DESIGN.md, *Conversations*); further lines have no replies."""


@dataclass(frozen=True)
class Wanted:
    """A digest to write: for `person`, of the ISO week that begins on Monday `week`, due at `due_at`."""

    person: Person
    week: dt.date
    due_at: dt.datetime


def is_sent(content: Content, person: Person) -> bool:
    """A digest with nothing to say goes only to people who want it always."""
    return person.digests_always or not content.is_empty


def written(digests: Sequence[Wanted], *, at: dt.datetime) -> list[Content]:
    """One for each of `digests`, in their order. Those whose people were told as far before are written together, as
    are most that are due together (digest/services/plans.py)."""
    together: dict[tuple[dt.date, dt.datetime, int | None], list[int]] = defaultdict(list)
    before: dict[tuple[int, dt.date], Told] = {}
    for week in {digest.week for digest in digests}:
        told = told_before([digest.person.pk for digest in digests if digest.week == week], week)
        before |= {(person, week): had for person, had in told.items()}
    for place, digest in enumerate(digests):
        had = before.get((digest.person.pk, digest.week))
        since = tells_since(digest.due_at, had.at if had else None)
        together[digest.week, since, had.to if had and had.at == since else None].append(place)
    contents: dict[int, Content] = {}
    for (week, since, mark), places in together.items():
        people = [digests[place].person for place in places]
        contents |= zip(places, write_digests(people, week=week, since=since, mark=mark, at=at), strict=True)
    return [contents[place] for place in range(len(digests))]


def write_digests(
    people: Sequence[Person], *, week: dt.date, since: dt.datetime, at: dt.datetime, mark: int | None = None
) -> list[Content]:
    """One for each of `people`, in their order, of the ISO week that begins on Monday `week`: what was logged after the
    entry with id `mark` (None: since `since`), and the state at `at`, in one snapshot. The number of queries does not
    depend on the number of people.

    A digest without news has no parts, unless its person wants every digest (`digests_always`).
    """
    with nothing_collected(), one_snapshot():
        batch = Batch(people, since, at, mark)
        says = {kind: _read(batch, kind) for kind in Kind}
        batch.read_last()
        contents = [_content(batch, says, each, week) for each in batch.recipients]
        return told_apart(contents, [each.person for each in batch.recipients], batch.confidential)


def _read(batch: Batch, kind: Kind) -> list[tuple[Registered, Says]]:
    """The sections of `kind` that anybody of the batch can have, each with what gives it."""
    return [(each, each.reads(batch)) for each in sections(kind) if any(map(each.is_for, batch.recipients))]


def _content(batch: Batch, says: Said, recipient: Recipient, week: dt.date) -> Content:
    parts = asking_at_most(ASKS, sorted((part for part in _parts(says, recipient) if part.sections), key=_asks_nothing))
    has_news = any(not section.quiet for part in parts for section in part.sections)
    return Content(
        name=recipient.person.name,
        company=batch.company.company.name,
        week=iso_week(week),
        since=batch.since_day.isoformat(),
        parts=tuple(parts) if has_news or recipient.person.digests_always else (),
    )


def asking_at_most(limit: int, parts: Sequence[Part]) -> list[Part]:
    """The parts with replies to `limit` lines: those of the sections whose news weighs most, in their order, and last
    what can only be snoozed; the other lines keep their words."""
    asked = [
        (all(reply.action == Action.SNOOZE for reply in said.replies), -section.weight, at, place, line)
        for at, part in enumerate(parts)
        for place, section in enumerate(part.sections)
        for line, said in enumerate(section.lines)
        if said.replies
    ]
    kept = {each[2:] for each in sorted(asked)[:limit]}
    if len(kept) == len(asked):
        return [*parts]

    def trimmed(at: int, place: int, section: Section) -> Section:
        lines = (said if (at, place, line) in kept else _told(said) for line, said in enumerate(section.lines))
        return replace(section, lines=tuple(lines))

    return [
        replace(part, sections=tuple(trimmed(at, place, section) for place, section in enumerate(part.sections)))
        for at, part in enumerate(parts)
    ]


def _asks_nothing(part: Part) -> bool:
    return not any(section.asks for section in part.sections)


def _told(line: Line) -> Line:
    """The line without its replies, and so without its prompt."""
    return replace(line, replies=(), detail="" if line.replies and line.detail.endswith("?") else line.detail)


def _parts(says: Said, recipient: Recipient) -> Iterator[Part]:
    if recipient.has(Kind.COMPANY):
        yield Part(Kind.COMPANY, "The company", path_of("home"), _said(says[Kind.COMPANY], recipient, None))
    if recipient.has(Kind.TEAM):
        yield from _of_teams(says[Kind.TEAM], recipient)
    if recipient.has(Kind.OWN):
        yield Part(Kind.OWN, "For you", path_of("home"), _said(says[Kind.OWN], recipient, None))


def _of_teams(says: list[tuple[Registered, Says]], recipient: Recipient) -> list[Part]:
    """By name. Where there are too many, those with news."""
    parts = [
        Part(Kind.TEAM, team.name, path_of("team_detail", team.key), _said(says, recipient, team))
        for team in recipient.leads
    ]
    with_news_first = sorted(parts, key=lambda part: all(section.quiet for section in part.sections))
    shown = with_news_first[:TEAMS_OF_A_LEAD]
    return [part for part in parts if part in shown]


def _said(says: list[tuple[Registered, Says]], recipient: Recipient, team: Team | None) -> tuple[Section, ...]:
    """What waits for the reader stands before news."""
    found = (say(recipient, team) for each, say in says if each.is_for(recipient))
    return tuple(sorted((section for section in found if section is not None), key=lambda section: not section.asks))
