"""Lines of sight: what each link carries, whether it counts, and what a reader may see of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from alignment.enums import LinkState, UncountedReason
from alignment.models import Link
from alignment.selectors.initiatives import initiative_pages, parts_of
from alignment.selectors.line_of_sight import counting_links, lines_of_sight
from strategy.enums import StrategyStatus
from strategy.models import Goal, Strategy
from teams.models import Initiative
from teams.selectors.company import company
from tests import factories as make
from tests.factories import DAY
from tests.firm import SECRET
from tests.html import page_text
from web.links.lines import line_of_sight, link_actions, worked_parts


def sights(firm, key, reader=None, effort=1.0):
    return lines_of_sight(firm.work[key], reader or firm.member, effort=effort).rows


def test_line_goes_up_to_the_strategy(firm, django_assert_num_queries):
    with django_assert_num_queries(2):
        sight = sights(firm, "faster", effort=4.0)[0]

    assert [step.goal.title for step in sight.steps] == ["Retention", "Growth"]
    assert [step.company for step in sight.steps] == [False, True]
    assert sight.strategy == firm.strategy
    assert (sight.counts, sight.share, sight.brings) == (True, 0.75, 3.0)


def test_link_without_a_share_takes_what_the_others_leave(firm):
    assert [(sight.share, sight.brings) for sight in sights(firm, "faster", effort=4.0)] == [(0.75, 3.0), (0.25, 1.0)]


def test_shares_are_split_with_links_the_reader_may_not_see(firm):
    make.LinkFactory(initiative=firm.work["hush"], goal=firm.growth)

    assert [sight.share for sight in sights(firm, "hush")] == [0.5, 0.5]


def test_broken_link_says_why_and_brings_nothing(firm):
    Goal.objects.filter(pk=firm.draft.pk).update(owner=firm.member)
    sight = sights(firm, "lost", effort=3.0)[0]

    assert (sight.counts, sight.reason, sight.brings) == (False, UncountedReason.GOAL_DRAFT, 0)


def test_disputed_comes_before_the_goals_own_reason(firm):
    Goal.objects.filter(pk=firm.draft.pk).update(owner=firm.member)
    Link.objects.filter(initiative=firm.work["lost"]).update(state=LinkState.DISPUTED)

    assert sights(firm, "lost")[0].reason == UncountedReason.DISPUTED


def test_confidential_goal_shows_neither_link_nor_reason(firm):
    Link.objects.filter(goal=firm.secret).update(state=LinkState.DISPUTED)
    sight = sights(firm, "hush")[0]
    shown = line_of_sight(firm.work["hush"], sight, company())

    assert (sight.link, sight.reason, sight.steps[0].goal) == (None, None, None)
    assert not sight.counts
    assert SECRET not in str(shown)
    assert "hidden reason" not in str(shown)
    assert "disputes" not in str(shown)


def test_confidential_goal_is_whole_for_a_leader(firm):
    sight = sights(firm, "hush", firm.leader)[0]

    assert sight.link is not None
    assert sight.steps[0].goal == firm.secret


def test_goal_below_a_confidential_one_is_confidential_too(firm):
    below = make.GoalFactory(parent=firm.secret, title="Below the hidden")
    make.LinkFactory(initiative=firm.work["loose"], goal=below)

    sight = sights(firm, "loose")[0]
    assert [step.goal for step in sight.steps] == [None]
    assert (sight.strategy, sight.strategy_hidden) == (None, False)


def test_line_of_a_confidential_goal_does_not_tell_where_it_hangs(firm):
    firm.retention.visibility = "leaders"
    firm.retention.save()

    sight = sights(firm, "half")[0]
    assert [step.goal for step in sight.steps] == [None]
    assert sight.strategy is None


def test_owner_sees_their_goal_and_not_the_confidential_one_above(firm):
    below = make.GoalFactory(parent=firm.secret, title="Mine", owner=firm.member)
    make.LinkFactory(initiative=firm.work["loose"], goal=below)

    assert [step.goal for step in sights(firm, "loose")[0].steps] == [below, None]


def test_draft_strategy_is_hidden_from_those_it_is_not_for(firm):
    Strategy.objects.update(status=StrategyStatus.DRAFT)

    firm.retention.owner = firm.member
    firm.retention.save()

    sight = sights(firm, "faster")[0]
    assert (sight.strategy, sight.strategy_hidden) == (None, True)
    assert sight.steps[1].goal is None
    assert "The plan" not in str(line_of_sight(firm.work["faster"], sight, company()))
    assert sights(firm, "faster", firm.leader)[0].strategy == firm.strategy


@pytest.mark.parametrize("behind", [0, 1])
def test_links_that_count_leave_out_others_and_hidden_ones_also_where_there_is_more_than_a_page(firm, behind):
    work = firm.work["faster"]
    counting = list(work.links.order_by("id"))
    make.LinkFactory(initiative=work, goal=make.GoalFactory(strategy=firm.strategy, status="dropped"))
    hidden = make.LinkFactory(initiative=work, goal=firm.secret)
    firm.compute()

    for reader, also in ((firm.member, []), (firm.leader, [hidden])):
        page = lines_of_sight(work, reader, effort=1.0)
        found = counting_links(work, reader, replace(page, count=page.count + behind))
        assert found == [*counting, *also]


def test_line_to_a_teams_own_goal_ends_there(firm):
    own = make.GoalFactory(team=firm.search, title="Our own")
    make.LinkFactory(initiative=firm.work["loose"], goal=own)
    firm.compute()
    sight = sights(firm, "loose")[0]

    assert (sight.reason, sight.strategy, sight.strategy_hidden) == (UncountedReason.TEAM_ROOT, None, False)


def test_parts_are_worked_with_their_own_numbers(firm):
    def worked(key):
        initiative = initiative_pages().get(key=key)
        parts = parts_of(initiative)
        assert parts is not None
        rows = worked_parts(initiative, parts, lines_of_sight(initiative, firm.member, effort=parts.effort))
        return [(row.what, row.sum.replace("\N{NO-BREAK SPACE}", " "), row.part) for row in rows]

    assert worked("half") == [
        ("Retention", "50.0 % × 2 person-weeks = 1 person-week", "Aligned"),
        ("The rest", "2 person-weeks − 1 person-week = 1 person-week", "Orphaned"),
    ]
    assert worked("look") == [("The rest", "2 person-weeks − 0 person-weeks = 2 person-weeks", "Exploring")]
    assert worked("lost")[0] == ("a confidential goal", "100 % × 3 person-weeks", "")
    Goal.objects.filter(pk=firm.draft.pk).update(owner=firm.member)
    assert worked("lost")[0] == ("Some day", "100 % × 3 person-weeks", "")
    assert worked("hush") == [("a confidential goal", "100 % × 2 person-weeks = 2 person-weeks", "Aligned")]


def test_small_effort_over_three_links_adds_up_as_it_is_shown(firm):
    work = firm.work["faster"]
    Link.objects.filter(initiative=work).update(share=None)
    make.LinkFactory(initiative=work, goal=make.GoalFactory(parent=firm.growth))
    Initiative.objects.filter(pk=work.pk).update(effort=Decimal("0.01"))
    firm.compute()
    initiative = initiative_pages().get(pk=work.pk)
    parts = parts_of(initiative)
    assert parts is not None
    rows = worked_parts(initiative, parts, lines_of_sight(initiative, firm.member, effort=parts.effort))

    sums = [row.sum.replace("\N{NO-BREAK SPACE}", " ") for row in rows]
    assert [each.partition(" = ")[2] for each in sums] == [
        "0.004 person-weeks",
        "0.003 person-weeks",
        "0.003 person-weeks",
    ]
    assert all(each.startswith("33.3 % × 0.01 person-weeks") for each in sums)


def test_links_are_shown_in_pages_and_their_sum_is_of_all(firm, client, django_assert_max_num_queries):
    work = firm.work["loose"]
    Initiative.objects.filter(pk=work.pk).update(effort=60)
    for goal in make.GoalFactory.create_batch(60, parent=firm.growth):
        make.LinkFactory(initiative=work, goal=goal)
    firm.compute()
    client.force_login(firm.member)
    with django_assert_max_num_queries(12):
        first = client.get("/initiatives/loose/")
    second = client.get("/initiatives/loose/" + first.context["links"].next_url)

    assert [len(page.context["lines"]) for page in (first, second)] == [50, 10]
    assert "60 links, in the order they were made" in page_text(first)
    rows = first.context["worked"]
    assert (rows[-1].what, rows[-1].sum.replace("\N{NO-BREAK SPACE}", " ")) == (
        "10 other links, on other pages",
        "10 person-weeks",
    )
    assert second.context["links"].next_url == ""


@pytest.mark.parametrize(("days", "due"), [(-1, True), (0, False), (1, False)])
def test_outcome_is_asked_for_after_the_day_of_review(firm, days, due):
    link = firm.work["half"].links.get()
    for review_on, outcome, expected in (
        (DAY + dt.timedelta(days=days), "untested", due),
        (DAY + dt.timedelta(days=days), "held", False),
        (None, "untested", False),
    ):
        Link.objects.filter(pk=link.pk).update(review_on=review_on, outcome=outcome)
        (sight,) = sights(firm, "half")
        actions = link_actions(firm.work["half"], sight, firm.member, DAY)
        assert actions is not None
        assert actions.review_due is expected
        before_any_figures = link_actions(firm.work["half"], sight, firm.member, None)
        assert before_any_figures is not None
        assert not before_any_figures.review_due


@pytest.mark.parametrize(("days", "asked"), [(-1, True), (0, False), (1, False)])
def test_link_is_looked_at_again_when_it_was_confirmed_before_the_meaning_changed(firm, days, asked):
    Goal.objects.filter(pk=firm.retention.pk).update(meaning_changed_on=DAY)
    Link.objects.filter(initiative=firm.work["half"]).update(confirmed_on=DAY + dt.timedelta(days=days))
    (sight,) = sights(firm, "half")

    actions = link_actions(firm.work["half"], sight, firm.member, DAY)

    assert actions is not None
    assert actions.reconfirm is asked
