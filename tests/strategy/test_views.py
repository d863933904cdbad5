"""Pages of strategies and goals."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.enums import LinkState
from alignment.models import Link
from alignment.selectors.goals import MISSIONS_SHOWN
from lib.text.markdown import excerpt
from lib.text.numbers import SPACE
from strategy.models import Goal, Strategy
from tests import factories as make
from tests.html import parsed, source_of, text_of, texts_of
from tests.strategy.conftest import close, compute, hide, signed_in
from web.goals.views import SIZE

pytestmark = pytest.mark.django_db

LIST_QUERIES, DETAIL_QUERIES, GOAL_QUERIES = 9, 12, 12  # session and user included


@pytest.fixture
def member():
    return make.PersonFactory()


def page(person, name, key=None, query=""):
    response = signed_in(person).get(reverse(name, args=[key] if key else []) + query)
    assert response.status_code == 200
    return response


def queries(client, address, connection) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def fill(company):
    """Much more of everything."""
    for number in range(40):
        goal = make.GoalFactory(parent=company.growth, title=f"More {number:02}")
        link = make.LinkFactory(goal=company.growth, initiative__title=f"Work {number:02}")
        make.LinkFactory(goal=goal, initiative=link.initiative)
        make.MissionGoalFactory(goal=company.growth)
        make.GoalFactory(team=make.TeamFactory(), title=f"Own {number:02}")
        make.GoalFactory(strategy=company.strategy, parent=None, why="")
    compute()


@pytest.mark.parametrize(
    ("name", "key", "number"),
    [
        ("strategy_list", None, LIST_QUERIES),
        ("strategy_detail", "plan", DETAIL_QUERIES),
        ("goal_detail", "growth", GOAL_QUERIES),
        ("goal_detail", "retention", GOAL_QUERIES),
    ],
)
@pytest.mark.parametrize("role", [make.PersonFactory, make.LeaderFactory])
def test_page_asks_the_same_number_of_queries_however_much_there_is(company, connection, name, key, number, role):
    client, address = signed_in(role()), reverse(name, args=[key] if key else [])

    assert queries(client, address, connection) == number
    fill(company)
    assert queries(client, address, connection) == number


@pytest.fixture
def connection():
    from django.db import connection

    return connection


@pytest.mark.parametrize("role", [make.ViewerFactory, make.PersonFactory, make.LeaderFactory, make.AdminFactory])
@pytest.mark.parametrize(
    ("name", "key"), [("strategy_list", None), ("strategy_detail", "plan"), ("goal_detail", "growth")]
)
def test_page_is_for_every_role_and_only_to_be_read(company, role, name, key):
    client, address = signed_in(role()), reverse(name, args=[key] if key else [])

    assert client.get(address).status_code == client.head(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("name", ["strategy_detail", "goal_detail"])
def test_page_of_nothing_is_missing(company, member, name):
    assert signed_in(member).get(reverse(name, args=["nothing-here"])).status_code == 404


def test_draft_strategy_is_for_leaders_and_its_owner(company, member):
    Strategy.objects.update(status="draft", owner=member)
    address = reverse("strategy_detail", args=["plan"])

    assert [
        signed_in(who).get(address).status_code for who in (member, make.LeaderFactory(), make.PersonFactory())
    ] == [
        200,
        200,
        404,
    ]


def test_confidential_goal_is_missing_for_members(company, member):
    hide(company.retention)
    address = reverse("goal_detail", args=["retention"])

    assert signed_in(member).get(address).status_code == 404
    assert "Leaders only" in text_of(signed_in(make.LeaderFactory()).get(address))


@pytest.mark.parametrize("query", ["?after=garbage", "?after=WyIiLCAxXQ", "?after=%00", "?after=W10"])
def test_strategy_list_reads_nonsense_as_the_start(company, member, query):
    assert "A goal of our own" in text_of(page(member, "strategy_list", query=query))


@pytest.mark.parametrize("value", ["garbage", "W10", "WyJhIiwiYiJd", "%00", "WyJcdTAwMDAiLDFd"])
def test_goal_page_reads_nonsense_as_the_start(company, member, value):
    html = text_of(page(member, "goal_detail", "growth", f"?goals_after={value}&work_after={value}"))

    assert html.count("Retention") >= 1
    assert "Both" in html


def test_goal_page_past_the_end_is_empty_and_calm(company, member):
    response = page(member, "goal_detail", "growth", "?work_after=WzAsLTEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDBd")

    assert response.context["work"] == []
    assert "Back to the start" in text_of(response)


def test_strategy_list_shows_goals_with_their_effort(company, member):
    html = text_of(page(member, "strategy_list"))

    for words in (
        "The plan",
        "We want two things.",
        "Growth",
        "Retention",
        "75.0 % of its goals worked on",
        "Nobody works on it",
    ):
        assert words in html
    assert "75.0 % of the effort on goals, 75.0 % wanted" in html


def test_strategy_list_without_strategies_teaches(nothing, member):
    assert "Here stand the company’s strategies" in text_of(page(member, "strategy_list"))


def test_strategy_list_folds_archived_strategies(company, member):
    make.GoalFactory(strategy=make.StrategyFactory(title="Last year", status="archived"), title="An old goal")
    response = page(member, "strategy_list")

    assert "Last year" in text_of(response)
    assert "An old goal" not in source_of(response)


def test_teams_own_goals_come_in_pages(company, member):
    for number in range(60):
        make.GoalFactory(team=company.team, title=f"Own {number:02}")
    first = page(member, "strategy_list")
    following = page(member, "strategy_list", query=first.context["own"].next_url)

    assert first.context["own"].rows[-1].title == "Own 48"
    assert following.context["own"].rows[0].title == "Own 49"
    assert parsed(following).select("details[open]")


def test_strategy_page_shows_wanted_beside_actual(company, member):
    response = page(member, "strategy_detail", "plan")
    rows = [(row.label, row.wanted, row.actual.value) for row in response.context["priorities"]]

    assert rows == [("Growth", 0.75, pytest.approx(0.75)), ("Quality", 0.25, pytest.approx(0.25))]
    assert response.context["coverage"].worked.replace(SPACE, " ") == "3 ÷ 4 = 75.0 %"
    assert "two" in texts_of(response, "strong")


def test_strategy_page_adds_up_what_is_elsewhere(company, member):
    make.GoalFactory(weight=4)
    compute()
    rows = [(row.label, row.wanted) for row in page(member, "strategy_detail", "plan").context["priorities"]]

    assert rows == [("Growth", 0.375), ("Quality", 0.125), ("1 other company goal", 0.5)]


def test_strategy_page_keeps_a_hidden_goals_share_without_its_name(company, member):
    hide(company.quality)
    response = page(member, "strategy_detail", "plan")

    assert "a confidential goal" in text_of(response)
    assert "Quality" not in source_of(response)


def test_strategy_page_folds_housekeeping_to_one_line(company, member):
    html = text_of(page(member, "strategy_detail", "plan"))

    assert "3 goals have no measure" in html
    assert html.count("has no measure") == 0
    assert "has no work that reaches it." in html


def test_strategy_page_of_a_draft_has_no_figures_and_says_why(company):
    Strategy.objects.update(status="draft")
    compute()
    response = page(make.LeaderFactory(), "strategy_detail", "plan")
    html = text_of(response)

    assert "Status: Draft" in html
    assert "How much work it has" not in html
    assert "Links to it do not count: its strategy is not published." in html
    assert "0 %" not in " ".join(source_of(response).split())  # in no label either


def test_goal_page_shows_its_figures_with_their_formulas(company, member):
    response = page(member, "goal_detail", "growth")
    effort, initiatives, teams = response.context["figures"]

    assert (effort.value, initiatives.value, teams.value) == (pytest.approx(6), 3, 2)
    assert effort.worked.replace(SPACE, " ") == "6 person-weeks from 3 initiatives"
    assert effort.rows_url == reverse("initiative_list") + "?goal=growth"
    html = text_of(response)
    for words in ("1 250.5", "2 000", "a month", "Retention", "Both", "25.0 %", "Fewer steps, so more people finish."):
        assert words in html


def test_goal_page_counts_work_and_teams_of_goals_below(company, member):
    """On Retention are Both (3 of its weeks), Keep and one more: three initiatives, of two teams."""
    make.LinkFactory(initiative=make.InitiativeFactory(team=company.team, effort=2), goal=company.retention)
    compute()
    rows = parsed(page(member, "goal_detail", "growth")).select("#goals-below tbody tr")
    (row,) = [row for row in rows if "Retention" in row.text]

    counts = {str(cell["data-label"]): text_of(cell).split()[0] for cell in row.select("td")}
    assert counts == {"Weeks": "6", "Initiatives": "3", "Teams": "2"}


def test_goal_page_says_what_is_not_sized(company, member):
    make.LinkFactory(initiative=make.InitiativeFactory(effort=None), goal=company.growth)
    compute()

    assert "1 of 4 not sized, counted as 1 week each" in text_of(page(member, "goal_detail", "growth"))


def test_goal_page_of_a_goal_that_does_not_count_says_why(company, member):
    html = text_of(page(member, "goal_detail", "own"))

    assert "Links to it do not count: it leads to a team's own goal, not to a company goal." in html
    assert "Does not count:" in html
    assert "Teams’ own goals" in html


def test_goal_page_shows_a_disputed_link_with_its_reason(company, member):
    Link.objects.filter(initiative__key="grow").update(state=LinkState.DISPUTED)

    assert "Does not count." in text_of(page(member, "goal_detail", "growth"))


def test_goal_page_below_a_hidden_goal_leads_up_to_a_confidential_goal(company, member):
    Goal.objects.filter(pk=company.retention.pk).update(owner=member)
    hide(company.growth)
    response = page(member, "goal_detail", "retention")

    assert [label for label, _url in response.context["crumbs"]] == ["Strategy", "The plan", "a confidential goal"]
    assert "Growth" not in source_of(response)


def test_goal_page_does_not_name_a_draft_strategy_to_a_goals_owner(company, member):
    Goal.objects.filter(pk=company.growth.pk).update(owner=member)
    Strategy.objects.update(status="draft")

    assert "The plan" not in source_of(page(member, "goal_detail", "growth"))


def test_goal_page_asks_the_questions_of_its_flags(company, member):
    assert "Who could take it on, or is it not wanted now?" in text_of(page(member, "goal_detail", "silence"))


def test_goal_page_after_closing_says_so(company, member):
    close(company.growth)

    assert "Links to it do not count: the goal is closed." in text_of(page(member, "goal_detail", "growth"))


def test_goal_page_lists_come_in_pages_that_do_not_disturb_each_other(company, member):
    fill(company)
    first = page(member, "goal_detail", "growth").context
    both = page(member, "goal_detail", "growth", first["below"].next_url).context
    following = page(member, "goal_detail", "growth", both["links"].next_url).context

    assert len(first["goals"]) == len(first["work"]) == SIZE
    assert not {row.goal.pk for row in first["goals"]} & {row.goal.pk for row in both["goals"]}
    assert [row.goal.pk for row in both["goals"]] == [row.goal.pk for row in following["goals"]]
    assert not {row.bet.link.pk for row in first["work"]} & {row.bet.link.pk for row in following["work"]}
    assert len(first["serving"]) == MISSIONS_SHOWN
    assert first["more_serving"]


def test_goal_that_came_after_the_last_computation_says_so(company, member):
    goal = make.GoalFactory(strategy=company.strategy)

    assert "It came after the last computation." in text_of(page(member, "goal_detail", goal.key))
    assert goal.title in text_of(page(member, "strategy_list"))


def test_excerpt_is_the_first_words_without_marks():
    assert excerpt("# Why\n\nWe *want* more & better.") == "Why We want more & better."
    assert excerpt("word " * 70).endswith("word …")


def test_state_of_a_draft_is_said_once(company, member):
    Goal.objects.filter(key="growth").update(status="draft")
    compute()
    leader = make.LeaderFactory()
    goal = page(leader, "goal_detail", "growth")

    assert texts_of(goal, ".figure__missing") == []
    assert texts_of(goal, ".notice") == ["Links to it do not count."]
    assert texts_of(goal, ".page-head .chip--draft") == ["Status: Draft"]
    Strategy.objects.update(status="draft")
    compute()
    strategy = page(leader, "strategy_detail", "plan")
    assert texts_of(strategy, ".chip--draft") == ["Status: Draft"]
    assert texts_of(strategy, ".figure") == []


def test_state_of_a_link_is_said_once(company, member):
    Link.objects.filter(goal__key="growth", initiative__key="grow").update(
        state="disputed", judged_on=make.DAY, judged_by=member, note="How so?"
    )
    compute()
    [row] = [each for each in texts_of(page(member, "goal_detail", "growth"), "tr") if "How so?" in each]
    assert row.lower().count("disput") == 1
    [line] = texts_of(page(member, "initiative_detail", "grow"), "article")
    assert line.lower().count("disput") == 1
