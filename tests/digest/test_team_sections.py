"""What leads read of their teams."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Flag
from alignment.services.links import dispute_link, endorse_link
from digest.content import Part, Section
from digest.registry import Kind
from digest.replies import Action
from digest.writing import ASKS, asking_at_most, write_digests
from lib.text.spans import Line, Reply, Span
from strategy.enums import Visibility
from strategy.models import Goal
from strategy.services.goals import close_goal, edit_goal, move_goal, reopen_goal
from strategy.services.strategies import archive_strategy
from teams.enums import InitiativeKind, TeamRole
from teams.models import Initiative
from teams.services.offers import offer_support
from teams.services.pledges import answer_support, thank_support
from teams.services.support import ask_support
from tests import factories as make
from tests.digest.reading import (
    AT,
    LATER,
    SINCE,
    as_json,
    compute,
    digest,
    lead_of,
    old_firm,
    part,
    replies,
    said,
    section,
)
from tests.factories import DAY
from tests.firm import SECRET

pytestmark = pytest.mark.django_db
LOST = "is linked to no goal, and is neither exploration nor upkeep."
QUESTION = "Link it, declare it an exploration, propose a goal for it, or stop it?"


def close(firm, goal: Goal) -> None:
    goal.refresh_from_db()
    close_goal(goal, actor=firm.leader, at=LATER, version=goal.version, status="dropped", reason="It costs too much.")


def change_meaning(firm, goal: Goal, **values) -> None:
    goal.refresh_from_db()
    told = values or {"why": "Another why."}
    edit_goal(goal, actor=firm.leader, at=LATER, version=goal.version, meaning_changed=True, **told)


# Figures


def test_figures_are_of_the_team_with_its_sub_teams():
    firm = old_firm()
    close(firm, firm.retention)
    found = section(lead_of(firm.product), Kind.TEAM, "figures")

    assert found is not None
    assert found.bar is not None
    assert (found.bar.effort, found.bar.aligned, found.bar.exploring, found.bar.orphaned) == (14, 3, 2, 9)
    assert (found.bar.coverage, found.bar.change) == (pytest.approx(3 / 14), pytest.approx(-4 / 14))
    assert said(found) == [("Closing “Retention” took 28.6\xa0points.", "")]
    assert not found.quiet


def test_figures_that_stayed_are_no_reason_to_write():
    firm = old_firm()

    found = section(lead_of(firm.product), Kind.TEAM, "figures")
    assert found is not None
    assert found.quiet


def test_figures_of_a_team_without_work_are_not_told():
    firm = old_firm()

    assert section(lead_of(firm.quiet), Kind.TEAM, "figures") is None


# New flags


def test_new_question_comes_with_its_answers():
    firm = old_firm()
    fresh = make.InitiativeFactory(team=firm.search, title="Fresh")
    compute()
    flag = Flag.objects.get(initiative=fresh)
    found = section(lead_of(firm.search), Kind.TEAM, "new_flags")

    assert found is not None
    assert (found.news, found.quiet) == ("1 new flag", False)
    assert said(found) == [(f"“Fresh” {LOST}", QUESTION)]
    assert replies(found) == [
        [
            ("Link it to “Growth”", "link", (fresh.pk, firm.growth.pk)),
            ("Declare it an exploration", "explore", (fresh.pk,)),
            ("Snooze", "snooze", (flag.pk,)),
        ]
    ]


def test_suggested_goal_is_what_the_mission_serves_too():
    firm = old_firm()
    make.MissionGoalFactory(team=firm.search, goal=firm.retention)
    fresh = make.InitiativeFactory(team=firm.search)
    compute()

    found = replies(section(lead_of(firm.search), Kind.TEAM, "new_flags"))
    assert found[0][0][1:] == ("link", (fresh.pk, firm.retention.pk))


def test_suggested_goal_is_the_one_with_words_of_the_work():
    firm = old_firm()
    plain = make.InitiativeFactory(team=firm.search, title="Fresh")
    worded = make.InitiativeFactory(team=firm.search, title="Better retention")
    compute()
    found = replies(section(lead_of(firm.search), Kind.TEAM, "new_flags"))

    assert {answers[0][1:] for answers in found} == {
        ("link", (plain.pk, firm.growth.pk)),
        ("link", (worded.pk, firm.retention.pk)),
    }


def test_suggested_goal_is_none_that_is_hidden():
    firm = old_firm()
    make.LinkFactory(initiative=make.InitiativeFactory(team=firm.product), goal=firm.secret)
    make.InitiativeFactory(team=firm.product, title="Fresh")
    compute()
    lead = lead_of(firm.product)

    assert replies(section(lead, Kind.TEAM, "new_flags"))[0][0][0] == "Link it to “Retention”"
    assert SECRET not in as_json(digest(lead))
    leader = lead_of(firm.product, role="leader")
    assert replies(section(leader, Kind.TEAM, "new_flags"))[0][0][0] == f"Link it to “{SECRET}”"


def test_suggested_goal_is_none_to_which_links_of_the_team_are_in_dispute():
    firm = old_firm()
    dispute_link(firm.work["faster"].links.get(goal=firm.growth), actor=firm.leader, at=LATER, note="How?")
    fresh = make.InitiativeFactory(team=firm.search, title="Fresh")
    compute()

    found = replies(section(lead_of(firm.search), Kind.TEAM, "new_flags"))
    assert found[0][0][1:] == ("link", (fresh.pk, firm.retention.pk))


def test_links_that_do_not_count_are_said_without_those_that_are_hidden():
    firm = old_firm()
    make.LinkFactory(initiative=firm.work["half"], goal=firm.secret)
    close(firm, firm.retention)
    close(firm, firm.secret)
    compute()
    lead = lead_of(firm.product)

    assert ("“Half” has links, and none of them reaches a published strategy.", "“Retention”: the goal is closed.") in (
        said(section(lead, Kind.TEAM, "new_flags"))
    )
    assert SECRET not in as_json(digest(lead))


def test_viewers_are_offered_no_answers():
    firm = old_firm()
    make.InitiativeFactory(team=firm.search, title="Fresh")
    change_meaning(firm, firm.retention)
    ask_support(firm.work["half"], actor=firm.leader, at=LATER, team=firm.search, ask="Help", size="small")
    compute()
    lead = lead_of(firm.search, role="viewer")

    assert said(section(lead, Kind.TEAM, "new_flags"))
    content = digest(lead)
    assert all(not line.replies for part in content.parts for each in part.sections for line in each.lines)


def test_old_snoozed_and_tidy_things_are_no_new_questions():
    firm = old_firm()
    fresh = make.InitiativeFactory(team=firm.search, effort=None)
    compute()
    Flag.objects.filter(initiative=fresh, code="orphan").update(
        snoozed_until=AT.date() + dt.timedelta(days=9), snooze_reason="Not now."
    )

    assert section(lead_of(firm.search), Kind.TEAM, "new_flags") is None


def test_new_questions_are_five_at_most():
    firm = old_firm()
    for number in range(7):
        make.InitiativeFactory(team=firm.search, title=f"Fresh {number}", effort=number + 1)
    compute()
    found = section(lead_of(firm.search), Kind.TEAM, "new_flags")

    assert found is not None
    assert found.more is not None
    assert [text for text, _detail in said(found)] == [f"“Fresh {number}” {LOST}" for number in (6, 5, 4, 3, 2)]
    assert (found.more.text, found.more.path) == ("and 2 more flags", "/flags/?team=search")
    assert found.news == "7 new flags"


def test_work_is_asked_about_once_by_what_weighs_most():
    firm = old_firm()
    over = make.InitiativeFactory(team=firm.search, kind="explore", ends_on=DAY)
    compute()

    assert {flag.code for flag in Flag.objects.filter(initiative=over)} == {"orphan", "exploration_overrun"}
    found = section(lead_of(firm.search), Kind.TEAM, "new_flags")
    assert len(said(found)) == 1
    assert [action for _label, action, _about in replies(found)[0]] == ["link", "snooze"]


def test_flags_of_goals_are_for_those_who_see_them():
    firm = old_firm()
    make.GoalFactory(team=firm.search, title="Own aim", visibility=Visibility.LEADERS)
    compute()

    assert section(lead_of(firm.search), Kind.TEAM, "new_flags") is None
    assert said(section(lead_of(firm.search, role="leader"), Kind.TEAM, "new_flags")) == [
        ("“Own aim” leads to no company goal.", "Which company goal does it serve?")
    ]


def test_silent_work_is_one_line():
    firm = old_firm()
    work = list(Initiative.objects.filter(team=firm.search).order_by("id"))
    Initiative.objects.filter(team=firm.search).update(touched_on=DAY - dt.timedelta(days=90))
    compute()
    found = section(lead_of(firm.search), Kind.TEAM, "new_flags")

    assert said(found) == [
        ("“Faster”, “Lost” and “Loose” have not been updated or confirmed for a while.", "Is it still going on?")
    ]
    assert [each[1:] for each in replies(found)[0]] == [("continue", (work[0].pk,)), ("continue", (work[1].pk,))]
    assert found is not None
    assert (found.news, found.weight) == ("1 new flag", 20)


def test_silent_work_that_is_new_is_not_counted_among_what_is_older():
    firm = old_firm()
    lead, long_ago = lead_of(firm.search), DAY - dt.timedelta(days=90)
    Initiative.objects.filter(key="faster").update(touched_on=long_ago)
    compute()
    assert said(section(lead, Kind.TEAM, "old_flags"))[-1][0] == "To tidy up: 1 initiative is not sized."

    Flag.objects.filter(code="silent").update(cause=None)
    assert said(section(lead, Kind.TEAM, "old_flags"))[-1][0] == (
        "To tidy up: 1 initiative has not been updated or confirmed for a while; 1 initiative is not sized."
    )


def test_link_to_confirm_is_asked_about_where_no_change_tells_of_it():
    firm = old_firm()
    link = firm.work["half"].links.get()
    Goal.objects.filter(pk=firm.retention.pk).update(meaning_changed_on=LATER.date())
    compute()
    found = section(lead_of(firm.product), Kind.TEAM, "new_flags")

    assert said(found)[0][1] == "“Retention” means something else since 18 March 2026: does the work still move it?"
    assert replies(found)[0][0] == ("It still moves “Retention”", "confirm", (link.pk,))


# Older ones


def test_older_questions_are_counted_by_code():
    firm = old_firm()
    found = section(lead_of(firm.search), Kind.TEAM, "old_flags")

    assert found is not None
    assert found.quiet
    assert [text for text, _detail in said(found)] == [
        "4 older flags are open: Linked, and reaches nothing (1); Reaches nothing (1); "
        "Less alignment than its stance asks (1); No mission (1).",
        "To tidy up: 1 initiative is not sized.",
    ]
    assert found.lines[0].said[0] == Span("4 older flags", "/flags/?team=search")


def test_older_questions_alone_are_no_digest():
    firm = old_firm()

    assert digest(lead_of(firm.search)).is_empty


def test_older_questions_leave_out_hidden_goals():
    firm = old_firm()
    make.GoalFactory(team=firm.quiet, visibility=Visibility.LEADERS)
    compute()
    Flag.objects.filter(code="island").update(cause=None)

    assert section(lead_of(firm.quiet), Kind.TEAM, "old_flags") is None
    assert len(said(section(lead_of(firm.quiet, role="leader"), Kind.TEAM, "old_flags"))) == 1


# Goals


def test_closed_goal_tells_whose_links_no_longer_count():
    firm = old_firm()
    close(firm, firm.retention)
    found = section(lead_of(firm.search), Kind.TEAM, "goals")

    assert found is not None
    assert said(found) == [
        ("Leo Leader closed “Retention” (dropped).", "“It costs too much.” The link of “Faster” no longer counts.")
    ]
    assert found.news == "“Retention” was closed: what now for 1 initiative?"
    assert section(lead_of(firm.ops), Kind.TEAM, "goals") is None


def test_goal_above_that_was_closed_ends_the_links_below():
    firm = old_firm()
    close(firm, firm.growth)

    assert said(section(lead_of(firm.product), Kind.TEAM, "goals")) == [
        ("Leo Leader closed “Growth” (dropped).", "“It costs too much.” The link of “Half” no longer counts.")
    ]


def test_goals_that_changed_come_by_what_they_mean_for_the_work():
    firm = old_firm()
    lead = lead_of(firm.product)
    make.MissionGoalFactory(team=firm.product, goal=firm.growth)
    change_meaning(firm, firm.growth)
    change_meaning(firm, firm.retention)
    found = section(lead, Kind.TEAM, "goals")
    assert [text for text, _detail in said(found)] == [
        "Leo Leader changed what “Growth” means.",
        "Leo Leader changed what “Retention” means.",
    ]
    assert found is not None
    assert (found.news, found.weight) == ("“Growth” means something else now", 62)

    close(firm, firm.retention)
    found = section(lead, Kind.TEAM, "goals")
    assert [text for text, _detail in said(found)] == [
        "Leo Leader closed “Retention” (dropped).",
        "Leo Leader changed what “Growth” means.",
    ]
    assert found is not None
    assert (found.news, found.weight) == ("“Retention” was closed: what now for 1 initiative?", 70)


def test_changed_goal_asks_to_confirm_its_links():
    firm = old_firm()
    change_meaning(firm, firm.retention, title="Loyalty")
    lead, link = lead_of(firm.product), firm.work["half"].links.get()
    found = section(lead, Kind.TEAM, "goals")

    assert said(found) == [
        (
            "Leo Leader changed what “Loyalty” means.",
            "It was called “Retention”. The link of “Half” is to be confirmed anew.",
        )
    ]
    assert replies(found) == [[("“Half” still moves it", "confirm", (link.pk,))]]
    assert Flag.objects.filter(code="reconfirm", initiative=firm.work["half"]).exists()
    assert section(lead, Kind.TEAM, "new_flags") is None


@pytest.mark.parametrize(("links", "asked"), [(3, 3), (4, 3)])
def test_changed_goal_asks_to_confirm_three_of_its_links_at_most(links, asked):
    firm = old_firm()
    for _more in range(links - 1):
        make.LinkFactory(goal=firm.retention, initiative=make.InitiativeFactory(team=firm.product))
    compute()
    change_meaning(firm, firm.retention)
    (found,) = replies(section(lead_of(firm.product), Kind.TEAM, "goals"))

    assert [action for _label, action, _of in found] == ["confirm"] * asked


def test_former_title_of_what_was_opened_meanwhile_is_not_told():
    firm = old_firm()
    Goal.objects.filter(pk=firm.retention.pk).update(title="Hidden aim", visibility=Visibility.LEADERS)
    change_meaning(firm, firm.retention, title="Open aim", visibility=Visibility.COMPANY)
    found = section(lead_of(firm.product), Kind.TEAM, "goals")

    assert "Hidden" not in str(found)
    assert said(found)[0][0] == "Leo Leader changed what “Open aim” means."


def test_lead_of_many_teams_reads_of_those_with_news():
    """Four of them, by name; first the one in which something waits for them."""
    firm = old_firm()
    lead = lead_of(firm.product)
    for name in ("A", "B", "C", "D", "Z"):
        team = make.TeamFactory(name=name)
        make.MembershipFactory(team=team, person=lead, role=TeamRole.LEAD)
        make.InitiativeFactory(team=team, title=f"Work of {name}", kind=InitiativeKind.SUSTAIN)
        if name == "Z":
            make.InitiativeFactory(team=team, title="Fresh")
    compute()
    Flag.objects.exclude(initiative__title="Fresh").update(cause=None)
    content = digest(lead)

    assert len([part for part in content.parts if part.kind == Kind.TEAM]) == 4
    assert [part.title for part in content.parts] == ["Z", "A", "B", "C"]


def test_changed_goal_above_asks_to_confirm_links_below():
    firm = old_firm()
    change_meaning(firm, firm.growth)
    found = section(lead_of(firm.product), Kind.TEAM, "goals")

    assert said(found) == [
        ("Leo Leader changed what “Growth” means.", "The link of “Half” is to be confirmed anew."),
    ]
    assert replies(found) == [[("“Half” still moves it", Action.CONFIRM, (firm.work["half"].links.get().pk,))]]


def test_moved_goal_tells_where_and_whether_links_count():
    firm = old_firm()
    other = make.GoalFactory(title="Other", strategy=firm.strategy)
    firm.retention.refresh_from_db()
    move_goal(firm.retention, actor=firm.leader, at=LATER, version=firm.retention.version, parent=other)

    assert said(section(lead_of(firm.product), Kind.TEAM, "goals")) == [
        ("Leo Leader moved “Retention” below “Other”.", "The link of “Half” counts.")
    ]


def test_archived_strategy_ends_links():
    firm = old_firm()
    archive_strategy(firm.strategy, actor=firm.leader, at=LATER, version=firm.strategy.version)
    lead = lead_of(firm.product)
    found = section(lead, Kind.TEAM, "goals")

    assert said(found) == [("Leo Leader archived “The plan”.", "The link of “Half” no longer counts.")]
    assert SECRET not in as_json(digest(lead))


def test_goal_closed_and_reopened_is_not_told():
    firm = old_firm()
    close(firm, firm.retention)
    reopen_goal(firm.retention, actor=firm.leader, at=LATER)

    assert section(lead_of(firm.product), Kind.TEAM, "goals") is None


def test_goal_that_is_hidden_is_not_told():
    firm = old_firm()
    close(firm, firm.secret)
    lead = lead_of(firm.product)

    assert section(lead, Kind.TEAM, "goals") is None
    assert SECRET not in as_json(digest(lead))
    assert said(section(lead_of(firm.product, role="leader"), Kind.TEAM, "goals")) == [
        (f"Leo Leader closed “{SECRET}” (dropped).", "“It costs too much.” The link of “Hush” no longer counts.")
    ]


def test_goal_that_the_mission_serves_is_told():
    firm = old_firm()
    make.MissionGoalFactory(team=firm.ops, goal=firm.retention)
    change_meaning(firm, firm.growth)

    assert said(section(lead_of(firm.ops), Kind.TEAM, "goals")) == [
        ("Leo Leader changed what “Growth” means.", "The team’s mission serves it.")
    ]


# Support


def test_support_leads_to_the_answer_and_tells_those_that_came():
    firm = old_firm()
    asked = ask_support(firm.work["keep"], actor=firm.leader, at=LATER, team=firm.search, ask="Two days.", size="small")
    declined = ask_support(firm.work["faster"], actor=firm.leader, at=LATER, team=firm.ops, ask="A box.", size="small")
    answer_support(declined, actor=firm.leader, at=LATER, version=1, status="declined", answer="Not before June.")
    ask_support(firm.work["lost"], actor=firm.leader, at=LATER, team=firm.ops, ask="A map.", size="small")
    found = section(lead_of(firm.search), Kind.TEAM, "support")

    assert found is not None
    assert not found.quiet
    assert said(found) == [
        ("Ops asks Search to support “Keep”.", "“Two days.” Asked on 18 March 2026."),
        ("Ops declined to support “Faster”.", "“Not before June.”"),
        ("Ops has not answered yet whether it supports “Lost”.", "“A map.” Asked on 18 March 2026."),
    ]
    assert replies(found) == [[("Promise or decline it", "answer", (asked.pk,))], [], []]


def test_support_that_only_waits_is_no_reason_to_write():
    firm = old_firm()
    make.SupportFactory(initiative=firm.work["keep"], team=firm.search, ask="Two days.")
    make.SupportFactory(initiative=firm.work["faster"], team=firm.ops, status="pledged")

    found = section(lead_of(firm.search), Kind.TEAM, "support")
    assert found is not None
    assert found.quiet
    assert len(found.lines) == 1


def test_terms_what_is_late_and_thanks_are_told_to_whom_they_concern():
    """The asking team is told of terms, both of what is late, and the helping one is thanked."""
    firm = old_firm()
    by: dict[str, Any] = {"actor": firm.leader, "at": LATER}
    work, day, one = firm.work["faster"], LATER.date(), dt.timedelta(days=1)
    terms = ask_support(work, **by, team=firm.ops, ask="A box.", size="small")
    answer_support(terms, **by, version=1, status="asked", answer="If you carry it.", due_on=day + 9 * one)
    make.SupportFactory(initiative=work, team=firm.ops, key="late", status="pledged", due_on=day - one)
    done = make.SupportFactory(initiative=work, team=firm.ops, key="done", status="delivered")
    thank_support(done, **by, version=1, thanks="You saved us.")
    offer_support(firm.ops, **by, initiative=work, answer="Two of us.", size="small", due_on=day + one)

    late = "Ops promised to support “Faster”{} by 17 March 2026, and has not delivered yet."
    assert said(section(lead_of(firm.search), Kind.TEAM, "support")) == [
        (late.format(""), ""),
        ("Ops has terms for its support of “Faster”.", "“If you carry it.” By 27 March 2026."),
        ("Ops offers to help with “Faster”.", "“Two of us.” By 19 March 2026."),
    ]
    assert said(section(lead_of(firm.ops), Kind.TEAM, "support")) == [
        (late.format(" of Search"), ""),
        ("Search thanks Ops for its support of “Faster”.", "“You saved us.”"),
        (
            "Search has not said yet whether it accepts the terms of Ops for “Faster”.",
            "“If you carry it.” By 27 March 2026.",
        ),
        (
            "Search has not said yet whether it takes the help that Ops offers for “Faster”.",
            "“Two of us.” By 19 March 2026.",
        ),
    ]


def test_answer_to_an_ask_of_before_is_a_reason_to_write_to_those_who_asked():
    firm = old_firm()
    ask = make.SupportFactory(initiative=firm.work["faster"], team=firm.ops, ask="A box.")
    answer_support(
        ask,
        actor=firm.leader,
        at=LATER,
        version=ask.version,
        status="pledged",
        answer="On Monday.",
        due_on=LATER.date(),
    )

    asking, asked = (section(lead_of(team), Kind.TEAM, "support") for team in (firm.search, firm.ops))
    assert (asking.news, asking.weight, asking.quiet) == ("1 answer to an ask for support", 48, False)
    assert (asked.news, asked.weight, asked.quiet) == ("", 10, False)


# Links


def test_judgements_are_told_with_what_was_said():
    firm = old_firm()
    retention, growth = firm.work["faster"].links.order_by("-share")
    if retention.goal != firm.retention:
        retention, growth = growth, retention
    endorse_link(retention, actor=firm.leader, at=LATER, note="Yes.")
    dispute_link(growth, actor=firm.leader, at=LATER, note="I do not see how.")
    found = section(lead_of(firm.search), Kind.TEAM, "links")

    assert said(found) == [
        ("Leo Leader disputed the link of “Faster” to “Growth”.", "“I do not see how.”"),
        ("Leo Leader endorsed the link of “Faster” to “Retention”.", "“Yes.”"),
    ]
    assert found is not None
    assert found.news == "1 link is in dispute"
    assert replies(found) == [[("Change the link", "change", (growth.pk,))], []]


def test_judgements_of_hidden_goals_and_of_oneself_are_not_told():
    firm = old_firm()
    endorse_link(firm.work["hush"].links.get(), actor=firm.leader, at=LATER, note=f"{SECRET} it is.")
    endorse_link(firm.work["half"].links.get(), actor=firm.leader, at=LATER)
    make.MembershipFactory(team=firm.product, person=firm.leader, role="lead")
    lead = lead_of(firm.product)

    assert len(said(section(lead, Kind.TEAM, "links"))) == 1
    assert SECRET not in as_json(digest(lead))
    assert section(firm.leader, Kind.TEAM, "links") is None


# The whole digest


def test_digest_asks_for_five_answers_where_they_weigh_most():
    def line(name: str, *actions: Action) -> Line:
        return Line((Span(name),), replies=tuple(Reply("Do", action, (1,)) for action in actions))

    def told(weight: int, *lines: Line) -> Section:
        return Section("some", "Some", lines, weight=weight)

    parts = [
        Part("company", "The company", "/", (told(10, *(line(f"low {n}", Action.ENDORSE) for n in range(3))),)),
        Part(
            "team",
            "Search",
            "/",
            (
                told(60, line("put off", Action.SNOOZE), line("nothing"), line("high", Action.LINK, Action.SNOOZE)),
                told(50, *(line(f"middle {n}", Action.CONFIRM) for n in range(3))),
            ),
        ),
    ]
    trimmed = asking_at_most(ASKS, parts)

    asked = [line.text for part in trimmed for each in part.sections for line in each.lines if line.replies]
    assert asked == ["low 0", "high", "middle 0", "middle 1", "middle 2"]
    assert sum(len(each.lines) for part in trimmed for each in part.sections) == 9


def test_digest_of_one_who_leads_two_teams_has_both():
    firm = old_firm()
    close(firm, firm.retention)
    lead = lead_of(firm.product)
    make.MembershipFactory(team=firm.search, person=lead, role="lead")

    assert [each.title for each in digest(lead).parts] == ["Product", "Search"]
    assert part(digest(lead), Kind.OWN) is None


def test_queries_do_not_depend_on_how_many_read():
    firm = old_firm()
    close(firm, firm.retention)
    change_meaning(firm, firm.growth)
    people = [lead_of(firm.search), firm.member, firm.leader]

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            write_digests(people, week=DAY, since=SINCE, at=AT)
        return len(captured)

    few = queries()
    for number in range(14):
        team = make.TeamFactory()
        owner = make.PersonFactory()
        make.MembershipFactory(team=team, person=owner)
        fresh = make.InitiativeFactory(team=team, owner=owner)
        make.LinkFactory(initiative=make.InitiativeFactory(team=team), goal=firm.growth)
        make.SupportFactory(initiative=fresh, team=firm.search)
        people += [lead_of(team, role="leader" if number % 2 else "member"), owner]
    compute()

    assert queries() == few
    assert len(people) == 31
