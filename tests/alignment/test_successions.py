"""What takes the place of a closed goal is offered to the work that was linked, and counts once its team takes it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from alignment.models import InitiativeFigures, Link
from alignment.selectors.successions import successions
from alignment.services.successions import take_successor
from digest.replies import Action, reply_path
from digest.writing import write_digests
from lib.services.dates import monday
from lib.services.errors import RefusedError
from strategy.enums import GoalStatus, Visibility
from strategy.models import Goal
from strategy.services.goals import close_goal, reopen_goal
from teams.enums import TeamRole
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, form_to, page_text, parsed, undo_of

pytestmark = pytest.mark.django_db
TAKING = "/initiatives/faster/successors/loyalty/"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def firm(firm):
    """Its retention is followed by loyalty, and by a goal for leaders that was named beside it."""
    make.MembershipFactory(team=firm.product, person=firm.member, role=TeamRole.LEAD)
    firm.loyalty = make.GoalFactory(key="loyalty", title="Loyalty", parent=firm.growth)
    firm.compute()
    firm.retention.refresh_from_db()
    close(firm, successors=[firm.loyalty])
    return firm


def close(firm, **values) -> Goal:
    values = {"status": "missed", "reason": "It is too late.", **values}
    return close_goal(firm.retention, actor=firm.leader, at=NOW, version=firm.retention.version, **values)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def aligned(firm, work: str) -> float:
    return InitiativeFigures.objects.get(initiative=firm.work[work]).aligned


def offered(firm, reader) -> dict[str, str]:
    found = successions([work.pk for work in firm.work.values()], reader)
    return {each.link.initiative.key: each.goal.key for rows in found.values() for each in rows}


def test_successor_is_offered_and_counts_for_nothing_yet(firm):
    assert offered(firm, firm.member) == {"faster": "loyalty", "half": "loyalty"}
    assert aligned(firm, "faster") == 1.0  # the quarter of four weeks that is linked to growth
    assert aligned(firm, "half") == 0.0

    said = "“Retention” was closed. “Loyalty” takes its place."
    member = signed_in(firm.member)
    for address in ("/", "/initiatives/half/", "/initiatives/half/links/new/", "/flags/?code=disconnected"):
        page = member.get(address)
        assert said in page_text(page), address
        assert "/initiatives/half/successors/loyalty/" in page.text, address


def test_team_takes_it_with_the_share_it_had_and_may_undo_that(firm):
    member = signed_in(firm.member)
    form = form_to(parsed(member.get(TAKING)), "")
    typed = fields_of(form)
    assert (typed["rationale"], typed["share"]) == ("Speed keeps people.", "75")

    weighed = member.post(TAKING, {**typed, "weighed": "yes"})
    assert weighed.context["page"].effect.figures[0].after > weighed.context["page"].effect.figures[0].now
    page = member.post(TAKING, typed, follow=True)
    assert aligned(firm, "faster") == 4.0
    links = Link.objects.filter(initiative=firm.work["faster"])
    assert {(each.goal.key, each.share) for each in links} == {("loyalty", Decimal("0.75")), ("growth", None)}
    assert "half" in offered(firm, firm.member)
    assert "faster" not in offered(firm, firm.member)

    member.post(undo_of(parsed(page)))
    assert {each.goal.key for each in links.all()} == {"retention", "growth"}
    assert aligned(firm, "faster") == 1.0


def test_nobody_takes_what_does_not_follow_or_is_not_theirs(firm):
    assert signed_in(firm.member).get("/initiatives/loose/successors/loyalty/").status_code == 404
    assert signed_in(firm.member).get("/initiatives/faster/successors/growth/").status_code == 404
    assert signed_in(make.PersonFactory()).get(TAKING).status_code == 403


def test_service_takes_no_goal_that_does_not_follow(firm):
    """Another one does, and the page looks at that before."""
    link = Link.objects.get(initiative=firm.work["half"])
    with pytest.raises(RefusedError, match="does not take the place of “Retention”"):
        take_successor(link, firm.growth, actor=firm.leader, at=NOW, version=link.version, rationale="It grows.")
    assert Link.objects.filter(pk=link.pk).exists()


def test_successor_that_somebody_may_not_see_is_not_named_to_them(firm):
    Goal.objects.filter(pk=firm.loyalty.pk).update(visibility=Visibility.LEADERS)
    assert offered(firm, firm.member) == {}
    assert offered(firm, firm.leader) == {"faster": "loyalty", "half": "loyalty"}
    assert signed_in(firm.member).get(TAKING).status_code == 404
    assert "Loyalty" not in page_text(signed_in(firm.member).get("/goals/retention/"))


def test_reopening_takes_the_successors_back(firm):
    entry = LogEntry.objects.filter(action="goal.closed").latest("id")
    assert entry.changes["successors"] == [[], [firm.loyalty.pk]]
    firm.retention.refresh_from_db()
    row = reopen_goal(firm.retention, actor=firm.leader, at=NOW, version=firm.retention.version, undoes=True)

    assert (row.learned, list(row.successors.all())) == ("", [])
    assert offered(firm, firm.leader) == {}
    assert aligned(firm, "faster") == 4.0


def test_goal_that_is_still_open_suggests_nobody(firm):
    """As after a carry-over: the draft is a successor before the goal closes."""
    make.GoalSuccessorFactory(goal=firm.growth, successor=make.GoalFactory(title="Growth next year"))
    firm.compute()
    assert set(offered(firm, firm.leader).values()) == {"loyalty"}
    assert firm.growth.status == GoalStatus.ACTIVE


def test_digest_does_not_offer_it_to_who_may_not_see_the_goal_that_closed(firm):
    Goal.objects.filter(pk=firm.retention.pk).update(visibility=Visibility.LEADERS)
    [content] = write_digests([firm.member], week=monday(NOW.date()), since=NOW - dt.timedelta(days=1), at=NOW)
    lines = [line for part in content.parts for section in part.sections for line in section.lines]

    assert any("Half" in line.text for line in lines)
    assert not [reply.label for line in lines for reply in line.replies if "in its place" in reply.label]


def test_digest_offers_it_in_one_click(firm):
    [content] = write_digests([firm.member], week=monday(NOW.date()), since=NOW - dt.timedelta(days=1), at=NOW)
    lines = [line for part in content.parts for section in part.sections for line in section.lines]
    labels = [reply.label for line in lines for reply in line.replies]
    assert "Take “Loyalty” in its place" in labels
    assert not [label for label in labels if label.startswith("Link it to “Loyalty”")]

    member = signed_in(firm.member)
    path = reply_path(firm.member.pk, Action.LINK, (firm.work["half"].pk, firm.loyalty.pk))
    typed = fields_of(form_to(parsed(member.get(path)), ""))
    assert typed["share"] == "50"
    member.post(path, {**typed, "rationale": "It moves it too."})
    (link,) = Link.objects.filter(initiative=firm.work["half"])
    assert (link.goal, link.share) == (firm.loyalty, Decimal("0.5"))
