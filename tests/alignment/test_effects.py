"""What an edit would do: a company worked by hand, and random ones against the naive implementation after the edit."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment import effects
from alignment.effects import (
    Effect,
    FirstRows,
    FlagEffect,
    GoalEffect,
    TeamEffect,
    WorkEffect,
    activating,
    archiving,
    closing,
    figures_day,
    moving,
    publishing,
)
from alignment.enums import FlagCode
from alignment.models import Flag, TeamFigures
from lib.services.errors import RefusedError
from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from tests.alignment.companies import Bundle, Drawn, Row, companies
from tests.alignment.naive import report as naive_report
from tests.alignment.test_report import move_in
from tests.examples import examples
from tests.factories import (
    DAY,
    NOW,
    GoalFactory,
    InitiativeFactory,
    LeaderFactory,
    LinkFactory,
    PersonFactory,
    RecomputeFactory,
    StrategyFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def about(figure: float) -> Any:
    """Equal to what differs by a rounding."""
    return pytest.approx(figure)


@pytest.fixture
def firm() -> Any:
    """10 weeks, 3 of them aligned: `checkout` (3) by way of `faster` below `grow`. `maps` (1) and `drones` (4) wait
    for the draft strategy, `tidy` (2) serves a goal of the team's own; of Search 3 weeks of 4 are aligned, of Ops 0 of
    6."""
    now, draft = StrategyFactory(), StrategyFactory(status=StrategyStatus.DRAFT)
    grow = GoalFactory(key="grow", title="Grow", strategy=now)
    faster = GoalFactory(key="faster", parent=grow)
    fly = GoalFactory(key="fly", strategy=draft, status=GoalStatus.DRAFT)
    high = GoalFactory(key="high", parent=fly, status=GoalStatus.DRAFT)
    far = GoalFactory(key="far", title="Far", parent=fly, status=GoalStatus.DRAFT)
    search, ops = TeamFactory(key="search", name="Search"), TeamFactory(key="ops", name="Ops")
    theirs = GoalFactory(key="theirs", parent=fly, team=ops, status=GoalStatus.DRAFT)
    island = GoalFactory(key="island", team=ops)
    for key, team, effort, goal in [
        ("checkout", search, 3, faster),
        ("maps", search, 1, high),
        ("drones", ops, 4, fly),
        ("tidy", ops, 2, island),
    ]:
        LinkFactory(initiative=InitiativeFactory(key=key, title=key, team=team, effort=effort), goal=goal)
    return SimpleNamespace(
        now=now, draft=draft, grow=grow, faster=faster, fly=fly, far=far, theirs=theirs, island=island,
        leader=LeaderFactory(), member=PersonFactory(),
    )  # fmt: skip


def test_publishing_brings_work_back_and_tells_of_goals_without_work(firm):
    effect = publishing(firm.draft, reader=firm.leader, on=DAY)
    assert (effect.now, effect.after) == (0.3, 0.8)
    assert effect.teams.rows == [
        TeamEffect("ops", "Ops", 0.0, about(4 / 6)),
        TeamEffect("search", "Search", 0.75, 1.0),
    ]
    assert effect.regained.rows == [
        WorkEffect("drones", "drones", "Ops", 0.0, 4.0),
        WorkEffect("maps", "maps", "Search", 0.0, 1.0),
    ]
    assert effect.orphaned == FirstRows()
    assert effect.uncovered == FirstRows([GoalEffect("far", "Far", joins=True)])
    assert effect.flags == [
        FlagEffect(FlagCode.DISCONNECTED, 0, 2),
        FlagEffect(FlagCode.UNCOVERED, 1, 0),
        FlagEffect(FlagCode.UNMEASURED, 3, 0),
        FlagEffect(FlagCode.SQUEEZED, 1, 0),
    ]
    assert not effect.is_nothing


def test_publishing_leaves_what_it_would_do_undone(firm):
    publishing(firm.draft, reader=firm.leader, on=DAY)
    assert Strategy.objects.get(pk=firm.draft.pk).status == StrategyStatus.DRAFT
    assert Goal.objects.filter(status=GoalStatus.DRAFT).count() == 4
    assert not Flag.objects.exists()
    assert not TeamFigures.objects.exists()


def test_publishing_leaves_closed_goals_closed(firm):
    Goal.objects.filter(key="high").update(status=GoalStatus.DROPPED)
    effect = publishing(firm.draft, reader=firm.leader, on=DAY)
    assert effect.after == 0.7
    assert [row.key for row in effect.regained.rows] == ["drones"]
    assert FlagEffect(FlagCode.UNMEASURED, 2, 0) in effect.flags


def test_publishing_one_strategy_leaves_drafts_of_others(firm):
    other = GoalFactory(key="other", strategy=firm.now, status=GoalStatus.DRAFT)
    LinkFactory(initiative=InitiativeFactory(key="wait", effort=10), goal=other)
    effect = publishing(firm.draft, reader=firm.leader, on=DAY)
    assert (effect.now, effect.after) == (0.15, 0.4)


def test_effect_is_of_the_day_asked_for(firm):
    Goal.objects.filter(key="grow").update(ends_on=DAY)
    for days, now in ((14, 0.3), (15, 0.0)):
        assert archiving(firm.now, reader=firm.leader, on=DAY + dt.timedelta(days=days)).now == now


def test_archiving_orphans_work(firm):
    effect = archiving(firm.now, reader=firm.leader, on=DAY)
    assert (effect.now, effect.after) == (0.3, 0.0)
    assert effect.teams.rows == [TeamEffect("search", "Search", 0.75, 0.0)]
    assert effect.orphaned.rows == [WorkEffect("checkout", "checkout", "Search", 3.0, 0.0)]
    assert effect.uncovered == FirstRows()
    assert effect.flags == [
        FlagEffect(FlagCode.DISCONNECTED, 1, 0),
        FlagEffect(FlagCode.UNMEASURED, 0, 2),
        FlagEffect(FlagCode.UNDER_ALIGNED, 1, 0),
    ]


def test_closing_leaves_the_goal_above_without_work(firm):
    effect = closing(firm.faster, reader=firm.leader, on=DAY)
    assert effect.uncovered == FirstRows([GoalEffect("grow", "Grow", joins=False)])
    assert effect.orphaned.count == 1
    assert FlagEffect(FlagCode.UNCOVERED, 1, 0) in effect.flags


def test_activating_a_goal_of_a_draft_strategy_changes_nothing_yet(firm):
    effect = activating(firm.fly, reader=firm.leader, on=DAY)
    assert effect.is_nothing
    assert (effect.now, effect.after) == (0.3, 0.3)


def test_moving_below_a_company_goal_brings_work_back(firm):
    effect = moving(firm.island, parent=firm.grow, strategy=None, reader=firm.leader, on=DAY)
    assert (effect.now, effect.after) == (0.3, 0.5)
    assert effect.teams.rows == [TeamEffect("ops", "Ops", 0.0, about(2 / 6))]
    assert effect.flags == [
        FlagEffect(FlagCode.DISCONNECTED, 0, 1),
        FlagEffect(FlagCode.UNMEASURED, 1, 0),
        FlagEffect(FlagCode.ISLAND, 0, 1),
    ]


def test_moving_to_the_top_of_a_strategy_counts_by_that_strategy(firm):
    assert moving(firm.faster, parent=None, strategy=firm.now, reader=firm.leader, on=DAY).after == 0.3
    assert moving(firm.faster, parent=None, strategy=firm.draft, reader=firm.leader, on=DAY).after == 0.0


def test_moving_a_teams_goal_to_the_top_makes_it_an_island(firm):
    Goal.objects.filter(pk=firm.island.pk).update(parent=firm.grow)
    firm.island.refresh_from_db()
    effect = moving(firm.island, parent=None, strategy=None, reader=firm.leader, on=DAY)
    assert (effect.now, effect.after) == (0.5, 0.3)
    assert FlagEffect(FlagCode.ISLAND, 1, 0) in effect.flags


def test_moving_below_a_teams_goal_reaches_nothing(firm):
    assert moving(firm.faster, parent=firm.island, strategy=None, reader=firm.leader, on=DAY).after == 0.0


def test_moving_a_company_goal_below_another_leaves_its_strategy(firm):
    """Its strategy is then its root's, not the one it had."""
    assert moving(firm.grow, parent=firm.fly, strategy=None, reader=firm.leader, on=DAY).after == 0.0


def test_moving_below_itself_is_refused(firm):
    for place in (firm.grow, firm.faster):
        with pytest.raises(RefusedError, match="below itself"):
            moving(firm.grow, parent=place, strategy=None, reader=firm.leader, on=DAY)


def test_goal_that_the_reader_may_not_see_has_no_name(firm):
    Goal.objects.filter(pk=firm.grow.pk).update(visibility=Visibility.LEADERS)
    effect = closing(firm.faster, reader=firm.member, on=DAY)
    assert effect.uncovered.rows == [GoalEffect("", "", joins=False)]
    assert effect.after == 0.0
    html = render_to_string("figures/_effect.html", {"effect": effect})
    assert "A confidential goal" in html
    assert "Grow" not in html


def test_rows_beyond_the_most_are_counted(firm, monkeypatch):
    monkeypatch.setattr(effects, "ROWS", 1)
    effect = publishing(firm.draft, reader=firm.leader, on=DAY)
    assert ([team.key for team in effect.teams.rows], effect.teams.others, effect.teams.count) == (["ops"], 1, 2)
    assert ([one.key for one in effect.regained.rows], effect.regained.others) == (["drones"], 1)
    assert "and 1 more" in render_to_string("figures/_effect.html", {"effect": effect})


def test_effect_takes_the_same_queries_for_more_rows(firm, django_assert_num_queries):
    """A COPY for each of seven tables, the settings and the stances inside a savepoint, and the names."""
    with django_assert_num_queries(12):
        publishing(firm.draft, reader=firm.member, on=DAY)
    for _ in range(4):
        LinkFactory(goal=firm.fly)
    with django_assert_num_queries(12):
        publishing(firm.draft, reader=firm.member, on=DAY)


def test_figures_that_differ_by_rounding_do_not_move_coverage():
    nothing: Any = FirstRows()
    lists: Any = (nothing, nothing, nothing, nothing, [])
    assert not Effect(0.5, 0.5 * (1 + 1e-12), *lists).moves_coverage
    assert Effect(0.5, 0.5 * (1 + 1e-8), *lists).moves_coverage
    assert not Effect(0.0, 0.0, *lists).moves_coverage
    assert [Effect(*pair, *lists).moves_coverage for pair in ((None, None), (None, 0.0), (0.0, None))] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("at", range(4))
def test_effect_with_one_row_of_any_list_is_something(at):
    lists: Any = [*(FirstRows() for _ in range(4)), []]
    assert Effect(0.5, 0.5, *lists).is_nothing
    lists[at] = FirstRows([], 1)
    assert not Effect(0.5, 0.5, *lists).is_nothing


def test_company_without_anything_has_no_effect():
    effect = publishing(StrategyFactory(status=StrategyStatus.DRAFT), reader=LeaderFactory(), on=DAY)
    assert effect.is_nothing
    assert (effect.now, effect.after) == (None, None)


def test_figures_day_is_that_of_the_stored_figures():
    assert figures_day(NOW) == NOW.date()
    RecomputeFactory(as_of=DAY.replace(day=1))
    assert figures_day(NOW) == DAY.replace(day=1)


def shown(now: float | None, after: float | None) -> str:
    nothing: Any = FirstRows()
    changed = [FlagEffect(FlagCode.UNMEASURED, 1, 0)]
    effect = Effect(now, after, nothing, nothing, nothing, nothing, [] if now == after else changed)
    html = render_to_string("figures/_effect.html", {"effect": effect})
    return " ".join(html.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize(
    ("now", "after", "sentence"),
    [
        (0.62, 0.71, "Coverage of the company goes from 62.0 % to 71.0 %."),
        (
            0.62,
            0.62,
            "No figure changes: coverage of the company stays at 62.0 %, and no work, goal or flag with it.",
        ),
        (None, None, "No figure changes, and no work, goal or flag with it."),
        (None, 0.5, "Coverage of the company, of which there is no figure now, becomes 50.0 %."),
        (0.5, None, "Coverage of the company is 50.0 % now; after this there is no discretionary effort left,"),
        (0.5, 0.5000001, "Coverage of the company stays at about 50.0 %."),
    ],
)
def test_effect_is_one_sentence(now, after, sentence):
    assert sentence in shown(now, after)


# Any company, any edit.


def edited(bundle: Bundle, table: str, key: str, **values: str) -> Bundle:
    rows = [row | values if row["key"] == key else row for row in bundle[table]]
    return bundle | {table: rows}


def root_of(goals: dict[str, Row], key: str) -> Row:
    goal = goals[key]
    return root_of(goals, goal["parent"]) if goal.get("parent", "").strip() else goal


def published(bundle: Bundle, strategy: str) -> Bundle:
    goals = {row["key"]: row for row in bundle["goals"]}
    result = edited(bundle, "strategies", strategy, status="published")
    for key, goal in goals.items():
        of_strategy = root_of(goals, key).get("strategy", "").strip() == strategy
        if of_strategy and not goal.get("team", "").strip() and goal.get("status", "").strip() in ("", "draft"):
            result = edited(result, "goals", key, status="active")
    return result


def moved(bundle: Bundle, goal: str, parent: str, strategy: str) -> Bundle:
    return edited(bundle, "goals", goal, parent=parent, strategy=strategy)


def flags_of(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(flag["code"], flag["subject"]) for flag in report["flags"]}


def differ(one: float | None, other: float | None) -> bool:
    """By more than the tolerance of spec/alignment.md."""
    if one is None or other is None:
        return one is not other
    return abs(one - other) > 1e-9 * max(one, other)


def check(effect: Effect, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Every row and count of the effect against two naive reports."""

    def own(report: dict[str, Any]) -> dict[str, float | None]:
        return {key: team["own"]["coverage"] for key, team in report["teams"].items()}

    assert (effect.now, effect.after) == (
        pytest.approx(before["company"]["coverage"]),
        pytest.approx(after["company"]["coverage"]),
    )
    now, then = own(before), own(after)
    assert {row.key: (row.now, row.after) for row in effect.teams.rows} == {
        key: (pytest.approx(now[key]), pytest.approx(then[key])) for key in now if differ(now[key], then[key])
    }
    opened, resolved = flags_of(after) - flags_of(before), flags_of(before) - flags_of(after)
    assert {(flag.code, flag.opened, flag.resolved) for flag in effect.flags} == {
        (code, sum(c == code for c, _ in opened), sum(c == code for c, _ in resolved)) for code, _ in opened | resolved
    }
    check_work(effect, before["initiatives"], after["initiatives"])
    without = [{key for key, goal in each["goals"].items() if goal["anchored"] and not goal["covered"]}
               for each in (before, after)]  # fmt: skip
    assert {goal.key for goal in effect.uncovered.rows} == without[1] - without[0]


def check_work(effect: Effect, before: dict[str, dict[str, float]], after: dict[str, dict[str, float]]) -> None:
    def losing(one: dict[str, dict[str, float]], other: dict[str, dict[str, float]]) -> set[str]:
        return {
            key
            for key in one
            if other[key]["orphaned"] > one[key]["orphaned"] + 1e-9 * one[key]["effort"]
            or (one[key]["aligned"] > 0 and other[key]["aligned"] == 0)
        }

    assert {one.key for one in effect.orphaned.rows} == losing(before, after)
    assert {one.key for one in effect.regained.rows} == losing(after, before)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(companies(), st.data())
def test_effect_equals_the_company_so_edited(drawn: Drawn, data: st.DataObject):
    strategies = [row["key"] for row in drawn.bundle["strategies"]]
    goals = {row["key"]: row for row in drawn.bundle["goals"]}
    kinds = ["publish", "archive"] * bool(strategies) + ["close", "activate", "move"] * bool(goals)
    if not kinds:
        return
    kind = data.draw(st.sampled_from(kinds))
    with transaction.atomic():
        move_in(drawn.bundle, drawn.today)
        asks: dict[str, Any] = {"reader": LeaderFactory(), "on": drawn.as_of}
        if kind in {"publish", "archive"}:
            key = data.draw(st.sampled_from(strategies))
            strategy = Strategy.objects.get(key=key)
            if kind == "publish":
                effect, bundle = publishing(strategy, **asks), published(drawn.bundle, key)
            else:
                effect = archiving(strategy, **asks)
                bundle = edited(drawn.bundle, "strategies", key, status="archived")
        else:
            effect, bundle = edit_goal(drawn, data, kind, asks)
        transaction.set_rollback(True)
    before, after = (naive_report(each, drawn.as_of, drawn.today) for each in (drawn.bundle, bundle))
    check(effect, before, after)


def edit_goal(drawn: Drawn, data: st.DataObject, kind: str, asks: dict[str, Any]) -> tuple[Effect, Bundle]:
    goals = {row["key"]: row for row in drawn.bundle["goals"]}
    key = data.draw(st.sampled_from(sorted(goals)))
    goal = Goal.objects.get(key=key)
    if kind == "close":
        return closing(goal, **asks), edited(drawn.bundle, "goals", key, status="dropped")
    if kind == "activate":
        return activating(goal, **asks), edited(drawn.bundle, "goals", key, status="active")
    places = [(each.key, "") for each in Goal.objects.order_by("key") if goal.pk not in each.path]
    top = [""] if goal.team_id else [row["key"] for row in drawn.bundle["strategies"]]
    places += [("", strategy) for strategy in top]
    if not places:
        return activating(goal, **asks), edited(drawn.bundle, "goals", key, status="active")
    parent, strategy = data.draw(st.sampled_from(places))
    effect = moving(
        goal,
        parent=Goal.objects.filter(key=parent).first(),
        strategy=Strategy.objects.filter(key=strategy).first(),
        **asks,
    )
    return effect, moved(drawn.bundle, key, parent, strategy)
