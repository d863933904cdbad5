"""What pages are asked for: rows, words and places spread over the whole company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from lib.keyset import keyset_page
from strategy.models import Goal, Strategy
from teams.enums import InitiativeStatus
from teams.models import Initiative, Person, Team

COUNT = 30
Shapes = dict[str, list[str]]


def spread(values: Sequence[Any], count: int = COUNT) -> list[Any]:
    """At most `count`, evenly from the first to the last."""
    return list(values[:: max(len(values) // count, 1)][:count])


def _in_tree(rows: QuerySet[Any]) -> Shapes:
    shapes = {
        "root": rows.filter(parent=None),
        "middle": rows.exclude(parent=None).exclude(children=None),
        "leaf": rows.exclude(parent=None).filter(children=None),
    }
    return {
        shape: spread(list(found.distinct().order_by("id").values_list("key", flat=True)))
        for shape, found in shapes.items()
    }


@dataclass(frozen=True)
class Samples:
    """`person` decides which rows: the pages of those they may not see are quick to say so."""

    person: Person

    def keys(self, noun: str) -> Shapes:
        """By shape, what the address of one `noun` is made of; nothing for a noun without pages of its own."""
        if noun == "goal":
            return _in_tree(Goal.objects.visible_to(self.person))
        if noun == "team":
            return _in_tree(Team.objects.visible_to(self.person))
        rows: dict[str, QuerySet[Any]] = {
            "strategy": Strategy.objects.visible_to(self.person).values_list("key", flat=True),
            "initiative": Initiative.objects.visible_to(self.person).values_list("key", flat=True),
            "person": Person.objects.visible_to(self.person).values_list("id", flat=True),
        }
        return {"": [str(key) for key in spread(list(rows[noun].order_by("id")))]} if noun in rows else {}

    def words(self, noun: str) -> Shapes:
        """What people search for in a list of `noun`: words that many rows have, few or none, and too little of one."""
        texts: dict[str, QuerySet[Any]] = {
            "goal": Goal.objects.values_list("title", flat=True),
            "team": Team.objects.values_list("name", flat=True),
            "person": Person.objects.values_list("name", flat=True),
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
