"""The names of what log entries are about, for many entries at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from lib.log.values import restored
from strategy.models import Goal, Strategy
from strategy.selectors.changes import MEANING
from teams.models import Initiative, LogEntry, LogRef


@dataclass(frozen=True)
class Named:
    """By the id of the entry: its goal, strategy and initiative, which are its subject or belong to the link or ask
    that is. Deleted ones are missing; confidential ones are included: callers check who may see them."""

    goals: Mapping[int, Goal]
    strategies: Mapping[int, Strategy]
    work: Mapping[int, Initiative]


def named(entries: Iterable[LogEntry]) -> Named:
    """One query."""
    return names_of(with_names(LogEntry.objects.filter(pk__in=[0, *(entry.pk for entry in entries)])))


_GOAL = (
    *("id", "key", "title", "path", "owner_id", "team_id", "status", "parent_id", "strategy_id", "closing_reason"),
    *MEANING,
)
_STRATEGY = ("id", "key", "title", "status", "owner_id")
_WORK = ("id", "key", "title")


def with_names(entries: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
    """Adds what `names_of` reads, so that entries and names take one query."""
    rows = {
        "goal": Goal.objects.filter(pk=OuterRef("about_goal")).values(row=_json(_GOAL)),
        "strategy": Strategy.objects.filter(pk=OuterRef("about_strategy")).values(row=_json(_STRATEGY)),
        "initiative": Initiative.objects.filter(pk=OuterRef("about_initiative")).values(row=_json(_WORK)),
    }
    about = {f"about_{kind}": _about(kind) for kind in rows}
    return entries.annotate(**about, **{f"{kind}_named": Subquery(found) for kind, found in rows.items()})


def names_of(entries: Iterable[Any]) -> Named:
    """The names of entries of `with_names`; no query."""
    about = list(entries)
    return Named(
        goals={each.pk: _goal(each.goal_named) for each in about if each.goal_named},
        strategies={each.pk: Strategy(**each.strategy_named) for each in about if each.strategy_named},
        work={each.pk: Initiative(**each.initiative_named) for each in about if each.initiative_named},
    )


def _goal(told: Mapping[str, Any]) -> Goal:
    """With instants and days as the row has them."""
    read = {name: restored(Goal._meta.get_field(name), told[name]) for name in MEANING}
    return Goal(**{**told, **read})


def _json(names: tuple[str, ...]) -> JSONObject:
    return JSONObject(**{name: name for name in names})


def _about(kind: str) -> Case:
    """The id of the subject where it is of this kind, or the reference of this kind of a link or an ask."""
    refs = LogRef.objects.filter(entry=OuterRef("pk"), kind=kind).order_by("object_id").values("object_id")
    return Case(
        When(subject_kind=kind, then=F("subject_id")),
        When(subject_kind__in=("link", "support"), then=Subquery(refs[:1])),
        default=None,
        output_field=BigIntegerField(),
    )
