"""What becomes of measures, and of links that name them, when goals move, and what is taken back.

Growth holds Sales and Service; Shops is below Sales and holds Corner. Each goal has a measure of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from alignment.models import Link
from lib.services.errors import RefusedError
from strategy.enums import GoalStatus
from strategy.models import CheckIn, Goal, Measure
from strategy.services.goals import move_goal, remove_goal
from strategy.services.measures import (
    NO_CHECK_IN,
    NOT_THE_LAST,
    TAKEN_BACK,
    check_in,
    create_measure,
    edit_measure,
    remove_measure,
    undo_check_in,
)
from teams.models import LogEntry, Person
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@dataclass
class Tree:
    leader: Person
    goals: dict[str, Goal]
    measures: dict[str, Measure]

    def aim(self, goal: str, measure: str) -> Link:
        """A link to `goal` that expects a change of the measure of `measure`."""
        return make.LinkFactory(goal=self.goals[goal], measure=self.measures[measure], expected_change=2)

    def move(self, goal: str, **place: Any) -> None:
        row = Goal.objects.get(pk=self.goals[goal].pk)
        move_goal(row, actor=self.leader, at=NOW, version=row.version, **place)


@pytest.fixture
def tree() -> Tree:
    goals: dict[str, Goal] = {"growth": make.GoalFactory(key="growth")}
    for key, above in (("sales", "growth"), ("service", "growth"), ("shops", "sales"), ("corner", "shops")):
        goals[key] = make.GoalFactory(key=key, parent=goals[above])
    return Tree(make.LeaderFactory(), goals, {key: make.MeasureFactory(goal=goal) for key, goal in goals.items()})


def last() -> dict[str, Any]:
    """What the last entry says changed, and its note."""
    entry = LogEntry.objects.latest("id")
    return entry.changes | entry.note


def aims(links: dict[str, Link]) -> set[str]:
    """The names of the links that still have their measure; each has the change it expected exactly as long."""
    for link in links.values():
        link.refresh_from_db()
    assert all((link.measure is None) == (link.expected_change is None) for link in links.values())
    return {name for name, link in links.items() if link.measure is not None}


def test_only_links_that_are_no_longer_above_what_moved_lose_its_measures(tree: Tree) -> None:
    links = {
        f"{goal} by {measure}": tree.aim(goal, measure)
        for goal, measure in (
            *(("growth", measure) for measure in ("growth", "shops", "corner")),
            *(("sales", measure) for measure in ("sales", "shops", "corner")),
            *(("shops", measure) for measure in ("shops", "corner")),
            ("corner", "corner"),
        )
    }
    lost = {"sales by shops", "sales by corner"}

    tree.move("shops", parent=tree.goals["service"])

    assert aims(links) == {*links} - lost
    assert last()["links"] == sorted(links[name].pk for name in lost)


def test_goal_that_goes_to_the_top_leaves_every_link_above_without_its_measure(tree: Tree) -> None:
    links = {goal: tree.aim(goal, "shops") for goal in ("growth", "sales", "shops")}

    tree.move("shops", strategy=make.StrategyFactory())

    assert aims(links) == {"shops"}
    assert last()["links"] == [links["growth"].pk, links["sales"].pk]


def test_goal_that_only_goes_deeper_takes_no_measure_from_anybody(tree: Tree) -> None:
    links = {goal: tree.aim(goal, "service") for goal in ("growth", "service")}

    tree.move("service", parent=tree.goals["corner"])

    assert aims(links) == {*links}
    assert "links" not in last()


def test_goal_that_stays_where_it_is_takes_no_measure_from_anybody(tree: Tree) -> None:
    links = {goal: tree.aim(goal, "shops") for goal in ("growth", "sales")}

    tree.move("shops", parent=tree.goals["sales"])

    assert aims(links) == {*links}
    assert not LogEntry.objects.exists()


def test_goal_that_moves_straight_back_brings_the_measures_back(tree: Tree) -> None:
    links = {"sales": tree.aim("sales", "shops")}

    tree.move("shops", parent=tree.goals["service"])
    tree.move("shops", parent=tree.goals["sales"])

    assert aims(links) == {"sales"}
    assert "links" not in last()
    assert Measure.objects.get(pk=tree.measures["shops"].pk).goal == tree.goals["shops"]


def test_goal_that_comes_back_another_way_does_not_bring_the_measures_back(tree: Tree) -> None:
    links = {"sales": tree.aim("sales", "shops")}

    tree.move("shops", parent=tree.goals["service"])
    tree.move("shops", parent=tree.goals["growth"])
    tree.move("shops", parent=tree.goals["sales"])

    assert aims(links) == set()


def test_removed_draft_takes_only_its_own_measures_along(tree: Tree) -> None:
    Goal.objects.filter(pk=tree.goals["corner"].pk).update(status=GoalStatus.DRAFT)
    links = {measure: tree.aim("growth", measure) for measure in ("growth", "corner")}
    corner = Goal.objects.get(key="corner")

    remove_goal(corner, actor=tree.leader, at=NOW, version=corner.version)

    assert aims(links) == {"growth"}
    assert last()["links"] == [links["corner"].pk]
    assert set(Measure.objects.values_list("goal__key", flat=True)) == {"growth", "sales", "service", "shops"}


def test_removed_measure_leaves_the_others_to_the_links_that_name_them(tree: Tree) -> None:
    links = {f"{goal} by {measure}": tree.aim(goal, measure) for goal in ("growth",) for measure in ("sales", "shops")}
    links["sales by sales"] = tree.aim("sales", "sales")
    sales = tree.measures["sales"]

    remove_measure(sales, actor=tree.leader, at=NOW, version=sales.version)

    assert aims(links) == {"growth by shops"}
    data = last()
    assert data["links"] == sorted([links["growth by sales"].pk, links["sales by sales"].pk])
    assert (data["goal"][0], data["title"][0], data["current"][0]) == (tree.goals["sales"].pk, sales.title, "4")


def test_measure_may_start_at_nothing_although_its_baseline_is_more(tree: Tree) -> None:
    given: dict[str, Any] = {"baseline": Decimal(9), "target": Decimal(20)}
    made = create_measure(
        tree.goals["sales"], actor=tree.leader, at=NOW, title="Shops", unit=" of ten ", current=Decimal(0), **given
    )

    assert (made.baseline, made.current, made.unit) == (9, 0, "of ten")
    assert (last()["current"], last()["baseline"]) == ([None, "0"], [None, "9"])


def test_edit_of_the_baseline_leaves_where_it_stands_once_that_is_elsewhere(tree: Tree) -> None:
    row = tree.measures["sales"]  # from 0, stands at 4
    said: dict[str, Any] = {"title": row.title, "unit": "", "target": Decimal(10)}

    assert edit_measure(row, actor=tree.leader, at=NOW, version=1, baseline=Decimal(2), **said).current == 4


def stand(tree: Tree, value: int) -> CheckIn:
    row = Measure.objects.get(pk=tree.measures["sales"].pk)
    return check_in(row, actor=tree.leader, at=NOW, version=row.version, value=Decimal(value))


def test_undo_of_an_undo_stands_where_it_stood(tree: Tree) -> None:
    made = stand(tree, 7)
    back = undo_check_in(made, actor=tree.leader, at=NOW)
    again = undo_check_in(back, actor=tree.leader, at=NOW + dt.timedelta(hours=1))

    assert [back.value, again.value] == [4, 7]
    assert [row.note for row in (made, back, again)] == ["", TAKEN_BACK, TAKEN_BACK]
    assert Measure.objects.get(pk=made.measure_id).current == 7
    assert (last()["undoes"], last()["current"]) == (back.pk, ["4", "7"])
    with pytest.raises(RefusedError, match="since"):
        undo_check_in(made, actor=tree.leader, at=NOW)


def test_undo_needs_the_measure_to_stand_where_the_check_in_left_it(tree: Tree) -> None:
    made = stand(tree, 7)
    Measure.objects.filter(pk=made.measure_id).update(current=8)

    with pytest.raises(RefusedError) as refused:
        undo_check_in(made, actor=tree.leader, at=NOW)
    assert str(refused.value) == NOT_THE_LAST


def test_undo_of_what_the_log_does_not_know_is_refused(tree: Tree) -> None:
    """As of a check-in that came with an import."""
    imported = CheckIn.objects.create(measure=tree.measures["sales"], at=NOW, value=Decimal(4))

    with pytest.raises(RefusedError) as refused:
        undo_check_in(imported, actor=tree.leader, at=NOW)
    assert str(refused.value) == NOT_THE_LAST


@pytest.mark.parametrize("status", [GoalStatus.ACHIEVED, GoalStatus.MISSED, GoalStatus.DROPPED])
def test_undo_of_a_check_in_of_a_closed_goal_is_refused(tree: Tree, status: str) -> None:
    made = stand(tree, 7)
    closed = {"status": status, "closed_on": make.DAY, "closing_reason": "Over."}
    Goal.objects.filter(key="sales").update(**closed)

    with pytest.raises(RefusedError) as refused:
        undo_check_in(CheckIn.objects.get(pk=made.pk), actor=tree.leader, at=NOW)
    assert str(refused.value) == NO_CHECK_IN
