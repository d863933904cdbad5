"""Links as their own pages show them."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper

from alignment.models import Link
from lib.triggers import subtree
from strategy.models import Goal, Measure
from strategy.models.goal import goals_seen_by
from teams.models import Initiative, LogEntry, Person

MEASURES = 100
REMOVED = "link.removed"


def link_pages() -> Any:
    """Links with both their ends, whoever may judge or edit them, and who judged."""
    return Link.objects.select_related("initiative__team", "goal__team", "judged_by")


def removed_link(pk: int) -> LogEntry | None:
    """The log entry of a link's removal, which holds what it had."""
    return LogEntry.objects.filter(pk=pk, action=REMOVED).first()


def measure_options(goal: Goal, reader: Person, chosen: int | None) -> list[tuple[Measure, bool]]:
    """Measures of the goal and of those below it that `reader` may see, and the `chosen` one: each with whether it is
    for them; one query.
    """
    seen = ExpressionWrapper(goals_seen_by(reader, "goal__"), BooleanField())
    below = Measure.objects.filter(subtree(goal.path, "goal__")).annotate(seen=seen)
    rows: list[Any] = list(below.order_by("goal__path", "id")[:MEASURES])
    if chosen is not None and chosen not in {row.pk for row in rows}:
        rows += below.filter(pk=chosen)
    return [(row, row.seen) for row in rows if row.seen or row.pk == chosen]


def other_links(initiative: Initiative, link: Link | None = None) -> list[Link]:
    """Those of the initiative but for `link`."""
    rows = Link.objects.filter(initiative=initiative)
    return list(rows.exclude(pk=link.pk) if link else rows)
