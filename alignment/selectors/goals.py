"""Goals with their stored figures; effort is stored without descendants and summed over path ranges
(docs/architecture/engine-and-refreshing.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, JSONObject, RowNumber

from alignment import rules
from alignment.engine.goal_figures import priority_fit, priority_shares
from alignment.engine.model import MILLION
from alignment.engine.parts import split
from alignment.flags import GOAL_FLAGS, HOUSEKEEPING, LEADERS_FLAGS
from alignment.models import Flag, GoalFigures, Link
from lib.db.folding import folded
from lib.db.triggers import below_outer
from strategy.enums import AmendmentState
from strategy.models import Amendment, Goal, MissionGoal, Strategy
from strategy.models.goal import BY_HAND, POSITIONS, goals_seen_by
from strategy.selectors.citations import with_citations
from teams.enums import InitiativeStatus
from teams.models import Person

ROOTS_SHOWN, CHILDREN_SHOWN, ROWS_SHOWN, MISSIONS_SHOWN = 60, 12, 200, 20
FINDING = {
    "id": "id",
    "code": "code",
    "since": "first_seen",
    "until": "snoozed_until",
    "why": "snooze_reason",
    "by": "snoozed_by__name",
    "by_id": "snoozed_by_id",
}
ASKED = [code for code in GOAL_FLAGS if code not in HOUSEKEEPING]


@dataclass(frozen=True)
class RootGoal:
    """An anchored company root goal: the effort that reaches it or any goal below, and how many of these goals count
    and are covered. `key` and `title` are '' where the reader may not see the goal."""

    id: int
    strategy_id: int
    key: str
    title: str
    weight: float
    position: int
    effort: float
    anchored: int
    covered: int


@dataclass(frozen=True)
class Priorities:
    """The anchored company root goals, in their order (BY_HAND). `wanted` and `actual` are the shares p and e of
    spec/alignment.md, *priority_fit*, by goal id. Without effort, `actual` is empty."""

    roots: list[RootGoal]
    wanted: dict[int, float]
    actual: dict[int, float]
    fit: float | None

    @property
    def anchored(self) -> int:
        return sum(root.anchored for root in self.roots)

    @property
    def covered(self) -> int:
        return sum(root.covered for root in self.roots)

    def of(self, strategy_id: int) -> list[RootGoal]:
        return [root for root in self.roots if root.strategy_id == strategy_id]


def priorities(person: Person) -> Priorities:
    """One query over every anchored goal, with the names that `person` may see."""
    roots = sorted(
        map(_root_goal, _root_rows(person)),
        key=lambda root: (root.position, -root.weight, folded(root.title), root.id),
    )
    weight, effort = np.array([root.weight for root in roots]), np.array([root.effort for root in roots])
    wanted, actual = priority_shares(weight, effort)
    ids = [root.id for root in roots]
    return Priorities(
        roots=roots,
        wanted=dict(zip(ids, wanted.tolist(), strict=False)),
        actual=dict(zip(ids, actual.tolist(), strict=False)),
        fit=priority_fit(weight, effort),
    )


def _root_rows(person: Person) -> QuerySet[GoalFigures, Any]:
    is_root = Q(goal__parent__isnull=True)
    named = is_root & goals_seen_by(person, "goal__")
    summed = {
        "strategy": Max("goal__strategy_id", filter=is_root),
        "key": Max("goal__key", filter=named),
        "title": Max("goal__title", filter=named),
        "weight": Max("goal__weight", filter=is_root),
        "position": Max("goal__position", filter=is_root),
        "total": Sum("effort"),
        "goals": Count("pk"),
        "covered": Count("pk", filter=Q(covered=True)),
    }
    return GoalFigures.objects.filter(anchored=True).order_by().values(root=F("goal__path__0")).annotate(**summed)


def _root_goal(row: Mapping[str, Any]) -> RootGoal:
    return RootGoal(
        id=row["root"],
        strategy_id=row["strategy"],
        key=row["key"] or "",
        title=row["title"] or "",
        weight=float(row["weight"]),
        position=row["position"] or POSITIONS + 1,
        effort=float(row["total"]),
        anchored=row["goals"],
        covered=row["covered"],
    )


def strategy_pages() -> QuerySet[Strategy]:
    """Strategies for their own page, with the ids of all their root goals as `roots`, and whether an amendment is open
    as `amended`."""
    roots = Goal.objects.filter(strategy=OuterRef("pk")).order_by("id").values("id")
    amended = Exists(Amendment.objects.filter(strategy=OuterRef("pk"), state=AmendmentState.OPEN))
    return Strategy.objects.select_related("owner").annotate(roots=ArraySubquery(roots), amended=amended)


@dataclass(frozen=True)
class StrategyFlags:
    """The number of flagged goals by code, and the oldest flags of each code that is not housekeeping."""

    counts: dict[str, int]
    oldest: list[Flag]


def strategy_flags(
    person: Person, roots: Sequence[int], *, each: int, on: dt.date | None, strategy: int = 0
) -> StrategyFlags:
    """The flags, awake on day `on`, of goals at or below `roots` that `person` may see and of the strategy with the id
    `strategy`, at most `each` of a code; one query."""
    ranked = (
        Flag.objects.awake(on)
        .visible_to(person)
        .filter(Q(goal__path__0__in=roots) | Q(strategy=strategy), code__in=LEADERS_FLAGS)
        .annotate(
            place=Window(RowNumber(), partition_by="code", order_by=["first_seen", "id"]),
            goals=Window(Count("pk"), partition_by="code"),
        )
        .filter(Q(place=1) | Q(place__lte=each, code__in=ASKED))
        .select_related("goal")
        .only("code", "first_seen", "strategy_id", "goal__key", "goal__title")
        .order_by("place", "first_seen", "id")
    )
    rows: list[Any] = list(ranked)
    return StrategyFlags(
        counts={row.code: row.goals for row in rows},
        oldest=[row for row in rows if row.code not in HOUSEKEEPING],
    )


@dataclass
class TreeGoal:
    """A goal of a tree; `effort` includes all goals below it, `more` counts those left out of the tree."""

    goal: Goal
    effort: float = 0.0
    more: int = 0
    children: list[TreeGoal] = field(default_factory=list)


def goal_trees(person: Person, strategies: Iterable[int], *, depth: int) -> dict[int, list[TreeGoal]]:
    """By strategy, its root goals and those below them down to `depth` levels that `person` may see, in
    their order (BY_HAND).

    Two queries and at most ROWS_SHOWN rows; efforts include goals that `person` may not see, `more` does not.
    """
    rows = list(_ranked(person, list(strategies), depth)[:ROWS_SHOWN])
    nodes: dict[int, TreeGoal] = {}
    trees: dict[int, list[TreeGoal]] = {}
    for goal in rows:
        if goal.parent_id is None:
            trees.setdefault(goal.strategy_id or 0, []).append(nodes.setdefault(goal.pk, TreeGoal(goal)))
        elif goal.parent_id in nodes:
            nodes[goal.parent_id].children.append(nodes.setdefault(goal.pk, TreeGoal(goal)))
    for at, effort, goals in _sums_at(person, nodes, depth):
        nodes[at].effort, nodes[at].more = effort or 0.0, goals - 1
    for goal in reversed(rows):
        if goal.pk in nodes and goal.parent_id is not None:
            nodes[goal.parent_id].effort += nodes[goal.pk].effort
    return trees


def _ranked(person: Person, strategies: list[int], depth: int) -> QuerySet[Goal]:
    """Roots first, then level by level; the first CHILDREN_SHOWN goals of each parent."""
    place = Window(RowNumber(), partition_by=[F("parent_id"), F("strategy_id")], order_by=[*BY_HAND])
    roots = Goal.objects.filter(strategy__in=strategies).values("id")
    goals: QuerySet[Goal] = (
        Goal.objects.visible_to(person)
        .filter(path__0__in=roots, path__len__lte=depth)
        .annotate(level=F("path__len"), place=place)
        .filter(Q(parent__isnull=True, place__lte=ROOTS_SHOWN) | Q(parent__isnull=False, place__lte=CHILDREN_SHOWN))
        .select_related("figures", "owner")
        .order_by("level", "place", "id")
    )
    return goals


def _sums_at(person: Person, nodes: dict[int, TreeGoal], depth: int) -> Iterable[tuple[int, float | None, int]]:
    """For each of `nodes`: effort of its subtree, and how many goals of it `person` may see, both without those of the
    nodes below it."""
    roots = [node.goal.pk for node in nodes.values() if node.goal.parent_id is None]
    levels = [f"path__{level}" for level in reversed(range(1, depth))]
    nearest = [Case(When(**{f"{level}__in": list(nodes)}, then=F(level))) for level in levels]
    rows: Iterable[tuple[int, float | None, int]] = (
        Goal.objects.filter(path__0__in=roots)
        .order_by()
        .annotate(at=Coalesce(*nearest, F("path__0")) if nearest else F("path__0"))
        .values("at")
        .annotate(total=Sum("figures__effort"), goals=Count("pk", filter=goals_seen_by(person)))
        .values_list("at", "total", "goals")
    )
    return rows


def with_effort(goals: QuerySet[Goal]) -> QuerySet[Goal]:
    """Adds `effort`, the person-weeks that reach the goal or any below it; 0 where links do not count."""
    below = GoalFigures.objects.filter(below_outer("goal__"))
    total = below.order_by().values(total=Func(F("effort"), function="SUM", output_field=FloatField()))
    return goals.annotate(effort=Coalesce(Subquery(total), Value(0.0)))


def goal_pages() -> QuerySet[Goal]:
    """Goals for their own page: `effort`, the open flags as `findings`, and as `served_by` the current teams whose
    mission serves them, at most MISSIONS_SHOWN + 1; what they cite as `with_citations`."""
    findings = Flag.objects.open().filter(goal=OuterRef("pk")).order_by("id")
    serving = MissionGoal.objects.filter(goal=OuterRef("pk"), team__archived_on=None)
    teams = serving.order_by("team__name__folded", "team_id").values(row=JSONObject(key="team__key", name="team__name"))
    rows: QuerySet[Goal] = with_citations(with_effort(Goal.objects.select_related("figures", "owner", "team")))
    return rows.annotate(
        findings=ArraySubquery(findings.values(flag=JSONObject(**FINDING))),
        served_by=ArraySubquery(teams[: MISSIONS_SHOWN + 1]),
    )


def goal_flags(goal: Any) -> list[Flag]:
    """The open flags of a goal of `goal_pages`, snoozed ones too, without a query."""
    return [
        Flag(
            pk=row["id"],
            code=row["code"],
            goal=goal,
            first_seen=dt.date.fromisoformat(row["since"]),
            snoozed_until=dt.date.fromisoformat(row["until"]) if row["until"] else None,
            snooze_reason=row["why"],
            snoozed_by=Person(pk=row["by_id"], name=row["by"]) if row["by"] else None,
        )
        for row in goal.findings
    ]


def goals_below(person: Person, goal: Goal) -> QuerySet[Goal]:
    """The goal's direct children that `person` may see, with `effort`, and as `place` their position: those that nobody
    has placed come last."""
    rows = Goal.objects.visible_to(person).filter(parent=goal).select_related("figures", "owner")
    return with_effort(rows).annotate(place=Coalesce("position", Value(POSITIONS + 1)))


def goal_links(goal: Goal) -> QuerySet[Link]:
    """The links to the goal itself, with `effort` of the initiative (0 where it is not active) and as `siblings` all
    its links."""
    siblings = Link.objects.filter(initiative=OuterRef("initiative_id")).order_by("id")
    return (
        Link.objects.filter(goal=goal)
        .select_related("initiative__team", "judged_by")
        .annotate(
            effort=Coalesce(F("initiative__figures__effort"), Value(0.0)),
            siblings=ArraySubquery(siblings.values(link=JSONObject(id="id", share="share"))),
        )
    )


@dataclass(frozen=True)
class Bet:
    """A link to a goal: `share` is its part of the initiative's effort (0..1), `brings` the person-weeks that count;
    `reason` is why it does not count, '' where it does."""

    link: Link
    share: float
    brings: float
    reason: str


def goal_bets(goal: Goal, links: Sequence[Any]) -> list[Bet]:
    """What each of `links` (of `goal_links`) brings to `goal`, in their order."""
    shares = [(at, sibling) for at, link in enumerate(links) for sibling in link.siblings]
    initiative = np.array([at for at, _sibling in shares], dtype=np.int64)
    given = [-1 if row["share"] is None else round(row["share"] * MILLION) for _at, row in shares]
    parts = split(initiative, np.array(given, dtype=np.int64), len(links))
    own = {row["id"]: float(part) for (_at, row), part in zip(shares, parts, strict=True)}
    bets = []
    for link in links:
        reason = link_reason(goal, link)
        active = link.initiative.status == InitiativeStatus.ACTIVE
        bets.append(Bet(link, own[link.pk], own[link.pk] * link.effort if active and not reason else 0.0, reason))
    return bets


def link_reason(goal: Goal, link: Link) -> str:
    """Why a link does not count, '' where it does or the goal was never computed."""
    figures = figures_or_none(goal)
    reason = rules.link_reason(link.state, figures.reason if figures else None)
    return reason.value if reason else ""


def figures_or_none(goal: Goal) -> GoalFigures | None:
    """None for a goal made after the last recompute."""
    return getattr(goal, "figures", None)
