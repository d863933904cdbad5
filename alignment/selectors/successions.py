"""Goals that take the place of those to which links count no more, for the work that is linked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject

from alignment.models import Link
from strategy.enums import CLOSED
from strategy.models import Goal
from strategy.narrative import succession_said
from teams.models import Person


@dataclass(frozen=True)
class Succession:
    """`goal` takes the place of the goal of `link`, which does not count any more."""

    link: Link
    goal: Goal

    @property
    def said(self) -> str:
        return succession_said(self.link.goal, self.goal)


def successions(initiatives: Collection[int], reader: Person | None = None) -> dict[int, list[Succession]]:
    """By initiative, what its team may take: live goals to which it is not linked. What `reader` may see of both ends;
    without one, callers check that. Two queries, one where there is none.
    """
    over = Q(goal__status__in=CLOSED) | Q(goal__figures__anchored=False)
    rows = Link.objects.filter(over, initiative__in=[0, *initiatives])
    rows = rows if reader is None else rows.visible_to(reader)
    links: Any = rows.select_related("goal").annotate(after=F("goal__successors")).filter(after__isnull=False)
    linked = Link.objects.filter(initiative=OuterRef("initiative"), goal=OuterRef("after"))
    pairs = list(links.filter(~Exists(linked)).order_by("id", "after"))
    if not pairs:
        return {}
    goals = Goal.objects.filter(pk__in={link.after for link in pairs}, figures__live=True)
    there = (goals if reader is None else goals.visible_to(reader)).in_bulk()
    found: dict[int, list[Succession]] = defaultdict(list)
    for link in pairs:
        if link.after in there:
            found[link.initiative_id].append(Succession(link, there[link.after]))
    return found


def live_successors(reader: Person) -> ArraySubquery:
    """For a link, what its initiative may take in the place of its goal, as `reader` may see it: to be read by
    `successions_of`. No further query."""
    linked = Link.objects.filter(initiative=OuterRef(OuterRef("initiative")), goal=OuterRef("pk"))
    goals = Goal.objects.visible_to(reader).filter(~Exists(linked), follows=OuterRef("goal"), figures__live=True)
    return ArraySubquery(goals.order_by("id").values(row=JSONObject(pk="pk", key="key", title="title")))


def successions_of(link: Link, rows: Iterable[Mapping[str, Any]]) -> list[Succession]:
    """Of `live_successors` of a link that counts no more."""
    return [Succession(link, Goal(pk=row["pk"], key=row["key"], title=row["title"])) for row in rows]


def succession_of(initiative: int, goal: int, reader: Person) -> Succession | None:
    """The one in which the initiative may take this goal."""
    return next((each for each in successions([initiative], reader).get(initiative, []) if each.goal.pk == goal), None)
