"""How far the company is brought in, team by team: who was invited, who joined, and what the team has begun."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Cast, Collate, Concat, RowNumber

from accounts.selectors.invitations import invitation_expired
from alignment.models import Link
from digest.enums import DigestState
from digest.models import Digest
from lib.db.arrays import AnyOf
from lib.db.folding import Folded
from teams.models import Initiative, Membership, Person, Team
from teams.models.team import not_here
from teams.selectors.people import on_no_team

NAMES = 10
"""The most people named in a row."""
TREE = ("place",)
"""The order of `rollout_teams`: parents before what is below them, siblings by name."""


class Answer(StrEnum):
    """What the people of a team have done with their invitation."""

    NOT_INVITED = "not_invited"
    WAITING = "waiting"
    """Invited and not joined, whether the invitation has expired or not."""
    EXPIRED = "expired"


@dataclass(frozen=True)
class Invited:
    """Numbers of active people; the `invited` have joined, or wait."""

    people: int = 0
    invited: int = 0
    joined: int = 0
    expired: int = 0

    @property
    def waiting(self) -> int:
        return self.invited - self.joined

    @property
    def not_invited(self) -> int:
        return self.people - self.invited


def answered(answer: Answer, at: dt.datetime, prefix: str = "") -> Q:
    """The people with this answer; `prefix` reaches them ("person__")."""
    not_joined = Q(**{f"{prefix}joined_at": None})
    if answer is Answer.NOT_INVITED:
        return not_joined & Q(**{f"{prefix}invited_at": None})
    if answer is Answer.EXPIRED:
        return invitation_expired(at, prefix)
    return not_joined & Q(**{f"{prefix}invited_at__isnull": False})


def rollout_teams(at: dt.datetime, answer: Answer | None = None) -> QuerySet[Team]:
    """Current teams, those alone that have somebody with this `answer`, each with what they have begun: `has_work`,
    `has_link` and `has_read`, whether they are `away`, not here yet, and their `place` in the tree.

    `has_read`: somebody of the team signed in after a digest was sent to them. Nothing tells more of what was read.
    """
    having: Any = Q()
    if answer is not None:
        having = Exists(_people().filter(answered(answer, at, "person__"), team=OuterRef("pk")))
    away = ExpressionWrapper(not_here(), BooleanField())
    rows: QuerySet[Team] = Team.objects.current().filter(having)
    return rows.annotate(place=_place(), away=away, **_begun())


def people_of_teams(teams: Collection[int], at: dt.datetime) -> dict[int, Invited]:
    """By team, without its sub-teams. One query."""
    rows: Any = _people().filter(team__in=[0, *teams]).order_by().values("team").annotate(**_counts(at, "person__"))
    return {row.pop("team"): Invited(**row) for row in rows}


def people_of_company(at: dt.datetime) -> Invited:
    """One query."""
    return Invited(**Person.objects.filter(is_active=True).aggregate(**_counts(at)))


def people_with(answer: Answer, teams: Collection[int], at: dt.datetime) -> dict[int, list[Person]]:
    """By team, the first NAMES people with this `answer`, by name. One query."""
    place = Window(RowNumber(), partition_by="team", order_by=["person__name__folded", "person_id"])
    rows = _people().filter(answered(answer, at, "person__"), team__in=[0, *teams]).alias(place=place)
    found: dict[int, list[Person]] = {}
    for row in rows.filter(place__lte=NAMES).select_related("person").order_by("person__name__folded", "person_id"):
        found.setdefault(row.team_id, []).append(row.person)
    return found


def people_without_team() -> int:
    """The number of active people on no team. One query."""
    return Person.objects.filter(on_no_team(), is_active=True).count()


def _people() -> QuerySet[Membership]:
    return Membership.objects.current().filter(person__is_active=True)


def _counts(at: dt.datetime, prefix: str = "") -> dict[str, Any]:
    joined = Q(**{f"{prefix}joined_at__isnull": False})
    return {
        "people": Count("pk"),
        "invited": Count("pk", filter=joined | answered(Answer.WAITING, at, prefix)),
        "joined": Count("pk", filter=joined),
        "expired": Count("pk", filter=answered(Answer.EXPIRED, at, prefix)),
    }


def _begun() -> dict[str, Exists]:
    read = Digest.objects.filter(
        person__is_active=True,
        person__memberships__team=OuterRef("pk"),
        state=DigestState.SENT,
        sent_at__lte=F("person__last_login"),
    )
    return {
        "has_work": Exists(Initiative.objects.filter(team=OuterRef("pk"))),
        "has_link": Exists(Link.objects.filter(initiative__team=OuterRef("pk"))),
        "has_read": Exists(read),
    }


def _place() -> Any:
    """The names from the root down to the team as one text, each with its id, which tells namesakes apart. The marks
    between them sort before any letter, so that a team stands right before those below it.
    """
    above = Team.objects.filter(AnyOf(F("id"), OuterRef("path"))).order_by("path")
    step = Concat(Folded(F("name")), Value("\x02"), Cast("id", CharField()), output_field=TextField())
    names = ArraySubquery(above.values(step=step))
    return Collate(Func(names, Value("\x01"), function="array_to_string", output_field=TextField()), "C")
