"""How much effort hangs on what asks, in person-weeks, as expressions over stored figures.

- Work that reaches nothing: its orphaned effort. Its links: what of it is aligned. Anything else about it: its effort.
- A link to judge: what it brings to its goal; in dispute, what it would bring by its share.
- A goal: what reaches it or a goal below it. One that no work reaches, or that is starved: what its root's weight asks
  for of all aligned effort, in equal parts for the goals of that root.
- A strategy that ends, and an edition to read: what reaches the strategy’s goals. A team: the effort of its own work.
- A proposed goal: the effort of the work that is its evidence.
- Support: the effort of the work that it is asked for.
- Pages to confirm, and drafts: nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Expression, F, FloatField, Func, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from alignment.enums import FlagCode, LinkState
from alignment.flags import KINDS, NOT_COUNTING, REACH_NOTHING
from alignment.models import GoalFigures, TeamFigures
from lib.db.triggers import below_outer, tree_of_outer
from strategy.models import Goal

OF_LINKS = tuple(kind.code for kind in KINDS if kind.of_links and not kind.housekeeping)
MISSING = (FlagCode.UNCOVERED, FlagCode.STARVED)
"""Flags of goals that are about effort which is not there."""


def _sum(rows: QuerySet[Any], name: str) -> Expression:
    return Coalesce(Subquery(rows.order_by().values(n=Func(F(name), function="SUM"))), 0.0, output_field=FloatField())


def of_work(prefix: str) -> F:
    return F(f"{prefix}figures__effort")


def of_flagged_work() -> Expression:
    orphaned, aligned = F("initiative__figures__orphaned"), F("initiative__figures__aligned")
    lost = When(code__in=[*REACH_NOTHING, *NOT_COUNTING], then=orphaned)
    return Case(lost, When(code__in=OF_LINKS, then=aligned), default=of_work("initiative__"))


def of_link() -> Expression:
    """For links with their `amount`."""
    would = Coalesce(Cast("share", FloatField()), 1.0) * F("initiative__figures__effort")
    return Case(When(state=LinkState.DISPUTED, then=would), default=F("amount"), output_field=FloatField())


def of_goal(goal: str) -> Expression:
    """Of it and all below it; `goal` is the way to it."""
    return _sum(GoalFigures.objects.filter(below_outer("goal__", f"{goal}__path")), "effort")


def of_strategy(strategy: str) -> Expression:
    roots = Goal.objects.filter(parent=None, strategy=OuterRef(OuterRef(strategy))).values("pk")
    return _sum(GoalFigures.objects.filter(goal__path__0__in=roots), "effort")


def wanted_of_goal(goal: str) -> Expression:
    anchored, path = GoalFigures.objects.filter(anchored=True), f"{goal}__path"
    roots, of_root = anchored.filter(goal__parent=None), anchored.filter(tree_of_outer("goal__", path))
    weight = Subquery(roots.filter(goal=OuterRef(f"{path}__0")).values(w=Cast("goal__weight", FloatField())))
    every = Subquery(roots.order_by().values(n=Func(Cast("goal__weight", FloatField()), function="SUM")))
    many = Subquery(of_root.order_by().values(n=Cast(Func(F("pk"), function="COUNT"), FloatField())))
    return weight / _unless_zero(every) * _sum(TeamFigures.objects.all(), "aligned") / _unless_zero(many)


def _unless_zero(number: Any) -> Expression:
    return NullIf(number, Value(0.0), output_field=FloatField())


def of_flagged_goal() -> Expression:
    missing = When(code__in=MISSING, then=wanted_of_goal("goal"))
    return Case(missing, default=of_goal("goal"), output_field=FloatField())
