"""A strategy is carried over into its next period, goal by goal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from alignment.refresh.recompute import recompute_alignment
from alignment.selectors.successions import successions
from lib.services.errors import RefusedError
from strategy.enums import EditionKind, GoalStatus, MeasureKind, StrategyStatus
from strategy.models import Goal, GoalSuccessor, Measure, Strategy
from strategy.selectors.successors import successors_of
from strategy.services.carrying_over import CARRY, LEAVE, carry_over
from strategy.services.strategies import publish_strategy, remove_strategy
from teams.models import LogEntry
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import page_text
from tests.strategy.editions import begin_editions
from web.strategy.carrying import next_period

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def plan(leader):
    """Growth with Sales and Trust below, and below Trust its part Answers; Margin beside it; all with an end."""
    plan = make.StrategyFactory(
        key="plan", title="Plan 2026", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31), owner=leader
    )
    growth = make.GoalFactory(key="growth", title="Growth", strategy=plan, weight="2.5", position=1, owner=leader)
    trust = make.GoalFactory(key="trust", title="Trust", parent=growth)
    make.GoalFactory(key="sales", title="Sales", parent=growth)
    make.GoalFactory(key="answers", title="Answers", parent=trust)
    make.GoalFactory(key="margin", title="Margin", strategy=plan)
    make.GoalFactory(key="old", title="Old", strategy=plan, status=GoalStatus.MISSED)
    begin_editions()
    return plan


def fates(**by_key: str) -> dict[int, str]:
    return {Goal.objects.get(key=key).pk: fate for key, fate in by_key.items()}


def carried(plan, actor, chosen, **values) -> Strategy:
    values = {"title": "Plan 2027", "starts_on": None, "ends_on": None, "version": plan.version, **values}
    return carry_over(plan, actor=actor, at=NOW, fates=chosen, **values)


def after(key: str) -> Goal:
    return GoalSuccessor.objects.get(goal__key=key).successor


def test_goals_are_carried_with_their_measures_and_their_places(plan, leader):
    given = {"goal": Goal.objects.get(key="growth"), "unit": "a day", "baseline": 10}
    orders = make.MeasureFactory(title="Orders", target=20, current=14, **given)
    make.MeasureFactory(title="Reached", target=20, current=20, **given)
    make.MeasureFactory(
        title="Shop", kind=MeasureKind.MILESTONE, target=1, current=0, goal=Goal.objects.get(key="growth")
    )
    draft = carried(plan, leader, fates(growth=CARRY, trust=LEAVE, answers=CARRY), starts_on=dt.date(2027, 1, 1))

    assert (draft.status, draft.owner, draft.starts_on) == (StrategyStatus.DRAFT, leader, dt.date(2027, 1, 1))
    growth, answers = after("growth"), after("answers")
    assert (growth.status, growth.weight, growth.position, growth.owner) == ("draft", Decimal("2.5"), 1, leader)
    assert (growth.strategy, answers.parent, answers.title) == (draft, growth, "Answers")
    assert Goal.objects.filter(path__0=growth.pk).count() == 2
    stands = {each.title: (each.baseline, each.target, each.current) for each in Measure.objects.filter(goal=growth)}
    assert stands == {"Orders": (14, 20, 14), "Reached": (10, 20, 20), "Shop": (0, 1, 0)}
    assert Measure.objects.get(goal=growth, title="Orders").carries_on == orders
    assert plan.editions.count() == 1


def test_goal_says_what_it_said_and_is_owned_by_who_is_still_here(plan, leader):
    said = {
        "situation": "It is dear.",
        "why": "We must.",
        "boundaries": "No debts.",
        "kind": "aspirational",
        "visibility": "leaders",
    }
    Goal.objects.filter(key="growth").update(**said, owner=make.PersonFactory(is_active=False))
    carried(plan, leader, fates(growth=CARRY))

    copy = after("growth")
    assert {name: getattr(copy, name) for name in said} == said
    assert copy.owner is None


def test_goal_hangs_below_the_nearest_that_is_carried_too(plan, leader):
    carried(plan, leader, fates(growth=CARRY, trust=CARRY, answers=CARRY))

    assert (after("answers").parent, after("trust").parent) == (after("trust"), after("growth"))


def test_measure_keeps_its_keeper_unless_they_check_in_no_more(plan, leader):
    member = make.PersonFactory()
    for title, keeper in (("A", member), ("B", make.ViewerFactory()), ("C", make.PersonFactory(is_active=False))):
        make.MeasureFactory(title=title, goal=Goal.objects.get(key="growth"), keeper=keeper)
    carried(plan, leader, fates(growth=CARRY))

    copies = Measure.objects.filter(goal=after("growth")).order_by("title")
    assert [copy.keeper for copy in copies] == [member, None, None]


def test_closed_ones_close_for_a_reason_and_make_an_edition(plan, leader):
    chosen = fates(growth=CARRY, sales="missed", margin="achieved")
    with pytest.raises(ValidationError, match="Say why"):
        carried(plan, leader, chosen)
    assert not Strategy.objects.filter(title="Plan 2027").exists()
    carried(plan, leader, chosen, reason="It is over.")

    sales = Goal.objects.get(key="sales")
    assert (sales.status, sales.closed_on, sales.closing_reason) == ("missed", DAY, "It is over.")
    assert Goal.objects.get(key="margin").status == GoalStatus.ACHIEVED
    assert plan.editions.latest("number").kind == EditionKind.CLOSED


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"growth": CARRY, "sales": "missed"}, "goal.closed"),
        ({"growth": CARRY, "sales": "missed", "margin": "missed"}, "strategy.created"),
    ],
)
def test_what_closing_does_to_figures_is_told_as_closing(chosen, told, plan, leader, monkeypatch):
    causes = []
    monkeypatch.setattr("strategy.services.carrying_over.announce", lambda _changes, cause, at: causes.append(cause))
    carried(plan, leader, fates(**chosen), reason="It is over.")

    assert [LogEntry.objects.get(pk=cause).action for cause in causes] == [told]


def test_goal_that_carries_one_on_is_told_from_it(plan, leader):
    carried(plan, leader, fates(growth=CARRY))
    growth = Goal.objects.get(key="growth")
    beside = make.GoalFactory(title="Beside", strategy=plan)
    GoalSuccessor.objects.create(goal=growth, successor=beside)

    assert [(each.title, each.elsewhere) for each in successors_of(growth, leader)] == [
        ("Beside", ""),
        ("Growth", "Plan 2027"),
    ]


def test_nothing_carried_or_somebody_else_is_refused(plan, leader):
    for chosen in ({}, fates(growth=LEAVE), fates(old=CARRY)):
        with pytest.raises(RefusedError, match="Carry at least one"):
            carried(plan, leader, chosen)
    with pytest.raises(RefusedError, match="Change its dates"):
        carried(make.StrategyFactory(status="draft"), leader, {})
    with pytest.raises(PermissionDenied):
        carried(plan, make.PersonFactory(), fates(growth=CARRY))
    with pytest.raises(ValidationError, match="before the start"):
        carried(plan, leader, fates(growth=CARRY), starts_on=DAY, ends_on=DAY - dt.timedelta(days=1))


def test_removing_the_draft_leaves_all_as_it_was(plan, leader):
    before = list(Goal.objects.order_by("pk").values("pk", "version", "status"))
    draft = carried(plan, leader, fates(growth=CARRY, sales=CARRY))
    remove_strategy(draft, actor=leader, at=NOW, version=draft.version)

    assert list(Goal.objects.order_by("pk").values("pk", "version", "status")) == before
    assert not GoalSuccessor.objects.exists()


def test_links_become_suggestions_once_the_old_period_is_over(plan, leader):
    work = make.LinkFactory(goal=Goal.objects.get(key="sales")).initiative
    draft = carried(plan, leader, fates(growth=CARRY, sales=CARRY), starts_on=dt.date(2027, 1, 1))
    recompute_alignment(as_of=DAY, at=NOW)
    assert successions([work.pk], leader) == {}
    publish_strategy(draft, actor=leader, at=NOW, version=draft.version, because="")

    recompute_alignment(as_of=dt.date(2027, 3, 1), at=NOW + dt.timedelta(days=400))
    (found,) = successions([work.pk], leader)[work.pk]
    assert (found.link.goal.key, found.goal) == ("sales", after("sales"))
    assert found.said == "“Sales” does not count any more. A goal of the same title takes its place."


@pytest.mark.parametrize(
    ("first", "last", "then"),
    [
        ("2026-01-01", "2026-12-31", ("2027-01-01", "2027-12-31")),
        ("2025-11-01", "2026-02-28", ("2026-03-01", "2026-06-30")),
        ("2026-01-05", "2026-01-18", ("2026-01-19", "2026-02-01")),
        (None, "2026-12-31", ("2027-01-01", "None")),
        ("2026-01-01", None, ("None", "None")),
    ],
)
def test_next_period_is_as_long_as_this_one(first, last, then):
    days = [dt.date.fromisoformat(day) if day else None for day in (first, last)]
    found = next_period(Strategy(title="Plan 2026 to 2027", starts_on=days[0], ends_on=days[1], version=1))
    assert (str(found["starts_on"]), str(found["ends_on"])) == then
    assert found["title"] == "Plan 2027 to 2028"


def test_page_asks_for_each_goal_and_says_what_closing_would_do(plan, leader):
    client = Client()
    client.force_login(leader)
    page = client.get("/strategies/plan/next/")
    form = page.context["form"]
    labels = [str(field.label).strip("\u2068\u2069") for field in form.visible_fields()]
    assert [each.replace("\u2068", "").replace("\u2069", "") for each in labels[3:-1]] == [
        *("Growth", "– Sales", "– Trust", "– – Answers", "Margin"),
    ]
    typed = {name: form[name].value() or "" for name in form.fields} | {"opened": ""}
    typed |= {"starts_on": "2027-01-01", "ends_on": "2027-12-31"}
    sales = f"goal-{Goal.objects.get(key='sales').pk}"
    weighed = client.post("/strategies/plan/next/", {**typed, sales: "missed", "reason": "Over.", "weighed": "yes"})
    assert "What this would do" in page_text(weighed)
    assert not Strategy.objects.filter(status="draft").exists()
    saved = client.post("/strategies/plan/next/", typed, follow=True)
    assert "The draft of the next period is there." in page_text(saved)
    assert Strategy.objects.get(status="draft").title == "Plan 2027"

    measure = make.MeasureFactory(key="then", goal=Goal.objects.get(key="growth"), title="Orders then", current=7)
    make.MeasureFactory(key="now", goal=after("growth"), carries_on=measure)
    assert "It carries on Orders then of an earlier period" in page_text(client.get("/measures/now/check-ins/"))
