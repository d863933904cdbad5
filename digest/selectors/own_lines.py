"""Where the work of many people leads; alignment.selectors.line_of_sight does this for one initiative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from alignment.models import Link
from alignment.selectors.people.flags import links_of
from lib.db.arrays import AnyOf
from strategy.models import Goal
from teams.enums import InitiativeStatus
from teams.models import Initiative
from teams.models.team import not_here

_TOLD = (
    *("key", "title", "kind", "declaration", "ends_on", "owner_id", "team__key", "team__name", "team__path"),
    *(f"figures__{name}" for name in ("effort", "exploring", "orphaned")),
)
_NAMED = (
    *("key", "title", "path", "owner_id"),
    *(f"strategy__{name}" for name in ("key", "title", "status", "owner_id")),
)
"""The columns that digests read of work and of the goals above it."""


@dataclass(frozen=True)
class OwnLines:
    """`links` are by initiative, those that bring most first; `goals` are theirs and all above those, with their
    strategies, by id."""

    links: Mapping[int, list[Link]]
    goals: Mapping[int, Goal]


def own_lines(initiatives: Collection[int]) -> OwnLines:
    """Two queries."""
    links = links_of(initiatives)
    wanted = {0} | {goal for each in links.values() for link in each for goal in link.goal.path}
    return OwnLines(links, Goal.objects.select_related("strategy").only(*_NAMED).in_bulk(wanted))


Work = Mapping[int, list[Initiative]]


def largest_work(owners: Collection[int], teams: Collection[int], *, owned: int, of_team: int) -> tuple[Work, Work]:
    """Active initiatives of teams that are here, by owner, `owned` of each of `owners`, and by team, `of_team` of each
    of `teams`: the largest first, with their figures and teams. One query."""
    first = _largest("owner", owners, owned).union(_largest("team", teams, of_team), all=True)
    rows = Initiative.objects.filter(AnyOf(F("pk"), ArraySubquery(first))).select_related("team", "figures")
    found = list(rows.only(*_TOLD).order_by(F("figures__effort").desc(), "pk"))
    return _by("owner_id", owners, found, owned), _by("team_id", teams, found, of_team)


def _largest(of: str, ids: Collection[int], limit: int) -> QuerySet[Initiative, Any]:
    place = Window(RowNumber(), partition_by=of, order_by=[F("figures__effort").desc(), "pk"])
    rows: QuerySet[Initiative] = Initiative.objects.filter(
        ~not_here("team__"), **{f"{of}__in": [0, *ids]}, status=InitiativeStatus.ACTIVE, figures__isnull=False
    )
    return rows.alias(place=place).filter(place__lte=limit).order_by().values("pk")


def _by(of: str, ids: Collection[int], rows: list[Initiative], limit: int) -> Work:
    """The first `limit` of each, of rows that may be there for another reason."""
    found: dict[int, list[Initiative]] = defaultdict(list)
    for work in rows:
        if (one := getattr(work, of)) in ids and len(found[one]) < limit:
            found[one].append(work)
    return found
