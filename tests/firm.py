"""A small firm whose figures can be worked by hand, computed by the engine as of DAY.

Search (below Product) has 8 person-weeks of its own: "Faster" 4, all of it on goals that count; "Lost" 3, linked to a
draft goal, and assigned; "Loose" 1, not sized and not linked. Product has 6 of its own: "Half" 2 with one link of share
0.5; "Look" 2, an exploration; "Hush" 2, on a goal that is for leaders. Ops has "Keep", 5 weeks of upkeep, and "Later"
which is paused. Quiet has nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from alignment.refresh.recompute import recompute_alignment
from strategy.enums import GoalStatus, Visibility
from strategy.models import Goal, Strategy
from teams.enums import InitiativeKind, InitiativeStatus, Origin, Role
from teams.models import Initiative, Person, Team
from tests import factories as make
from tests.factories import DAY, NOW

SECRET = "Hidden aim"


@dataclass
class Firm:
    member: Person
    leader: Person
    product: Team
    search: Team
    quiet: Team
    ops: Team
    strategy: Strategy
    growth: Goal
    retention: Goal
    draft: Goal
    secret: Goal
    work: dict[str, Initiative]

    def compute(self) -> None:
        recompute_alignment(as_of=DAY, at=NOW)


def build_firm() -> Firm:
    product = make.TeamFactory(key="product", name="Product", mission="People find what they need.")
    search = make.TeamFactory(key="search", name="Search", parent=product)
    quiet = make.TeamFactory(key="quiet", name="Quiet", parent=product)
    ops = make.TeamFactory(key="ops", name="Ops", stance="spotlight", stance_until=DAY - dt.timedelta(days=1))
    strategy = make.StrategyFactory(key="plan", title="The plan")
    growth = make.GoalFactory(key="growth", title="Growth", strategy=strategy)
    firm = Firm(
        member=make.PersonFactory(name="Mia Member"),
        leader=make.PersonFactory(name="Leo Leader", role=Role.LEADER),
        product=product,
        search=search,
        quiet=quiet,
        ops=ops,
        strategy=strategy,
        growth=growth,
        retention=make.GoalFactory(key="retention", title="Retention", parent=growth),
        draft=make.GoalFactory(key="draft", title="Some day", strategy=strategy, status=GoalStatus.DRAFT),
        secret=make.GoalFactory(key="hidden", title=SECRET, strategy=strategy, visibility=Visibility.LEADERS),
        work={},
    )
    _work(firm)
    _links(firm)
    firm.compute()
    return firm


def _work(firm: Firm) -> None:
    soon = DAY + dt.timedelta(days=30)
    work: list[tuple[str, Team, dict[str, Any]]] = [
        ("faster", firm.search, {"effort": 4}),
        ("lost", firm.search, {"effort": 3, "origin": Origin.ASSIGNED}),
        ("loose", firm.search, {"effort": None}),
        ("half", firm.product, {"effort": 2}),
        ("look", firm.product, {"effort": 2, "kind": InitiativeKind.EXPLORE, "ends_on": soon}),
        ("hush", firm.product, {"effort": 2}),
        ("keep", firm.ops, {"effort": 5, "kind": InitiativeKind.SUSTAIN}),
        ("later", firm.ops, {"effort": 1, "status": InitiativeStatus.PAUSED}),
    ]
    for key, team, values in work:
        firm.work[key] = make.InitiativeFactory(key=key, title=key.capitalize(), team=team, **values)


def _links(firm: Firm) -> None:
    work = firm.work
    make.LinkFactory(initiative=work["faster"], goal=firm.retention, share="0.75", rationale="Speed keeps people.")
    make.LinkFactory(initiative=work["faster"], goal=firm.growth)
    make.LinkFactory(initiative=work["lost"], goal=firm.draft)
    make.LinkFactory(initiative=work["half"], goal=firm.retention, share="0.5")
    make.LinkFactory(initiative=work["hush"], goal=firm.secret, rationale="The hidden reason.")
