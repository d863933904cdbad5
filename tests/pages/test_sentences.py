"""What pages and digests say of figures in companies at the edges (tests/pages/companies.py): true, and not void."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from digest.writing import write_digests
from tests.factories import DAY
from tests.html import texts_of
from tests.pages.companies import AT, BUILDERS, People, build
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.slow

PAGES = (
    *("/", "/strategy/", "/strategies/plan/", "/goals/goal/", "/goals/goal/closure/", "/strategies/plan/archive/"),
    *("/teams/", "/teams/crew/", "/initiatives/", "/initiatives/work/", "/initiatives/work-1/", "/flags/"),
    *("/flags/?code=uncovered", "/flags/?code=orphan", "/digests/next/"),
)


class Company:
    """One of the companies at AT, and what its pages say to whom, each asked once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.people: People = build(name)
        self.clients: dict[str, Client] = {who: signed_in(person) for who, person in self.people.items()}
        self.text = cache(self._text)

    def _text(self, who: str, address: str) -> str:
        response = self.clients[who].get(address)
        return " ".join(texts_of(response, "main")) if response.status_code == 200 else ""

    def lede(self, who: str) -> str:
        return " ".join(texts_of(self.clients[who].get("/"), "p.lede"))


@pytest.fixture(scope="module", params=list(BUILDERS))
def company(request: pytest.FixtureRequest, whole_module: None) -> Iterator[Any]:
    with time_machine.travel(AT, tick=False), transaction.atomic():
        yield Company(request.param)
        transaction.set_rollback(True)


UPKEEP = (
    "Of 5 person-weeks of active work, none reaches a published strategy; the rest explores or keeps things running."
)
LEDES = {
    "empty": ("", "", "", ""),
    "idle": (
        "There is no active work: coverage comes with the first active initiative. Nobody works on 1 goal.",
        "There is no active work: coverage comes with the first active initiative.",
        "Crew has no active work; nothing waits for you.",
        "You own no active work, and your teams have none.",
    ),
    "upkeep": (
        f"{UPKEEP} Nobody works on 1 goal.",
        UPKEEP,
        "Crew has nothing but upkeep to do; 1 thing waits for you.",
        "All of your team’s work leads to the strategy, explores, or keeps things running.",
    ),
    "past": (
        "No goal of a published strategy is live now, so no work can reach one.",
        "No goal of a published strategy is live now, so no work can reach one.",
        "Crew has no active work; nothing waits for you.",
        "You own no active work, and your teams have none.",
    ),
    "outlived": (
        "No goal of a published strategy is live now, so no work can reach one.",
        "No goal of a published strategy is live now, so no work can reach one.",
        "Crew: 0 % of the work that is not upkeep reaches the strategy; 3 things wait for you.",
        "Your team’s work reaches no published strategy.",
    ),
    "unsized": (
        "38.9 % of the work that is not upkeep reaches the strategy. Nobody works on 1 goal.",
        "Of 76 active initiatives, 28 reach a published strategy; 44 reach nothing.",
        "Crew: 38.9 % of the work that is not upkeep reaches the strategy; 45 things wait for you.",
        "Some of your team’s work reaches no published strategy.",
    ),
    "tiny": (
        "100 % of the work that is not upkeep reaches the strategy.",
        "All active work reaches a published strategy: 1 person-week.",
        "Crew: 100 % of the work that is not upkeep reaches the strategy; 2 things wait for you.",
        "All of your work leads to the strategy, explores, or keeps things running.",
    ),
    "huge": (
        "54.2 % of the work that is not upkeep reaches the strategy. Nobody works on 1 200 goals.",
        "Of 2 400 000 person-weeks of active work, 1 300 000 reach a published strategy; 1 100 000 reach nothing.",
        "Crew: 54.2 % of the work that is not upkeep reaches the strategy; more than 1 000 things wait for you.",
        "Some of your team’s work reaches no published strategy.",
    ),
}
"""The first sentence on the page of a leader, a viewer, the team's lead and a member of it."""


def test_first_sentence_of_home_is_true(company: Company, db: None) -> None:
    assert tuple(company.lede(who) for who in ("leader", "viewer", "lead", "member")) == LEDES[company.name]


def test_nobody_reads_of_weeks_that_nobody_gave(company: Company, db: None) -> None:
    """Beside the defaults that the formulas of single initiatives, their list and previews count with."""
    shown = ("/", "/strategy/", "/strategies/plan/", "/goals/goal/", "/teams/", "/teams/crew/", "/digests/next/")
    weeks = [
        (who, address, found)
        for who in ("leader", "lead", "member")
        for address in shown
        if (found := re.findall(r"[1-9][\d ]* person-weeks?", company.text(who, address)))
    ]
    assert bool(weeks) is (company.name not in {"empty", "idle", "past", "unsized"}), weeks


VOID = {
    "All active work reaches the strategy": {"tiny", "upkeep"},
    "There is no active work": {"idle", "past"},
    "Every goal of a published strategy has work": {"tiny"},
    "No goal of a published strategy is live now.": {"past", "outlived"},
    "For that the goals must be here": {"empty"},
    "Nothing to say": set(),
    "yet that nobody": set(),
    "looks again": set(),
    "look again on": set(),
}
"""What leaders read on the first page, and in which companies it is so."""


@pytest.mark.parametrize("words", VOID)
def test_sentence_stands_only_where_it_is_so(words: str, company: Company, db: None) -> None:
    said = " ".join(company.text("leader", address) for address in ("/", "/digests/next/", "/initiatives/work/"))

    assert (words in said) is (company.name in VOID[words]), said


GAPS = {"idle": "1 goal", "upkeep": "1 goal", "unsized": "1 goal", "huge": "1 200 goals"}


def test_home_digest_and_list_count_the_same_goals_without_work(company: Company, db: None) -> None:
    leader = copy.copy(company.people["leader"])
    leader.digests_always = True
    [digest] = write_digests([leader], week=DAY, since=AT, at=AT)
    [news] = [
        section.news.replace("\N{NO-BREAK SPACE}", " ")
        for part in digest.parts
        for section in part.sections
        if section.name == "uncovered"
    ] or [""]
    said = GAPS.get(company.name)

    assert news == (f"{said} that nobody works on" if said else "")
    assert (f"Nobody works on {said}." in company.lede("leader")) is bool(said)
    listed = company.text("leader", "/flags/?code=uncovered")
    assert {"1 goal": "1 goal", "1 200 goals": "More than 1 000 goals", None: "0 goals"}[said] in listed


PLURALS = re.compile(
    r"(?<![\d.\s])\b1 (goals|initiatives|teams|flags|links|people|person-weeks|weeks)\b(?!-)"
    r"|(?<!\d)\b(?!1\b)\d+ (goal|initiative|team|flag|link|person|person-week|week)\b(?!-)"
    r"|\b1 \w+ (wait|have|are|reach|were)\b|\bs 1 |  |\bof it it\b|\.\.(?!\.)| ,| \.(?!\w)"
)


def test_numbers_and_their_words_agree(company: Company, db: None) -> None:
    wrong = []
    for who in ("leader", "lead", "member"):
        for address in PAGES:
            text = re.sub(r"(\d) (?=\d{3}\b)", r"\1", company.text(who, address))
            spots = (found.span() for found in PLURALS.finditer(text))
            wrong += [(who, address, text[max(0, start - 40) : end + 20]) for start, end in spots]
    assert wrong == []
