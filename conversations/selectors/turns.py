"""Who is in turn in many threads at once; `Thread.objects.in_turn_of` has the rule for one person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from conversations.enums import Side
from conversations.models.thread import ThreadQuerySet, asked_at, owed
from conversations.selectors.parties import LEADERS, Party, party
from conversations.selectors.threads import in_turn
from lib.log.kinds import Ref
from teams.enums import Role, TeamRole
from teams.models import Membership, Person


@dataclass(frozen=True)
class Turn:
    """Since `turned_at` it is `side`'s turn in the thread with id `thread`, about the thing `about` (kind, id).
    `asked_at` is when they were last asked: then, or by a reminder since.
    """

    thread: int
    about: Ref
    side: str
    turned_at: dt.datetime
    asked_at: dt.datetime


def turns(rows: ThreadQuerySet, *, owed_on: dt.date | None = None) -> dict[int, list[Turn]]:
    """By person, those of `rows` in which they are in turn, whether or not they see what it is about, by id. With
    `owed_on`, also those in which they were reminded of what they owe on that day. At most three queries.
    """
    asked = Q(turn__in=Side.values) | owed(owed_on) if owed_on else Q(turn__in=Side.values)
    waiting: Any = rows.open().filter(asked).order_by("pk").annotate(in_turn=in_turn())
    found = waiting.values_list("pk", "about_kind", "about_id", "turn", "turned_at", "reminded_at", "in_turn")
    sides = [
        (Turn(pk, (kind, of), turn, at, asked_at(at, reminded)), party(row))
        for pk, kind, of, turn, at, reminded, row in found
    ]
    people_of = _people_of([side for _turn, side in sides])
    by_person: dict[int, list[Turn]] = defaultdict(list)
    for turn, side in sides:
        for person in people_of(side):
            by_person[person].append(turn)
    return dict(by_person)


def _people_of(sides: Collection[Party]) -> Any:
    """Gives the ids of the people of a side. At most two queries."""
    teams = {side.team.pk for side in sides if side.team is not None}
    leads: Mapping[int, list[int]] = _leads(teams)
    roles = (Role.ADMIN, Role.LEADER) if LEADERS in sides else ()
    above = Person.objects.filter(is_active=True, role__in=roles).order_by()
    leaders = list(above.values_list("pk", flat=True))

    def people_of(side: Party) -> Iterator[int]:
        if side.person is not None:
            yield side.person.pk
        else:
            yield from leaders if side.team is None else leads[side.team.pk]

    return people_of


def _leads(teams: Collection[int]) -> Mapping[int, list[int]]:
    """As `conversations.topics.answered_teams` has them, by team."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.filter(team__in=teams, role=TeamRole.LEAD, person__is_active=True)
    for team, person in rows.exclude(person__role=Role.VIEWER).values_list("team", "person"):
        found[team].append(person)
    return found
