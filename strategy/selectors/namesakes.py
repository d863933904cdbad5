"""What tells things of one name apart wherever they are named together, by the paths of their pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Cast

from lib.db.folding import folded
from lib.text.isolation import isolated
from lib.text.names import placed
from strategy.models import Goal
from strategy.selectors.seen import Confidential, sees_strategy
from strategy.selectors.whereabouts import Above, line_to
from teams.models import Initiative, Person, Team

PAGE = re.compile(r"/(goals|initiatives|teams|strategies|people)/([a-z0-9][a-z0-9-]*)/")
NOTHING_MORE = Confidential({})


def twins_of(named: Mapping[str, str]) -> list[list[str]]:
    """The paths, by groups, of things of one kind that differ in nothing but case, accents or marks; `named` are names
    by path, in quotation marks or without.
    """
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, name in named.items():
        if page := PAGE.fullmatch(path):
            groups[page[1], folded(name).strip('" ')].append(path)
    return [group for group in groups.values() if len(group) > 1]


class Places:
    """Where the things with pages at `paths` are: goals of `goals`, from which `hidden` takes what a reader may not
    know, work, teams, and people, who have their address. At most two queries, for any number of things and readers.
    """

    def __init__(self, paths: Collection[str], goals: QuerySet[Goal], hidden: Confidential = NOTHING_MORE) -> None:
        keys: dict[str, list[str]] = defaultdict(list)
        for page in filter(None, map(PAGE.fullmatch, paths)):
            keys[page[1]].append(page[2])
        lines = goals.filter(key__in=keys["goals"]).order_by().values(pk=Func(F("path"), function="unnest"))
        above = goals.filter(pk__in=lines).select_related("strategy", "team") if keys["goals"] else ()
        self._above = {goal.pk: goal for goal in above}
        self._goals = {goal.key: goal for goal in self._above.values()}
        self._hidden = hidden
        self._holders = {(kind, key): holder for kind, key, holder in _holders(keys)}

    def told(self, twins: Collection[str], reader: Person) -> dict[str, str]:
        """By path, what tells each of `twins` from the others: its place as `reader` may know it and, where others have
        the same, its key. What `reader` may not see is told as what is not there.
        """
        by_key = {path.split("/")[2]: path for path in twins}
        places = placed({key: ("", self._place(path, reader)) for key, path in by_key.items()})
        return {by_key[key]: place for key, place in places.items() if place}

    def _place(self, path: str, reader: Person) -> str:
        _, kind, key, _ = path.split("/")
        if kind != "goals":
            return isolated(self._holders.get((kind, key), ""))
        goal = self._goals.get(key)
        if goal is None or self._hides(goal.pk, reader):
            return ""
        return " / ".join(
            line_to(goal, {pk: _row(self._above[pk], reader) for pk in goal.path if not self._hides(pk, reader)})
        )

    def _hides(self, pk: int, reader: Person) -> bool:
        goal = self._above.get(pk)
        return goal is None or self._hidden.hides(reader, goal.path, goal.owner_id)


def _holders(keys: Mapping[str, list[str]]) -> list[tuple[str, str, str]]:
    """Of work its team, of a team the one above it, of people their address, by the kind of page and its key."""
    work = Initiative.objects.filter(key__in=keys["initiatives"])
    below = Team.objects.filter(key__in=keys["teams"], parent__isnull=False)
    people = Person.objects.filter(pk__in=filter(str.isdecimal, keys["people"]), erased_at=None)
    rows: tuple[QuerySet[Any, tuple[str, str, str]], ...] = (
        _named("initiatives", work, F("key"), F("team__name")),
        _named("teams", below, F("key"), F("parent__name")),
        _named("people", people, Cast("pk", CharField()), F("email")),
    )
    return list(rows[0].union(*rows[1:], all=True))


def _named(kind: str, rows: QuerySet[Any], key: Any, holder: Any) -> QuerySet[Any, tuple[str, str, str]]:
    told = rows.order_by().annotate(of_kind=Value(kind), of_key=key, holder=holder)
    named: QuerySet[Any, tuple[str, str, str]] = told.values_list("of_kind", "of_key", "holder")
    return named


def _row(goal: Goal, reader: Person) -> Above:
    strategy, team = goal.strategy, goal.team if goal.parent_id is None else None
    title = strategy.title if strategy is not None and sees_strategy(strategy, reader) else None
    return goal.title, title, team.name if team else None
