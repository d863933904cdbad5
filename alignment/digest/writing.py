"""What the letters of a batch of people say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.urls import reverse

from alignment.digest import sections as _sections  # noqa: F401 -- registers them
from alignment.digest.content import Content, Part, Section
from alignment.digest.registry import TEAMS_OF_A_LEAD, Batch, Kind, Recipient, Says, sections
from alignment.selectors.columns import one_snapshot
from lib.dates import iso_week
from teams.models import Person, Team

Said = dict[Kind, list[Says]]


def write_letters(people: Sequence[Person], *, week: dt.date, since: dt.datetime, at: dt.datetime) -> list[Content]:
    """One for each of `people`, in their order, of the ISO week that begins on Monday `week`: what happened since
    `since`, and how things are at `at`, all of one state of the database. The number of queries does not depend on how
    many people there are.

    A letter in which nothing is news has no parts, unless its person wants every letter (`letters_always`).
    """
    with one_snapshot():
        batch = Batch(people, since, at)
        says = {kind: [each.reads(batch) for each in sections(kind)] for kind in Kind}
        return [_content(batch, says, each, week) for each in batch.recipients]


def _content(batch: Batch, says: Said, recipient: Recipient, week: dt.date) -> Content:
    parts = [part for part in _parts(says, recipient) if part.sections]
    has_news = any(not section.quiet for part in parts for section in part.sections)
    return Content(
        name=recipient.person.name,
        company=batch.company.company.name,
        week=iso_week(week),
        parts=tuple(parts) if has_news or recipient.person.letters_always else (),
    )


def _parts(says: Said, recipient: Recipient) -> Iterator[Part]:
    if recipient.has(Kind.COMPANY):
        yield Part(Kind.COMPANY, "The company", reverse("home"), _said(says[Kind.COMPANY], recipient, None))
    if recipient.has(Kind.TEAM):
        for team in recipient.leads[:TEAMS_OF_A_LEAD]:
            path = reverse("team_detail", args=[team.key])
            yield Part(Kind.TEAM, team.name, path, _said(says[Kind.TEAM], recipient, team))
    if recipient.has(Kind.OWN):
        yield Part(Kind.OWN, "For you", reverse("home"), _said(says[Kind.OWN], recipient, None))


def _said(says: list[Says], recipient: Recipient, team: Team | None) -> tuple[Section, ...]:
    return tuple(section for say in says if (section := say(recipient, team)) is not None)
