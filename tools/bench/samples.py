"""What pages are asked for: rows, words and places spread over the whole company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from alignment.models import Flag, Link
from lib.keyset import keyset_page
from strategy.enums import GoalStatus
from strategy.models import Goal, Measure, Persona, Strategy
from teams.enums import InitiativeStatus
from teams.models import Initiative, Person, Support, Team

COUNT = 30
BY_KEY: dict[str, Any] = {
    "teams": Team,
    "goals": Goal,
    "strategies": Strategy,
    "initiatives": Initiative,
    "measures": Measure,
    "personas": Persona,
}
BY_ID: dict[str, Any] = {"people": Person, "support": Support, "links": Link, "flags": Flag}
TREES = {"teams", "goals"}
TEAMS = {
    "teams": [""],
    "goals": ["team__"],
    "measures": ["goal__team__"],
    "initiatives": ["team__"],
    "links": ["initiative__team__"],
    "support": ["initiative__team__", "team__"],
    "flags": ["initiative__team__", "goal__team__", "team__"],
}
"""The ways from a row to the teams whose people may edit it."""

Shapes = dict[str, list[str]]


def spread(values: Sequence[Any], count: int = COUNT) -> list[Any]:
    """At most `count`, evenly from the first to the last."""
    return list(values[:: max(len(values) // count, 1)][:count])


def _in_tree(rows: QuerySet[Any]) -> dict[str, QuerySet[Any]]:
    return {
        "root": rows.filter(parent=None),
        "middle": rows.exclude(parent=None).exclude(children=None),
        "leaf": rows.exclude(parent=None).filter(children=None),
    }


@dataclass(frozen=True)
class Samples:
    """`person` decides which rows: the pages of those they may not see are quick to say so."""

    person: Person

    def keys(self, noun: str) -> Shapes:
        """By shape, what the address of one of `noun` is made of; nothing for a noun without pages of its own. Those
        of their own teams apart, for most others are not theirs to edit.
        """
        if noun not in BY_KEY | BY_ID:
            return {}
        rows = (BY_KEY | BY_ID)[noun].objects.visible_to(self.person)
        if noun == "flags":
            rows = rows.open()
        shapes = _in_tree(rows) if noun in TREES else {"": rows}
        if noun == "goals":
            shapes["draft"] = rows.filter(status=GoalStatus.DRAFT)
        if noun == "links":
            shapes["to own goals"] = rows.filter(goal__owner=self.person)
        if ways := [Q(**{f"{way}memberships__person": self.person}) for way in TEAMS.get(noun, [])]:
            shapes["own"] = rows.filter(reduce(or_, ways))
        name = "key" if noun in BY_KEY else "id"
        return {
            shape: [str(key) for key in spread(list(found.distinct().order_by("id").values_list(name, flat=True)))]
            for shape, found in shapes.items()
        }

    def words(self, noun: str) -> Shapes:
        """What people search for in a list of `noun`: words that many rows have, few or none, and too little of one."""
        texts: dict[str, QuerySet[Any]] = {
            "goals": Goal.objects.values_list("title", flat=True),
            "teams": Team.objects.values_list("name", flat=True),
            "people": Person.objects.values_list("name", flat=True),
        }
        titles = texts.get(noun, Initiative.objects.values_list("title", flat=True))
        counted = Counter(word for title in titles.iterator() for word in title.split() if len(word) > 3)
        ranked = [word for word, _count in counted.most_common()]
        return {
            "a common word": ranked[:5],
            "a rare word": [*ranked[-5:], "zzyzx"],
            "two words": [f"{one} {other}" for one, other in zip(ranked[:5], ranked[5:10], strict=False)],
            "a letter": ["e", "in"],
        }

    def deep(self, name: str) -> str:
        """The query of a page of half-way down the list `name`, where that takes more than following links."""
        if name != "initiative_list":
            return ""
        rows = Initiative.objects.filter(status=InitiativeStatus.ACTIVE).order_by("title", "id")
        middle = rows[rows.count() // 2]
        return keyset_page(rows.filter(title__gte=middle.title), order=("title", "id"), params={}).next_url
