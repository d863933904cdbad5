"""Teams, goals, initiatives and the business context: what a row says, and to whom."""

from __future__ import annotations

import pytest

from alignment.models import GoalFigures, InitiativeFigures, TeamFigures
from conversations.models import Thread
from strategy.models import Goal, Measure
from teams.models import Initiative
from tests import factories as make
from tests.api.conftest import LOWER, UPPER, keys

pytestmark = pytest.mark.usefixtures("company")

ADDRESSES = ("context", "decisions", "teams", "goals", "measures", "threads", "initiatives")


def test_team_says_its_columns_and_own_figures(signed_in):
    team = signed_in("leader").get("/api/v1/teams/crew/").json()
    figures = team.pop("figures")
    assert team == {
        "key": "crew",
        "name": "Crew 100%",
        "parent": "fleet",
        "mission": "Make it easy to buy.",
        "mission_goals": ["hidden", "open"],
        "personas": ["buyer", "shopper"],
        "stance": "core",
        "stance_reason": "",
        "stance_until": None,
        "archived_on": None,
        "here": True,
    }
    assert (figures["total"], figures["aligned"], figures["coverage"], figures["initiatives"]) == (4.0, 4.0, 1.0, 1)
    assert len(figures) == 14


def test_team_without_work_has_no_ratios(signed_in):
    figures = signed_in("viewer").get("/api/v1/teams/fleet/").json()["figures"]
    assert (figures["total"], figures["coverage"], figures["autonomy"]) == (0.0, None, None)


def test_goal_says_its_columns_and_the_effort_below(signed_in):
    goal = signed_in("viewer").get("/api/v1/goals/open/").json()
    assert goal == {
        "key": "open",
        "strategy": "plan",
        "parent": None,
        "team": None,
        "title": "More orders",
        "situation": "",
        "why": "Because customers ask for it.",
        "boundaries": "",
        "kind": "committed",
        "weight": 2.5,
        "status": "active",
        "starts_on": None,
        "ends_on": None,
        "owner": "owner@example.com",
        "visibility": "company",
        "meaning_changed_on": None,
        "closed_on": None,
        "closing_reason": "",
        "learned": "",
        "successors": [],
        "position": None,
        "pages": ["prices"],
        "personas": ["buyer"],
        "figures": {"live": True, "anchored": True, "effort": 3.0, "initiatives": 1, "teams": 1, "covered": True},
    }


def test_goal_below_another_leaves_its_strategy_to_the_root(signed_in):
    goal = signed_in("viewer").get("/api/v1/goals/below-open/").json()
    assert (goal["parent"], goal["strategy"], goal["figures"]["effort"]) == ("open", None, 1.0)


def test_measure_says_its_columns_where_it_stands_and_what_was_checked_in(signed_in):
    """From 0 to 10, at 4: two fifths of the way. What was corrected is not said."""
    assert signed_in("viewer").get("/api/v1/measures/orders/").json() == {
        "key": "orders",
        "goal": "open",
        "title": "Orders",
        "unit": "a day",
        "baseline": 0.0,
        "target": 10.0,
        "current": 4.0,
        "kind": "target",
        "keeper": "owner@example.com",
        "carries_on": None,
        "attainment": {"way": 0.4, "met": False, "short": 6.0},
        "check_ins": [
            {
                "at": make.NOW.isoformat(),
                "value": 4.0,
                "confidence": "at_risk",
                "note": "Now right.",
                "by": "owner@example.com",
            }
        ],
    }


def test_measure_of_a_hidden_goal_is_not_there(signed_in):
    for role, status in (("viewer", 404), ("leader", 200)):
        assert signed_in(role).get("/api/v1/measures/secret/").status_code == status
    assert keys(signed_in("member").get("/api/v1/measures/")) == ["orders"]


def test_what_comes_before_and_after_is_named_to_those_who_see_it(signed_in):
    Measure.objects.filter(key="orders").update(carries_on=Measure.objects.get(key="secret"))
    make.GoalSuccessorFactory(goal=Goal.objects.get(key="open"), successor=Goal.objects.get(key="hidden"))
    make.GoalSuccessorFactory(goal=Goal.objects.get(key="open"), successor=Goal.objects.get(key="below-open"))
    for role, before, after in (
        ("member", None, ["below-open"]),
        ("leader", "secret", ["below-open", "hidden"]),
    ):
        client = signed_in(role)
        assert client.get("/api/v1/measures/orders/").json()["carries_on"] == before
        assert client.get("/api/v1/goals/open/").json()["successors"] == after


def test_goal_of_a_team_is_covered_by_nothing(signed_in):
    goal = signed_in("viewer").get("/api/v1/goals/of-crew/").json()
    assert (goal["team"], goal["figures"]["anchored"], goal["figures"]["covered"]) == ("crew", False, None)


def test_initiative_says_its_columns_and_parts(signed_in):
    assert signed_in("viewer").get("/api/v1/initiatives/work/").json() == {
        "key": "work",
        "team": "crew",
        "title": Initiative.objects.get(key="work").title,
        "problem": "Too *many* steps",
        "kind": "goal",
        "origin": "team",
        "effort": 4.0,
        "status": "active",
        "starts_on": None,
        "ends_on": None,
        "owner": "owner@example.com",
        "url": "",
        "touched_on": "2026-03-16",
        "declaration": "",
        "status_reason": "",
        "learned": "",
        "labels": [],
        "contributors": [],
        "support": [
            {
                "team": "fleet",
                "key": "",
                "ask": "",
                "size": "small",
                "status": "asked",
                "asked_on": "2026-03-16",
                "answer": "Two of us",
                "needed_on": None,
                "due_on": "2026-03-20",
                "unconfirmed": False,
                "thanks": "",
                "offered": True,
            }
        ],
        "figures": {
            "effort": 4.0,
            "aligned": 4.0,
            "reasoned": 4.0,
            "endorsed": 0.0,
            "exploring": 0.0,
            "sustaining": 0.0,
            "orphaned": 0.0,
        },
    }


def test_page_of_the_context_says_its_columns(signed_in):
    assert signed_in("viewer").get("/api/v1/context/who-buys/").json() == {
        "key": "who-buys",
        "lens": "product",
        "title": "Who buys",
        "body": "Clerks *do*.",
        "owner": "owner@example.com",
        "confirmed_on": None,
    }


def test_decision_says_its_columns_and_what_one_may_see_of_what_it_touches(signed_in):
    decision = {
        "key": "partners-sell",
        "title": "Partners sell",
        "context": "",
        "options": "",
        "choice": "We do it.",
        "reasons": "Customers ask for it.",
        "consequences": "",
        "status": "decided",
        "visibility": "company",
        "decided_by": ["owner@example.com"],
        "decided_on": make.DAY.isoformat(),
        "owner": None,
        "supersedes": None,
        "goals": ["open"],
        "pages": ["prices"],
        "personas": ["buyer"],
    }
    assert signed_in("viewer").get("/api/v1/decisions/partners-sell/").json() == decision
    seen = signed_in("leader").get("/api/v1/decisions/partners-sell/").json()
    assert seen == decision | {"goals": ["hidden", "open"], "supersedes": "own-sales"}
    assert keys(signed_in("viewer").get("/api/v1/decisions/")) == ["partners-sell"]


def test_thread_says_its_columns_and_what_is_said_in_it(signed_in):
    seen = signed_in("viewer").get("/api/v1/threads/asked/").json()
    assert seen == {
        "key": "asked",
        "kind": "question",
        "about_kind": "goal",
        "about": "open",
        "aspect": "effort",
        "asker": "owner@example.com",
        "answers_kind": "goal",
        "answers": "open",
        "opened_at": "2026-03-16T09:00:00Z",
        "turn": "answers",
        "turned_at": "2026-03-16T09:00:00Z",
        "due_on": None,
        "outcome": "",
        "closed_at": None,
        "last_at": "2026-03-16T09:00:00Z",
        "reminded_at": None,
        "proposal": None,
        "messages": [
            {
                "number": 1,
                "author": "owner@example.com",
                "at": "2026-03-16T09:00:00Z",
                "text": "",
                "pinned": False,
                "edited_at": None,
                "removed_at": "2026-03-16T09:00:00Z",
                "removed_by": "owner@example.com",
            },
            {
                "number": 2,
                "author": "owner@example.com",
                "at": "2026-03-16T09:01:00Z",
                "text": "For *whom*?",
                "pinned": True,
                "edited_at": None,
                "removed_at": None,
                "removed_by": None,
            },
        ],
    }


def test_proposal_says_its_work_and_the_goal_that_came_of_it(signed_in):
    hidden, thread = Goal.objects.get(key="hidden"), Thread.objects.get(key="asked")
    row = make.ProposalFactory(thread=thread, goal=hidden, because="So.")
    make.ProposalWorkFactory(proposal=row, initiative__key="proposed")
    seen = signed_in("viewer").get("/api/v1/threads/asked/").json()["proposal"]
    said = {"title": "Be found", "measure": "", "because": "So.", "work": ["proposed"], "linked_at": None}
    assert seen == {**said, "goal": None}
    assert signed_in("leader").get("/api/v1/threads/asked/").json()["proposal"] == {**said, "goal": "hidden"}


def test_thread_is_there_for_those_who_see_what_it_is_about(signed_in):
    client, leader = signed_in("member"), signed_in("leader")
    assert keys(client.get("/api/v1/threads/")) == ["asked", "of-link"]
    assert keys(leader.get("/api/v1/threads/")) == ["asked", "of-link", "secretly"]
    assert client.get("/api/v1/threads/secretly/").status_code == 404
    (told,) = client.get("/api/v1/threads/?about_kind=link").json()["results"]
    assert (told["about"], told["answers_kind"], told["answers"]) == ("work:below-open", "goal", None)
    assert leader.get("/api/v1/threads/of-link/").json()["answers"] == "hidden"


def test_initiative_outside_the_portfolio_has_no_figures(signed_in):
    initiative = signed_in("viewer").get("/api/v1/initiatives/idle/").json()
    assert (initiative["effort"], initiative["figures"]) == (None, None)


def test_rows_before_the_first_recompute_have_no_figures(signed_in):
    client = signed_in("leader")
    for figures in (TeamFigures, GoalFigures, InitiativeFigures):
        figures.objects.all().delete()
    for address in ("teams/crew", "goals/open", "initiatives/work"):
        assert client.get(f"/api/v1/{address}/").json()["figures"] is None


@pytest.mark.parametrize("role", UPPER)
def test_leaders_see_every_goal(role, signed_in):
    client = signed_in(role)
    assert keys(client.get("/api/v1/goals/")) == ["below-hidden", "below-open", "drafted", "hidden", "of-crew", "open"]
    assert client.get("/api/v1/goals/hidden/").status_code == 200


@pytest.mark.parametrize("role", LOWER)
def test_others_find_no_trace_of_hidden_goals(role, signed_in):
    client = signed_in(role)
    assert keys(client.get("/api/v1/goals/")) == ["below-open", "of-crew", "open"]
    for key in ("hidden", "below-hidden", "drafted", "there-is-none"):
        response = client.get(f"/api/v1/goals/{key}/")
        assert response.status_code == 404
        assert response.json()["detail"] == "There is nothing here, or nothing that you may see."
    assert client.get("/api/v1/teams/crew/").json()["mission_goals"] == ["open"]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("goals/?parent=hidden", "below-hidden"),
        ("goals/?strategy=draft", "drafted"),
        ("teams/?mission_goals=hidden", "crew"),
    ],
)
def test_filter_by_something_hidden_finds_what_it_finds_for_leaders_only(address, found, signed_in):
    assert keys(signed_in("leader").get(f"/api/v1/{address}")) == [found]
    assert keys(signed_in("member").get(f"/api/v1/{address}")) == []


def test_owner_sees_their_goal_but_nothing_hidden_around_it(signed_in):
    owner = make.PersonFactory()
    Goal.objects.filter(key__in=["below-hidden", "drafted"]).update(owner=owner)
    client = signed_in(owner)
    below, drafted = (client.get(f"/api/v1/goals/{key}/").json() for key in ("below-hidden", "drafted"))
    assert (below["owner"], below["parent"]) == (owner.email, None)
    assert (drafted["owner"], drafted["strategy"]) == (owner.email, None)


@pytest.mark.parametrize("role", [*LOWER, *UPPER])
@pytest.mark.parametrize("address", ADDRESSES)
def test_everybody_reads_lists(address, role, signed_in):
    assert keys(signed_in(role).get(f"/api/v1/{address}/"))


@pytest.mark.parametrize("role", ["viewer", "leader"])
@pytest.mark.parametrize(
    "address",
    [
        *(f"{name}/" for name in ADDRESSES),
        "context/who-buys/",
        "decisions/partners-sell/",
        "teams/crew/",
        "goals/open/",
        "measures/orders/",
        "initiatives/work/",
    ],
)
def test_address_takes_three_queries(address, role, signed_in, django_assert_num_queries):
    """The session, the person, and the rows."""
    client = signed_in(role)
    with django_assert_num_queries(3):
        assert client.get(f"/api/v1/{address}").status_code == 200


def test_thread_takes_two_queries_more_for_what_is_said_and_proposed(signed_in, django_assert_num_queries):
    client = signed_in("viewer")
    with django_assert_num_queries(5):
        assert client.get("/api/v1/threads/asked/").status_code == 200


@pytest.mark.parametrize(
    "address", ["goals/?parent=open", "goals/?strategy=plan", "teams/?mission_goals=open&search=crew"]
)
def test_filters_take_no_query_of_their_own(address, signed_in, django_assert_num_queries):
    client = signed_in("viewer")
    with django_assert_num_queries(3):
        assert keys(client.get(f"/api/v1/{address}"))
