"""Teams that are not here yet: who says so, what follows, and what pages say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Flag
from lib.services.errors import StaleError
from teams.models import LogEntry, Team
from teams.narrative import here_text
from teams.selectors.company import company
from teams.selectors.presence import Presence, is_here, presence_of, teams_here
from teams.services.presence import set_presence
from teams.services.teams import move_team
from teams.services.undo import undo
from tests.factories import NOW, AdminFactory, LeaderFactory, MembershipFactory, PersonFactory, TeamFactory
from tests.firm import Firm, build_firm
from tests.html import fields_of, form_to, message_of, page_text, parsed, text_of, texts_of, undo_of

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def leader():
    return LeaderFactory(name="Leo Leader")


def marked(team, by, *, here):
    row = Team.objects.get(pk=team.pk)
    return set_presence(row, actor=by, at=LATER, version=row.version, is_here=here)


def test_team_is_here_with_all_above_it(leader):
    fleet = TeamFactory()
    crew = TeamFactory(parent=fleet)
    deck = TeamFactory(parent=crew)
    other = TeamFactory()
    assert teams_here() == Presence(teams=4, here=4)

    marked(crew, leader, here=False)

    assert [is_here(team) for team in (fleet, crew, deck, other)] == [True, False, False, True]
    assert teams_here() == Presence(teams=4, here=2)
    marked(deck, leader, here=False)
    marked(crew, leader, here=True)
    assert [is_here(team) for team in (fleet, crew, deck, other)] == [True, True, False, True]


def test_mark_is_logged_and_undone(leader):
    team = TeamFactory()

    row = marked(team, leader, here=False)
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.subject_id, entry.changes) == (
        "team.presence_set",
        team.pk,
        {"is_here": [True, False]},
    )
    undo(row, actor=leader, at=LATER, version=row.version)
    assert is_here(team)
    assert marked(team, leader, here=True).version == 3
    assert LogEntry.objects.filter(action="team.presence_set").count() == 2


def test_stale_mark_changes_nothing(leader):
    team = TeamFactory()
    Team.objects.filter(pk=team.pk).update(name="Other")

    with pytest.raises(StaleError):
        set_presence(team, actor=leader, at=LATER, version=1, is_here=False)
    assert is_here(team)


@pytest.mark.parametrize("role", ["lead", "member"])
def test_people_of_the_team_do_not_mark_it(role):
    seat = MembershipFactory(role=role)

    with pytest.raises(PermissionDenied):
        set_presence(seat.team, actor=seat.person, at=LATER, version=1, is_here=False)


@pytest.mark.parametrize(
    ("presence", "said"),
    [
        (None, ""),
        (Presence(12, 9), "9 of 12 teams are here"),
        (Presence(12, 1), "1 of 12 teams is here"),
        (Presence(1, 0), "0 of 1 team are here"),
    ],
)
def test_sentence_agrees_with_its_numbers(presence, said):
    assert here_text(presence) == said


def test_nothing_is_said_where_all_are_here():
    assert presence_of(None) is None
    assert company().pk == 1


@pytest.fixture
def firm() -> Firm:
    return build_firm()


def codes(team):
    own = Flag.objects.open().filter(team=team) | Flag.objects.open().filter(initiative__team=team)
    return set(own.values_list("code", flat=True))


def test_flags_of_the_team_and_its_sub_teams_go_and_come_back_as_they_were(firm):
    before = {(flag.pk, flag.first_seen) for flag in Flag.objects.open()}
    assert codes(firm.search)
    assert codes(firm.product)

    marked(firm.product, firm.leader, here=False)
    assert codes(firm.search) == codes(firm.product) == set()
    assert codes(firm.ops)
    marked(firm.product, firm.leader, here=True)
    assert {(flag.pk, flag.first_seen) for flag in Flag.objects.open()} == before


def test_move_below_a_team_that_is_not_here_is_told_and_counts(firm):
    marked(firm.ops, firm.leader, here=False)
    client = signed_in(firm.leader)
    assert "Below a team that is not here yet, nothing is asked of it." in text_of(
        client.get("/teams/product/position/")
    )

    row = Team.objects.get(pk=firm.search.pk)
    move_team(row, actor=firm.leader, at=LATER, version=row.version, parent=firm.ops)

    assert codes(firm.search) == set()


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_team_page_says_what_it_means_and_takes_it_back(firm):
    client = signed_in(firm.leader)
    page = client.get("/teams/product/")
    assert "Not here yet" not in texts_of(page, ".page-head")[0]

    form = form_to(page, "/teams/product/absence/")
    answer = client.post("/teams/product/absence/", fields_of(form), follow=True)
    assert message_of(answer).startswith("Product is not here yet: nothing is asked of it and of the teams below it.")
    assert "This team is not here yet. Nothing is asked of it" in text_of(answer)
    assert "Product, above it, is not here yet." in text_of(client.get("/teams/search/"))
    assert "Not here yet" in text_of(client.get("/teams/"))
    client.post(undo_of(answer))
    assert is_here(firm.product)


def test_team_below_one_that_is_not_here_is_here_once_that_is(firm):
    marked(firm.product, firm.leader, here=False)
    marked(firm.search, firm.leader, here=False)
    client = signed_in(firm.leader)

    form = form_to(client.get("/teams/search/"), "/teams/search/arrival/")
    answer = client.post("/teams/search/arrival/", fields_of(form), follow=True)

    assert message_of(answer).startswith("Search is here once the teams above it are.")
    back = client.post(
        "/teams/product/arrival/",
        fields_of(form_to(client.get("/teams/product/"), "/teams/product/arrival/")),
        follow=True,
    )
    assert message_of(back).startswith("Product is here: flags about it and its work are raised again.")


def test_button_that_is_stale_changes_nothing(firm):
    client = signed_in(firm.leader)
    fields = fields_of(form_to(client.get("/teams/product/"), "/teams/product/absence/"))
    marked(firm.product, firm.leader, here=False)
    marked(firm.product, firm.leader, here=True)

    client.post("/teams/product/absence/", fields)

    assert is_here(firm.product)


def test_rollout_marks_and_comes_back_to_its_place(firm):
    client = signed_in(AdminFactory())
    page = client.get("/people/rollout/?q=pro")
    assert "4 of 4 teams are here, " in text_of(page)

    answer = client.post("/teams/product/absence/", fields_of(form_to(page, "/teams/product/absence/")), follow=True)

    assert answer.redirect_chain == [("/people/rollout/?q=pro", 302)]
    said = text_of(client.get("/people/rollout/"))
    assert "1 of 4 teams is here, " in said
    assert names(client.get("/people/rollout/?here=yes")) == ["Ops"]
    assert names(client.get("/people/rollout/?here=no")) == ["Product", "Quiet", "Search"]


def names(page):
    return [text_of(link) for link in parsed(page).select("tbody th[scope=row] > a")]


HERE = "3 of 4 teams are here"
BESIDE = ("/", "/strategy/", "/strategies/plan/", "/goals/growth/")


@pytest.mark.parametrize("address", BESIDE)
def test_figures_and_findings_of_the_company_say_who_is_here(firm, address):
    client = signed_in(firm.leader)
    assert "teams are here" not in page_text(client.get(address))

    marked(firm.quiet, firm.leader, here=False)

    assert HERE in page_text(client.get(address))


@pytest.mark.parametrize("address", [*BESIDE, "/teams/", "/teams/product/"])
def test_no_page_asks_more_queries(firm, address):
    client = signed_in(firm.leader)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            page_text(client.get(address))
        return len(seen)

    all_here = queries()
    marked(firm.product, firm.leader, here=False)
    assert queries() == all_here <= 12


def test_figures_stay_as_they_are(firm):
    client = signed_in(firm.leader)
    before = client.get("/api/v1/alignment/report/").json()

    marked(firm.product, firm.leader, here=False)

    after = client.get("/api/v1/alignment/report/").json()
    assert (after["company"].pop("teams"), after["company"].pop("teams_here")) == (4, 1)
    assert {name: after[name] for name in ("company", "teams", "goals", "initiatives")} == {
        name: before[name] for name in ("company", "teams", "goals", "initiatives")
    }
    assert {flag["subject"] for flag in after["flags"]} < {flag["subject"] for flag in before["flags"]}
    assert client.get("/api/v1/teams/product/").json()["here"] is False
    assert client.get("/api/v1/teams/search/").json()["here"] is True


def test_home_of_a_lead_asks_nothing_of_a_team_that_is_not_here(firm):
    lead = PersonFactory(name="Lea Lead")
    MembershipFactory(team=firm.search, person=lead, role="lead")
    client = signed_in(lead)
    assert "Waiting for you" in text_of(client.get("/"))

    marked(firm.product, firm.leader, here=False)

    said = text_of(client.get("/"))
    assert "It is not here yet: nothing is asked of it." in said
    assert "Waiting for you" not in said
    assert "nothing waits for you" in said
    assert "1 of 4 teams is here" in said


def test_home_of_a_member_asks_nothing_of_a_team_that_is_not_here(firm):
    MembershipFactory(team=firm.quiet, person=firm.member)
    client = signed_in(firm.member)
    assert "Start an initiative" in text_of(client.get("/"))

    marked(firm.quiet, firm.leader, here=False)

    said = text_of(client.get("/"))
    assert "Your team is not here yet: nothing is asked of it." in said
    assert "Start an initiative" not in said
