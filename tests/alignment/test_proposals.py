"""Proposals: a goal from below becomes a draft in an amendment, and its work is linked when that is published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alignment.edition_effects import activating_now, amending, taking_back
from alignment.models import Flag, InitiativeFigures, Link, Proposal, ProposalWork
from alignment.refresh.recompute import recompute_alignment
from alignment.selectors.company import company_now
from alignment.selectors.people.flags import new_team_flags
from alignment.services.links import make_link
from alignment.services.proposals import accept_proposal, propose_goal
from alignment.waiting.lists import waiting_for
from conversations.enums import Side
from conversations.models import Message, Thread
from conversations.services.threads import end_thread, reopen_thread, write_message
from lib.services.errors import RefusedError
from strategy.models import Amendment, Edition, Goal, Measure, Strategy
from strategy.selectors.amendments import amendment_version
from strategy.services.goals import activate_goal, remove_goal
from strategy.services.preparing.amendments import drop_amendment, open_amendment, publish_amendment, withdraw_edit
from strategy.services.preparing.taking_back import take_back_edition
from strategy.services.strategies import archive_strategy, publish_strategy
from teams.enums import TeamRole
from teams.models import Initiative, LogEntry, Person, Team
from teams.services.initiatives import change_status
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_named, page_text
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)
HOW = "Robots find what customers cannot name."


@dataclass
class Firm:
    """A published plan of Olga with Growth in it. Search, which Lea leads, works on Robots (4 person-weeks), linked to
    nothing."""

    owner: Person
    lead: Person
    plan: Strategy
    growth: Goal
    team: Team
    robots: Initiative


@pytest.fixture
def firm() -> Firm:
    owner, lead = make.LeaderFactory(name="Olga Owner"), make.PersonFactory(name="Lea Lead")
    plan = make.StrategyFactory(key="plan", title="The plan", status="draft", owner=owner)
    growth = make.GoalFactory(key="growth", title="Growth", strategy=plan, status="draft", why="Less churn.")
    publish_strategy(plan, actor=owner, at=NOW, version=plan.version)
    team = make.TeamFactory(key="search", name="Search", mission="Customers find what they look for.")
    make.MembershipFactory(team=team, person=lead, role=TeamRole.LEAD)
    robots = make.InitiativeFactory(key="robots", title="Robots", team=team, effort=4)
    recompute_alignment(as_of=DAY, at=NOW)
    plan.refresh_from_db()
    growth.refresh_from_db()
    return Firm(owner, lead, plan, growth, team, robots)


@pytest.fixture
def thread(firm: Firm) -> Thread:
    return proposed(firm)


def proposed(firm: Firm, **more: Any) -> Thread:
    said = {"title": "Be found", "text": "Half leave without a result.", "because": HOW, "work": [firm.robots]}
    return propose_goal(more.pop("place", firm.plan), actor=firm.lead, at=NOW, **{**said, **more})


def accepted(firm: Firm, thread: Thread, place: Any = None, **more: Any) -> Proposal:
    thread.refresh_from_db()
    said = {"title": "Be found", "why": "Half leave.", "owner": firm.lead, "version": thread.version}
    return accept_proposal(thread, actor=firm.owner, at=NOW, place=place or firm.plan, **{**said, **more})


def publish(firm: Firm) -> None:
    amendment = Amendment.objects.get(state="open")
    publish_amendment(
        *(amendment,), actor=firm.owner, at=LATER, version=amendment_version(amendment), because="Lea saw it."
    )


def again(row: Any) -> Any:
    row.refresh_from_db()
    return row


def codes() -> set[str]:
    return {*Flag.objects.open().filter(initiative__key="robots").values_list("code", flat=True)}


def waits_for(person: Person) -> dict[str, float]:
    """By its source and what it is about, how much hangs on it."""
    now = company_now()
    found = waiting_for(Person.objects.get(pk=person.pk), now.company, as_of=now.as_of, at=NOW)
    return {f"{ask.source} {entry.thing[0]}": ask.weight for entry in found.entries for ask in entry.asks}


def test_the_leader_has_the_turn_and_the_flag_asks_nobody_until_it_ends(firm):
    assert waits_for(firm.lead)["flag initiative"] == 4.0
    thread = proposed(firm)
    assert (thread.turn, thread.about_kind, thread.answers_id) == (Side.ANSWERS, "strategy", firm.plan.pk)
    assert list(Thread.objects.in_turn_of(firm.owner)) == [thread]
    assert Message.objects.get().text == "Half leave without a result."
    assert "flag initiative" not in waits_for(firm.lead)
    assert waits_for(firm.owner)["thread strategy"] == 4.0
    assert "orphan" not in {flag.code for flag in new_team_flags([firm.team.pk], 0, DAY)[firm.team.pk]}
    page = signed_in(firm.lead).get("/initiatives/robots/")
    assert "It is proposed as a goal: Olga Owner has the turn." in page_text(page)
    assert links_named(page, "Read the proposal") == [f"/threads/{thread.key}/"]
    end_thread(thread, actor=firm.owner, at=NOW, version=thread.version, outcome="declined", text="Not *this* year.")
    assert waits_for(firm.lead)["flag initiative"] == 4.0
    page = signed_in(firm.lead).get("/initiatives/robots/")
    assert "A goal was proposed for it, and declined: Not this year." in page_text(page)
    flag = page_text(signed_in(firm.lead).get("/flags/?code=orphan"))
    assert "declined: Not this year." in flag
    assert "Declare it" in flag


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"because": " "}, ValidationError),
        ({"title": " "}, ValidationError),
        ({"text": " "}, ValidationError),
    ],
)
def test_what_is_missing_is_said(firm, more, error):
    with pytest.raises(error) as caught:
        proposed(firm, **more)
    assert {*caught.value.message_dict} == {*more}
    assert not Thread.objects.exists()


def test_it_is_about_published_strategies_and_ones_own_work(firm):
    draft, own = make.StrategyFactory(status="draft"), make.GoalFactory(team=firm.team, strategy=None)
    dropped = make.GoalFactory(strategy=firm.plan, status="dropped")
    for place in (draft, own, dropped):
        with pytest.raises(RefusedError):
            proposed(firm, place=place)
    with pytest.raises(PermissionDenied):
        proposed(firm, work=[make.InitiativeFactory()])
    with pytest.raises(ValidationError):
        proposed(firm, work=[make.InitiativeFactory(team=firm.team, status="done")])
    with pytest.raises(RefusedError, match="Add the goal to it"):
        propose_goal(firm.plan, actor=firm.owner, at=NOW, title="Mine", text="So.")
    assert proposed(firm, place=firm.growth, work=[], because="").about_kind == "goal"


def test_accepted_and_published_it_counts_and_not_before(firm, thread):
    proposal = accepted(firm, thread, measure="Half as many leave", text="Gladly.")
    goal = proposal.goal
    assert (goal.status, goal.owner, goal.why) == ("draft", firm.lead, "Half leave.")
    assert again(thread).outcome == "accepted"
    assert Message.objects.latest("id").text == "Gladly."
    assert Measure.objects.get().kind == "milestone"
    other = make.PersonFactory()
    assert not Goal.objects.visible_to(other).filter(pk=goal.pk).exists()
    assert not Link.objects.exists()
    assert codes() == {"orphan"}
    assert "flag initiative" not in waits_for(firm.lead)
    assert "accepted: it counts once the goal is published" in page_text(signed_in(other).get("/initiatives/robots/"))
    coverage = amending(Amendment.objects.get(), reader=firm.owner, at=LATER).figures[0]
    assert (coverage.now, coverage.after) == (0.0, 1.0)
    publish(firm)
    link = Link.objects.get()
    assert (link.goal, link.initiative, link.rationale, link.share) == (goal, firm.robots, HOW, None)
    assert LogEntry.objects.get(action="link.made").actor == firm.lead
    assert InitiativeFigures.objects.get(initiative=firm.robots).aligned == 4.0
    assert codes() == set()
    assert again(proposal).linked_at == LATER
    page = page_text(signed_in(other).get(f"/threads/{thread.key}/"))
    assert "It is published as the goal “Be found”" in page
    with pytest.raises(RefusedError):
        reopen_thread(thread, actor=firm.lead, at=LATER, version=again(thread).version)


def test_below_a_goal_it_is_a_draft_below_that_goal(firm):
    proposal = accepted(firm, proposed(firm, place=firm.growth), place=firm.growth)
    assert proposal.goal.parent == firm.growth
    publish(firm)
    assert Link.objects.get().goal == proposal.goal


def test_whatever_became_of_the_work_meanwhile_is_respected(firm):
    done, busy, half, linked = (
        make.InitiativeFactory(key=key, team=firm.team, effort=4) for key in ("done", "busy", "half", "linked")
    )
    thread = proposed(firm, work=[firm.robots, done, busy, half, linked])
    proposal = accepted(firm, thread)
    by: dict[str, Any] = {"actor": firm.lead, "at": NOW}
    change_status(done, version=done.version, status="done", **by)
    make_link(busy, firm.growth, "All of it.", share=Decimal(1), **by)
    make_link(half, firm.growth, "Some of it.", **by)
    make_link(linked, firm.growth, "Part of it.", share=Decimal("0.75"), **by)
    publish(firm)
    made = Link.objects.filter(goal=proposal.goal)
    assert {*made.values_list("initiative__key", flat=True)} == {"robots", "half", "linked"}
    brings = {link.initiative.key: link.figures.amount for link in made.select_related("figures", "initiative")}
    assert brings == {"robots": 4.0, "half": 2.0, "linked": 1.0}
    text = page_text(signed_in(firm.lead).get(f"/threads/{thread.key}/"))
    assert "4 person-weeks), done by now" in text
    assert "not linked: its effort went to other goals meanwhile" in text


def test_work_whose_proposer_left_the_team_is_linked_by_whoever_publishes(firm, thread):
    accepted(firm, thread)
    firm.team.memberships.all().delete()
    publish(firm)
    assert LogEntry.objects.get(action="link.made").actor == firm.owner


def drop(firm: Firm, _goal: Goal) -> None:
    amendment = Amendment.objects.get(state="open")
    drop_amendment(amendment, actor=firm.owner, at=LATER, version=amendment_version(amendment))


def take_out(firm: Firm, goal: Goal) -> None:
    edit = Amendment.objects.get(state="open").edits.get(goal=goal)
    withdraw_edit(edit, actor=firm.owner, at=LATER, version=edit.version)


def remove(firm: Firm, goal: Goal) -> None:
    pk = goal.pk
    remove_goal(goal, actor=firm.owner, at=LATER, version=again(goal).version)
    edit = Amendment.objects.get(state="open").edits.get(goal_id=pk)  # the page of the amendment asks to take it out
    withdraw_edit(edit, actor=firm.owner, at=LATER, version=edit.version)


@pytest.mark.parametrize("step", [drop, take_out, remove])
def test_a_goal_that_is_prepared_no_longer_waits_for_the_leader_again(firm, thread, step):
    goal = accepted(firm, thread).goal
    step(firm, goal)
    assert (again(thread).outcome, thread.turn, thread.due_on is not None) == ("", Side.ANSWERS, True)
    assert "thread strategy" in waits_for(firm.owner)
    assert "flag initiative" not in waits_for(firm.lead)
    second = accepted(firm, thread, title="Be found soon").goal
    assert (second.title, second == goal) == ("Be found soon", step is not remove)
    publish(firm)
    assert Link.objects.get().goal == second


def test_an_archived_strategy_is_asked_for_nothing(firm, thread):
    accepted(firm, thread)
    asked = proposed(firm, title="Be found again")
    archive_strategy(firm.plan, actor=firm.owner, at=LATER, version=again(firm.plan).version)
    assert {again(thread).outcome, again(asked).outcome} == {"gone"}
    assert waits_for(firm.lead)["flag initiative"] == 4.0


def test_publication_that_is_taken_back_takes_its_links_back(firm, thread):
    proposal = accepted(firm, thread)
    publish(firm)
    edition, later = Edition.objects.latest("number"), LATER + dt.timedelta(hours=1)
    coverage = taking_back(edition, reader=firm.owner, at=later).figures[0]
    assert (coverage.now, coverage.after) == (1.0, 0.0)
    take_back_edition(edition, actor=firm.owner, at=later, because="Too early.")
    assert not Link.objects.exists()
    assert codes() == {"orphan"}
    assert again(proposal).linked_at is None
    assert (again(thread).outcome, thread.turn) == ("", Side.ANSWERS)
    goal = Goal.objects.get(pk=proposal.goal.pk)
    assert activating_now(goal, reader=firm.owner, at=LATER).figures[0].after == 1.0
    activate_goal(again(proposal.goal), actor=firm.owner, at=LATER, version=proposal.goal.version, because="Now.")
    assert Link.objects.get().rationale == HOW
    assert again(thread).outcome == "accepted"


def test_the_open_amendment_is_joined(firm, thread):
    amendment = open_amendment(firm.plan, actor=firm.owner, at=NOW)
    goal = accepted(firm, thread).goal
    assert amendment.edits.get().goal == goal
    assert Amendment.objects.count() == 1


def test_who_answers_and_who_accepts(firm, thread):
    write_message(thread, actor=firm.owner, at=NOW, text="How many leave?")
    assert again(thread).turn == Side.ASKS
    for stranger in (firm.lead, make.PersonFactory()):
        with pytest.raises(PermissionDenied):
            accept_proposal(
                *(thread,), actor=stranger, at=NOW, version=thread.version, place=firm.plan, title="Mine", why=""
            )
    with pytest.raises(RefusedError):
        accepted(firm, thread, place=make.StrategyFactory(status="published"))
    assert end_thread(thread, actor=firm.lead, at=NOW, version=again(thread).version, outcome="withdrawn").outcome
    with pytest.raises(RefusedError):
        accepted(firm, thread)
    assert waits_for(firm.lead)["flag initiative"] == 4.0
    assert "It is proposed as a goal" not in page_text(signed_in(firm.lead).get("/initiatives/robots/"))


def test_pages_from_the_flag_to_the_amendment(firm, django_assert_max_num_queries):
    lead, owner = signed_in(firm.lead), signed_in(firm.owner)
    make.InitiativeFactory(key="search-box", title="Search box", team=firm.team, effort=None)
    assert links_named(lead.get("/flags/?code=orphan"), "Propose a goal")[0].endswith("/proposal/")
    with django_assert_max_num_queries(12):
        form = lead.get("/initiatives/robots/proposal/")
    assert "Search, 4 person-weeks" in page_text(form)
    said = {"title": "Be found", "text": "Half leave.", "place": "strategy-plan", "work": ["robots", "search-box"]}
    wrong = lead.post("/initiatives/robots/proposal/", said)
    assert "Say how this work moves it" in page_text(wrong, 422)
    made: Any = lead.post("/initiatives/robots/proposal/", {**said, "because": HOW})
    thread = Thread.objects.get()
    assert made.url == f"/threads/{thread.key}/"
    assert ProposalWork.objects.count() == 2
    with django_assert_max_num_queries(12):
        page = owner.get(made.url)
    assert "2 initiatives, 4 person-weeks, 1 not sized" in page_text(page)
    assert links_named(page, "Accept it") == [f"{made.url}acceptance/"]
    assert "4 person-weeks of work behind it" in page_text(owner.get("/waiting/"))
    with django_assert_max_num_queries(12):
        page = owner.get(f"{made.url}acceptance/")
    assert "Lea Lead" in str(page.content)
    values = {"title": "Be found", "why": "Half leave.", "place": "goal-growth", "owner": "", "version": thread.version}
    done: Any = owner.post(f"{made.url}acceptance/", values)
    assert done.url == "/strategies/plan/amendment/"
    assert Goal.objects.get(title="Be found").parent == firm.growth
    assert "It was added below “Growth”." in page_text(owner.get(done.url))
    assert "This conversation has ended." in page_text(owner.get(f"{made.url}acceptance/"))
    assert owner.post(f"{made.url}acceptance/", values).status_code == 422


def test_it_is_offered_where_goals_are_missed(firm):
    member, viewer = signed_in(firm.lead), signed_in(make.ViewerFactory())
    assert links_named(member.get("/strategies/plan/"), "Propose a goal") == ["/proposals/new/?strategy=plan"]
    assert links_named(member.get("/threads/"), "Propose a goal") == ["/proposals/new/"]
    assert links_named(member.get("/initiatives/robots/"), "Propose a goal")[0] == "/initiatives/robots/proposal/"
    for page in ("/strategies/plan/", "/threads/", "/initiatives/robots/"):
        assert not links_named(viewer.get(page), "Propose a goal")
