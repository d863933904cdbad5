"""Which editions ask to be read, and how many people have read one, without their names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from lib.db.folding import folded
from strategy.enums import EditionKind, StrategyStatus
from strategy.models import Edition, EditionGoal, EditionRead
from teams.models import Membership, Person, Team

FEW = 5
"""A row of fewer people could tell who has read it."""
TEAMS_SHOWN = 100
ASKING = (EditionKind.PUBLISHED, EditionKind.AMENDED)


def asking() -> QuerySet[Edition]:
    """Editions that ask to be read: of published strategies, published with a text, for everybody, and not taken back.
    A closed goal, an undo and an import ask nobody.
    """
    taken_back = Edition.objects.filter(
        strategy=OuterRef("strategy"), number__gt=OuterRef("number"), kind=EditionKind.TAKEN_BACK
    )
    rows = Edition.objects.filter(_with_a_text(), strategy__status=StrategyStatus.PUBLISHED)
    return rows.filter(~Exists(taken_back), ~Exists(_reverting()))


def asking_last() -> QuerySet[Edition]:
    """The last of each strategy: whoever has read it needs no earlier one."""
    return asking().filter(~Exists(_later()))


def _later() -> QuerySet[Edition]:
    rows = Edition.objects.filter(_with_a_text(), strategy=OuterRef("strategy"), number__gt=OuterRef("number"))
    return rows.filter(~Exists(_reverting()))


def _reverting() -> QuerySet[Edition]:
    """The edition that took one back, which is the next one."""
    number = OuterRef("number") + 1
    return Edition.objects.filter(strategy=OuterRef("strategy"), number=number, kind=EditionKind.REVERTED)


def _with_a_text() -> Q:
    shown = EditionGoal.objects.filter(edition=OuterRef("pk"), hidden=False)
    said = ~Q(because="") | ~Q(says__narrative="")
    return Q(said, Q(of_strategy=True) | Q(Exists(shown)), kind__in=ASKING)


@dataclass(frozen=True)
class Asked:
    """`read_at` is when the reader said that they have read it, None for not yet; `is_last`: no later one asks too."""

    read_at: dt.datetime | None
    is_last: bool = True


def asked_to_read(edition: Edition, reader: Person) -> Asked | None:
    """None for an edition that does not ask. One query."""
    own = EditionRead.objects.filter(edition=OuterRef("pk"), person=reader).values("at")
    found = asking().filter(pk=edition.pk).annotate(own=Subquery(own), last=~Exists(_later()))
    return next((Asked(at, last) for at, last in found.values_list("own", "last")), None)


def to_read(person: Person) -> QuerySet[Edition]:
    """The last ones that ask `person`, who did not make them and has not read them, the last first."""
    own = EditionRead.objects.filter(edition=OuterRef("pk"), person=person)
    return asking_last().visible_to(person).filter(~Exists(own)).exclude(person=person).order_by("-at", "-id")  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True)
class ReadBy:
    """Of how many `people` how many have `read` an edition; `team` is None for several teams."""

    read: int
    people: int
    team: Team | None = None

    def __add__(self, other: ReadBy) -> ReadBy:
        return ReadBy(self.read + other.read, self.people + other.people)


NOBODY = ReadBy(0, 0)


@dataclass(frozen=True)
class Readership:
    """`teams` by name; `others` are the people of smaller teams and of none. The rows add up to the `whole`."""

    whole: ReadBy
    teams: list[ReadBy]
    others: ReadBy


def readership(edition: Edition) -> Readership:
    """How many have read it, of the people of whom anything is asked. Each counts once, with the first of their teams,
    so that no difference between two rows tells of one person. Teams of fewer than FEW are one row; where their people
    are fewer still, the smallest of the other teams is a part of it. One query.
    """
    seats = Membership.objects.filter(person=OuterRef("pk"), team__in=Team.objects.here().values("pk")).order_by("id")
    own = EditionRead.objects.filter(edition=edition, person=OuterRef("pk"))
    home = {name: Subquery(seats.values(f"team__{name}")[:1]) for name in ("id", "key", "name")}
    people: QuerySet[Any] = asked_people().annotate(**{f"team_{n}": of for n, of in home.items()}, has_read=Exists(own))
    groups = people.order_by().values("team_id", "team_key", "team_name")
    rows = [_read_by(row) for row in groups.annotate(people=Count("pk"), read=Count("pk", filter=Q(has_read=True)))]
    large = [row for row in rows if row.team is not None and row.people >= FEW]
    apart = sorted(large, key=lambda row: (-row.people, row.team and row.team.pk))[:TEAMS_SHOWN]
    others = sum((row for row in rows if row not in apart), NOBODY)
    while apart and 0 < others.people < FEW:
        others += apart.pop()
    return Readership(sum(rows, NOBODY), sorted(apart, key=lambda row: folded(str(row.team))), others)


def _read_by(row: Mapping[str, Any]) -> ReadBy:
    team = Team(pk=row["team_id"], key=row["team_key"], name=row["team_name"]) if row["team_id"] else None
    return ReadBy(row["read"], row["people"], team)


def asked_people() -> QuerySet[Person]:
    """Active people, but for those whose teams are none of them here yet."""
    seats = Membership.objects.current().filter(person=OuterRef("pk"))
    here = Membership.objects.filter(person=OuterRef("pk"), team__in=Team.objects.here().values("pk"))
    return Person.objects.filter(~Exists(seats) | Exists(here), is_active=True)
