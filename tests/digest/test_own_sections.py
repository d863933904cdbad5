"""What members read of their own work, of what leaders published, and of what waits for them."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.models import Flag
from alignment.services.links import dispute_link
from digest.registry import Kind
from lib.text.spans import Span
from strategy.enums import StrategyStatus
from strategy.models import Goal, Strategy
from strategy.services.context import create_context_page, edit_context_page, remove_context_page
from strategy.services.goals import close_goal, edit_goal
from strategy.services.strategies import publish_strategy, unpublish_strategy
from teams.models import Initiative
from teams.services.pledges import answer_support
from teams.services.support import ask_support
from tests import factories as make
from tests.digest.reading import (
    LATER,
    as_json,
    compute,
    digest,
    lead_of,
    member_of,
    old_firm,
    part,
    replies,
    said,
    section,
)
from tests.factories import DAY
from tests.firm import SECRET

pytestmark = pytest.mark.django_db


def publish(firm, title: str) -> None:
    strategy = make.StrategyFactory(title=title, status=StrategyStatus.DRAFT)
    make.GoalFactory(strategy=strategy, status="draft", title=f"Goal of {title}")
    publish_strategy(strategy, actor=firm.leader, at=LATER, version=strategy.version)


def close(firm, goal: Goal) -> None:
    goal.refresh_from_db()
    close_goal(goal, actor=firm.leader, at=LATER, version=goal.version, status="achieved", reason="It is done.")


def change_meaning(firm, goal: Goal) -> None:
    goal.refresh_from_db()
    edit_goal(goal, actor=firm.leader, at=LATER, version=goal.version, meaning_changed=True, why="Another why.")


def owned(firm, *keys: str):
    """Somebody who owns these initiatives and is on no team."""
    person = make.PersonFactory()
    Initiative.objects.filter(key__in=keys).update(owner=person)
    return person


# From the leaders


def test_published_strategies_and_changed_goals_are_two_sentences():
    firm = old_firm()
    publish(firm, "Next year")
    publish(firm, "The year after")
    close(firm, firm.retention)
    change_meaning(firm, firm.growth)
    found = section(firm.member, Kind.OWN, "published")

    assert said(found) == [
        ("“Next year” and “The year after” were published.", ""),
        ("“Growth” means something else now; “Retention” was closed.", ""),
    ]
    assert found is not None
    assert (found.news, found.quiet) == ("“The year after” was published", False)


def test_goal_that_alone_was_closed_is_told_with_the_reason():
    firm = old_firm()
    close(firm, firm.retention)

    assert said(section(firm.member, Kind.OWN, "published")) == [("“Retention” was closed.", "“It is done.”")]


def test_hidden_goals_and_drafts_are_not_told():
    firm = old_firm()
    close(firm, firm.secret)
    publish(firm, "Next year")
    strategy = Strategy.objects.get(goals__title="Goal of Next year")
    unpublish_strategy(strategy, actor=firm.leader, at=LATER)

    assert section(firm.member, Kind.OWN, "published") is None
    content = digest(firm.member)
    assert SECRET not in as_json(content)
    assert "Next year" not in as_json(content)


def test_goals_of_teams_are_not_what_leaders_published():
    firm = old_firm()
    own = make.GoalFactory(parent=firm.growth, team=firm.search)
    compute()
    close(firm, own)

    assert section(firm.member, Kind.OWN, "published") is None


def write_context(firm, title: str):
    return create_context_page(actor=firm.leader, at=LATER, lens="product", title=title)


def test_context_that_was_written_or_changed_is_one_sentence():
    firm = old_firm()
    old, older = (make.ContextPageFactory(title=title) for title in ("Prices", "Support"))
    for page in (old, older):
        edit_context_page(page, actor=firm.leader, at=LATER, version=1, body="Other words.")
    page = write_context(firm, "Who buys")
    edit_context_page(page, actor=firm.leader, at=LATER, version=1, body="Words.")
    found = section(firm.member, Kind.OWN, "published")

    assert said(found) == [("In the business context, “Who buys” is new; “Prices” and “Support” were changed.", "")]
    assert found is not None
    assert found.lines[0].said[1] == Span("“Who buys”", "/context/who-buys/")
    assert (found.news, found.quiet) == ("“Who buys” is new in the business context", False)
    assert section(firm.leader, Kind.OWN, "published") is None


def test_context_comes_after_what_weighs_more():
    firm = old_firm()
    edit_context_page(make.ContextPageFactory(title="Prices"), actor=firm.leader, at=LATER, version=1, body="Words.")
    alone = section(firm.member, Kind.OWN, "published")
    publish(firm, "Next year")
    found = section(firm.member, Kind.OWN, "published")

    assert alone is not None
    assert alone.news == "“Prices” was changed in the business context"
    assert [text for text, _detail in said(found)] == [
        "“Next year” was published.",
        "In the business context, “Prices” was changed.",
    ]
    assert found is not None
    assert found.news == "“Next year” was published"


def test_context_that_was_removed_again_is_not_told():
    firm = old_firm()
    remove_context_page(write_context(firm, "Who buys"), actor=firm.leader, at=LATER, version=1)

    assert section(firm.member, Kind.OWN, "published") is None


# Own work


def test_own_work_leads_to_the_strategy():
    firm = old_firm()
    found = section(owned(firm, "half"), Kind.OWN, "own_work")

    assert said(found) == [
        ("“Half” → “Retention” → “Growth” → “The plan”.", "A part of its effort reaches nothing."),
    ]
    assert found is not None
    assert (found.title, found.quiet) == ("Where your work leads", True)
    assert found.lines[0].said[2] == Span("“Retention”", "/goals/retention/")


def test_long_line_leaves_out_its_middle():
    firm = old_firm()
    goal = firm.retention
    for number in range(4):
        goal = make.GoalFactory(parent=goal, title=f"Step {number}")
    make.LinkFactory(initiative=firm.work["loose"], goal=goal)
    compute()

    assert said(section(owned(firm, "loose"), Kind.OWN, "own_work"))[0][0] == (
        "“Loose” → “Step 3” → “Step 2” → … → “Retention” → “Growth” → “The plan”."
    )


def test_own_work_for_several_goals_follows_the_one_that_gets_most():
    firm = old_firm()

    assert said(section(owned(firm, "faster"), Kind.OWN, "own_work")) == [
        ("“Faster” → “Retention” → “Growth” → “The plan”.", "It serves 1 other goal as well.")
    ]


def test_own_work_for_a_hidden_goal_does_not_name_it():
    firm = old_firm()
    person = owned(firm, "hush")
    person.digests_always = True

    assert said(section(person, Kind.OWN, "own_work")) == [("“Hush” → a confidential goal.", "")]
    assert SECRET not in as_json(digest(person))
    Goal.objects.filter(pk=firm.secret.pk).update(owner=person)
    assert said(section(person, Kind.OWN, "own_work")) == [(f"“Hush” → “{SECRET}” → “The plan”.", "")]


def test_exploration_and_upkeep_are_accounted_for():
    firm = old_firm()
    Initiative.objects.filter(key="look").update(declaration="What do people look for?")

    assert said(section(owned(firm, "look", "keep"), Kind.OWN, "own_work")) == [
        ("“Keep” keeps things running.", ""),
        ("“Look” explores until 15 April 2026.", "“What do people look for?”"),
    ]


def test_own_work_that_reaches_nothing_is_asked_about_once():
    firm = old_firm()
    person = owned(firm, "loose", "lost")
    loose = firm.work["loose"]
    Goal.objects.filter(key="draft").update(owner=person)
    found = section(person, Kind.OWN, "own_work")

    assert [text for text, _detail in said(found)] == [
        "“Lost” has links, and none of them reaches a published strategy.",
        "“Loose” is linked to no goal, and is neither exploration nor upkeep.",
    ]
    assert said(found)[0][1] == "“Some day”: the goal is still a draft."
    assert replies(found)[1] == [
        ("Link it to “Growth”", "link", (loose.pk, firm.growth.pk)),
        ("Declare it an exploration", "explore", (loose.pk,)),
        ("Snooze", "snooze", (Flag.objects.get(initiative=loose, code="orphan").pk,)),
    ]
    assert section(person, Kind.OWN, "waiting") is None
    Goal.objects.filter(key="draft").update(owner=None)
    assert "Some day" not in said(section(person, Kind.OWN, "own_work"))[0][1], "a draft of others is not for them"
    assert digest(make.PersonFactory()).is_empty


def test_own_work_that_reaches_nothing_since_is_news():
    firm = old_firm()
    close(firm, firm.growth)
    found = section(owned(firm, "half"), Kind.OWN, "own_work")

    assert found is not None
    assert (found.news, found.quiet) == ("1 initiative reaches no published strategy", False)


def test_snoozed_work_is_not_asked_about():
    firm = old_firm()
    Flag.objects.filter(initiative=firm.work["loose"], code="orphan").update(
        snoozed_until=LATER.date() + dt.timedelta(days=9), snooze_reason="Not now."
    )
    found = section(owned(firm, "loose"), Kind.OWN, "own_work")

    assert said(found) == [("“Loose” reaches no published strategy now.", "")]
    assert replies(found) == [[]]


def test_who_owns_nothing_reads_of_their_teams_work():
    firm = old_firm()
    person = member_of(firm.search)
    make.MembershipFactory(team=firm.ops, person=person)
    found = section(person, Kind.OWN, "own_work")

    assert found is not None
    assert found.title == "Where your team’s work leads"
    assert [line.said[0].text for line in found.lines] == ["“Keep”", "“Faster”", "“Lost”"]


def test_viewers_own_work_has_no_answers():
    firm = old_firm()
    person = owned(firm, "loose")
    person.role = "viewer"

    assert replies(section(person, Kind.OWN, "own_work")) == [[]]


# Waiting


def test_questions_about_own_work_wait():
    firm = old_firm()
    person, link = owned(firm, "half"), firm.work["half"].links.get()
    change_meaning(firm, firm.retention)
    found = section(person, Kind.OWN, "waiting")

    assert [text for text, _detail in said(found)] == ["“Half” reaches the strategy with a part of its effort only."]
    Flag.objects.filter(code="partly_orphaned").delete()
    found = section(person, Kind.OWN, "waiting")
    assert found is not None
    assert (found.news, found.quiet) == ("1 new thing waits for you", False)
    assert replies(found)[0][0] == ("It still moves “Retention”", "confirm", (link.pk,))


def test_work_that_nobody_touched_waits_for_a_word():
    firm = old_firm()
    Initiative.objects.filter(key="keep").update(touched_on=DAY - dt.timedelta(days=90))
    compute()
    found = section(owned(firm, "keep"), Kind.OWN, "waiting")

    assert said(found) == [("“Keep” has not been updated or confirmed for a while.", "Is it still going on?")]
    assert replies(found)[0][0][1:] == ("continue", (firm.work["keep"].pk,))


def test_dispute_and_support_wait():
    firm = old_firm()
    person = member_of(firm.ops)
    Initiative.objects.filter(key="hush").update(owner=person)
    Initiative.objects.filter(key="faster").update(owner=person)
    link = firm.work["faster"].links.get(goal=firm.growth)
    dispute_link(link, actor=firm.leader, at=LATER, note="I do not see how.")
    dispute_link(firm.work["hush"].links.get(), actor=firm.leader, at=LATER, note=f"{SECRET} is another.")
    ask = ask_support(firm.work["half"], actor=firm.leader, at=LATER, team=firm.ops, ask="Two days.", size="small")
    found = section(person, Kind.OWN, "waiting")

    assert said(found)[1:] == [
        ("Leo Leader disputed the link of “Faster” to “Growth”.", "“I do not see how.”"),
        ("Product asks Ops to support “Half”.", "“Two days.” Asked on 18 March 2026."),
    ]
    assert replies(found)[1:] == [
        [("Change the link", "change", (link.pk,))],
        [("Promise or decline it", "answer", (ask.pk,))],
    ]
    assert SECRET not in as_json(digest(person))


def test_ask_that_was_answered_waits_for_nobody():
    firm = old_firm()
    ask = ask_support(firm.work["half"], actor=firm.leader, at=LATER, team=firm.ops, ask="Two days.", size="small")
    person = member_of(firm.ops)
    assert said(section(person, Kind.OWN, "waiting")) != []

    answer_support(
        ask,
        actor=firm.leader,
        at=LATER,
        version=ask.version,
        status="pledged",
        due_on=LATER.date() + dt.timedelta(days=9),
    )
    assert said(section(person, Kind.OWN, "waiting")) == []


@pytest.mark.parametrize(("status", "waits"), [("paused", True), ("done", False), ("dropped", False)])
def test_dispute_waits_as_long_as_the_work_goes_on(status, waits):
    firm = old_firm()
    dispute_link(firm.work["half"].links.get(), actor=firm.leader, at=LATER, note="I do not see how.")
    Initiative.objects.filter(key="half").update(status=status)
    found = said(section(owned(firm, "half"), Kind.OWN, "waiting"))

    assert any("disputed the link" in text for text, _detail in found) is waits


@pytest.mark.parametrize(("role", "waits"), [("member", True), ("lead", False)])
def test_dispute_over_work_of_a_team_that_one_leads_is_told_with_the_team(role, waits):
    firm = old_firm()
    person = owned(firm, "half")
    make.MembershipFactory(team=firm.work["half"].team, person=person, role=role)
    make.MembershipFactory(team=firm.ops, person=person)
    dispute_link(firm.work["half"].links.get(), actor=firm.leader, at=LATER, note="I do not see how.")
    found = said(section(person, Kind.OWN, "waiting"))

    assert any("disputed the link" in text for text, _detail in found) is waits


def test_questions_that_wait_are_three_at_most():
    old_firm()
    person, long_ago = make.PersonFactory(), DAY - dt.timedelta(days=90)
    for number in range(5):
        make.InitiativeFactory(
            title=f"Old {number}", effort=number + 1, owner=person, touched_on=long_ago, kind="sustain"
        )
    compute()
    found = section(person, Kind.OWN, "waiting")

    assert found is not None
    assert [line.said[0].text for line in found.lines] == ["“Old 4”", "“Old 3”", "“Old 2”"]
    assert found.more == Span("and 2 more", "/waiting/")


def test_what_only_waits_is_no_reason_to_write():
    firm = old_firm()
    Initiative.objects.filter(key="keep").update(touched_on=DAY - dt.timedelta(days=90))
    compute()
    person = owned(firm, "keep")
    Flag.objects.filter(code="silent").update(cause=None)

    assert digest(person).is_empty
    found = section(person, Kind.OWN, "waiting")
    assert found is not None
    assert found.quiet


def test_work_of_a_team_that_one_leads_is_told_there():
    firm = old_firm()
    lead = lead_of(firm.search)
    make.MembershipFactory(team=firm.ops, person=lead)
    Initiative.objects.filter(key="loose").update(owner=lead)
    lead.digests_always = True
    content = digest(lead)

    own = part(content, Kind.OWN)
    assert own is not None
    assert [line.said[0].text for section in own.sections for line in section.lines] == ["“Keep”"]
