"""Changes of goals and strategies since a log entry, derived from the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from lib.log.values import values_of
from strategy.enums import CLOSED, GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from teams.models import LogEntry

MEANING = ("meaning_changed_on", "meaning_changed_at")
"""Fields of which one changes with a goal's meaning: a second change of one day has the same day."""


class Became(StrEnum):
    """The kind of change of a goal or (the last three) a strategy."""

    CLOSED = "closed"
    REOPENED = "reopened"
    CHANGED = "changed"
    """Its meaning changed."""
    MOVED = "moved"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    RESTORED = "restored"


@dataclass(frozen=True)
class GoalChange:
    """The most important change of `goal` that still applies; `entry`, with its actor, is the last one that made it.
    `title` is the former title where it changed, otherwise ''. `parent` is the goal it was moved below, None at the
    top.
    """

    goal: Goal
    became: Became
    entry: LogEntry
    title: str = ""
    parent: Goal | None = None


@dataclass(frozen=True)
class StrategyChange:
    """`goals` are the ids of its root goals."""

    strategy: Strategy
    became: Became
    entry: LogEntry
    goals: frozenset[int]


@dataclass(frozen=True)
class ChangesSince:
    """Changes in the order in which they happened."""

    goals: list[GoalChange] = field(default_factory=list)
    strategies: list[StrategyChange] = field(default_factory=list)

    @property
    def goal_ids(self) -> set[int]:
        """The goals that changed; each change also affects all goals below."""
        return {each.goal.pk for each in self.goals} | {goal for each in self.strategies for goal in each.goals}


_OF_GOALS = ("goal.closed", "goal.reopened", "goal.edited", "goal.moved")
_OF_STRATEGIES = ("strategy.published", "strategy.unpublished", "strategy.archived", "strategy.restored")


def changes_since(mark: int) -> ChangesSince:
    """Changes since the log entry with id `mark`, without those that were undone meanwhile. Three queries."""
    entries: dict[tuple[str, int], list[LogEntry]] = defaultdict(list)
    told = [*_OF_GOALS, *_OF_STRATEGIES, *OPENING]
    rows = LogEntry.objects.filter(pk__gt=mark, action__in=told).select_related("actor")
    for entry in rows.order_by("id"):
        entries[entry.subject_kind, entry.subject_id or 0].append(entry)
    of = {noun: {0, *(pk for kind, pk in entries if kind == noun)} for noun in ("goal", "strategy")}
    goals: dict[int, Any] = Goal.objects.select_related("parent").in_bulk(of["goal"])
    roots = ArraySubquery(Goal.objects.filter(strategy=OuterRef("pk")).order_by().values("pk"))
    strategies: dict[int, Any] = Strategy.objects.annotate(roots=roots).in_bulk(of["strategy"])
    tops = {pk: set(strategy.roots) for pk, strategy in strategies.items()}
    return _changes(entries, goals, strategies, tops)


def edits_since(mark: int) -> dict[int, LogEntry]:
    """What was done to goals and strategies since the log entry with id `mark`, by id. One query."""
    return LogEntry.objects.filter(pk__gt=mark, subject_kind__in=("goal", "strategy")).in_bulk()


def changes_told(
    rows: Iterable[LogEntry], goals: Mapping[int, Goal], strategies: Mapping[int, Strategy], *, opened: bool
) -> ChangesSince:
    """As `changes_since`, from given entries, oldest first, for these goals and strategies, but without the strategies'
    goals. `opened` says whether other entries may have made a goal visible to more people. No query.
    """
    entries: dict[tuple[str, int], list[LogEntry]] = defaultdict(list)
    for entry in rows:
        if entry.action in _OF_GOALS or entry.action in _OF_STRATEGIES:
            entries[entry.subject_kind, entry.subject_id or 0].append(entry)
    told = {noun: {pk for kind, pk in entries if kind == noun} for noun in ("goal", "strategy")}
    return _changes(
        entries,
        {pk: goal for pk, goal in goals.items() if pk in told["goal"]},
        {pk: strategy for pk, strategy in strategies.items() if pk in told["strategy"]},
        defaultdict(set),
        opened=opened,
    )


def _changes(
    entries: Mapping[tuple[str, int], list[LogEntry]],
    goals: Mapping[int, Any],
    strategies: Mapping[int, Strategy],
    tops: Mapping[int, set[int]],
    *,
    opened: bool = False,
) -> ChangesSince:
    opened = opened or any(
        entry.action in OPENING or "visibility" in entry.changes for of in entries.values() for entry in of
    )
    found = [_goal_change(row, entries["goal", pk], opened=opened) for pk, row in goals.items()]
    published = [_strategy_change(row, entries["strategy", pk], tops[pk]) for pk, row in strategies.items()]
    return ChangesSince(
        sorted((each for each in found if each), key=lambda each: each.entry.pk),
        sorted((each for each in published if each), key=lambda each: each.entry.pk),
    )


OPENING = {"strategy.published", "goal.moved", "goal.activated", "company.imported"}
"""Actions that may make goals visible to more people, besides an edit of `visibility`."""


def _goal_change(goal: Any, entries: list[LogEntry], *, opened: bool) -> GoalChange | None:
    """Where something was `opened` to more people since, former titles are omitted: fewer people could see them."""
    statuses = [entry for entry in entries if "status" in entry.changes]
    if statuses and (was := statuses[0].changes["status"][0]) != goal.status:
        if goal.status in CLOSED:
            return GoalChange(goal, Became.CLOSED, statuses[-1])
        if was in CLOSED and goal.status == GoalStatus.ACTIVE:
            return GoalChange(goal, Became.REOPENED, statuses[-1])
    if goal.status != GoalStatus.ACTIVE:
        return None
    meant = [entry for entry in entries if entry.changes.keys() & {*MEANING}]
    if _means_otherwise(goal, meant):
        titles = [entry.changes["title"][0] for entry in meant if "title" in entry.changes]
        title = titles[0] if titles and titles[0] != goal.title and not opened else ""
        return GoalChange(goal, Became.CHANGED, meant[-1], title=title)
    moved = [entry for entry in entries if entry.action == "goal.moved"]
    if moved and place_before(moved[0]) != (goal.parent_id, goal.strategy_id):
        return GoalChange(goal, Became.MOVED, moved[-1], parent=goal.parent)
    return None


def _means_otherwise(goal: Any, meant: Sequence[LogEntry]) -> bool:
    """Whether it does not say again what it said before these."""
    before: dict[str, Any] = {}
    for entry in meant:
        before = {name: pair[0] for name, pair in entry.changes.items() if name in MEANING} | before
    return before != values_of(goal, [*before])


def place_before(move: LogEntry) -> tuple[Any, Any]:
    """The goal above it, or the strategy it was at the top of, before a move."""
    return move.changes.get("parent", [None])[0], move.changes.get("strategy", [None])[0]


def _strategy_change(strategy: Strategy, entries: list[LogEntry], goals: set[int]) -> StrategyChange | None:
    """None where a publication was taken back: it is not reported."""
    was = entries[0].changes["status"][0]
    if was == strategy.status:
        return None
    became = {
        (StrategyStatus.PUBLISHED, True): Became.RESTORED,
        (StrategyStatus.PUBLISHED, False): Became.PUBLISHED,
        (StrategyStatus.ARCHIVED, False): Became.ARCHIVED,
    }.get((StrategyStatus(strategy.status), was == StrategyStatus.ARCHIVED))
    return StrategyChange(strategy, became, entries[-1], frozenset(goals)) if became else None
