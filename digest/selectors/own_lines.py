"""Where the work of many people leads; alignment.selectors.line_of_sight does this for one initiative."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from alignment.models import Link
from alignment.selectors.people_flags import links_of
from strategy.models import Goal
from teams.enums import InitiativeStatus
from teams.models import Initiative

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


def largest_work(of: str, ids: Collection[int], *, limit: int) -> dict[int, list[Initiative]]:
    """Active initiatives by `owner` or `team` (`of`), `limit` of each of `ids`, the largest first, with their figures
    and teams. One query."""
    place = Window(RowNumber(), partition_by=of, order_by=[F("figures__effort").desc(), "pk"])
    rows: QuerySet[Initiative] = Initiative.objects.filter(
        **{f"{of}__in": [0, *ids]}, status=InitiativeStatus.ACTIVE, figures__isnull=False
    )
    first = rows.alias(place=place).filter(place__lte=limit).select_related("team", "figures").only(*_TOLD)
    found: dict[int, list[Initiative]] = defaultdict(list)
    for work in first.order_by(F("figures__effort").desc(), "pk"):
        found[getattr(work, f"{of}_id")].append(work)
    return found
