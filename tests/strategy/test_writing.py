"""The goals of a strategy are written as one tree: in one form, saved at once or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lib.services.errors import RefusedError
from strategy.models import Goal, Strategy
from strategy.services.goals import edit_goal, remove_goal
from strategy.services.ordering import order_goals
from strategy.services.preparing.writing import GoalRow, write_goals
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, form_to, links_named, message_of, page_text, texts_of
from tests.strategy.conftest import signed_in
from web.strategy.row_tree import STEPS, RowTree

ADDRESS = "/strategies/plan/goals/"


@pytest.fixture
def plan(db) -> Strategy:
    """A draft: A, with B and C below it, and D."""
    strategy = make.StrategyFactory(key="plan", title="The plan", status="draft")
    a = goal("A", strategy=strategy)
    goal("B", parent=a)
    goal("C", parent=a)
    goal("D", strategy=strategy)
    return strategy


@pytest.fixture
def leader(plan) -> Client:
    return signed_in(make.LeaderFactory(name="Lea Leader", email="lea@example.com"))


def goal(title: str, **values: Any) -> Goal:
    return make.GoalFactory(
        **{"key": title.lower().replace(" ", "-"), "title": title, "status": "draft", "weight": 1, **values}
    )


def of(title: str) -> Goal:
    return Goal.objects.get(title=title)


def tree() -> dict[str, list[str]]:
    """Titles by that of the goal above, in their order."""
    found: dict[str, list[str]] = {}
    rows = Goal.objects.select_related("parent").order_by("position", "weight", "title")
    for row in rows:
        found.setdefault(row.parent.title if row.parent else "", []).append(row.title)
    return found


def sheet(client: Client) -> dict[str, Any]:
    return fields_of(form_to(client.get(ADDRESS), ""))


def named(name: str, title: str) -> str:
    return f"{name}-{of(title).pk}"


def test_whole_tree_is_saved_at_once(leader):
    data = sheet(leader)
    data |= {
        named("title", "B"): "B, said better",
        named("below", "C"): "n1",
        "title-n1": "New",
        "below-n1": of("D").pk,
        "weight-n1": "1",
        named("weight", "D"): "2,5",
        named("ends_on", "D"): "2027-03-31",
        named("owner", "A"): "lea@example.com",
    }
    done = leader.post(ADDRESS, data, follow=True)
    assert message_of(done) == "Saved: 1 goal added, 4 goals changed."
    assert tree() == {"": ["A", "D"], "A": ["B, said better"], "D": ["New"], "New": ["C"]}
    assert (str(of("D").weight), str(of("D").ends_on)) == ("2.5000", "2027-03-31")
    assert of("A").owner == of("New").owner
    assert of("New").status == "draft"
    told = [*LogEntry.objects.order_by("pk").values_list("action", flat=True)]
    assert sorted(told) == ["goal.created", "goal.edited", "goal.edited", "goal.edited", "goal.moved"]
    assert message_of(leader.post(ADDRESS, sheet(leader), follow=True)) == "Nothing was changed."


def test_buttons_move_and_add_rows_without_saving(leader):
    data = sheet(leader) | {"title-n1": "New"}

    def pressed(button: str) -> list[str]:
        nonlocal data
        page = leader.post(ADDRESS, data | {"move": button})
        assert page.status_code == 200
        data = fields_of(form_to(page, ""))
        rows = page.context["rows"]
        return [f"{'-' * row.depth}{row.name}" for row in rows]

    assert pressed("n1 in") == ["A", "-B", "-C", "D", "-New"]
    assert pressed(f"{of('D').pk} up") == ["D", "-New", "A", "-B", "-C"]
    assert pressed(f"{of('C').pk} out") == ["D", "-New", "A", "-B", "C"]
    assert pressed("n1 add") == ["D", "-New", "--New goal 2", "A", "-B", "C"]
    assert Goal.objects.count() == 4
    done = leader.post(ADDRESS, data | {"title-n2": "Newer"}, follow=True)
    assert message_of(done) == "Saved: 2 goals added, 1 goal changed."
    assert tree() == {"": ["D", "A", "C"], "A": ["B"], "D": ["New"], "New": ["Newer"]}


def test_what_is_wrong_is_said_in_its_row_and_nothing_is_saved(leader):
    data = sheet(leader)
    data |= {"title-n1": "New", named("title", "B"): "", named("weight", "D"): "0", named("owner", "C"): "Nobody Here"}
    data |= {named("below", "A"): of("B").pk}
    page = leader.post(ADDRESS, data)
    text = page_text(page, 422)
    for said in ("Say in a line", "Give a number above 0", "Nobody active here", "below itself"):
        assert said in text
    assert fields_of(form_to(page, ""))["title-n1"] == "New"
    assert Goal.objects.count() == 4

    make.GoalFactory(title="Theirs", parent=of("C"), team=make.TeamFactory())
    data = sheet(leader) | {"title-n1": "New", named("removed", "C"): "on"}
    page = leader.post(ADDRESS, data)
    assert "There are goals below “C”" in texts_of(page, ".errorlist")[0]
    assert not Goal.objects.filter(title="New").exists()


def test_drafts_are_removed_with_what_is_below_them(leader):
    data = sheet(leader) | {named("removed", title): "on" for title in "ABC"}
    assert message_of(leader.post(ADDRESS, data, follow=True)) == "Saved: 3 goals removed."
    assert tree() == {"": ["D"]}


def test_stale_row_shows_both_texts_and_keeps_what_only_another_changed(leader):
    other = make.LeaderFactory()
    data = sheet(leader)
    edit_goal(of("B"), actor=other, at=NOW, version=1, title="B of theirs")
    edit_goal(of("D"), actor=other, at=NOW, version=1, weight=3)
    mine = data | {"title-n1": "New", f"title-{of('B of theirs').pk}": "B of mine", named("title", "D"): "D of mine"}
    page = leader.post(ADDRESS, mine)
    text = page_text(page, 409)
    assert "B of theirs" in text
    assert "B of mine" in text
    assert not Goal.objects.filter(title__in=["New", "D of mine"]).exists()
    done = leader.post(ADDRESS, fields_of(form_to(page, "")), follow=True)
    assert message_of(done) == "Saved: 1 goal added, 2 goals changed."
    assert (of("B of mine").parent, of("D of mine").weight) == (of("A"), 3)


def test_row_that_another_removed_or_started_is_told_and_lost_by_nobody(leader):
    data = sheet(leader) | {named("title", "C"): "C, typed", named("title", "D"): "D, typed"}
    remove_goal(of("C"), actor=make.LeaderFactory(), at=NOW, version=1)
    Goal.objects.filter(title="D").update(status="active")
    page = leader.post(ADDRESS, data)
    assert "Somebody else removed this goal" in page_text(page, 422)
    assert "“D” became active while you had it open, so “D, typed” was not saved" in page_text(page, 422)
    assert message_of(leader.post(ADDRESS, fields_of(form_to(page, "")), follow=True)) == "Saved: 1 goal added."
    assert tree() == {"": ["A", "D"], "A": ["B", "C, typed"]}


def test_order_of_somebody_else_stays_unless_both_ordered(leader, plan):
    data = sheet(leader)
    ids = [of("A").pk, of("D").pk]
    order_goals(plan, actor=make.LeaderFactory(), at=NOW, seen=ids, goals=ids[::-1])
    assert message_of(leader.post(ADDRESS, data | {named("title", "B"): "B2"}, follow=True)).startswith("Saved")
    assert tree()[""] == ["D", "A"]
    late = sheet(leader) | {name: data[name] for name in ("seen", "row")} | {"title-n1": "New"}
    page = leader.post(ADDRESS, late)
    assert "order them again" in page_text(page, 422)
    leader.post(ADDRESS, fields_of(form_to(page, "")))
    assert tree()[""] == ["A", "D", "New"]


def test_published_goals_are_shown_and_drafts_below_them_written(leader, plan):
    plan.status = "published"
    plan.save()
    Goal.objects.exclude(title="C").update(status="active", visibility="company")
    Goal.objects.filter(title="D").update(status="achieved")
    make.MeasureFactory(goal=of("A"))
    page = leader.get(ADDRESS)
    assert texts_of(page, "[data-rows] .chip") == ["Status: Active", "Status: Active", "Status: Achieved"]
    assert texts_of(page, "a.small") == [
        *("More of A", "1 measure of A", "More of B", "Add a measure of B", "More of C", "Add a measure of C"),
        "More of D",
    ]
    a, b = (f"/goals/{of(title).key}/" for title in "AB")
    ways = {name: links_named(page, name) for name in ("More of A", "1 measure of A", "Add a measure of B")}
    assert ways == {
        "More of A": [f"{a}edit/"],
        "1 measure of A": [a],
        "Add a measure of B": [f"{b}measures/new/"],
    }
    data = fields_of(form_to(page, ""))
    assert named("title", "A") not in data
    assert "What is published is edited by its own form" in page_text(page)
    sly = {named("title", "A"): "Changed", named("below", "B"): "", named("removed", "B"): "on"}
    data |= {named("title", "C"): "C2", "title-n1": "New", "below-n1": of("B").pk, **sly}
    assert message_of(leader.post(ADDRESS, data, follow=True)) == "Saved: 1 goal added, 1 goal changed."
    assert tree() == {"": ["A", "D"], "A": ["B", "C2"], "B": ["New"]}


def test_page_has_as_many_queries_with_many_goals(leader, plan, django_assert_max_num_queries):
    for number in range(210):
        goal(f"Goal {number:03}", strategy=plan, owner=make.PersonFactory() if number < 9 else None)
    with django_assert_max_num_queries(12):
        page = leader.get(ADDRESS)
    assert "It has 14 more goals" in page_text(page)
    assert len(page.context["rows"]) == 201
    data = fields_of(form_to(page, "")) | {named("removed", f"Goal {number:03}"): "on" for number in range(190)}
    done = leader.post(ADDRESS, data | {"move": "add"})
    assert len(done.context["rows"]) == 202


def test_others_neither_write_nor_see_it(plan):
    with pytest.raises(PermissionDenied):
        write_goals(plan, actor=make.PersonFactory(), at=NOW, rows=[], seen=[])


def test_service_moves_a_goal_below_one_that_was_below_it(plan):
    rows = [GoalRow("b", goal=of("B"), version=1), GoalRow("a", "b", goal=of("A"), version=1)]
    written = write_goals(plan, actor=make.LeaderFactory(), at=NOW, rows=rows, seen=[])
    assert (written.changed, tree()) == (2, {"": ["B", "D"], "A": ["C"], "B": ["A"]})


def test_service_refuses_a_row_by_its_name(plan):
    by: dict[str, Any] = {"actor": make.LeaderFactory(), "at": NOW, "seen": []}
    with pytest.raises(ValidationError) as wrong:
        write_goals(plan, rows=[GoalRow("new", values={"title": ""})], **by)
    assert [*wrong.value.error_dict] == ["title-new"]
    with pytest.raises(RefusedError):
        write_goals(plan, rows=[GoalRow("a", goal=of("A"), version=7, values={"title": "Late"})], **by)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(STEPS)), max_size=12))
def test_moves_keep_every_row_once_and_are_taken_back(moves):
    row_tree = RowTree("abcdef", {"b": "a", "c": "a", "d": "c"})
    for key, step in moves:
        before = row_tree.rows()
        row_tree.move(key, step)
        after = row_tree.rows()
        assert sorted(each for each, _depth in after) == [*"abcdef"]
        assert RowTree(row_tree.keys, row_tree.below).misplaced == []
        if step in {"up", "down"} and after != before:
            row_tree.move(key, "down" if step == "up" else "up")
            assert row_tree.rows() == before


def test_rows_in_a_circle_are_at_the_top():
    row_tree = RowTree("abcd", {"a": "b", "b": "a", "c": "b", "d": "z"})
    assert row_tree.misplaced == [*"abcd"]
    assert row_tree.rows() == [(key, 0) for key in "abcd"]


def test_strategy_begins_with_an_outline_of_drafts(leader):
    assert "Begin with an outline" in page_text(leader.get("/strategies/new/"))
    address = "/strategies/new/?outline=yes"
    data = fields_of(form_to(leader.get(address), ""))
    assert "## What we leave for later" in data["narrative"]
    done = leader.post(address, data | {"title": "Our first"}, follow=True)
    assert "Write your own over them" in message_of(done)
    made = Strategy.objects.get(title="Our first")
    goals = Goal.objects.filter(strategy=made)
    assert [len(goals), {goal.status for goal in goals}, made.status] == [3, {"draft"}, "draft"]
    assert all(goal.title.startswith("Example: ") and goal.why and goal.measures.count() == 1 for goal in goals)
    assert "3 draft goals are named as an example." in page_text(leader.get(f"/strategies/{made.key}/"))

    del data["examples"]
    fresh = data | {"title": "Without", "sending": fields_of(form_to(leader.get(address), ""))["sending"]}
    leader.post(address, fresh)
    assert not Goal.objects.filter(strategy__title="Without").exists()
