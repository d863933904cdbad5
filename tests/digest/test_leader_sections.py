"""What leaders read in their digest, on the firm of tests/firm.py: 14 discretionary person-weeks, 7 of them aligned."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Flag, Link
from alignment.refresh.recompute import recompute_alignment
from alignment.services.links import dispute_link, edit_link, endorse_link, make_link, remove_link
from digest.content import Content, Section
from digest.registry import Batch, Kind, sections
from digest.replies import Action
from digest.writing import write_digests
from lib.services.dates import monday
from strategy.models import Goal
from strategy.services.goals import close_goal
from strategy.services.strategies import archive_strategy, restore_strategy
from teams.enums import Role, SupportStatus
from teams.models import Person, Team
from teams.services.initiatives import change_status
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import SECRET, build_firm

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)
SINCE, AT = NOW + ONE, NOW + 7 * ONE
"""A week without the day on which the firm was first computed."""
THIN = "\N{NO-BREAK SPACE}"


@pytest.fixture
def firm(firm):
    recompute_alignment(as_of=DAY + 2 * ONE, at=SINCE + ONE)
    return firm


def said(person: Person, name: str, kind: Kind = Kind.COMPANY, team: Team | None = None) -> Section | None:
    batch = Batch([person], SINCE, AT)
    [recipient] = batch.recipients
    [registered] = [each for each in sections(kind) if each.name == name]
    return registered.reads(batch)(recipient, team) if registered.is_for(recipient) else None


def texts(section: Section | None) -> list[str]:
    return [] if section is None else [line.text.replace(THIN, " ") for line in section.lines]


def digest(*people: Person) -> list[Content]:
    return write_digests(people, week=monday(AT.date()), since=SINCE, at=AT)


def close(goal: Goal, firm) -> None:
    row = Goal.objects.get(pk=goal.pk)
    close_goal(row, actor=firm.leader, at=AT, version=row.version, status="dropped", reason="It is over.")


# Coverage


def test_coverage_says_how_much_it_changed_and_why(firm):
    make_link(firm.work["loose"], firm.growth, "It grows.", actor=firm.leader, at=AT)
    section = said(firm.leader, "coverage")

    assert (section.bar.coverage, section.bar.change) == (pytest.approx(8 / 14), pytest.approx(1 / 14))
    assert texts(section) == ["Linking “Loose” to “Growth” added 7.1 points."]
    assert section.news == f"Coverage 57.1{THIN}%, up 7.1{THIN}points"
    assert (section.weight, section.quiet) == (80, False)


def test_coverage_that_fell_is_said_without_a_verdict(firm):
    remove_link(Link.objects.get(initiative=firm.work["half"]), actor=firm.leader, at=AT)
    section = said(firm.leader, "coverage")

    assert texts(section) == ["Taking away the link of “Half” to “Retention” took 7.1 points."]
    assert section.news == f"Coverage 42.9{THIN}%, down 7.1{THIN}points"


def test_coverage_that_stayed_is_no_reason_to_write(firm):
    section = said(firm.leader, "coverage")

    assert (section.news, section.lines) == (f"Coverage 50.0{THIN}%, as before", ())
    assert (section.weight, section.quiet) == (10, True)


def test_coverage_without_work_is_not_said(nothing):
    recompute_alignment(as_of=DAY, at=NOW)
    assert said(make.LeaderFactory(), "coverage") is None


def test_coverage_of_the_first_days_has_nothing_to_compare_with(nothing):
    firm = build_firm()
    make_link(firm.work["loose"], firm.growth, "It grows.", actor=firm.leader, at=AT)
    batch = Batch([firm.leader], NOW - ONE, AT)
    [registered] = [each for each in sections(Kind.COMPANY) if each.name == "coverage"]
    section = registered.reads(batch)(batch.recipients[0], None)

    assert (section.news, section.lines, section.quiet) == (f"Coverage 57.1{THIN}%", (), False)


# Goals nobody works on


def uncovered_goals(firm, count: int) -> list[Goal]:
    goals = [
        make.GoalFactory(title=f"Gap {at}", key=f"gap-{at}", strategy=firm.strategy, weight=at + 1)
        for at in range(count)
    ]
    recompute_alignment(as_of=DAY + 3 * ONE, at=SINCE + ONE)
    return goals


def test_uncovered_goals_come_by_weight_with_the_day(firm):
    uncovered_goals(firm, 3)
    section = said(firm.leader, "uncovered")

    assert texts(section) == [f"“Gap {at}” has no work that reaches it." for at in (2, 1, 0)]
    assert [line.detail for line in section.lines] == ["New: since 19 March 2026."] * 3
    assert section.lines[0].said[0].path == "/goals/gap-2/"
    assert section.news == "3 goals that nobody works on yet"
    assert (section.weight, section.quiet, section.more) == (50, False, None)


def test_uncovered_goals_of_before_come_after_new_ones_and_are_quiet_alone(firm):
    old, _new = uncovered_goals(firm, 2)[::-1]
    Flag.objects.filter(goal=old).update(first_seen=DAY - ONE, cause=Batch([], SINCE, AT).mark)
    section = said(firm.leader, "uncovered")
    assert [line.detail for line in section.lines] == ["New: since 19 March 2026.", "Since 15 March 2026."]
    assert section.news == "Nobody works on 2 goals, 1 of them new"

    Flag.objects.filter(goal__isnull=False).update(first_seen=DAY - ONE, cause=Batch([], SINCE, AT).mark)
    section = said(firm.leader, "uncovered")
    assert section.news == "2 goals that nobody works on"
    assert (section.weight, section.quiet) == (5, True)


def test_uncovered_goal_of_the_day_of_the_digest_before_is_new_once(firm):
    """A day has two halves: what was seen in the one before that digest was built, it told."""
    make.GoalFactory(title="Early", strategy=firm.strategy)
    recompute_alignment(as_of=SINCE.date(), at=SINCE - ONE / 24)
    make.GoalFactory(title="Later", strategy=firm.strategy)
    recompute_alignment(as_of=SINCE.date(), at=SINCE + ONE / 24)
    section = said(firm.leader, "uncovered")

    day = "17 March 2026."
    assert [(line.said[0].text, line.detail) for line in section.lines] == [
        ("“Later”", f"New: since {day}"),
        ("“Early”", f"Since {day}"),
    ]
    assert section.news == "Nobody works on 2 goals, 1 of them new"


def test_more_uncovered_goals_than_there_is_room_for_are_counted(firm):
    uncovered_goals(firm, 7)
    section = said(firm.leader, "uncovered")
    assert len(section.lines) == 5
    assert (section.more.text, section.more.path) == ("and 2 more", "/flags/?code=uncovered")


def test_uncovered_goals_that_go_without_saying_are_left_out(firm):
    gap, snoozed = uncovered_goals(firm, 2)
    make.GoalFactory(title="Below", parent=gap)
    make.GoalFactory(title="A team's own", parent=firm.growth, team=firm.ops)
    recompute_alignment(as_of=DAY + 3 * ONE, at=SINCE + ONE)
    Flag.objects.filter(goal=snoozed).update(snoozed_until=DAY + 30 * ONE, snooze_reason="Later.")

    assert Flag.objects.open().filter(code="uncovered").count() == 4
    section = said(firm.leader, "uncovered")
    assert texts(section) == ["“Gap 0” has no work that reaches it."]
    assert (section.news, section.more.text) == ("4 goals that nobody works on yet", "and 3 more")


def test_company_with_work_for_every_goal_says_nothing_of_them(firm):
    assert said(firm.leader, "uncovered") is None


# Work that lost its goal


def test_work_is_told_below_what_took_its_goal(firm):
    close(firm.retention, firm)
    section = said(firm.leader, "newly_orphaned")

    assert texts(section) == [
        "Closing “Retention” on 23 March 2026 left this work without its goal:",
        "“Faster” (Search), 3 of 4 person-weeks.",
        "“Half” (Product), 1 of 2 person-weeks.",
    ]
    assert section.news == "2 initiatives lost their goal"
    assert (section.weight, section.quiet) == (70, False)


def test_work_that_found_another_goal_since_is_not_told(firm):
    close(firm.secret, firm)
    assert texts(said(firm.leader, "newly_orphaned"))[1:] == ["“Hush” (Product), 2 person-weeks."]
    hush = firm.work["hush"]
    remove_link(Link.objects.get(initiative=hush), actor=firm.leader, at=AT)
    make_link(hush, firm.growth, "It grows.", actor=firm.leader, at=AT)
    assert said(firm.leader, "newly_orphaned") is None


def test_work_that_found_another_goal_for_a_part_of_it_is_told_with_the_rest(firm):
    close(firm.secret, firm)
    hush = firm.work["hush"]
    remove_link(Link.objects.get(initiative=hush), actor=firm.leader, at=AT)
    make_link(hush, firm.growth, "It grows.", actor=firm.leader, at=AT, share=Decimal("0.25"))
    assert texts(said(firm.leader, "newly_orphaned"))[1:] == ["“Hush” (Product), 1.5 of 2 person-weeks."]


def test_work_that_has_its_goal_again_is_not_told(firm):
    firm.strategy.refresh_from_db()
    archived = archive_strategy(firm.strategy, actor=firm.leader, at=AT, version=firm.strategy.version)
    assert said(firm.leader, "newly_orphaned").news == "3 initiatives lost their goal"
    restore_strategy(archived, actor=firm.leader, at=AT)
    assert said(firm.leader, "newly_orphaned") is None


def test_work_that_its_team_unlinked_is_for_the_team(firm):
    remove_link(Link.objects.get(initiative=firm.work["half"]), actor=firm.leader, at=AT)
    assert said(firm.leader, "newly_orphaned") is None


def test_more_lost_work_than_there_is_room_for_is_counted(firm):
    for _each in range(6):
        make.LinkFactory(goal=firm.secret)
    firm.compute()
    close(firm.secret, firm)
    section = said(firm.leader, "newly_orphaned")
    assert len(section.lines) == 1 + 5
    assert section.more.text == "and 2 more"


# Links to judge


def owned(firm, person: Person) -> None:
    """Somebody owns every goal, so that only "Retention", which is `person`'s, brings links."""
    Goal.objects.update(owner=make.PersonFactory())
    Goal.objects.filter(pk=firm.retention.pk).update(owner=person)


def test_links_wait_for_the_owner_the_largest_first(firm):
    owned(firm, firm.leader)
    section = said(firm.leader, "judgements")
    links = Link.objects.filter(goal=firm.retention).order_by("pk")

    assert texts(section) == [
        "“Faster” (Search) brings 3 person-weeks to “Retention”.",
        "“Half” (Product) brings 1 person-week to “Retention”.",
    ]
    assert [line.detail for line in section.lines] == ["“Speed keeps people.”", "“Fewer steps, so more people finish.”"]
    assert [line.replies[0].about for line in section.lines] == [(link.pk,) for link in links]
    assert {line.replies[0].action for line in section.lines} == {Action.ENDORSE}
    assert section.news == "2 links wait for your endorsement"


def test_links_made_before_are_quiet_alone_and_new_ones_are_not(firm):
    owned(firm, firm.leader)
    section = said(firm.leader, "judgements")
    assert (section.weight, section.quiet) == (5, True)

    make_link(firm.work["loose"], firm.retention, "It keeps people.", actor=firm.leader, at=AT)
    section = said(firm.leader, "judgements")
    assert (section.weight, section.quiet) == (40, False)


def test_links_that_bring_nothing_or_are_endorsed_wait_for_nobody(firm):
    Link.objects.filter(initiative=firm.work["faster"]).delete()
    half = firm.work["half"]
    firm.compute()
    owned(firm, firm.leader)
    half.refresh_from_db()
    change_status(half, actor=firm.leader, at=AT, version=half.version, status="paused")
    assert said(firm.leader, "judgements") is None

    half.refresh_from_db()
    change_status(half, actor=firm.leader, at=AT, version=half.version, status="active")
    endorse_link(Link.objects.get(initiative=half), actor=firm.leader, at=AT)
    assert said(firm.leader, "judgements") is None


def test_dispute_is_told_as_it_was_until_the_team_changes_the_link(firm):
    owned(firm, firm.leader)
    Link.objects.filter(initiative=firm.work["faster"]).delete()
    link = Link.objects.get(initiative=firm.work["half"])
    dispute_link(link, actor=firm.leader, at=AT, note="I do not see how.")
    section = said(firm.leader, "judgements")
    assert texts(section) == [
        "The link of “Half” (Product) to “Retention” is in dispute since 23 March 2026, unchanged."
    ]
    assert (section.lines[0].replies, section.news, section.quiet) == ((), "", True)

    link.refresh_from_db()
    edit_link(link, actor=firm.leader, at=AT, version=link.version, rationale="Because of this.")
    section = said(firm.leader, "judgements")
    assert texts(section) == [
        "The link of “Half” (Product) to “Retention” was changed by its team since it was disputed."
    ]
    assert (section.lines[0].detail, section.news) == ("“Because of this.”", "1 link waits for your endorsement")
    assert (len(section.lines[0].replies), section.quiet) == (1, False)

    make.LinkFactory(initiative=firm.work["faster"], goal=firm.retention)
    firm.compute()
    first, second = texts(said(firm.leader, "judgements"))
    assert first.startswith("The link of “Half”")
    assert second.startswith("“Faster”")


def test_goals_without_an_owner_are_for_leaders_and_leads_of_their_team(firm):
    Goal.objects.update(owner=make.PersonFactory())
    goal = make.GoalFactory(title="Speed", parent=firm.growth, team=firm.search)
    make.LinkFactory(initiative=firm.work["loose"], goal=goal)
    firm.compute()
    lead, other = make.PersonFactory(), make.PersonFactory()
    make.MembershipFactory(person=lead, team=firm.product, role="lead")
    make.MembershipFactory(person=other, team=firm.ops, role="lead")

    expected = ["“Loose” (Search) is linked to “Speed”."]
    assert texts(said(firm.leader, "judgements")) == expected
    assert texts(said(lead, "judgements", Kind.TEAM, firm.product)) == expected
    assert said(other, "judgements", Kind.TEAM, firm.ops) is None


def test_confidential_goal_of_a_team_is_not_for_its_lead(firm):
    Goal.objects.update(owner=make.PersonFactory())
    goal = make.GoalFactory(title="Quiet aim", key="aim", parent=firm.secret, team=firm.search)
    make.LinkFactory(initiative=firm.work["loose"], goal=goal)
    firm.compute()
    lead = make.PersonFactory(digests_always=True)
    make.MembershipFactory(person=lead, team=firm.search, role="lead")
    assert said(lead, "judgements", Kind.TEAM, firm.search) is None

    firm.leader.digests_always = True
    to_lead, to_leader = (json.dumps(each.to_json()) for each in digest(lead, firm.leader))
    assert "Quiet aim" not in to_lead
    assert "aim/" not in to_lead
    assert SECRET not in to_lead
    assert "aim/" in to_leader


def test_digest_has_its_links_once(firm):
    member, lead, both, leader = make.PersonFactory.create_batch(4, digests_always=True)
    leader.role = Role.LEADER
    leader.save()
    for person in (member, both, leader):
        make.MembershipFactory(person=person, team=firm.search)
    for person in (lead, both, leader):
        make.MembershipFactory(person=person, team=firm.product, role="lead")
        make.MembershipFactory(person=person, team=firm.quiet, role="lead")
    for person, title in [(member, "For you"), (lead, "Product"), (both, "For you"), (leader, "The company")]:
        owned(firm, person)
        [content] = digest(person)
        assert [part.title for part in content.parts for each in part.sections if each.name == "judgements"] == [title]


def test_viewer_who_owns_a_goal_judges_nothing(firm):
    viewer = make.ViewerFactory()
    owned(firm, viewer)
    assert said(viewer, "judgements", Kind.OWN) is None


def test_more_links_than_there_is_room_for_are_counted(firm):
    owned(firm, firm.leader)
    for _each in range(5):
        make.LinkFactory(goal=firm.retention)
    firm.compute()
    section = said(firm.leader, "judgements")
    assert len(section.lines) == 4 + 1
    assert texts(section)[-1] == "3 more wait on the pages of the goals."
    assert section.news == "7 links wait for your endorsement"


# Teams in the spotlight


@pytest.fixture
def spotlight(firm):
    Team.objects.filter(pk=firm.product.pk).update(stance="spotlight", stance_until=DAY + 30 * ONE)
    make.SupportFactory(initiative=firm.work["half"], team=firm.ops, ask="A load test", asked_on=DAY)
    return firm


def test_asks_of_teams_in_the_spotlight_are_told(spotlight):
    section = said(spotlight.leader, "spotlight")
    assert texts(section) == ["Product asked Ops for support of “Half”."]
    assert section.lines[0].detail == "“A load test”. Asked on 16 March 2026."
    assert (section.news, section.quiet) == ("A team in the spotlight waits for support", True)

    ask = make.SupportFactory(initiative=spotlight.work["look"], team=spotlight.ops, asked_on=DAY + 3 * ONE)
    make.LogEntryFactory(action="support.asked", subject_kind="support", subject_id=ask.pk, at=SINCE + ONE)
    section = said(spotlight.leader, "spotlight")
    assert texts(section) == [f"Product asked Ops for support of “{work}”." for work in ("Look", "Half")]
    assert section.lines[0].detail == "Asked on 19 March 2026."
    assert (section.news, section.quiet) == ("2 asks of teams in the spotlight are unanswered", False)


@pytest.mark.parametrize("change", ["lapsed", "answered", "paused"])
def test_asks_that_wait_for_nobody_are_left_out(spotlight, change):
    if change == "lapsed":
        Team.objects.filter(pk=spotlight.product.pk).update(stance_until=DAY + ONE)
    elif change == "answered":
        spotlight.work["half"].support.update(status=SupportStatus.PLEDGED)
    else:
        spotlight.work["half"].status = "paused"
        spotlight.work["half"].save()
    assert said(spotlight.leader, "spotlight") is None


def test_asks_are_told_on_the_last_day_of_the_spotlight_and_without_a_last_day(spotlight):
    for last in (DAY + 2 * ONE, None):
        Team.objects.filter(pk=spotlight.product.pk).update(stance_until=last)
        assert texts(said(spotlight.leader, "spotlight")) == ["Product asked Ops for support of “Half”."]


def test_more_asks_than_there_is_room_for_are_counted(spotlight):
    for _each in range(6):
        make.SupportFactory(initiative=spotlight.work["look"])
    section = said(spotlight.leader, "spotlight")
    assert (len(section.lines), section.more.text) == (3, "and 4 more")


# Digests that do not arrive


def refused(name: str, at: dt.datetime) -> Person:
    person = make.PersonFactory(name=name, refused_at=at)
    make.LogEntryFactory(action="person.mail_refused", subject_kind="person", subject_id=person.pk, at=at)
    return person


def test_administrators_read_whom_digests_do_not_reach(firm):
    admin = make.AdminFactory()
    refused("Long ago", SINCE - ONE)
    for at in range(7):
        refused(f"Refused {at}", AT - ONE)
    section = said(admin, "refusals")

    assert texts(section) == [
        "Mail to 7 people is refused by the server: Refused 0, Refused 1, Refused 2, Refused 3, Refused 4 and 2 others."
    ]
    assert section.lines[0].said[0].path == "/digests/administration/"
    assert (section.news, section.quiet) == ("Mail to 7 people is refused by the server", False)
    assert said(firm.leader, "refusals") is None


def test_mail_that_arrives_is_not_told(firm):
    assert said(make.AdminFactory(), "refusals") is None


# All of it


def test_leaders_read_of_confidential_goals_and_others_do_not(firm):
    close(firm.secret, firm)
    Person.objects.update(digests_always=True)
    firm.member.refresh_from_db()
    make.MembershipFactory(person=firm.member, team=firm.product, role="lead")
    to_leader, to_member = (json.dumps(each.to_json()) for each in digest(firm.leader, firm.member))
    assert SECRET in to_leader
    assert SECRET not in to_member
    assert "/goals/hidden/" not in to_member


def test_number_of_queries_does_not_depend_on_how_many_people_there_are(spotlight):
    close(spotlight.secret, spotlight)
    people = [make.PersonFactory(), make.AdminFactory(refused_at=AT), spotlight.leader]
    more = [*people[1:], *make.LeaderFactory.create_batch(10), people[0], *make.PersonFactory.create_batch(17)]
    for at, person in enumerate([people[1], *more[12:]]):
        make.MembershipFactory(person=person, team=spotlight.search if at % 2 else spotlight.product, role="lead")
    with CaptureQueriesContext(connection) as of_three:
        digest(*people)
    with CaptureQueriesContext(connection) as of_thirty:
        contents = digest(*more)

    assert len(of_thirty) == len(of_three)
    assert all(content.parts[0].kind == Kind.COMPANY for content in contents[:12])


def test_sections_of_leaders_take_thirteen_queries(spotlight, django_assert_num_queries):
    """One for each section, two for that of ends and three for that of conversations, but none for that of lost work,
    whose names are read with those of what moved coverage, and one for the work."""
    close(spotlight.secret, spotlight)
    batch = Batch([spotlight.leader], SINCE, AT)
    assert all(map(bool, (batch.recipients, batch.company, batch.movements, batch.confidential)))
    with django_assert_num_queries(13):
        for each in sections(Kind.COMPANY):
            if each.is_for(batch.recipients[0]):
                each.reads(batch)
