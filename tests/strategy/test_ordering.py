"""Goals stand beside each other in the order that leaders gave them; no figure and no version follows it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from alignment.models import Recompute
from alignment.selectors.goals import goal_trees
from lib.services.errors import RefusedError
from strategy.models import Goal, Strategy
from strategy.services import ordering
from strategy.services.goals import create_goal
from strategy.services.ordering import order_goals
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, form_to, message_of, page_text, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Strategy:
    """Its goals stand as Heavy, Alpha, Beta: the heaviest first, then by title."""
    strategy = make.StrategyFactory(key="plan", title="The plan")
    for title, weight in (("Beta", 1), ("Alpha", 1), ("Heavy", 3)):
        make.GoalFactory(key=title.lower(), title=title, strategy=strategy, weight=weight)
    return strategy


def ids(*keys: str) -> list[int]:
    return [Goal.objects.get(key=key).pk for key in keys]


def order(place: Strategy | Goal, seen: list[int], goals: list[int], actor=None) -> int:
    return order_goals(place, actor=actor or make.LeaderFactory(), at=NOW, seen=seen, goals=goals)


def titles(strategy: Strategy) -> list[str]:
    trees = goal_trees(make.PersonFactory(), [strategy.pk], depth=2)[strategy.pk]
    return [node.goal.title for node in trees]


def test_heaviest_stand_first_until_somebody_orders_them(plan):
    assert titles(plan) == ["Heavy", "Alpha", "Beta"]
    assert order(plan, ids("heavy", "alpha", "beta"), ids("beta", "heavy", "alpha")) == 3
    assert titles(plan) == ["Beta", "Heavy", "Alpha"]


def test_new_goal_stands_after_those_that_were_placed(plan):
    order(plan, ids("heavy", "alpha", "beta"), ids("beta", "heavy", "alpha"))
    create_goal(actor=make.LeaderFactory(), at=NOW, title="Another", strategy=plan, weight=9)
    assert titles(plan) == ["Beta", "Heavy", "Alpha"]  # a draft, which a member does not see
    Goal.objects.filter(title="Another").update(status="active")
    assert titles(plan) == ["Beta", "Heavy", "Alpha", "Another"]


def test_order_is_logged_and_neither_counts_as_an_edit_nor_recomputes(plan):
    before = Recompute.objects.count()
    was, now = ids("heavy", "alpha", "beta"), ids("alpha", "heavy", "beta")
    order(plan, was, now)
    assert {*Goal.objects.values_list("version", flat=True)} == {1}
    assert Recompute.objects.count() == before
    entry = LogEntry.objects.get()
    assert (entry.action, entry.subject_id) == ("strategy.goals_ordered", plan.pk)
    assert entry.note == {"before": was, "after": now}
    assert order(plan, now, now) == 0
    assert LogEntry.objects.count() == 1


def test_order_that_somebody_else_changed_meanwhile_is_refused(plan):
    was = ids("heavy", "alpha", "beta")
    order(plan, was, ids("beta", "heavy", "alpha"))
    for seen, goals in ((was, was[::-1]), (was[:2], was), (ids("beta", "heavy", "alpha"), was[:2])):
        with pytest.raises(RefusedError, match="This is how they stand now"):
            order(plan, seen, goals)
    assert titles(plan) == ["Beta", "Heavy", "Alpha"]


def test_goal_that_the_reader_does_not_see_keeps_its_place():
    above = make.GoalFactory(key="above", strategy=make.StrategyFactory(), owner=make.PersonFactory())
    for title in ("A", "B", "C"):
        make.GoalFactory(
            key=title.lower(), title=title, parent=above, visibility="leaders" if title == "B" else "company"
        )
    order(above, ids("a", "c"), ids("c", "a"), actor=above.owner)
    assert [*Goal.objects.exclude(position=None).order_by("position").values_list("title", flat=True)] == [
        "C",
        "B",
        "A",
    ]


def test_who_may_not_edit_the_goal_above_does_not_order_what_is_below(plan):
    with pytest.raises(PermissionDenied):
        order(plan, [], [], actor=make.PersonFactory())
    with pytest.raises(PermissionDenied):
        order(Goal.objects.get(key="heavy"), [], [], actor=make.PersonFactory())


def test_more_goals_than_there_are_positions_are_not_ordered(plan, monkeypatch):
    monkeypatch.setattr(ordering, "POSITIONS", 2)
    with pytest.raises(RefusedError, match="nobody orders by hand"):
        order(plan, ids("heavy", "alpha"), ids("alpha", "heavy"))


def moved(client: Client, address: str, move: str) -> list[str]:
    """The goals on the page after its button `move` was pressed, without scripts."""
    page = client.get(address)
    return texts_of(client.post(address, fields_of(form_to(page, "")) | {"move": move}), ".order__title")


def test_button_moves_a_goal_by_one_and_saves_nothing(plan):
    client, address = signed_in(make.LeaderFactory()), "/strategies/plan/order/"
    (alpha,) = ids("alpha")
    assert moved(client, address, f"{alpha} up") == ["Alpha", "Heavy", "Beta"]
    assert moved(client, address, f"{alpha} down") == ["Heavy", "Beta", "Alpha"]
    for nothing in ("", "0 up", f"{alpha} sideways", f"{ids('heavy')[0]} up"):
        assert moved(client, address, nothing) == ["Heavy", "Alpha", "Beta"]
    assert not Goal.objects.exclude(position=None).exists()


def test_page_saves_the_order_as_it_stands(plan):
    client, address = signed_in(make.LeaderFactory()), "/strategies/plan/order/"
    assert "Order its goals" in page_text(client.get("/strategies/plan/"))
    data = fields_of(form_to(client.get(address), "")) | {"goal": ids("beta", "alpha", "heavy")}
    page = client.post(address, data, follow=True)
    assert message_of(page) == "They stand in this order now."
    assert titles(plan) == ["Beta", "Alpha", "Heavy"]

    late = fields_of(form_to(client.get(address), "")) | {"seen": data["seen"]}
    page = client.post(address, late)
    assert "This is how they stand now" in page_text(page, 422)
    assert fields_of(form_to(page, ""))["seen"] == [str(pk) for pk in ids("beta", "alpha", "heavy")]


def test_goals_below_a_goal_are_listed_in_their_order(plan):
    above = Goal.objects.get(key="heavy")
    for title in ("One", "Two"):
        make.GoalFactory(key=title.lower(), title=title, parent=above)
    client = signed_in(make.LeaderFactory())
    assert "Order the goals below" in page_text(client.get("/goals/heavy/"))
    order(above, ids("one", "two"), ids("two", "one"))
    links = texts_of(client.get("/goals/heavy/"), "a")
    assert links.index("Two") < links.index("One")
    assert "Order the goals below" not in page_text(signed_in(make.PersonFactory()).get("/goals/heavy/"))
