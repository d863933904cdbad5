"""Links of a team that were confirmed before the meaning of their goals changed, with what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alignment.engine.model import instant_number
from alignment.enums import FlagCode
from alignment.models import Link
from alignment.rules import links_about
from alignment.selectors.flags import Findings, flag_links, open_flags
from strategy.models import Goal
from strategy.selectors.differences import GoalChange
from strategy.selectors.editions import changed_since
from teams.models import Person, Team

MOST = 100
"""So many pieces of work are looked at in one go."""


@dataclass(frozen=True)
class ToConfirm:
    """`links` were confirmed before the meaning of `goal` changed, which is theirs or one above it. `change` is what
    editions say of it otherwise since the first of them was, None where no edition does."""

    goal: Goal
    links: list[Link]
    change: GoalChange | None


def links_to_confirm(team: Team, reader: Person, on: dt.date | None) -> list[ToConfirm]:
    """Those of the team's work, and of teams below it, that `reader` may confirm, by the goal that changed last. Five
    queries."""
    rows: Any = open_flags(FlagCode.RECONFIRM, Findings(team=team, on=on), reader)
    flags = list(rows.select_related("initiative__team").order_by("id")[:MOST])
    counting = [link for of in flag_links(flags, reader).values() for link in of.counting]
    asked = links_about(FlagCode.RECONFIRM, counting, on)
    links = [link for link in asked if reader.has_perm("alignment.edit_link", link)]
    return _by_goal(links, reader) if links else []


def _by_goal(links: Iterable[Link], reader: Person) -> list[ToConfirm]:
    above = {pk for link in links for pk in link.goal.path}
    changed = Goal.objects.visible_to(reader).filter(meaning_changed_on__isnull=False).in_bulk(above)
    found: dict[int, list[Link]] = {}
    goals: dict[int, Goal] = {}
    for link in links:
        goal = _changed_last(link, changed)
        goals[goal.pk] = goal
        found.setdefault(goal.pk, []).append(link)
    since = {pk: min(map(confirmed_at, of)) for pk, of in found.items()}
    changes = changed_since(reader, since)
    return [ToConfirm(goals[pk], of, changes.get(pk)) for pk, of in sorted(found.items())]


def _changed_last(link: Link, changed: Mapping[int, Goal]) -> Goal:
    """The goal at or above the link's whose meaning changed last; its own where that one is hidden from the reader."""
    rows = [changed[pk] for pk in link.goal.path if pk in changed]
    return max(rows, key=_changed_at, default=link.goal)


def _changed_at(goal: Goal) -> tuple[Any, float]:
    return goal.meaning_changed_on, instant_number(goal.meaning_changed_at)


def confirmed_at(link: Link) -> dt.datetime:
    """The end of the day for a link whose day of confirmation came in a bundle."""
    if link.confirmed_at is not None:
        return link.confirmed_at
    return dt.datetime.combine(link.confirmed_on + dt.timedelta(days=1), dt.time(), dt.UTC)
