"""The firm of tests.firm a week later, and its digests as their readers find them."""

from __future__ import annotations

import datetime as dt
import json

from alignment.refresh.recompute import recompute_alignment
from digest.content import Content, Part, Section
from digest.registry import Kind
from digest.writing import write_digests
from teams.models import Person, Team
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import Firm, build_firm

SINCE, LATER, AT = (NOW + dt.timedelta(days=days) for days in (1, 2, 8))


def old_firm() -> Firm:
    """Whose figures are of the day of LATER, with flags that were there before."""
    firm = build_firm()
    compute()
    return firm


def compute() -> None:
    recompute_alignment(as_of=LATER.date(), at=LATER)


def lead_of(team: Team, **values) -> Person:
    person = make.PersonFactory(**values)
    make.MembershipFactory(team=team, person=person, role="lead")
    return person


def member_of(team: Team, **values) -> Person:
    person = make.PersonFactory(**values)
    make.MembershipFactory(team=team, person=person)
    return person


def digest(person: Person) -> Content:
    (content,) = write_digests([person], week=DAY + dt.timedelta(days=7), since=SINCE, at=AT)
    return content


def part(content: Content, kind: Kind) -> Part | None:
    return next((part for part in content.parts if part.kind == kind), None)


def section(person: Person, kind: Kind, name: str) -> Section | None:
    """Also where it alone is no reason to write."""
    person.digests_always = True
    found = part(digest(person), kind)
    return next((each for each in found.sections if each.name == name), None) if found else None


def said(found: Section | None) -> list[tuple[str, str]]:
    """The sentences of each line."""
    return [(line.text, line.detail) for line in found.lines] if found else []


def replies(found: Section | None) -> list[list[tuple[str, str, tuple[int, ...]]]]:
    lines = found.lines if found else ()
    return [[(reply.label, str(reply.action), reply.about) for reply in line.replies] for line in lines]


def as_json(content: Content) -> str:
    return json.dumps(content.to_json(), ensure_ascii=False)
