"""What entries of the log are about, by name, for many entries at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, JSONObject

from strategy.models import Goal, Strategy
from teams.models import Initiative, LogEntry


@dataclass(frozen=True)
class Named:
    """By id, without those that are gone, and of everybody: whoever says a name asks who may see it."""

    goals: Mapping[int, Goal]
    strategies: Mapping[int, Strategy]
    work: Mapping[int, Initiative]


def goal_id(entry: LogEntry) -> int | None:
    """The goal that `entry` is about, or that the link it is about leads to."""
    return entry.subject_id if entry.subject_type == "goal" else entry.data.get("goal")


def strategy_id(entry: LogEntry) -> int | None:
    return entry.subject_id if entry.subject_type == "strategy" else None


def work_id(entry: LogEntry) -> int | None:
    """The initiative that `entry` is about, or whose link or ask it is about."""
    return entry.subject_id if entry.subject_type == "initiative" else entry.data.get("initiative")


def named(entries: Iterable[LogEntry]) -> Named:
    """Three queries."""
    about = list(entries)
    goals = Goal.objects.only("key", "title", "path", "owner_id")
    strategies = Strategy.objects.only("key", "title", "status", "owner_id")
    return Named(
        goals=goals.in_bulk({0, *(pk for each in about if (pk := goal_id(each)))}),
        strategies=strategies.in_bulk({0, *(pk for each in about if (pk := strategy_id(each)))}),
        work=Initiative.objects.only("key", "title").in_bulk({0, *(pk for each in about if (pk := work_id(each)))}),
    )


_GOAL = ("id", "key", "title", "path", "owner_id", "team_id", "status", "parent_id", "strategy_id", "closing_reason")
_STRATEGY = ("id", "key", "title", "status", "owner_id")
_WORK = ("id", "key", "title")


def with_names(entries: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
    """Each with what `names_kept` reads: the entries and their names in one query."""
    rows = {
        "goal": Goal.objects.filter(pk=OuterRef("about_goal")).values(row=_json(_GOAL)),
        "strategy": Strategy.objects.filter(pk=OuterRef("about_strategy")).values(row=_json(_STRATEGY)),
        "initiative": Initiative.objects.filter(pk=OuterRef("about_initiative")).values(row=_json(_WORK)),
    }
    about = {f"about_{noun}": _about(noun) for noun in rows}
    return entries.annotate(**about, **{f"{noun}_named": Subquery(found) for noun, found in rows.items()})


def names_kept(entries: Iterable[Any]) -> Named:
    """Of entries of `with_names`; no query."""
    about = list(entries)
    goals = (Goal(**each.goal_named) for each in about if each.goal_named)
    strategies = (Strategy(**each.strategy_named) for each in about if each.strategy_named)
    work = (Initiative(**each.initiative_named) for each in about if each.initiative_named)
    return Named({row.pk: row for row in goals}, {row.pk: row for row in strategies}, {row.pk: row for row in work})


def _json(names: tuple[str, ...]) -> JSONObject:
    return JSONObject(**{name: name for name in names})


def _about(noun: str) -> Case:
    """As `goal_id`, `strategy_id` and `work_id`."""
    told = Cast(KT(f"data__{noun}"), BigIntegerField())
    return Case(
        When(subject_type=noun, then=F("subject_id")),
        When(subject_type__in=("link", "support"), then=told),
        default=None,
        output_field=BigIntegerField(),
    )
