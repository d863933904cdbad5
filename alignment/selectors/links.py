"""Links for their own pages and for digests."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Window
from django.db.models.functions import RowNumber

from alignment.enums import LinkState
from alignment.models import Link
from lib.db.triggers import subtree
from strategy.models import Goal, Measure
from strategy.models.goal import goals_seen_by
from teams.enums import GOES_ON, InitiativeStatus
from teams.models import Initiative, LogEntry, Person
from teams.models.team import not_here

MEASURES = 100
REMOVED = "link.removed"


def links_under(goals: Collection[int], teams: Collection[int]) -> list[Link]:
    """Links from the active work of `teams` to any of `goals` or a goal below them, with both ends and the goal's
    figures, the largest work first. One query."""
    rows = Link.objects.filter(
        initiative__team__in=[0, *teams],
        initiative__status=InitiativeStatus.ACTIVE,
        goal__path__overlap=[0, *goals],
    ).select_related("goal__figures", "initiative__team")
    return list(rows.order_by(F("initiative__effort").desc(nulls_last=True), "id"))


@dataclass(frozen=True)
class WorkOnGoal:
    """The first links of active work to a goal, with both ends, and how many there are."""

    links: list[Any]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.links)


def work_on(goals: Collection[int], *, each: int) -> dict[int, WorkOnGoal]:
    """By goal, the active work that is linked to it, with its teams, the largest first, at most `each`. The caller may
    know the goals. One query."""
    largest = [F("initiative__effort").desc(nulls_last=True), F("id").asc()]
    rows: Iterable[Any] = (
        Link.objects.filter(goal__in=goals, initiative__status=InitiativeStatus.ACTIVE)
        .annotate(
            place=Window(RowNumber(), partition_by="goal_id", order_by=largest),
            count=Window(Count("pk"), partition_by="goal_id"),
        )
        .filter(place__lte=each)
        .select_related("initiative__team")
        .order_by("goal", "place")
    )
    found: dict[int, WorkOnGoal] = {}
    for row in rows:
        found.setdefault(row.goal_id, WorkOnGoal([], row.count)).links.append(row)
    return found


def judged_links(teams: Collection[int], mark: int) -> list[Link]:
    """Links of open work of `teams` that were endorsed or disputed since the log entry with id `mark` and still are,
    with both ends and who judged: disputes first. One query."""
    rows = Link.objects.filter(
        _logged(mark, "link.endorsed", "link.disputed"),
        initiative__team__in=[0, *teams],
        initiative__status__in=GOES_ON,
    ).exclude(state=LinkState.CLAIMED)
    return list(rows.select_related("initiative__team", "goal", "judged_by").order_by("state", "id"))


def disputed_links(owners: Collection[int], mark: int) -> list[Any]:
    """Links in dispute of open work that `owners` own, of teams that are here, with both ends and who judged, the
    latest first; each with `is_new`: disputed since the log entry with id `mark`. One query."""
    rows = Link.objects.filter(
        ~not_here("initiative__team__"),
        initiative__owner__in=[0, *owners],
        initiative__status__in=GOES_ON,
        state=LinkState.DISPUTED,
    ).annotate(is_new=_logged(mark, "link.disputed"))
    related = rows.select_related("initiative__team", "goal", "judged_by")
    return list(related.order_by(F("judged_on").desc(nulls_last=True), "id"))


def _logged(mark: int, *actions: str) -> Exists:
    """Whether one of `actions` was logged for the link since the log entry with id `mark`."""
    since = LogEntry.objects.filter(pk__gt=mark, subject_kind="link", subject_id=OuterRef("pk"))
    return Exists(since.filter(action__in=actions))


def removed_link(pk: int) -> LogEntry | None:
    """The log entry of a link's removal, which has its values."""
    return LogEntry.objects.filter(pk=pk, action=REMOVED).first()


def measure_options(goal: Goal, reader: Person, chosen: int | None) -> list[tuple[Measure, bool]]:
    """Measures of the goal and of those below it that `reader` may see, and the `chosen` one: each with whether
    `reader` may see it; one query."""
    seen = ExpressionWrapper(goals_seen_by(reader, "goal__"), BooleanField())
    below = Measure.objects.filter(subtree(goal.path, "goal__")).annotate(seen=seen)
    rows: list[Any] = list(below.order_by("goal__path", "id")[:MEASURES])
    if chosen is not None and chosen not in {row.pk for row in rows}:
        rows += below.filter(pk=chosen)
    return [(row, row.seen) for row in rows if row.seen or row.pk == chosen]


def measures_of_goals(goals: Collection[Goal], reader: Person) -> dict[int, list[tuple[Measure, bool]]]:
    """By goal, as `measure_options`: those of each goal and of those below it that `reader` may see. One query."""
    ids = {goal.pk for goal in goals}
    rows = Measure.objects.filter(goal__path__overlap=[0, *ids]).filter(goals_seen_by(reader, "goal__"))
    found: dict[int, list[tuple[Measure, bool]]] = {}
    for row in rows.select_related("goal").order_by("goal__path", "id")[:MEASURES]:
        for pk in ids.intersection(row.goal.path):
            found.setdefault(pk, []).append((row, True))
    return found


def other_links(initiative: Initiative, link: Link | None = None) -> list[Link]:
    """The initiative's links without `link`."""
    rows = Link.objects.filter(initiative=initiative)
    return list(rows.exclude(pk=link.pk) if link else rows)
