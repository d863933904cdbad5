"""The rows that prevent a team from being removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import PROTECT, OuterRef, QuerySet

from lib.db.counting import CappedCount
from lib.text.counts import count_text
from lib.text.isolation import isolated
from teams.models import Team

_WORDS = {"children": ("sub-team", "sub-teams"), "support_asked": ("ask for support", "asks for support")}


@dataclass(frozen=True)
class Holdings:
    """`rows` are texts ("2 initiatives"); `past` says whether the history refers to the team."""

    rows: list[str]
    past: bool

    def __bool__(self) -> bool:
        return bool(self.rows) or self.past

    def sentence(self, name: str) -> str:
        """Why the team cannot be removed, and what to do instead."""
        name = isolated(name)
        if self.rows:
            return f"{name} still has {_listed(self.rows)}, so it stays. Move or remove them, or archive the team."
        return f"{name} has a past that the history tells of, so it stays. Archive it instead."


def holdings(team: Team) -> Holdings:
    """Counts the rows of all apps that protect the team from removal. One query."""
    relations = list(_protecting())
    counts = {
        f"held_{place}": CappedCount(QuerySet(relation.related_model).filter(**{relation.field.name: OuterRef("pk")}))
        for place, relation in enumerate(relations)
    }
    found = Team.objects.filter(pk=team.pk).annotate(**counts).values_list(*counts).get()
    held = [(relation, count) for relation, count in zip(relations, found, strict=True) if count]
    return Holdings(
        rows=[count_text(count, *_words(relation)) for relation, count in held if not relation.hidden],
        past=any(relation.hidden for relation, _count in held),
    )


def _protecting() -> Iterator[Any]:
    """Relations that protect a team; those without a reverse name belong to the history."""
    for relation in Team._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and getattr(relation, "on_delete", None) is PROTECT:
            yield relation


def _words(relation: Any) -> tuple[str, str]:
    meta = relation.related_model._meta
    return _WORDS.get(relation.name, (str(meta.verbose_name), str(meta.verbose_name_plural)))


def _listed(texts: list[str]) -> str:
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
