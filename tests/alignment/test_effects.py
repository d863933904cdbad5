"""What an edit would do: a company worked by hand, and random ones against the naive implementation after the edit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
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
    editing,
    figures_day,
    judging,
    moving,
    publishing,
)
from alignment.engine.comparison import FigureChange
from alignment.enums import FlagCode, LinkState
from alignment.models import Flag, Link, TeamFigures
from alignment.narrative.effects import HEADLINES, headline_sentences
from alignment.team_effects import archiving_team
from lib.services.errors import RefusedError
from lib.text.numbers import percent
from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from teams.enums import InitiativeStatus, Stance
from teams.models import Company, Initiative, Team
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
    SupportFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def about(figure: float) -> Any:
    """Equal to what differs by a rounding."""
    return pytest.approx(figure)


def both(effect: Effect) -> tuple[float | None, float | None]:
    """Coverage of the company, before and after."""
    coverage = effect.figures[0]
    assert coverage.name == "coverage"
    return coverage.now, coverage.after


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
    assert both(effect) == (0.3, 0.8)
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
    assert both(effect)[1] == 0.7
    assert [row.key for row in effect.regained.rows] == ["drones"]
    assert FlagEffect(FlagCode.UNMEASURED, 2, 0) in effect.flags


def test_publishing_one_strategy_leaves_drafts_of_others(firm):
    other = GoalFactory(key="other", strategy=firm.now, status=GoalStatus.DRAFT)
    LinkFactory(initiative=InitiativeFactory(key="wait", effort=10), goal=other)
    effect = publishing(firm.draft, reader=firm.leader, on=DAY)
    assert both(effect) == (0.15, 0.4)


@pytest.mark.parametrize(("title", "resolved"), [("Charts", 1), ("maps", 0)])
def test_edit_of_silent_work_says_that_it_is_silent_no_more(firm, title, resolved):
    """Also where no figure rests on what is edited; saving it as it is touches nothing."""
    Initiative.objects.update(touched_on=DAY - dt.timedelta(days=200))
    effect = editing(Initiative.objects.get(key="maps"), {"title": title}, reader=firm.leader, on=DAY)

    silent = [FlagEffect(FlagCode.SILENT, opened=0, resolved=1)] * resolved
    assert [each for each in effect.flags if each.code == FlagCode.SILENT] == silent


def test_archiving_a_team_says_whom_it_leaves_without_support(firm):
    """Ops is in the spotlight, and `drones` asks two teams; Search has not answered yet, and will have declined."""
    search, ops = Team.objects.get(key="search"), Team.objects.get(key="ops")
    Team.objects.filter(pk=ops.pk).update(stance=Stance.SPOTLIGHT)
    for team in (search, TeamFactory()):
        SupportFactory(initiative=Initiative.objects.get(key="drones"), team=team, asked_on=DAY)
    ended = dict.fromkeys(Initiative.objects.filter(team=search).values_list("pk", flat=True), InitiativeStatus.DONE)

    effect = archiving_team(search, moved={}, ended=ended, reader=firm.leader, on=DAY)

    told = [(each.key, each.opens) for each in effect.team_flags.rows if each.code == FlagCode.UNSUPPORTED]
    assert told == [("ops", True)]


def test_effect_is_of_the_day_asked_for(firm):
    Goal.objects.filter(key="grow").update(ends_on=DAY)
    for days, now in ((14, 0.3), (15, 0.0)):
        assert both(archiving(firm.now, reader=firm.leader, on=DAY + dt.timedelta(days=days)))[0] == now


def test_archiving_orphans_work(firm):
    effect = archiving(firm.now, reader=firm.leader, on=DAY)
    assert both(effect) == (0.3, 0.0)
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
    assert both(effect) == (0.3, 0.3)


def test_moving_below_a_company_goal_brings_work_back(firm):
    effect = moving(firm.island, parent=firm.grow, strategy=None, reader=firm.leader, on=DAY)
    assert both(effect) == (0.3, 0.5)
    assert effect.teams.rows == [TeamEffect("ops", "Ops", 0.0, about(2 / 6))]
    assert effect.flags == [
        FlagEffect(FlagCode.DISCONNECTED, 0, 1),
        FlagEffect(FlagCode.UNMEASURED, 1, 0),
        FlagEffect(FlagCode.ISLAND, 0, 1),
    ]


def test_moving_to_the_top_of_a_strategy_counts_by_that_strategy(firm):
    assert both(moving(firm.faster, parent=None, strategy=firm.now, reader=firm.leader, on=DAY))[1] == 0.3
    assert both(moving(firm.faster, parent=None, strategy=firm.draft, reader=firm.leader, on=DAY))[1] == 0.0


def test_moving_a_teams_goal_to_the_top_makes_it_an_island(firm):
    Goal.objects.filter(pk=firm.island.pk).update(parent=firm.grow)
    firm.island.refresh_from_db()
    effect = moving(firm.island, parent=None, strategy=None, reader=firm.leader, on=DAY)
    assert both(effect) == (0.5, 0.3)
    assert FlagEffect(FlagCode.ISLAND, 1, 0) in effect.flags


def test_moving_below_a_teams_goal_reaches_nothing(firm):
    assert both(moving(firm.faster, parent=firm.island, strategy=None, reader=firm.leader, on=DAY))[1] == 0.0


def test_moving_a_company_goal_below_another_leaves_its_strategy(firm):
    """Its strategy is then its root's, not the one it had."""
    assert both(moving(firm.grow, parent=firm.fly, strategy=None, reader=firm.leader, on=DAY))[1] == 0.0


def test_disputing_a_link_says_what_stops_counting(firm):
    """`checkout` is all that is aligned: 3 of 10 weeks, and all work on both goals that count."""
    link = Link.objects.get(initiative__key="checkout")
    effect = judging(link, LinkState.DISPUTED, reader=firm.leader, on=DAY)
    assert both(effect) == (0.3, 0.0)
    assert effect.orphaned.rows == [WorkEffect("checkout", "checkout", "Search", 3.0, 0.0)]
    told = [text.replace("\N{NO-BREAK SPACE}", " ") for text in effect.sentences]
    assert "Strategy coverage falls by 100.0 points, to 0 %." in told
    assert (
        "Priority fit is 100 % now; after this no work reaches a top goal of the company, so it has no figure." in told
    )


def test_endorsing_a_link_moves_endorsed_coverage_and_withdrawing_moves_it_back(firm):
    link = Link.objects.get(initiative__key="checkout")
    Link.objects.filter(pk=link.pk).update(rationale="")
    endorsed = judging(link, LinkState.ENDORSED, reader=firm.leader, on=DAY)
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in endorsed.sentences] == [
        "Reasoned coverage rises by 30.0 points, to 30.0 %.",
        "Endorsed coverage rises by 30.0 points, to 30.0 %.",
        "No other headline figure changes.",
    ]
    Link.objects.filter(pk=link.pk).update(state=LinkState.ENDORSED)
    withdrawn = judging(link, LinkState.CLAIMED, reader=firm.leader, on=DAY)
    assert [(each.name, each.now, each.after) for each in withdrawn.figures if each.moves] == [
        ("reasoned_coverage", 0.3, 0.0),
        ("endorsed_coverage", 0.3, 0.0),
    ]


@pytest.mark.parametrize(
    ("key", "values", "moving"),
    [
        ("checkout", {"effort": Decimal(13)}, {"coverage": (0.3, 0.65)}),
        ("tidy", {"effort": None, "title": "Other"}, {"coverage": (0.3, about(3 / 9))}),
        ("tidy", {"status": "done"}, {"coverage": (0.3, about(3 / 8))}),
        ("tidy", {"kind": "sustain"}, {"coverage": (0.3, about(3 / 8)), "sustaining_share": (0.0, 0.2)}),
        ("tidy", {"kind": "explore", "ends_on": DAY}, {"exploring_share": (0.0, 0.2)}),
        ("tidy", {"origin": "assigned"}, {"autonomy": (1.0, 0.8)}),
    ],
)
def test_editing_work_moves_what_rests_on_it(firm, key, values, moving):
    Company.objects.update(default_effort=1)
    effect = editing(Initiative.objects.get(key=key), values, reader=firm.leader, on=DAY)
    moved = {each.name: (each.now, each.after) for each in effect.figures if each.moves}
    assert {name: moved.get(name) for name in moving} == moving


def test_work_that_becomes_small_still_reaches_what_it_reached(firm):
    """A millionth of 5,000 weeks, and of 1: less than a billionth of 5,000 is no reason to call it lost."""
    work = InitiativeFactory(key="vast", effort=5000)
    LinkFactory(initiative=work, goal=firm.grow, share="0.000001")
    effect = editing(work, {"effort": Decimal(1)}, reader=firm.leader, on=DAY)
    grown = editing(Initiative.objects.get(key="vast"), {"effort": Decimal(90000)}, reader=firm.leader, on=DAY)

    assert effect.orphaned == effect.regained == grown.orphaned == grown.regained == FirstRows()


def test_moving_work_to_another_team_moves_no_headline_figure(firm):
    """Of Search 3 weeks of 4 are aligned, then all of the 3 that are left."""
    maps = Initiative.objects.get(key="maps")
    effect = editing(maps, {"team": Team.objects.get(key="ops")}, reader=firm.leader, on=DAY)
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in effect.sentences] == [
        "No headline figure changes: coverage of the company stays at 30.0 %."
    ]
    assert effect.teams.rows == [TeamEffect("search", "Search", 0.75, 1.0)]


def test_weights_and_dates_move_priority_fit_and_coverage(firm):
    other = GoalFactory(key="other", strategy=firm.now, weight=1)
    weighed = editing(other, {"weight": Decimal(3)}, reader=firm.leader, on=DAY)
    assert [(each.name, each.now, each.after) for each in weighed.figures if each.moves] == [
        ("priority_fit", 0.5, 0.25)
    ]
    ended = DAY - dt.timedelta(days=30)
    for row in (firm.grow, firm.now):
        dated = editing(row, {"ends_on": ended, "starts_on": None}, reader=firm.leader, on=DAY)
        assert both(dated) == (0.3, 0.0)


def test_effect_on_what_is_gone_is_refused(firm):
    link = Link.objects.get(initiative__key="checkout")
    Link.objects.filter(pk=link.pk).delete()
    with pytest.raises(RefusedError):
        judging(link, LinkState.DISPUTED, reader=firm.leader, on=DAY)


def test_moving_below_itself_is_refused(firm):
    for place in (firm.grow, firm.faster):
        with pytest.raises(RefusedError, match="below itself"):
            moving(firm.grow, parent=place, strategy=None, reader=firm.leader, on=DAY)


def test_goal_that_the_reader_may_not_see_has_no_name(firm):
    Goal.objects.filter(pk=firm.grow.pk).update(visibility=Visibility.LEADERS)
    effect = closing(firm.faster, reader=firm.member, on=DAY)
    assert effect.uncovered.rows == [GoalEffect("", "", joins=False)]
    assert both(effect)[1] == 0.0
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


NO_ROWS: Any = (FirstRows(), FirstRows(), FirstRows(), FirstRows(), [])
"""Of an Effect without its figures."""


@pytest.mark.parametrize(
    ("name", "now", "after", "moves"),
    [
        ("coverage", 0.5, 0.5 * (1 + 1e-12), False),
        ("coverage", 0.5, 0.5 * (1 + 1e-8), True),
        ("coverage", 0.0, 0.0, False),
        ("coverage", None, None, False),
        ("autonomy", None, 0.0, True),
        ("autonomy", 0.0, None, True),
        ("strategy_coverage", 0.0, 1e-7, True),
        ("priority_fit", 0.0, 1e-16, False),
        ("priority_fit", 0.0, 1e-8, True),
    ],
)
def test_figures_that_differ_by_rounding_do_not_move(name, now, after, moves):
    effect = Effect([FigureChange("coverage", 0.5, 0.5), FigureChange(name, now, after)], *NO_ROWS)
    assert effect.is_nothing is not moves


@pytest.mark.parametrize("at", range(4))
def test_effect_with_one_row_of_any_list_is_something(at):
    lists: Any = [*NO_ROWS]
    figures = [FigureChange("coverage", 0.5, 0.5)]
    assert Effect(figures, *lists).is_nothing
    lists[at] = FirstRows([], 1)
    assert not Effect(figures, *lists).is_nothing


def test_company_without_anything_has_no_effect():
    effect = publishing(StrategyFactory(status=StrategyStatus.DRAFT), reader=LeaderFactory(), on=DAY)
    assert effect.is_nothing
    assert both(effect) == (None, None)


def test_figures_day_is_that_of_the_stored_figures():
    assert figures_day(NOW) == NOW.date()
    RecomputeFactory(as_of=DAY.replace(day=1))
    assert figures_day(NOW) == DAY.replace(day=1)


def said(*figures: tuple[str, float | None, float | None]) -> list[str]:
    """The sentences about these figures, with ordinary spaces."""
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in headline_sentences([FigureChange(*f) for f in figures])]


@pytest.mark.parametrize(
    ("figure", "sentence"),
    [
        (("coverage", 0.62, 0.71), "Coverage of the company rises by 9.0 points, to 71.0 %."),
        (("strategy_coverage", 0.75, 0.62), "Strategy coverage falls by 13.0 points, to 62.0 %."),
        (("priority_fit", 0.5, 0.3), "Priority fit falls by 20.0 points, to 30.0 %."),
        (("autonomy", 0.5, 0.5000001), "Autonomy rises by less than 0.1 points, to 50.0 %."),
        (
            ("coverage", None, 0.5),
            "Coverage of the company has no figure now, as there is no discretionary work; it becomes 50.0 %.",
        ),
        (
            ("coverage", 0.5, None),
            "Coverage of the company is 50.0 % now; after this there is no discretionary work, so it has no figure.",
        ),
        (
            ("priority_fit", None, 1.0),
            "Priority fit has no figure now, as no work reaches a top goal of the company; it becomes 100 %.",
        ),
        (
            ("strategy_coverage", 1.0, None),
            "Strategy coverage is 100 % now; after this there is no live goal in a published strategy, "
            "so it has no figure.",
        ),
        (
            ("sustaining_share", 1.0, None),
            "The sustaining share is 100 % now; after this there is no active work, so it has no figure.",
        ),
    ],
)
def test_figure_that_moves_has_a_sentence(figure, sentence):
    assert said(figure) == [sentence]


def test_coverage_is_not_said_to_stay_while_another_figure_moves():
    assert said(("coverage", 0.5, 0.5), ("strategy_coverage", 0.75, 0.62), ("priority_fit", 0.5, 0.3)) == [
        "Strategy coverage falls by 13.0 points, to 62.0 %.",
        "Priority fit falls by 20.0 points, to 30.0 %.",
        "No other headline figure changes.",
    ]


def test_all_figures_stay_in_one_sentence():
    assert said(("coverage", 0.62, 0.62), ("autonomy", 0.5, 0.5)) == [
        "No headline figure changes: coverage of the company stays at 62.0 %."
    ]
    assert said(("coverage", None, None), ("strategy_coverage", 0.5, 0.5)) == [
        "No headline figure changes; there is no coverage, as there is no discretionary work."
    ]


def test_publishing_names_every_figure_that_moves(firm):
    """No work waits for the draft: 2 of 2 goals have work, then 2 of 5; of two top goals of the same weight, one has
    all of the effort."""
    Link.objects.exclude(initiative__key="checkout").delete()
    effect = publishing(firm.draft, reader=firm.leader, on=DAY)
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in effect.sentences] == [
        "Strategy coverage falls by 60.0 points, to 40.0 %.",
        "Priority fit falls by 50.0 points, to 50.0 %.",
        "No other headline figure changes.",
    ]
    html = render_to_string("figures/_effect.html", {"effect": effect})
    assert "stays" not in html
    assert effect.sentences[0] in html


def test_units_that_nobody_gave_are_not_shown(firm):
    """Unsized work counts with the default of the company; its share is what is known of it."""
    Initiative.objects.filter(key="drones").update(effort=None)
    effect = publishing(firm.draft, reader=firm.leader, on=DAY)
    assert effect.regained.rows == [
        WorkEffect("maps", "maps", "Search", 0.0, 1.0),
        WorkEffect("drones", "drones", "Ops", 0.0, 1.0, unsized=(True, True)),
    ]
    html = render_to_string("figures/_effect.html", {"effect": effect}).replace("\N{NO-BREAK SPACE}", " ")
    assert html.count("not sized") == 1
    assert "100 %" in html[html.index("drones") :]


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


def differ(one: float | None, other: float | None, larger: float | None = None) -> bool:
    """By more than the tolerance of spec/alignment.md."""
    if one is None or other is None:
        return one is not other
    return abs(one - other) > 1e-9 * (max(one, other) if larger is None else larger)


def headlines(report: dict[str, Any]) -> dict[str, float | None]:
    company = report["company"]
    names = ("coverage", "reasoned_coverage", "endorsed_coverage", "autonomy", "aligned_autonomy")
    figures = {name: company[name] for name in (*names, "strategy_coverage", "priority_fit")}
    exists, total = company["coverage"] is not None, company["total"]
    exploring = company["exploring"] / company["discretionary"] if exists else None
    return figures | {
        "exploring_share": exploring,
        "sustaining_share": company["sustaining"] / total if total else None,
    }


def check_headlines(effect: Effect, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Each figure is what is so before and after, and each that moves is named, with where it comes to."""
    now, then = headlines(before), headlines(after)
    assert {each.name: (each.now, each.after) for each in effect.figures} == {
        name: (pytest.approx(now[name]), pytest.approx(then[name])) for name in now
    }
    moving = [name for name in now if differ(now[name], then[name], 1.0 if name == "priority_fit" else None)]
    told = [text for text in effect.sentences if "headline figure" not in text]
    assert {name for name in now if any(text.startswith(f"{HEADLINES[name][0]} ") for text in told)} == set(moving)
    assert len(told) == len(moving)
    assert all(percent(then[name]) in " ".join(told) for name in moving if then[name] is not None)
    assert any("stays" in text for text in effect.sentences) is (not moving and now["coverage"] is not None)


def check(effect: Effect, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Every row and count of the effect against two naive reports."""

    def own(report: dict[str, Any]) -> dict[str, float | None]:
        return {key: team["own"]["coverage"] for key, team in report["teams"].items()}

    check_headlines(effect, before, after)
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
    def lost(row: dict[str, float]) -> float:
        return row["orphaned"] / row["effort"] if row["effort"] else 0.0

    def losing(one: dict[str, dict[str, float]], other: dict[str, dict[str, float]]) -> set[str]:
        return {
            key
            for key in one
            if lost(other[key]) > lost(one[key]) + 1e-9 or (one[key]["aligned"] > 0 and other[key]["aligned"] == 0)
        }

    assert {one.key for one in effect.orphaned.rows} == losing(before, after)
    assert {one.key for one in effect.regained.rows} == losing(after, before)


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(companies(), st.data())
def test_effect_equals_the_company_so_edited(drawn: Drawn, data: st.DataObject):
    strategies = [row["key"] for row in drawn.bundle["strategies"]]
    goals = {row["key"]: row for row in drawn.bundle["goals"]}
    kinds = ["publish", "archive"] * bool(strategies) + ["close", "activate", "move"] * bool(goals)
    kinds += ["judge"] * bool(drawn.bundle["links"]) + ["resize"] * bool(drawn.bundle["initiatives"])
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
        elif kind == "resize":
            key = data.draw(st.sampled_from([row["key"] for row in drawn.bundle["initiatives"]]))
            work, effort = Initiative.objects.get(key=key), data.draw(st.sampled_from(["", "0.01", "7", "400"]))
            effect = editing(work, {"effort": Decimal(effort) if effort else None}, **asks)
            bundle = edited(drawn.bundle, "initiatives", key, effort=effort, touched_on=str(drawn.as_of))
        elif kind == "judge":
            effect, bundle = judge(drawn, data, asks)
        else:
            effect, bundle = edit_goal(drawn, data, kind, asks)
        transaction.set_rollback(True)
    before, after = (naive_report(each, drawn.as_of, drawn.today) for each in (drawn.bundle, bundle))
    check(effect, before, after)


def judge(drawn: Drawn, data: st.DataObject, asks: dict[str, Any]) -> tuple[Effect, Bundle]:
    links = drawn.bundle["links"]
    at = data.draw(st.integers(0, len(links) - 1))
    link = Link.objects.get(initiative__key=links[at]["initiative"].strip(), goal__key=links[at]["goal"].strip())
    state = data.draw(st.sampled_from(LinkState))
    rows = [row | {"state": state.value} if row is links[at] else row for row in links]
    return judging(link, state, **asks), drawn.bundle | {"links": rows}


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
