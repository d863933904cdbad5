"""Figures of teams, own and with all below, against values worked by hand (tests/firm.py)."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.enums import FlagCode
from alignment.selectors.teams import (
    own_figures,
    stance_in_force,
    subtree,
    team_findings,
    team_pages,
    teams_below,
    with_sums,
)
from teams.enums import Stance
from teams.models import Team
from tests import factories as make
from tests.factories import DAY
from tests.firm import SECRET


def page_of(firm, team, reader=None):
    return team_pages(reader or firm.leader).get(pk=team.pk)


def test_own_figures_are_of_the_teams_own_work(firm):
    own = own_figures(page_of(firm, firm.search))

    assert (own.effort, own.aligned, own.orphaned, own.exploring) == (8, 4, 4, 0)
    assert (own.coverage, own.autonomy) == (0.5, 5 / 8)
    assert (own.initiatives, own.unsized) == (3, 1)


def test_subtree_adds_all_below(firm):
    together = subtree(page_of(firm, firm.product))

    assert together.teams == 3
    assert (together.figures.effort, together.figures.aligned, together.figures.exploring) == (14, 7, 2)
    assert (together.figures.coverage, together.figures.autonomy) == (0.5, 11 / 14)
    assert (together.figures.initiatives, together.figures.unsized) == (6, 1)


def test_subtree_of_upkeep_alone_has_no_coverage(firm):
    figures = subtree(page_of(firm, firm.ops)).figures

    assert (figures.coverage, figures.autonomy) == (None, None)
    assert figures.sustaining_share == 1


def test_team_after_the_last_recompute_has_no_figures(firm):
    late = make.TeamFactory(parent=firm.quiet)

    assert own_figures(page_of(firm, late)).effort == 0
    assert subtree(page_of(firm, late)).teams == 1
    assert subtree(page_of(firm, firm.product)).teams == 4


def test_teams_below_are_the_next_level_by_name(firm):
    make.TeamFactory(parent=firm.search, name="Deeper")

    assert [(team.name, subtree(team).teams) for team in teams_below(firm.product)] == [("Quiet", 1), ("Search", 2)]


def test_sums_of_all_teams_take_one_query(firm, django_assert_num_queries):
    with django_assert_num_queries(1):
        efforts = {team.key: subtree(team).figures.effort for team in with_sums(Team.objects.all())}

    assert efforts == {"product": 14, "search": 8, "quiet": 0, "ops": 5}


def test_team_page_names_the_teams_above_from_the_root(firm):
    deeper = make.TeamFactory(parent=firm.search)

    assert [row["key"] for row in page_of(firm, deeper).chain] == ["product", "search"]


def test_served_goals_tell_which_the_reader_sees(firm):
    make.MissionGoalFactory(team=firm.product, goal=firm.growth)
    make.MissionGoalFactory(team=firm.product, goal=firm.secret)

    def seen(reader):
        return {row["title"]: row["seen"] for row in page_of(firm, firm.product, reader).served}

    assert seen(firm.leader) == {"Growth": True, SECRET: True}
    assert seen(firm.member)["Growth"] is True
    assert not seen(firm.member)[SECRET]


def test_own_goals_are_the_teams_that_are_not_closed(firm):
    make.GoalFactory(team=firm.search, title="Ours")
    make.GoalFactory(team=firm.search, title="Ours some day", status="draft")
    make.GoalFactory(team=firm.quiet, title="Theirs")
    for status in ("achieved", "missed", "dropped"):
        make.GoalFactory(team=firm.search, status=status, closed_on=DAY, closing_reason="It is over.")

    rows = [(row["title"], row["status"]) for row in page_of(firm, firm.search).own_goals]
    assert rows == [("Ours", "active"), ("Ours some day", "draft")]


@pytest.mark.parametrize(("days", "stance"), [(-2, Stance.SPOTLIGHT), (-1, Stance.SPOTLIGHT), (0, Stance.CORE)])
def test_stance_counts_to_the_end_of_its_last_day(firm, days, stance):
    on = DAY.fromordinal(DAY.toordinal() + days)

    assert stance_in_force(firm.ops, on) == stance


def test_findings_count_the_teams_flags_and_those_of_its_own_work(firm):
    findings = team_findings(firm.search, DAY)
    found = {finding.code: finding.count for finding in findings.work}

    assert found[FlagCode.ORPHAN] == 1
    assert found[FlagCode.DISCONNECTED] == 1
    assert found[FlagCode.UNSIZED] == 1
    assert FlagCode.UNDER_ALIGNED in [flag.code for flag in findings.flags]
    assert FlagCode.PARTLY_ORPHANED not in found
    assert list(found) == [code for code in FlagCode if code in found]


def test_findings_without_the_resolved(firm):
    firm.work["loose"].flags.update(resolved_on=DAY)

    assert FlagCode.ORPHAN not in {finding.code for finding in team_findings(firm.search, DAY).work}


def test_findings_tell_the_snoozed_apart(firm, django_assert_num_queries):
    later = DAY + dt.timedelta(days=7)
    firm.work["loose"].flags.filter(code=FlagCode.ORPHAN).update(snoozed_until=later, snooze_reason="After the launch.")
    firm.search.flags.filter(code=FlagCode.UNDER_ALIGNED).update(snoozed_until=later, snooze_reason="New team.")
    with django_assert_num_queries(1):
        before = team_findings(firm.search, DAY)
    then = team_findings(firm.search, later)

    assert (FlagCode.ORPHAN in {each.code for each in before.work}, before.work_snoozed) == (False, 1)
    assert (FlagCode.ORPHAN in {each.code for each in then.work}, then.work_snoozed) == (True, 0)
    snoozed = [flag for flag in before.flags if flag.is_snoozed(DAY)]
    assert [(flag.code, flag.snoozed_until, flag.snooze_reason) for flag in snoozed] == [
        (FlagCode.UNDER_ALIGNED, later, "New team.")
    ]
