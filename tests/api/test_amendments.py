"""The open amendment: what it plans, and to whom it is told."""

from __future__ import annotations

import pytest

from strategy.models import Goal, Measure, Strategy
from tests import factories as make
from tests.api.conftest import LOWER, UPPER

ADDRESS = "/api/v1/strategies/plan/amendment/"


@pytest.fixture
def amendment(company):
    """A leader plans another weight, a move, and another target of a measure."""
    plan = Strategy.objects.get(key="plan")
    lea = make.LeaderFactory(email="lea@example.com")
    opened, below = Goal.objects.get(key="open"), Goal.objects.get(key="below-open")
    made = make.AmendmentFactory(strategy=plan, opened_by=lea, because="We know more.")
    by = {"amendment": made, "person": lea}
    make.AmendmentEditFactory(**by, kind="goal", goal=opened, changes={"weight": ["2.5", "4"]}, meaning_changed=None)
    moved = {"parent": [opened.pk, None], "strategy": [None, plan.pk]}
    make.AmendmentEditFactory(**by, kind="move", goal=below, changes=moved)
    measure = Measure.objects.filter(goal=opened).first() or make.MeasureFactory(goal=opened)
    make.AmendmentEditFactory(**by, kind="measure", goal=opened, measure=measure, changes={"target": ["10", "20"]})
    make.AmendmentEditFactory(**by, kind="strategy", changes={})
    return measure


@pytest.mark.parametrize("role", UPPER)
def test_amendment_says_what_is_planned(role, amendment, signed_in):
    told = signed_in(role).get(ADDRESS).json()
    assert (told["opened_by"], told["because"]) == ("lea@example.com", "We know more.")
    weight, move, target = told["edits"]
    assert (weight["kind"], weight["goal"], weight["changes"]) == ("goal", "open", {"weight": ["2.5", "4"]})
    assert (move["goal"], move["changes"]) == ("below-open", {"parent": ["open", None], "strategy": [None, "plan"]})
    assert (target["measure"], target["by"]) == (amendment.key, "lea@example.com")


@pytest.mark.parametrize("role", LOWER)
def test_amendment_is_not_there_for_others(role, amendment, signed_in):
    assert signed_in(role).get(ADDRESS).status_code == 404


def test_owner_reads_it_without_goals_that_are_not_for_them(amendment, signed_in):
    hidden = Goal.objects.get(key="hidden")
    plan = Strategy.objects.get(key="plan")
    make.AmendmentEditFactory(amendment=plan.amendments.get(), kind="goal", goal=hidden, changes={"why": ["", "So."]})
    client = signed_in("member")
    plan.owner_id = int(client.session["_auth_user_id"])
    plan.save()
    assert [edit["goal"] for edit in client.get(ADDRESS).json()["edits"]] == ["open", "below-open", "open"]
