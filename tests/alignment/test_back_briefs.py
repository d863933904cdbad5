"""Back-briefs: who is asked when something is published, what their answer does, and how it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest

from alignment.models import Flag, Link
from alignment.refresh.recompute import recompute_alignment
from alignment.services.back_briefs import BACK_BRIEF, answer_back_brief, ask_back_brief, asked_teams
from conversations.enums import Side
from conversations.models import Message, Thread
from conversations.narrative import turn_words
from conversations.selectors.threads import with_names
from conversations.services.threads import end_thread, write_message
from lib.services.errors import RefusedError
from lib.text.spans import words_of
from strategy.models import Edition, Goal, Strategy
from strategy.services.goals import edit_goal
from strategy.services.strategies import archive_strategy, publish_strategy
from teams.enums import TeamRole
from teams.models import Person, Team
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_named, page_text, parsed
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)


@dataclass
class Firm:
    """Growth has Retention below it, on which Search works; Quality has Ops. Idle has no active work, Lost nobody who
    leads it, and Away is not here."""

    leader: Person
    lead: Person
    strategy: Strategy
    growth: Goal
    link: Link
    search: Team


@pytest.fixture
def firm() -> Firm:
    strategy = make.StrategyFactory(key="plan", title="The plan", status="draft")
    growth = make.GoalFactory(key="growth", title="Growth", strategy=strategy, status="draft", why="Less churn.")
    retention = make.GoalFactory(key="retention", parent=growth, status="draft")
    quality = make.GoalFactory(key="quality", strategy=strategy, status="draft")
    lead = make.PersonFactory(name="Lea Lead")
    search, ops, idle, away = (
        make.TeamFactory(key=name, name=name.capitalize(), is_here=name != "away")
        for name in ("search", "ops", "idle", "away")
    )
    for team in (search, ops, idle, away):
        make.MembershipFactory(team=team, person=lead if team == search else make.PersonFactory(), role=TeamRole.LEAD)
    link = make.LinkFactory(initiative=make.InitiativeFactory(team=search), goal=retention)
    for team, goal in ((ops, quality), (away, growth), (make.TeamFactory(name="Lost"), growth)):
        make.LinkFactory(initiative=make.InitiativeFactory(team=team), goal=goal)
    make.LinkFactory(initiative=make.InitiativeFactory(team=idle, status="paused"), goal=growth)
    recompute_alignment(as_of=DAY, at=NOW)
    return Firm(make.LeaderFactory(), lead, strategy, growth, link, search)


def publish(firm: Firm) -> None:
    firm.strategy.refresh_from_db()
    publish_strategy(firm.strategy, actor=firm.leader, at=NOW, version=firm.strategy.version)


def change(firm: Firm) -> None:
    firm.growth.refresh_from_db()
    edit_goal(
        *(firm.growth,),
        actor=firm.leader,
        at=LATER,
        version=firm.growth.version,
        why="Customers stay for service.",
        meaning_changed=True,
        because="We saw why they stay.",
    )


def asked(edition: int) -> set[str]:
    rows = Thread.objects.filter(kind=BACK_BRIEF, aspect=f"edition-{edition}")
    return {Team.objects.get(pk=row.answers_id).name for row in rows}


def of_search(firm: Firm, **more: Any) -> Thread:
    return Thread.objects.get(answers_kind="team", answers_id=firm.search.pk, **more)


def test_teams_that_work_on_what_is_published_are_asked_once(firm, django_assert_max_num_queries):
    publish(firm)
    assert asked(1) == {"Search", "Ops"}
    thread = of_search(firm)
    assert (thread.turn, thread.asker, thread.due_on) == (Side.ANSWERS, firm.leader, dt.date(2026, 3, 23))
    assert list(Thread.objects.in_turn_of(firm.lead)) == [thread]
    assert Message.objects.filter(thread=thread).count() == 1


def test_a_goal_that_means_something_else_asks_those_below_it_too_and_ends_what_was_open(firm):
    publish(firm)
    before = of_search(firm)
    change(firm)
    assert asked(2) == {"Search"}
    before.refresh_from_db()
    assert before.outcome == "anew"


def test_a_goal_that_an_edition_no_longer_has_asks_nobody(firm):
    edition = make.EditionFactory(strategy=firm.strategy)
    make.EditionGoalFactory(edition=edition, goal_id=firm.growth.pk, says={"title": "Growth"})
    make.EditionGoalFactory(edition=edition, goal_id=Goal.objects.get(key="quality").pk, says=None)
    assert list(asked_teams(edition)) == [firm.search]


def test_an_edit_without_another_meaning_asks_nobody(firm):
    publish(firm)
    firm.growth.refresh_from_db()
    edit_goal(firm.growth, actor=firm.leader, at=LATER, version=firm.growth.version, weight=3, because="Heavier.")
    assert Thread.objects.count() == 2


def test_the_answer_of_a_lead_confirms_the_links_of_the_team(firm):
    publish(firm)
    change(firm)
    recompute_alignment(as_of=DAY + dt.timedelta(days=1), at=LATER)
    assert Flag.objects.open().filter(code="reconfirm").exists()
    thread = of_search(firm, outcome="")
    member = make.MembershipFactory(team=firm.search).person
    answer_back_brief(thread, actor=member, at=LATER, text="A remark.")
    assert Flag.objects.open().filter(code="reconfirm").exists()
    answer_back_brief(thread, actor=firm.lead, at=LATER, text="Keep them by answering.")
    firm.link.refresh_from_db()
    assert firm.link.confirmed_at == LATER
    assert not Flag.objects.open().filter(code="reconfirm", initiative=firm.link.initiative).exists()
    thread.refresh_from_db()
    assert thread.turn == Side.ASKS
    assert list(Thread.objects.in_turn_of(firm.leader)) == [thread]
    heir = make.LeaderFactory(name="Hetty Heir")
    for owner, name in ((None, "leaders"), (heir, "Hetty Heir")):
        Strategy.objects.update(owner=owner)
        [row] = with_names(Thread.objects.filter(pk=thread.pk))
        assert words_of(turn_words(row)) == f"Answered; waits for {name}"


@pytest.mark.parametrize("outcome", ["understood", "changed"])
def test_whoever_answers_for_the_strategy_says_what_came_of_it(firm, outcome):
    publish(firm)
    thread, other = of_search(firm), make.LeaderFactory()
    answer_back_brief(thread, actor=firm.lead, at=NOW, text="Keep them.")
    write_message(thread, actor=other, at=NOW, text="Not quite: keep those who pay.")
    thread.refresh_from_db()
    assert thread.turn == Side.ANSWERS
    assert end_thread(thread, actor=other, at=NOW, version=thread.version, outcome=outcome).outcome == outcome


def test_nobody_is_asked_any_more_once_the_strategy_is_archived(firm):
    publish(firm)
    firm.strategy.refresh_from_db()
    archive_strategy(firm.strategy, actor=firm.leader, at=LATER, version=firm.strategy.version)
    assert {row.outcome for row in Thread.objects.all()} == {"gone"}


def test_leaders_ask_one_more_team_about_the_last_edition(firm, django_assert_max_num_queries):
    publish(firm)
    address = "/strategies/plan/editions/1/back-briefs/"
    member, leader = signed_in(firm.lead), signed_in(firm.leader)
    assert not links_named(member.get(address), "Ask another team")
    assert links_named(leader.get(address), "Ask another team") == [f"{address}new/"]
    with django_assert_max_num_queries(12):
        page = leader.get(f"{address}new/")
    assert [option["value"] for option in parsed(page).select("select[name=team] option")] == ["", "idle"]
    made: Any = leader.post(f"{address}new/", {"team": "idle"})
    assert asked(1) == {"Search", "Ops", "Idle"}
    assert made.url == f"/threads/{Thread.objects.latest('id').key}/"
    assert "was asked" in page_text(leader.get(f"{address}new/"))
    edition, idle = Edition.objects.get(), Team.objects.get(key="idle")
    with pytest.raises(RefusedError, match="was asked about it already"):
        ask_back_brief(edition, idle, actor=firm.leader, at=NOW)
    change(firm)
    with pytest.raises(RefusedError, match="the last edition"):
        ask_back_brief(edition, idle, actor=firm.leader, at=LATER)
    ask_back_brief(Edition.objects.get(number=2), idle, actor=firm.leader, at=LATER)
    assert {*Thread.objects.filter(answers_id=idle.pk).values_list("outcome", flat=True)} == {"anew", ""}


def test_answers_stand_side_by_side_and_are_written_in_parts(firm, django_assert_num_queries):
    publish(firm)
    thread = of_search(firm)
    lead, leader = signed_in(firm.lead), signed_in(firm.leader)
    page = page_text(lead.get(f"/threads/{thread.key}/"))
    assert "Back-brief about “Edition 1” of the strategy “The plan”" in page
    assert "What we will do" in page
    answer = {"what": "Keep customers.", "why": "New ones cost more.", "will": "", "needs": "A week of Ops."}
    assert "Your message is there." in page_text(lead.post(f"/threads/{thread.key}/", answer, follow=True))
    text = Message.objects.order_by("-id")[0].text
    assert "**Why**\n\nNew ones cost more." in text
    assert "What we will do" not in text
    address = "/strategies/plan/editions/1/back-briefs/"
    with django_assert_num_queries(6):
        page = page_text(leader.get(address))
    assert "1 of 2 teams has answered" in page
    assert page.index("A week of Ops.") < page.index("Waits for Ops")
    assert "2 teams were asked" in page_text(leader.get("/strategies/plan/editions/1/"))
    write_message(thread, actor=make.LeaderFactory(), at=NOW, text="Not quite: those who pay.")
    page = page_text(leader.get(address))
    assert "A week of Ops." in page
    assert "Not quite" not in page
    write_message(thread, actor=firm.lead, at=NOW, text="Those who pay, then.")
    thread.refresh_from_db()
    assert "It is your turn" in page_text(leader.get(f"/threads/{thread.key}/"))
    done: Any = leader.post(f"/threads/{thread.key}/outcomes/changed/", {"version": thread.version})
    assert done.url == "/strategies/plan/amendment/"
