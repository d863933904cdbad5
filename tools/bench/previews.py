"""What pages compute before a step is done: each preview on the whole company, called as its page calls it. What it
needs, such as an amendment, is made first and taken back afterwards.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import F

from alignment.edition_effects import amending, taking_back
from alignment.effects import (
    archiving,
    closing,
    editing,
    figures_day,
    judging,
    moving,
    publishing,
)
from alignment.enums import LinkState
from alignment.models import Link
from alignment.team_effects import expecting
from strategy.enums import AmendmentState, EditKind, GoalStatus, StrategyStatus
from strategy.models import Amendment, Edition, Goal, Strategy
from strategy.selectors.amendments import amendment_version, version_of
from strategy.services.goals import create_goal
from strategy.services.preparing.amendments import drop_amendment, open_amendment, plan_edit, publish_amendment
from strategy.services.strategies import create_strategy
from teams.enums import Role, Stance
from teams.models import Person, StanceRange
from tools.bench.edits import AT
from tools.bench.pace import pace
from tools.bench.report import Row, percentile

RUNS, EDITED = 5, 10
"""Of each preview, and the goals that an amendment edits."""
LIMIT = "p95_ms"


class Steps:
    """Makes what each preview needs, and returns what computes it."""

    def __init__(self, actor: Person, at: dt.datetime) -> None:
        self.actor, self.at, self.on = actor, at, figures_day(at)
        published = Strategy.objects.filter(status=StrategyStatus.PUBLISHED, goals__isnull=False)
        self.plan: Strategy = published.order_by("id")[0]
        tops = Goal.objects.filter(strategy=self.plan, status=GoalStatus.ACTIVE)
        self.top: Goal = tops.order_by("id")[0]

    @property
    def _by(self) -> dict[str, Any]:
        return {"actor": self.actor, "at": self.at}

    @property
    def _asks(self) -> dict[str, Any]:
        return {"reader": self.actor, "on": self.on}

    def publishing(self) -> Callable[[], object]:
        draft = create_strategy(title="Next", **self._by)
        create_goal(title="A goal", strategy=draft, **self._by)
        return lambda: publishing(draft, **self._asks)

    def archiving(self) -> Callable[[], object]:
        return lambda: archiving(self.plan, **self._asks)

    def closing(self) -> Callable[[], object]:
        return lambda: closing(self.top, **self._asks)

    def moving(self) -> Callable[[], object]:
        rows = Goal.objects.filter(team=None, status=GoalStatus.ACTIVE)
        below = rows.order_by(F("parent").asc(nulls_last=True), "id")[0]
        return lambda: moving(below, parent=None, strategy=self.plan, **self._asks)

    def weighing(self) -> Callable[[], object]:
        return lambda: editing(self.top, {"weight": Decimal(5)}, **self._asks)

    def disputing(self) -> Callable[[], object]:
        link = Link.objects.exclude(state=LinkState.DISPUTED).order_by("id")[0]
        return lambda: judging(link, LinkState.DISPUTED, **self._asks)

    def expecting(self) -> Callable[[], object]:
        ranges = StanceRange.objects.get(stance=Stance.CORE)
        values = {"coverage_floor": min(ranges.coverage_floor + Decimal("0.1"), Decimal(1))}
        return lambda: expecting(Stance.CORE, values, **self._asks)

    def amending(self) -> Callable[[], object]:
        amendment = self._amendment()
        return lambda: amending(amendment, reader=self.actor, at=self.at)

    def taking_back(self) -> Callable[[], object]:
        amendment = self._amendment()
        publish_amendment(amendment, version=amendment_version(amendment), because="We learned.", **self._by)
        last = Edition.objects.filter(strategy=self.plan).latest("number")
        return lambda: taking_back(last, reader=self.actor, at=self.at)

    def _amendment(self) -> Amendment:
        """With other weights of EDITED goals; one that came with the company is dropped first."""
        for row in Amendment.objects.filter(strategy=self.plan, state=AmendmentState.OPEN):
            drop_amendment(row, version=amendment_version(row), **self._by)
        amendment = open_amendment(self.plan, **self._by)
        rows = Goal.objects.filter(team=None, status=GoalStatus.ACTIVE, path__0=self.top.pk)
        for goal in rows.order_by("id")[:EDITED]:
            values = {"weight": goal.weight + 1}
            plan_edit(amendment, step=EditKind.GOAL, goal=goal, version=version_of(goal, None), **values, **self._by)
        amendment.refresh_from_db()
        return amendment


PREVIEWS: Mapping[str, Callable[[Steps], Callable[[], object]]] = {
    name: step for name, step in vars(Steps).items() if not name.startswith("_")
}


def measured(*, requests: int, preview_ms: float | None) -> list[Row]:
    """Milliseconds of each; the limit of `preview_ms` is longer in proportion on a slower machine."""
    actor = Person.objects.filter(role=Role.ADMIN).order_by("id")[0]
    limits = {} if preview_ms is None else {LIMIT: preview_ms * pace().figures["times"]}
    return [_row(name, step, actor, min(requests, RUNS), limits) for name, step in PREVIEWS.items()]


def _row(
    name: str, step: Callable[[Steps], Callable[[], object]], actor: Person, runs: int, limits: dict[str, float]
) -> Row:
    with _undone():
        preview = step(Steps(actor, AT))
        took = sorted(_timed(preview) for _ in range(runs))
    return Row("previews", name.replace("_", " "), {"p50_ms": median(took), "p95_ms": percentile(took, 95)}, limits)


def _timed(preview: Callable[[], object]) -> float:
    """In milliseconds."""
    began = time.perf_counter()
    preview()
    return (time.perf_counter() - began) * 1000


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
