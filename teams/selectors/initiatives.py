"""Initiatives filtered by their own fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Func, Q, QuerySet, TextField

from lib.db.search import has_words
from lib.db.triggers import subtree
from teams.enums import GOES_ON, InitiativeStatus
from teams.labels import several
from teams.models import Contributor, Initiative, Membership, Person, Team

ANY_STATUS = "any"


@dataclass(frozen=True)
class Work:
    """A filter for initiatives; '' and None match all. `team` includes its sub-teams unless `own`; `of` matches a
    person's own initiatives, those they contribute to and their teams'.
    """

    search: str = ""
    status: str = InitiativeStatus.ACTIVE
    kind: str = ""
    origin: str = ""
    sized: bool | None = None
    team: Team | None = None
    own: bool = False
    of: Person | None = None
    label: str = ""


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
    rows: QuerySet[Initiative] = Initiative.objects.filter(wanted)
    if work.label:
        carried: Any = {"carried__contains": [work.label]}
        rows = rows.alias(carried=several("labels")).filter(**carried)
    return rows


def of_person(person: Person) -> QuerySet[Any, Any]:
    """The ids of a person's own initiatives, of those they contribute to and of their teams', for `pk__in`."""
    teams = Membership.objects.filter(person=person).values("team")
    own = Initiative.objects.filter(owner=person).values("pk")
    others = Contributor.objects.filter(person=person).values("initiative")
    return own.union(others, Initiative.objects.filter(team__in=teams).values("pk"))


def contributors_of(initiative: Initiative) -> list[Person]:
    """Who works on it beside its owner, by name. One query."""
    pairs = Contributor.objects.filter(initiative=initiative)
    return list(Person.objects.filter(pk__in=pairs.values("person")).order_by("name__folded", "pk"))


def labels_in_use(limit: int) -> list[str]:
    """The labels that most work carries which is not over, by name. One query."""
    each = Func(several("labels"), function="unnest", output_field=TextField())
    rows = Initiative.objects.filter(status__in=GOES_ON).exclude(labels="").values(label=each)
    counted = rows.annotate(count=Count("pk")).order_by("-count", "label")
    return sorted(row["label"] for row in counted[:limit])
