"""The page that says how far the company is brought in, team by team."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from bs4.element import Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Invitation
from accounts.selectors.rollout import Answer, Invited, people_of_teams, people_with, rollout_teams
from accounts.services import rounds
from digest.enums import DigestState
from digest.models import Digest
from tests.factories import (
    NOW,
    AdminFactory,
    DigestFactory,
    InitiativeFactory,
    LinkFactory,
    MembershipFactory,
    PersonFactory,
    TeamFactory,
)
from tests.html import fields_of, forms, links_named, message_of, page_text, parsed, text_of, texts_of

pytestmark = pytest.mark.django_db
PAGE = "/people/rollout/"
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def one_day_later(monkeypatch):
    monkeypatch.setattr(rounds, "wake", lambda _task: None)
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def as_admin():
    client = Client()
    client.force_login(AdminFactory(name="Ada Admin"))
    return client


def on(team, *names, **given):
    return [MembershipFactory(team=team, person=PersonFactory(name=name, **given)).person for name in names]


def names(page):
    return texts_of(page, "tbody th[scope=row] > a")


def read_by(team):
    row: Any = rollout_teams(LATER).get(pk=team.pk)
    return row.has_read


def row_of(page, team) -> Tag:
    [row] = [row for row in parsed(page).select("tbody tr") if texts_of(row, "th > a") == [team]]
    return row


def cells(page, team):
    return {cell["data-label"]: text_of(cell) for cell in row_of(page, team).select("td[data-label]")}


def buttons(page, team):
    return texts_of(row_of(page, team), "button")


def test_teams_stand_in_the_order_of_the_tree(as_admin):
    fleet = TeamFactory(name="Fleet")
    TeamFactory(name="Zebra", parent=fleet)
    TeamFactory(name="Äpfel", parent=fleet)
    ahoy = TeamFactory(name="Ahoy")
    TeamFactory(name="Fleet two")
    TeamFactory(name="Below", parent=ahoy)

    assert names(as_admin.get(PAGE)) == ["Ahoy", "Below", "Fleet", "Äpfel", "Zebra", "Fleet two"]


def test_pages_go_on_where_the_one_before_ended(as_admin):
    fleet = TeamFactory(name="Fleet")
    for number in range(60):
        TeamFactory(name=f"Crew {number:02}", parent=fleet)

    first = as_admin.get(PAGE)
    [following_url] = [str(link["href"]) for link in parsed(first).select("a[rel=next]")]
    following = as_admin.get(PAGE + following_url)

    assert names(first) == ["Fleet", *(f"Crew {number:02}" for number in range(49))]
    assert names(following) == [f"Crew {number:02}" for number in range(49, 60)]


def test_row_counts_those_of_the_team_itself(as_admin):
    team = TeamFactory(name="Crew")
    on(team, "Joined", "Joined too")
    on(team, "Invited", invited=True)
    on(team, "Imported", imported=True)
    on(team, "Gone", is_active=False)
    on(TeamFactory(parent=team), "Below", imported=True)

    page = as_admin.get(PAGE)

    assert (cells(page, "Crew")["Invited"], cells(page, "Crew")["Joined"]) == ("3 of 4", "2 of 4")
    assert buttons(page, "Crew") == ["Invite 1 of Crew", "Remind 1 of Crew", "Mark as not here yet: Crew"]
    assert people_of_teams([team.pk], LATER) == {team.pk: Invited(people=4, invited=3, joined=2, expired=0)}


def test_row_of_a_team_without_people_invites_nobody(as_admin):
    TeamFactory(name="Crew")

    page = as_admin.get(PAGE)

    assert (cells(page, "Crew")["Invited"], cells(page, "Crew")["Joined"]) == ("–", "–")
    assert buttons(page, "Crew") == ["Mark as not here yet: Crew"]


def test_row_says_what_the_team_has_begun(as_admin):
    begun, idle = TeamFactory(name="Begun", mission="To ship."), TeamFactory(name="Idle")
    LinkFactory(initiative=InitiativeFactory(team=begun))
    InitiativeFactory(team=TeamFactory(name="Unlinked"))

    page = as_admin.get(PAGE)

    of = ("Mission", "Initiative", "Link")
    assert [cells(page, "Begun")[name] for name in of] == ["Written", "Yes", "Yes"]
    assert [cells(page, "Idle")[name] for name in of] == ["Not yet"] * 3
    assert [cells(page, "Unlinked")[name] for name in of] == ["Not yet", "Yes", "Not yet"]
    assert idle.mission == ""


@pytest.mark.parametrize(
    ("state", "signed_in", "has_read"),
    [
        (DigestState.SENT, NOW + dt.timedelta(minutes=1), True),
        (DigestState.SENT, NOW - dt.timedelta(minutes=1), False),
        (DigestState.SENT, None, False),
        (DigestState.NOTHING, NOW + dt.timedelta(minutes=1), False),
    ],
)
def test_digest_counts_once_its_reader_signed_in_after_it(as_admin, state, signed_in, has_read):
    team = TeamFactory(name="Crew")
    [person] = on(team, "Reader", last_login=signed_in)
    DigestFactory(person=person, state=state, sent_at=NOW if state == DigestState.SENT else None)

    assert read_by(team) is has_read
    page = as_admin.get(PAGE)
    assert cells(page, "Crew")["Signed in after a digest"] == ("Yes" if has_read else "Not yet")
    assert "Nothing tells whether a digest was read." in text_of(page)


def test_digest_of_somebody_who_left_does_not_count():
    team = TeamFactory()
    [person] = on(team, "Gone", is_active=False, last_login=LATER)
    DigestFactory(person=person, state=DigestState.SENT, sent_at=NOW)

    assert read_by(team) is False
    assert Digest.objects.count() == 1


def test_filter_finds_who_has_not_answered(as_admin):
    crew, fleet, quiet = TeamFactory(name="Crew"), TeamFactory(name="Fleet"), TeamFactory(name="Quiet")
    on(crew, "Ivo", invited=True)
    on(fleet, "Old", invited=True)
    fleet.people.update(invited_at=LATER - dt.timedelta(days=7))
    on(quiet, "Imported", imported=True)
    on(quiet, "Joined")

    waiting = as_admin.get(PAGE, {"answer": "waiting"})
    assert (names(waiting), texts_of(waiting, "tbody th li")) == (["Crew", "Fleet"], ["Ivo", "Old"])
    expired = as_admin.get(PAGE, {"answer": "expired"})
    assert (names(expired), texts_of(expired, "tbody th li")) == (["Fleet"], ["Old"])
    missing = as_admin.get(PAGE, {"answer": "not_invited"})
    assert (names(missing), texts_of(missing, "tbody th li")) == (["Quiet"], ["Imported"])
    assert names(as_admin.get(PAGE, {"q": "qui"})) == ["Quiet"]
    assert "No team fits these filters." in page_text(as_admin.get(PAGE, {"q": "nothing like it"}))


def test_row_names_ten_and_counts_the_others(as_admin):
    team = TeamFactory(name="Crew")
    on(team, *(f"Person {number:02}" for number in range(12)), invited=True)

    assert texts_of(as_admin.get(PAGE, {"answer": "waiting"}), "tbody th li")[-2:] == ["Person 09", "and 2 others"]
    assert len(people_with(Answer.WAITING, [team.pk], LATER)[team.pk]) == 10


def test_totals_name_their_whole(as_admin):
    team = TeamFactory()
    on(team, "Joined")
    on(team, "Invited", "Invited too", invited=True)
    on(team, "Imported", imported=True)

    said = text_of(as_admin.get(PAGE))

    assert "2 of 5 people joined." in said
    assert "Of 5 people, 2 joined, 2 were invited and did not answer yet, 1 not invited." in said
    assert "1 of them is on no team: see who." in said
    listed = as_admin.get(links_named(as_admin.get(PAGE), "see who")[0])
    assert texts_of(listed, "tbody th") == ["Ada Admin"]


def press(client, label):
    page = client.get(PAGE)
    form = next(form for form in forms(page) if text_of(form).startswith(label))
    return client.post("/people/invite/", fields_of(form))


@pytest.mark.parametrize(
    ("label", "whom"), [("Invite 1 of Crew", "Imported"), ("Remind 1 of Crew", "Invited"), ("Invite 2 of", "")]
)
def test_button_leads_to_whom_an_invitation_would_go(as_admin, label, whom):
    team = TeamFactory(name="Crew")
    on(team, "Joined")
    on(team, "Invited", invited=True)
    on(team, "Imported", imported=True)
    on(TeamFactory(parent=team), "Below", imported=True)

    look = press(as_admin, label)

    assert texts_of(look, "#plan th[scope=row]") == ([whom] if whom else ["Below", "Imported"])
    assert Invitation.objects.count() == 0
    [form] = [form for form in forms(look) if "seen" in fields_of(form)]
    assert message_of(as_admin.post("/people/invite/", fields_of(form), follow=True)) == (
        "The invitations are on their way."
    )
    assert Invitation.objects.count() == (1 if whom else 2)


def test_company_without_teams_is_told_what_belongs_here(as_admin):
    said = page_text(as_admin.get(PAGE))

    assert "There is no team yet." in said
    assert "Make the first team" in said


def test_queries_stay_with_more_teams_and_people(as_admin):
    def queries(params):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page_text(as_admin.get(PAGE, params))
        return len(seen)

    on(TeamFactory(), "One", invited=True)
    few = [queries(params) for params in ({}, {"answer": "waiting"}, {"q": "team"})]
    parent = TeamFactory()
    for number in range(20):
        on(TeamFactory(parent=parent), *(f"Person {number} {each}" for each in range(3)), invited=True)

    assert [queries(params) for params in ({}, {"answer": "waiting"}, {"q": "team"})] == few
    assert max(few) <= 12
