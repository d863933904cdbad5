"""The order of goals that stand beside each other, which leaders set by hand. No figure rests on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Case, Value, When

from lib.services.edits import locked
from lib.services.errors import RefusedError
from lib.services.writes import writes
from strategy.models import Goal, Strategy
from strategy.models.goal import POSITIONS
from strategy.selectors.goals import goals_at
from teams.models import Person
from teams.services.log import record

CHANGED = "A goal came or went meanwhile, or somebody else ordered them. This is how they stand now: order them again."
TOO_MANY = f"There are more than {POSITIONS:,} goals beside each other, which nobody orders by hand."


@writes(permission="strategy.order_goals", alone=True)
def order_goals(
    place: Strategy | Goal, *, actor: Person, at: dt.datetime, seen: Sequence[int], goals: Sequence[int]
) -> int:
    """Puts the goals that stand directly in `place` into the order of the ids `goals`; `seen` is the order on the page
    that they come from. Goals that are not among them keep their places. Returns how many moved.

    Raises RefusedError where the order is another one by now.
    """
    row = locked(place)
    stored = list(goals_at(row).values_list("pk", "position"))
    before = [pk for pk, _position in stored]
    named = {*seen}
    if [pk for pk in before if pk in named] != [*seen] or sorted(goals) != sorted(seen):
        raise RefusedError(CHANGED)
    if len(before) > POSITIONS:
        raise RefusedError(TOO_MANY)
    following = iter(goals)
    after = [next(following) if pk in named else pk for pk in before]
    if after == before:
        return 0
    _place(after, dict(stored))
    record(
        "strategy.goals_ordered" if isinstance(row, Strategy) else "goal.goals_ordered",
        actor=actor,
        at=at,
        subject=row,
        note={"before": before, "after": after},
    )
    return sum(was != now for was, now in zip(before, after, strict=True))


def _place(ordered: Sequence[int], positions: dict[int, int | None]) -> None:
    moved = {pk: position for position, pk in enumerate(ordered, start=1) if positions[pk] != position}
    cases = [When(pk=pk, then=Value(position)) for pk, position in moved.items()]
    Goal.objects.filter(pk__in=moved).update(position=Case(*cases))
