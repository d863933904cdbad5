"""A company of three trees of goals, in which each edit's flags can be worked out by hand; computed as of DAY.

`top` > `middle` > `leaf` (weight 1), `beside` (weight 2) and `third` (weight 1) are company goals of one strategy, none
with a measure. Crew, whose mission serves `leaf`, has "Climb" (2 weeks, linked to `leaf`) and "Split" (2 weeks, linked
to `third` with a share of all, and to `beside` with what that leaves); Others, serving `beside`, has "Steady" (4 weeks,
linked to `beside`). So the top goals have 2, 4 and 2 of 8 weeks, which is what their weights ask.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from alignment.enums import Subject
from alignment.models import Flag, Link
from alignment.refresh.recompute import recompute_alignment
from strategy.models import Goal, Strategy
from teams.models import Initiative, Person, Team
from tests import factories as make
from tests.factories import DAY, NOW

TOMORROW = NOW + dt.timedelta(days=1)
"""When people edit: the figures are still those of DAY."""


@dataclass
class Hills:
    """`by` is who edits, and when."""

    admin: Person
    plan: Strategy
    goals: dict[str, Goal]
    crew: Team
    others: Team
    work: dict[str, Initiative]
    links: dict[str, Link]

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.admin, "at": TOMORROW}


def build_hills() -> Hills:
    plan = make.StrategyFactory(key="plan")
    top = make.GoalFactory(key="top", strategy=plan)
    middle = make.GoalFactory(key="middle", parent=top)
    leaf = make.GoalFactory(key="leaf", parent=middle)
    beside = make.GoalFactory(key="beside", strategy=plan, weight=2)
    third = make.GoalFactory(key="third", strategy=plan)
    crew = make.TeamFactory(key="crew", mission="We climb.")
    others = make.TeamFactory(key="others", mission="We stay.")
    make.MissionGoalFactory(team=crew, goal=leaf)
    make.MissionGoalFactory(team=others, goal=beside)
    work = {
        key: make.InitiativeFactory(key=key, team=team, effort=effort)
        for key, team, effort in (("climb", crew, 2), ("split", crew, 2), ("steady", others, 4))
    }
    links = {
        "climb": make.LinkFactory(initiative=work["climb"], goal=leaf),
        "split": make.LinkFactory(initiative=work["split"], goal=third, share=1),
        "rest": make.LinkFactory(initiative=work["split"], goal=beside),
        "steady": make.LinkFactory(initiative=work["steady"], goal=beside),
    }
    goals = {goal.key: goal for goal in (top, middle, leaf, beside, third)}
    hills = Hills(make.AdminFactory(), plan, goals, crew, others, work, links)
    recompute_alignment(as_of=DAY, at=NOW)
    return hills


def open_flags() -> set[tuple[str, str]]:
    """Code and key."""
    keys = Flag.objects.open().values_list("code", *(f"{subject}__key" for subject in Subject.values))
    return {(code, next(key for key in of if key)) for code, *of in keys}


def of(code: str, *keys: str) -> set[tuple[str, str]]:
    return {(code, key) for key in keys}
