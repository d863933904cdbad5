"""Random amendments, each step through its service: planned, taken out, decided about, dropped and published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from strategy.enums import CLOSED, EditKind, StrategyStatus
from strategy.models import Amendment, AmendmentEdit, Goal, Measure, Strategy
from strategy.selectors.amendments import Planned, amendment_version, edits_of, planned, planned_for, version_of
from strategy.selectors.strategies import company_goals
from strategy.services import goals
from strategy.services.preparing import amendments


class Amending:
    """Steps of an Editor (tests.alignment.edits)."""

    random: Random
    _any: Callable[..., Any]
    _line: Callable[[], str]
    _lines: Callable[[], str]
    _or_none: Callable[[Any], Any]
    _day: Callable[[int, int], dt.date]

    @property
    def _by(self) -> dict[str, Any]:
        raise NotImplementedError

    def open_amendment(self) -> None:
        amendments.open_amendment(self._any(Strategy.objects.filter(status=StrategyStatus.PUBLISHED)), **self._by)

    def plan_edit(self) -> None:
        if not Amendment.objects.filter(state="open").exists():
            self.open_amendment()
        amendment = self._amendment()
        kind = self.random.choice(EditKind.values)
        of, values = self._planned(amendment.strategy, EditKind(kind))
        row = of.get("measure") or of.get("goal") or amendment.strategy
        edit = None if kind == EditKind.NEW_MEASURE else planned_for(amendment, kind, **of)
        amendments.plan_edit(amendment, step=EditKind(kind), version=version_of(row, edit), **of, **values, **self._by)

    def withdraw_edit(self) -> None:
        edit = self._any(AmendmentEdit.objects.filter(amendment=self._amendment()))
        amendments.withdraw_edit(edit, version=edit.version, **self._by)

    def settle_conflict(self) -> None:
        """Of one that is there, or is made first: a goal gets another title than is planned."""
        amendment = self._amendment()
        row = self._in_conflict(amendment) or self._made_conflict(amendment)
        assert row.row is not None
        field, keeps = self.random.choice(row.conflicts).field, self.random.random() < 0.5
        version = version_of(row.row, row.edit)
        amendments.settle_conflict(row.edit, version=version, field=field, keeps=keeps, **self._by)

    def _in_conflict(self, amendment: Amendment) -> Planned | None:
        rows = [row for row in planned(amendment.strategy, edits_of(amendment)) if row.row and row.conflicts]
        return self.random.choice(rows) if rows else None

    def _made_conflict(self, amendment: Amendment) -> Planned:
        goal = self._any(company_goals(amendment.strategy).exclude(status="draft"))
        version = version_of(goal, planned_for(amendment, EditKind.GOAL, goal=goal))
        edit = amendments.plan_edit(
            amendment,
            step=EditKind.GOAL,
            version=version,
            goal=goal,
            title=f"Planned {self.random.random()}",
            **self._by,
        )
        goals.edit_goal(
            goal, version=goal.version, title=f"By now {self.random.random()}", meaning_changed=False, **self._by
        )
        return planned(amendment.strategy, [edit])[0]

    def say_meaning(self) -> None:
        edit = self._any(AmendmentEdit.objects.filter(amendment=self._amendment(), kind=EditKind.GOAL))
        said = self.random.random() < 0.5
        amendments.say_meaning(edit, version=edit.version, meaning_changed=said, **self._by)

    def explain_amendment(self) -> None:
        amendment = self._amendment()
        version = amendment_version(amendment)
        amendments.explain_amendment(amendment, version=version, because=self._lines(), **self._by)

    def drop_amendment(self) -> None:
        amendment = self._amendment()
        amendments.drop_amendment(amendment, version=amendment_version(amendment), **self._by)

    def publish_amendment(self) -> None:
        amendment = self._amendment()
        version = amendment_version(amendment)
        amendments.publish_amendment(amendment, version=version, because="We learned.", **self._by)

    def _amendment(self) -> Any:
        return self._any(Amendment.objects.filter(state="open").select_related("strategy"))

    def _planned(self, strategy: Strategy, kind: EditKind) -> tuple[dict[str, Any], dict[str, Any]]:
        """What an edit of this kind is of, and the values that it is to have."""
        if kind == EditKind.STRATEGY:
            return {}, {"narrative": self._lines(), "ends_on": self._or_none(self._day(-3, 20))}
        goals = company_goals(strategy)
        goal = self._any(goals.filter(status="draft") if kind == EditKind.ACTIVATION else goals.exclude(status="draft"))
        of: dict[str, Any] = {"goal": goal}
        if kind in {EditKind.MEASURE, EditKind.NO_MEASURE}:
            of["measure"] = self._any(Measure.objects.filter(goal=goal))
        return of, getattr(self, f"_{kind}", dict)()

    def _goal(self) -> dict[str, Any]:
        return {
            "title": self._line(),
            "why": self._lines(),
            "kind": self.random.choice(["committed", "committed", "aspirational"]),
            "weight": self.random.choice([1, 2, Decimal("9.5")]),
            "ends_on": self._or_none(self._day(-20, 5)),
            "visibility": self.random.choice(["company", "company", "leaders"]),
            "meaning_changed": self.random.choice([None, False, True]),
        }

    def _move(self) -> dict[str, Any]:
        if self.random.random() < 0.3:
            return {"strategy": self._any(Strategy.objects), "parent": None}
        return {"parent": self._any(Goal.objects.filter(team=None)), "strategy": None}

    def _closing(self) -> dict[str, Any]:
        after = [] if self.random.random() < 0.5 else [self._any(Goal.objects.filter(status="active"))]
        status = self.random.choice(sorted(CLOSED))
        return {"status": status, "reason": "It is over.", "learned": self._lines(), "successors": after}

    def _new_measure(self) -> dict[str, Any]:
        return {"title": self._line(), "unit": "%", "target": Decimal("5.125"), "baseline": Decimal(0)}

    def _measure(self) -> dict[str, Any]:
        return {"title": self._line(), "unit": "days", "target": Decimal(9)}
