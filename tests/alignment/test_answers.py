"""Every finding offers its answers in place, to those who may give them, and each answer leads somewhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from rules.permissions import perm_exists

from alignment.enums import FlagCode, LinkState, Outcome
from alignment.flags import FLAGS, GOAL_FLAGS, INITIATIVE_FLAGS, STRATEGY_FLAGS
from alignment.models import Flag
from alignment.rules import is_about
from teams.enums import TeamRole
from teams.models import Person
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import SECRET
from tests.html import (
    action_of,
    fields_of,
    forms,
    links_named,
    links_of,
    page_text,
    source_of,
    text_of,
)
from web.flags.answers import SNOOZE, Answer, answers


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def lead(firm):
    person = make.PersonFactory()
    make.MembershipFactory(team=firm.product, person=person, role=TeamRole.LEAD)
    return person


@pytest.fixture
def mate(firm):
    person = make.PersonFactory()
    make.MembershipFactory(team=firm.search, person=person)
    return person


def flag_for(firm, code: FlagCode) -> Flag:
    """An open flag of `code` about something of Search, or about the strategy."""
    if code in INITIATIVE_FLAGS:
        subject = {"initiative": firm.work["faster"]}
    elif code in GOAL_FLAGS:
        goal = make.GoalFactory(parent=firm.growth, team=firm.search)
        subject = {"initiative": None, "goal": goal}
    elif code in STRATEGY_FLAGS:
        subject = {"initiative": None, "strategy": firm.strategy}
    else:
        subject = {"initiative": None, "team": firm.search}
    Flag.objects.filter(code=code, **{name: row for name, row in subject.items() if row}).delete()
    return make.FlagFactory(code=code, **subject)


def labels(found: list[Answer]) -> list[str]:
    return [answer.label for answer in found]


def signed_in(person: Person) -> Person:
    """As a request brings them: with the roles on teams, so that rules ask nothing."""
    person.team_roles  # noqa: B018 -- cached
    return person


def test_every_code_has_ways_that_exist():
    assert all(kind.answers for kind in FLAGS.values())
    for way in (way for kind in FLAGS.values() for way in kind.answers):
        assert perm_exists(way.permission), way
        assert reverse(way.url_name, args=[] if way.bare else [1 if way.of_link else "key"])
    assert perm_exists(SNOOZE)


@pytest.mark.parametrize(
    ("who", "code"),
    [("leader", code) for code in FlagCode] + [("lead", code) for code in FlagCode if code not in STRATEGY_FLAGS],
)
def test_every_answer_that_is_offered_can_be_given(firm, lead, client, code, who):
    person = firm.leader if who == "leader" else lead
    flag = flag_for(firm, code)
    links = list(firm.work["faster"].links.select_related("goal", "initiative__team"))
    client.force_login(person)
    found = answers(flag, person, links)

    assert "Snooze" in labels(found)
    assert len(found) > 1
    for answer in found:
        seen = {"version": answer.version, "goal_version": answer.goal_version, "seen_at": 2**53}
        response = client.post(answer.url, seen) if answer.version else client.get(answer.url)
        assert response.status_code == (302 if answer.version else 200), answer


@pytest.mark.parametrize("code", list(FlagCode))
def test_answers_ask_no_query(firm, lead, code, django_assert_num_queries):
    flag, person = flag_for(firm, code), signed_in(lead)
    links = list(firm.work["faster"].links.select_related("goal", "initiative__team"))
    flag = Flag.objects.select_related("initiative__team", "goal__team", "strategy", "team").get(pk=flag.pk)
    with django_assert_num_queries(0):
        answers(flag, person, links)


def test_answers_are_for_those_who_may_give_them(firm, lead, mate):
    orphan, mission = flag_for(firm, FlagCode.ORPHAN), flag_for(firm, FlagCode.NO_MISSION)
    expired = flag_for(firm, FlagCode.EXPIRED)
    everything = ["Link it", "Declare it", "Propose a goal", "Stop it", "Snooze"]

    assert labels(answers(orphan, mate)) == everything
    assert labels(answers(orphan, lead)) == everything
    assert labels(answers(orphan, firm.member)) == ["Ask about it"]
    assert labels(answers(orphan, make.ViewerFactory())) == []
    assert labels(answers(mission, lead)) == ["Write the mission", "Snooze"]
    assert labels(answers(mission, mate)) == ["Ask about it"]
    assert labels(answers(expired, firm.leader)) == ["Close it", "Give it a new end", "Snooze"]
    assert labels(answers(expired, mate)) == ["Ask about it"]


def test_a_strategy_is_for_leaders_to_answer(firm, lead):
    flag = flag_for(firm, FlagCode.ENDING)

    assert labels(answers(flag, firm.leader)) == [
        *("Carry it over", "Write the next one", "Give it another end", "Archive it", "Snooze"),
    ]
    assert labels(answers(flag, lead)) == labels(answers(flag, firm.member)) == ["Ask about it"]


def test_anybody_who_writes_can_link_work_to_an_uncovered_goal(firm):
    flag = flag_for(firm, FlagCode.UNCOVERED)

    assert labels(answers(flag, firm.member)) == ["Link work to it", "Ask about it"]
    assert labels(answers(flag, make.ViewerFactory())) == []


def test_findings_about_links_say_which(firm):
    """What the engine flags, link by link (spec/alignment.md, *Flags*)."""
    yesterday = DAY - dt.timedelta(days=1)
    changed = make.GoalFactory(meaning_changed_on=DAY)
    cases: dict[FlagCode, tuple[dict[str, Any], dict[str, Any]]] = {
        FlagCode.UNREASONED: ({"rationale": ""}, {"rationale": "", "state": LinkState.ENDORSED}),
        FlagCode.RECONFIRM: ({"goal": changed, "confirmed_on": yesterday}, {"goal": changed, "confirmed_on": DAY}),
        FlagCode.REVIEW_DUE: ({"review_on": yesterday}, {"review_on": DAY}),
        FlagCode.BELIEF_FAILED: ({"outcome": Outcome.FAILED}, {"outcome": Outcome.UNCLEAR, "review_on": yesterday}),
    }
    for code, (flagged, fine) in cases.items():
        assert is_about(code, make.LinkFactory(**flagged), DAY), code
        assert not is_about(code, make.LinkFactory(**fine), DAY), code
    assert not is_about(FlagCode.ORPHAN, make.LinkFactory(rationale=""), DAY)


def test_list_offers_the_answers_of_each_row(firm, mate, client):
    client.force_login(mate)
    page = client.get("/flags/?code=orphan")

    assert "/initiatives/loose/links/new/" in links_named(page, "Link it")
    assert any(address.endswith("/snooze/?from=list") for address in links_of(page))
    client.force_login(firm.member)
    assert "/initiatives/loose/links/new/" not in source_of(client.get("/flags/?code=orphan"))


def test_list_leads_to_the_very_links(firm, mate, client):
    link = firm.work["faster"].links.first()
    type(link).objects.filter(pk=link.pk).update(review_on=DAY - dt.timedelta(days=1))
    other = make.LinkFactory(initiative=firm.work["faster"], goal=firm.secret, review_on=DAY - dt.timedelta(days=1))
    firm.compute()
    client.force_login(mate)
    response = client.get("/flags/?code=review_due")
    page = source_of(response)

    assert f"/links/{link.pk}/outcome/" in links_of(response)
    assert f"/links/{other.pk}/outcome/" not in page
    assert SECRET not in page


@pytest.mark.parametrize("code", ["orphan", "under_aligned", "unexplained", "reconfirm"])
@pytest.mark.parametrize("who", ["leader", "lead"])
def test_list_takes_no_query_a_row(firm, lead, client, code, who, django_assert_num_queries):
    client.force_login(firm.leader if who == "leader" else lead)
    flag_for(firm, FlagCode(code))
    with django_assert_num_queries(8 if code == FlagCode.ORPHAN else 7):
        client.get(f"/flags/?code={code}")
    for _number in range(4):
        if code in INITIATIVE_FLAGS:
            make.FlagFactory(code=code, initiative=make.InitiativeFactory(team=make.TeamFactory(parent=firm.product)))
        elif code in GOAL_FLAGS:
            goal = make.GoalFactory(team=make.TeamFactory(parent=firm.product))
            make.FlagFactory(code=code, initiative=None, goal=goal)
        else:
            make.FlagFactory(code=code, initiative=None, team=make.TeamFactory(parent=firm.product))
    with django_assert_num_queries(8 if code == FlagCode.ORPHAN else 7):
        client.get(f"/flags/?code={code}")


def test_initiative_page_offers_answers_to_questions_and_housekeeping(firm, mate, client):
    client.force_login(mate)
    page = page_text(client.get("/initiatives/loose/"))

    assert "Declare it" in page
    assert "Size it" in page
    client.force_login(firm.member)
    assert "Size it" not in page_text(client.get("/initiatives/loose/"))


def test_confirming_from_the_page_is_a_button(firm, mate, client):
    flag_for(firm, FlagCode.SILENT)
    client.force_login(mate)
    page = client.get("/initiatives/faster/")
    [form] = (form for form in forms(page) if "It is still going on" in text_of(form))

    assert (form["method"], action_of(form)) == ("post", "/initiatives/faster/confirmation/")
    assert len(form.select("button")) == 1
    assert fields_of(form)["csrfmiddlewaretoken"]


def test_goal_and_team_pages_offer_answers(firm, client):
    goal = flag_for(firm, FlagCode.UNMEASURED).goal
    flag_for(firm, FlagCode.UNDER_ALIGNED)
    client.force_login(firm.leader)

    assert "Add a measure" in page_text(client.get(f"/goals/{goal.key}/"))
    assert "Set the stance" in page_text(client.get("/teams/search/"))
