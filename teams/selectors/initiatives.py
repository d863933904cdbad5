"""Initiatives filtered by their own fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from lib.db.search import has_words
from lib.db.triggers import subtree
from teams.enums import InitiativeStatus
from teams.models import Initiative, Membership, Person, Team

ANY_STATUS = "any"


@dataclass(frozen=True)
class Work:
    """A filter for initiatives; '' and None match all. `team` includes its sub-teams unless `own`; `of` matches a
    person's own initiatives and their teams'.
    """

    search: str = ""
    status: str = InitiativeStatus.ACTIVE
    kind: str = ""
    origin: str = ""
    sized: bool | None = None
    team: Team | None = None
    own: bool = False
    of: Person | None = None


def initiatives(work: Work) -> QuerySet[Initiative]:
    """The initiatives that `work` matches, unordered."""
    wanted = has_words("title", work.search)
    if work.status != ANY_STATUS:
        wanted &= Q(status=work.status)
    for column in ("kind", "origin"):
        if value := getattr(work, column):
            wanted &= Q(**{column: value})
    if work.sized is not None:
        wanted &= Q(effort__isnull=not work.sized)
    if work.team is not None:
        wanted &= Q(team=work.team) if work.own else subtree(work.team.path, "team__")
    if work.of is not None:
        wanted &= Q(pk__in=of_person(work.of))
    return Initiative.objects.filter(wanted)


def of_person(person: Person) -> QuerySet[Any, Any]:
    """The ids of a person's own initiatives and of their teams' initiatives, for `pk__in`."""
    teams = Membership.objects.filter(person=person).values("team")
    own = Initiative.objects.filter(owner=person).values("pk")
    return own.union(Initiative.objects.filter(team__in=teams).values("pk"))
