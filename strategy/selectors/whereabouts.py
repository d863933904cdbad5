"""Where goals hang, in words: what tells a goal from another of the same title."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, OuterRef, Subquery

from lib.text.isolation import isolated
from lib.text.names import CONFIDENTIAL, named_apart, namesakes
from strategy.models import Goal, Strategy
from teams.models import Person


def whereabouts(goals: Collection[Goal], reader: Person) -> dict[int, str]:
    """By goal, the strategy or team at its root and the titles from there down to its parent: "Plan / Grow", with "a
    confidential goal" for what `reader` may not see. One query.
    """
    seen = Strategy.objects.visible_to(reader).filter(pk=OuterRef("strategy"))
    rows = Goal.objects.visible_to(reader).filter(pk__in={0, *(pk for goal in goals for pk in goal.path)})
    above = {
        pk: (title, strategy, team if parent is None else None)
        for pk, title, strategy, team, parent in rows.annotate(
            plan=Subquery(seen.values("title")[:1]), team_name=F("team__name")
        ).values_list("pk", "title", "plan", "team_name", "parent")
    }
    return {goal.pk: " / ".join(_line(goal, above)) for goal in goals}


def _line(goal: Goal, above: dict[int, tuple[str, str | None, str | None]]) -> list[str]:
    _title, strategy, team = above.get(goal.path[0], ("", None, None))
    titles = [above[pk][0] if pk in above else CONFIDENTIAL for pk in goal.path[:-1]]
    return [isolated(name) for name in (strategy, team, *titles) if name]


def told_apart(goals: Collection[Goal], reader: Person) -> dict[int, str]:
    """By goal, its title; namesakes among `goals` have their whereabouts with it, which takes a query."""
    same = namesakes(goal.title for goal in goals)
    twins = [goal for goal in goals if goal.title in same]
    places = whereabouts(twins, reader) if twins else {}
    return {goal.pk: named_apart(goal.title, places.get(goal.pk, "")) for goal in goals}
