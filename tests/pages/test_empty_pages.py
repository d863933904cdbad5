"""What pages say where there is nothing yet, or nothing that fits, and the one way that they offer then."""

from __future__ import annotations

from typing import Any

import pytest

from alignment.models import Recompute
from tests import factories as make
from tests.html import parsed, texts_apart
from tests.pages.words import in_order
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

NOTHING: list[tuple[str, str, list[str], str]] = [
    (
        "admin",
        "/",
        [
            "Here you will see how much",
            *("First steps", "Name the company", "Give its name and time zone", "Publish the strategy"),
            *("Make the first team", "Start an initiative", "Link it to a goal", "Not alone", "Invite the people"),
            "./manage.py import_company PATH",
        ],
        "/settings/company/",
    ),
    ("leader", "/", ["Teams choose their own work", "Publish the strategy", "Begin with the strategy"], "/strategy/"),
    ("member", "/", ["Leaders publish the strategy first.", "See the teams"], "/teams/"),
    (
        "leader",
        "/strategy/",
        ["Here stand the company’s strategies", "Teams choose", "Write a strategy"],
        "/strategies/new/",
    ),
    ("viewer", "/strategy/", ["Here stand the company’s strategies", "what the company is after."], ""),
    ("leader", "/teams/", ["Here will be the teams", "Leaders make them here", "Make the first team"], "/teams/new/"),
    ("viewer", "/teams/", ["Here will be the teams", "Each tells what it is for"], ""),
    (
        "viewer",
        "/teams/?q=none",
        ["No team has these words in its name.", "Try fewer of them, or a part of a word."],
        "",
    ),
    (
        "leader",
        "/personas/",
        ["Here will be the people the company works for.", "Describe the first persona"],
        "/personas/new/",
    ),
    (
        "viewer",
        "/personas/",
        ["Here will be the people the company works for.", "Leaders describe them.", "To the teams"],
        "/teams/",
    ),
    (
        "leader",
        "/initiatives/",
        ["Here will be the work that is active", "Teams choose it themselves.", "New initiative"],
        "/initiatives/new/",
    ),
    ("viewer", "/initiatives/", ["Here will be the work that is active", "Teams choose it themselves."], ""),
    (
        "viewer",
        "/initiatives/?kind=explore",
        ["No initiative is like this.", "Take a filter off", "Show all active ones"],
        "/initiatives/",
    ),
    (
        "leader",
        "/initiatives/new/",
        ["Work belongs to a team, and there is none yet.", "A team chooses its own work", "New team"],
        "/teams/new/",
    ),
    ("viewer", "/history/", ["Here stands what people write, link, decide and answer", "Who looks back"], ""),
    (
        "viewer",
        "/history/?kind=bets",
        ["No entry", "Bets", "Nothing like this happened.", "Show everything"],
        "/history/",
    ),
    ("viewer", "/learnings/", ["Here will stand what bets came to", "a failed bet teaches most."], ""),
    ("viewer", "/learnings/?what=held", ["Nothing like this was learned yet.", "Show everything"], "/learnings/"),
    ("viewer", "/people/?q=none", ["Nobody here fits these filters.", "Show everybody"], "/people/"),
    ("viewer", "/flags/", ["Nothing is open here.", "When work reaches no strategy"], ""),
    ("viewer", "/flags/?snoozed=yes", ["Nothing is snoozed here."], ""),
    ("viewer", "/flags/?code=orphan", ["Reaches nothing", "None now."], ""),
    ("viewer", "/flags/?code=orphan&snoozed=yes", ["Reaches nothing", "None is snoozed."], ""),
    (
        "leader",
        "/context/",
        ["Here belongs what the plans take for granted", "Write the first page"],
        "/context/new/?lens=strategy",
    ),
    (
        "viewer",
        "/context/",
        ["Nobody has described the customers yet: they are the personas", "Leaders write these pages."],
        "",
    ),
]

MAKERS: dict[str, Any] = {
    "viewer": make.ViewerFactory,
    "member": make.PersonFactory,
    "leader": make.LeaderFactory,
    "admin": make.AdminFactory,
}


@pytest.mark.parametrize(
    ("who", "address", "words", "way"), NOTHING, ids=[f"{each[1]} as {each[0]}" for each in NOTHING]
)
def test_page_of_nothing_teaches(who: str, address: str, words: list[str], way: str) -> None:
    page = parsed(signed_in(MAKERS[who]()).get(address))
    buttons = [str(link["href"]) for link in page.select(".empty a.button, .steps a.button")]

    assert in_order(texts_apart(page), words) == words, texts_apart(page)
    assert buttons[:1] == ([way] if way else [])


def test_page_says_that_nothing_was_computed_yet() -> None:
    assert "No figures have been computed yet" in texts_apart(signed_in(make.ViewerFactory()).get("/teams/"))
    make.RecomputeFactory()
    assert Recompute.objects.exists()
    assert "Figures as of 16 Mar 2026" in texts_apart(signed_in(make.ViewerFactory()).get("/teams/"))


def test_team_of_nobody_says_whom_to_add_first() -> None:
    make.TeamFactory(key="crew")
    page = texts_apart(signed_in(make.LeaderFactory()).get("/teams/crew/members/"))

    assert "Nobody is on this team yet. Add its lead first: they can then do the rest themselves." in page


def test_team_without_personas_to_choose_leads_to_them() -> None:
    make.TeamFactory(key="crew")
    client, address = signed_in(make.LeaderFactory()), "/teams/crew/personas/"
    words = ["Nobody has described a persona yet", "A persona says who the customers are", "To the personas"]
    page = client.get(address)
    assert in_order(texts_apart(page), words) == words
    assert parsed(page).select("main form") == []

    make.PersonaFactory(name="Buyers")
    words = ["Whom it serves", "Buyers", "Not in the list? Look at all personas ; leaders describe new ones there."]
    assert in_order(texts_apart(client.get(address)), words) == words


@pytest.mark.parametrize(("search", "said"), [("", "There is no goal that"), ("?q=x", "No goal of this title that")])
def test_goal_that_can_go_nowhere_says_so(search: str, said: str) -> None:
    goal = make.GoalFactory(key="alone", title="Alone", strategy__title="The plan")
    make.StrategyFactory(title="Another plan", status="draft")
    page = signed_in(make.LeaderFactory()).get(f"/goals/alone/position/{search}")
    words = [
        *("Move Alone · Throughline", "Move “Alone”", "Choose where it belongs. You will see what the move would do"),
        *("At the top", "The top of “Another plan” Draft", "Below another goal", "Find a goal by its title", "Find"),
        *(f"{said} it could go below.", "Leave it where it is"),
    ]

    assert in_order(texts_apart(page), words) == words, texts_apart(page)
    assert [link["href"] for link in parsed(page).select(".section li a")] == [f"?to=strategy%3A{_other(goal)}"]


def _other(goal: Any) -> str:
    return str(type(goal.strategy).objects.exclude(pk=goal.strategy_id).get().key)
