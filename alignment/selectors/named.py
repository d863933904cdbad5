"""What entries of the log are about, by name, for many entries at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
