"""A company whose figures can be worked by hand, computed by the engine."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from alignment.refresh.recompute import recompute_alignment
from strategy.enums import GoalStatus, Visibility
from strategy.models import Goal, Strategy
from teams.models import Person, Team
from tests import factories as make
from tests.kept import Kept, keep


@dataclass
class Company:
    """12 person-weeks of work. Growth (weight 3) has 6 of them: 4 on Retention below it, of which 3 are through one of
    the two links of an initiative, and 2 of its own; Silence below it has none; Quality (weight 1) has 2; 4 are
    orphaned."""

    strategy: Strategy
    growth: Goal
    retention: Goal
    silence: Goal
    quality: Goal
    own: Goal
    team: Team
    other: Team


@pytest.fixture(scope="module")
def kept_company(whole_module: None) -> Kept[Company]:
    return keep(build_company(), {})


@pytest.fixture
def company(kept_company: Kept[Company], db: None) -> Company:
    return kept_company.copy()


def build_company() -> Company:
    strategy = make.StrategyFactory(key="plan", title="The plan", narrative="We want **two** things.\n\nAnd no third.")
    growth = make.GoalFactory(key="growth", title="Growth", strategy=strategy, weight=3)
    retention = make.GoalFactory(key="retention", title="Retention", parent=growth)
    silence = make.GoalFactory(key="silence", title="Silence", parent=growth)
    quality = make.GoalFactory(key="quality", title="Quality", strategy=strategy, weight=1)
    team, other = make.TeamFactory(key="one", name="One"), make.TeamFactory(key="two", name="Two")
    own = make.GoalFactory(key="own", title="A goal of our own", team=team)
    make.MeasureFactory(goal=growth, title="Customers", unit="a month", baseline=1000, current="1250.50", target=2000)
    both = make.InitiativeFactory(key="both", title="Both", team=team, effort=4)
    make.LinkFactory(initiative=both, goal=retention, share="0.75")
    make.LinkFactory(initiative=both, goal=growth)
    make.LinkFactory(initiative=make.InitiativeFactory(key="keep", title="Keep", team=other), goal=retention)
    make.LinkFactory(initiative=make.InitiativeFactory(key="grow", title="Grow", team=team), goal=growth)
    make.LinkFactory(
        initiative=make.InitiativeFactory(key="polish", title="Polish", team=other, effort=2), goal=quality
    )
    make.LinkFactory(initiative=make.InitiativeFactory(key="loose", title="Loose", team=team, effort=3), goal=own)
    make.InitiativeFactory(key="lost", title="Lost", team=other, effort=1)
    compute()
    return Company(strategy, growth, retention, silence, quality, own, team, other)


def compute() -> None:
    recompute_alignment(as_of=make.DAY, at=make.NOW)


def hide(goal: Goal) -> None:
    Goal.objects.filter(pk=goal.pk).update(visibility=Visibility.LEADERS)


def close(goal: Goal) -> None:
    Goal.objects.filter(pk=goal.pk).update(status=GoalStatus.MISSED)
    compute()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client
