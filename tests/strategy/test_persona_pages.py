"""/personas/ and the forms about a persona."""

from __future__ import annotations

import pytest

from strategy.models import Persona
from teams.models import Team
from tests import factories as make
from tests.html import links_named, links_of, page_text, source_of, texts_of, value_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_leader(client):
    client.force_login(make.LeaderFactory())
    return client


@pytest.fixture
def as_member(client):
    client.force_login(make.PersonFactory())
    return client


def test_list_tells_who_they_are_and_who_serves_them(as_member):
    shoppers = make.PersonaFactory(name="Shoppers", problem="They **look**.")
    make.PersonaFactory(name="Nurses")
    make.TeamPersonaFactory(persona=shoppers, team__key="ops", team__name="Ops")
    for number in range(11):
        make.TeamPersonaFactory(persona=shoppers, team__name=f"Z {number:02}")

    response = as_member.get("/personas/")
    page = page_text(response)

    assert page.index("Nurses") < page.index("Shoppers")
    assert "They look." in page
    assert texts_of(response, "strong") == ["look"]
    assert links_named(response, "Ops") == ["/teams/ops/"]
    assert "Z 08 and others" in page
    assert len(links_named(response, "Z 08")) == 1
    assert "No team says that it serves them." in page
    Team.objects.filter(name__gte="Z 09").delete()
    assert "Z 08" in page_text(as_member.get("/personas/"))
    assert "and others" not in page_text(as_member.get("/personas/"))
    assert "/personas/new/" not in source_of(response)
    assert "/edit/" not in source_of(response)


def test_list_takes_three_queries_however_many_there_are(as_member, django_assert_num_queries):
    make.TeamPersonaFactory()
    with django_assert_num_queries(3):
        as_member.get("/personas/")
    make.TeamPersonaFactory.create_batch(5)
    with django_assert_num_queries(3):
        as_member.get("/personas/")


def test_empty_list_teaches_and_offers_a_leader_to_begin(as_leader):
    page = as_leader.get("/personas/")

    assert "Here will be the people the company works for." in page_text(page)
    assert "/personas/new/" in links_of(page)


def test_list_is_paged(as_member):
    make.PersonaFactory.create_batch(51)
    page = as_member.get("/personas/")

    assert len(page.context["page"].rows) == 50
    assert len(as_member.get(f"/personas/{page.context['page'].next_url}").context["page"].rows) == 1


def test_teams_page_leads_to_the_personas(as_member):
    assert "/personas/" in links_of(as_member.get("/teams/"))


def test_leader_describes_a_persona(as_leader):
    page = as_leader.post("/personas/new/", {"name": "Shoppers", "problem": "They look."}, follow=True)

    assert "Shoppers is there." in page_text(page)
    assert Persona.objects.get().key == "shoppers"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"name": "", "problem": "Kept"}, "Give the persona a name."),
        ({"name": "Shop\x07", "problem": "Kept"}, "Keep this on one line"),
        ({"name": "x" * 201, "problem": "Kept"}, "at most 200 characters"),
    ],
)
@pytest.mark.parametrize("address", ["/personas/new/", "/personas/nurses/edit/"])
def test_persona_that_cannot_be_is_told_why_and_keeps_what_was_typed(as_leader, address, data, reason):
    make.PersonaFactory(key="nurses", name="Nurses")
    page = as_leader.post(address, {"version": 1, **data})

    assert reason in page_text(page, 422)
    assert {name: value_of(page, name) for name in data} == data
    assert Persona.objects.get().name == "Nurses"


def test_leader_edits_a_persona_and_a_stale_save_shows_both(as_leader):
    make.PersonaFactory(key="nurses", name="Nurses")
    assert value_of(as_leader.get("/personas/nurses/edit/"), "name") == "Nurses"
    as_leader.post("/personas/nurses/edit/", {"name": "Night nurses", "problem": "", "version": 1})
    assert Persona.objects.get().name == "Night nurses"

    stale = as_leader.post("/personas/nurses/edit/", {"name": "Day nurses", "problem": "", "version": 1})

    assert "Night nurses" in page_text(stale, 409)
    assert value_of(stale, "name") == "Day nurses"
    assert as_leader.post("/personas/nurses/edit/", {"name": "Day nurses", "version": 2}).status_code == 302


def test_leader_removes_a_persona_knowing_who_serves_it(as_leader):
    persona = make.TeamPersonaFactory(persona__key="nurses").persona
    make.TeamPersonaFactory(persona=persona)
    assert "2 teams serve them now" in page_text(as_leader.get("/personas/nurses/removal/"))

    Persona.objects.update(problem="Theirs")
    assert "Somebody else saved this" in page_text(as_leader.post("/personas/nurses/removal/", {"version": 1}), 422)
    page = as_leader.post("/personas/nurses/removal/", {"version": 2}, follow=True)

    assert "is removed." in page_text(page)
    assert not Persona.objects.exists()


@pytest.mark.parametrize("page", ["new/", "nurses/edit/", "nurses/removal/"])
def test_forms_take_eight_queries_at_most_and_are_for_leaders(client, page, django_assert_max_num_queries):
    make.PersonaFactory(key="nurses")
    client.force_login(make.LeaderFactory())
    with django_assert_max_num_queries(4):
        page_text(client.get(f"/personas/{page}"))
    client.force_login(make.MembershipFactory(role="lead").person)
    assert client.get(f"/personas/{page}").status_code == 403
