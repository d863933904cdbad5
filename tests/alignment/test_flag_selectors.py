"""Open flags: counts, rows and folded housekeeping, and what a reader may see of them."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from alignment.enums import FlagCode, UncountedReason
from alignment.models import Flag
from alignment.selectors.flags import (
    Findings,
    flag_counts,
    flag_links,
    flag_page,
    housekeeping_by_strategy,
    housekeeping_by_team,
    open_flags,
)
from lib.db import counting
from tests import factories as make
from tests.factories import DAY

KEEPING = [FlagCode.UNSIZED, FlagCode.UNREASONED, FlagCode.SILENT, FlagCode.UNTIED_MISSION]


def counts(firm, reader=None, **findings):
    return flag_counts(FlagCode, Findings(**findings), reader or firm.leader).by_code


def test_counts_are_of_open_flags_by_code(firm, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = counts(firm)

    assert (found[FlagCode.ORPHAN], found[FlagCode.DISCONNECTED], found[FlagCode.PARTLY_ORPHANED]) == (1, 1, 1)
    assert found[FlagCode.UNMEASURED] == 3
    assert FlagCode.REVIEW_DUE not in found


def test_counts_leave_out_resolved_flags(firm):
    Flag.objects.filter(code=FlagCode.ORPHAN).update(resolved_on=DAY)

    assert FlagCode.ORPHAN not in counts(firm)


def test_counts_leave_out_goals_the_reader_may_not_see(firm):
    assert counts(firm, firm.member)[FlagCode.UNMEASURED] == 2


def test_counts_stop_at_many(firm, monkeypatch):
    monkeypatch.setattr(counting, "MANY", 1)

    assert counts(firm)[FlagCode.UNMEASURED] == 2


def test_team_has_the_flags_of_its_sub_teams_and_their_work(firm):
    assert counts(firm, team=firm.product)[FlagCode.ORPHAN] == 1
    assert FlagCode.ORPHAN not in counts(firm, team=firm.ops)
    assert FlagCode.STANCE_EXPIRED in counts(firm, team=firm.ops)
    assert FlagCode.UNMEASURED not in counts(firm, team=firm.product)


def test_mine_are_of_my_work_my_teams_and_my_goals(firm):
    make.MembershipFactory(team=firm.search, person=firm.member)
    firm.growth.owner = firm.member
    firm.growth.save()
    found = counts(firm, firm.member, of=firm.member)

    assert found[FlagCode.ORPHAN] == 1
    assert found[FlagCode.UNDER_ALIGNED] == 1
    assert found[FlagCode.UNMEASURED] == 1
    assert FlagCode.PARTLY_ORPHANED not in found


def test_rows_are_paged_and_each_is_there_once(firm):
    for _number in range(60):
        make.FlagFactory(code=FlagCode.BELIEF_FAILED)
    first = flag_page(FlagCode.BELIEF_FAILED, Findings(), firm.member, QueryDict(""))
    second = flag_page(FlagCode.BELIEF_FAILED, Findings(), firm.member, QueryDict(first.next_url.removeprefix("?")))

    assert (len(first.rows), len(second.rows), second.next_url) == (50, 10, "")
    assert len({flag.pk for flag in (*first.rows, *second.rows)}) == 60


def test_broken_links_tell_why_and_name_no_goal_the_reader_may_not_see(firm, django_assert_num_queries):
    make.LinkFactory(initiative=firm.work["lost"], goal=firm.secret, state="disputed")
    flags = list(open_flags(FlagCode.DISCONNECTED, Findings(), firm.member).select_related("initiative"))
    with django_assert_num_queries(1):
        broken = flag_links(flags, firm.member)[firm.work["lost"].pk].broken

    assert [(link.goal, link.reason) for link in broken] == [(None, None), (None, None)]
    seen = flag_links(flags, firm.leader)[firm.work["lost"].pk].broken
    assert [(link.goal, link.reason) for link in seen] == [
        (firm.draft, UncountedReason.GOAL_DRAFT),
        (firm.secret, UncountedReason.DISPUTED),
    ]


@pytest.mark.parametrize("many", [True, False])
def test_housekeeping_is_one_line_a_team(firm, many, django_assert_num_queries):
    with django_assert_num_queries(2):
        page, lines = housekeeping_by_team(KEEPING, Findings(), {}, many=many)

    assert [team.name for team in page.rows] == ["Product", "Search"]
    assert [(line.team.name, line.counts) for line in lines] == [
        ("Product", {FlagCode.UNTIED_MISSION: 1}),
        ("Search", {FlagCode.UNSIZED: 1}),
    ]


@pytest.mark.parametrize("many", [True, False])
def test_housekeeping_of_a_team_or_a_person(firm, many):
    def names(**findings):
        return [team.name for team in housekeeping_by_team(KEEPING, Findings(**findings), {}, many=many)[0].rows]

    make.MembershipFactory(team=firm.search, person=firm.member)

    assert names(team=firm.search) == ["Search"]
    assert names(team=firm.ops) == []
    assert names(of=firm.member) == ["Search"]


def test_housekeeping_of_goals_is_one_line_a_strategy(firm):
    def unmeasured(reader):
        return [(row.title, row.unmeasured) for row in housekeeping_by_strategy(Findings(), reader)]

    make.StrategyFactory(title="Another, without goals")

    assert unmeasured(firm.leader) == [("The plan", 3)]
    assert unmeasured(firm.member) == [("The plan", 2)]
