"""Where goals hang, in words: what tells a goal from another of the same title."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import F, OuterRef, Subquery

from lib.text.isolation import isolated
from lib.text.names import CONFIDENTIAL, named_apart, namesakes, placed
from strategy.models import Goal, Strategy
from teams.models import Person

Above = tuple[str, str | None, str | None]
"""Of a goal above: its title and, for a root, its strategy's or its team's name."""


def whereabouts(goals: Collection[Goal], reader: Person) -> dict[int, str]:
    """By goal, the strategy or team at its root and the titles from there down to its parent: "Plan / Grow", with "a
    confidential goal" for what `reader` may not see; with its key where another of `goals` has its title there too. One
    query.
    """
    seen = Strategy.objects.visible_to(reader).filter(pk=OuterRef("strategy"))
    rows = Goal.objects.visible_to(reader).filter(pk__in={0, *(pk for goal in goals for pk in goal.path)})
    above = {
        pk: (title, strategy, team if parent is None else None)
        for pk, title, strategy, team, parent in rows.annotate(
            plan=Subquery(seen.values("title")[:1]), team_name=F("team__name")
        ).values_list("pk", "title", "plan", "team_name", "parent")
    }
    told = placed({goal.key: (goal.title, " / ".join(line_to(goal, above))) for goal in goals})
    return {goal.pk: told[goal.key] for goal in goals}


def line_to(goal: Goal, above: Mapping[int, Above]) -> list[str]:
    """The names from the root of `goal` down to its parent; `above` has those of its goals that may be known."""
    _title, strategy, team = above.get(goal.path[0], ("", None, None))
    titles = [above[pk][0] if pk in above else CONFIDENTIAL for pk in goal.path[:-1]]
    return [isolated(name) for name in (strategy, team, *titles) if name]


def told_apart(goals: Collection[Goal], reader: Person) -> dict[int, str]:
    """By goal, its title; namesakes among `goals` have their whereabouts with it, which takes a query."""
    same = namesakes(goal.title for goal in goals)
    twins = [goal for goal in goals if goal.title in same]
    places = whereabouts(twins, reader) if twins else {}
    return {goal.pk: named_apart(goal.title, places.get(goal.pk, "")) for goal in goals}
