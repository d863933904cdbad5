"""Whom a field offers that asks for a person."""

from __future__ import annotations

import pytest
from django.test import Client

from teams.models import Person, Team
from tests import factories as make
from tests.factories import LeaderFactory, MembershipFactory, PersonFactory, TeamFactory
from tests.html import parsed, text_of, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/people/suggestions/"


@pytest.fixture
def ask(member):
    client = signed_in(member)
    return lambda words="", **more: client.get(PAGE, {"q": words, **more})


def names(response):
    return texts_of(response, "[role=option] bdi")


def values(response):
    return [str(option["data-value"]) for option in parsed(response).select("[role=option]")]


@pytest.mark.parametrize(
    "words",
    ["zoe", "ZOË", "Zoë Müller", "muller zoe", "zm@", "example.org", "Zoë Müller <zm@example.org>", "  müll  "],
)
def test_people_are_found_by_name_and_address_whatever_accents_and_case(words, ask):
    PersonFactory(name="Zoë Müller", email="zm@example.org")
    PersonFactory(name="Zora Miller", email="zora@example.com")

    found = ask(words)

    assert values(found) == ["Zoë Müller <zm@example.org>"]
    assert texts_of(found, ".picker__said") == ["1 person to choose from."]


def test_namesakes_are_told_apart_by_address_and_teams(ask):
    for number, teams in enumerate([("Search", "Ops", "Apples", "Quiet"), ()]):
        person = PersonFactory(name="Sam Same", email=f"sam{number}@example.com")
        for team in teams:
            MembershipFactory(person=person, team=TeamFactory(name=team))

    assert texts_of(ask("same"), ".picker__apart") == [
        "sam0@example.com · Apples, Ops, Quiet, …",
        "sam1@example.com",
    ]


def test_only_those_who_are_here_are_offered(ask):
    PersonFactory(name="Gone Girl", is_active=False)
    PersonFactory(name="Going Guy", imported=True)

    assert names(ask("go")) == ["Going Guy"]


def test_those_come_first_whose_name_begins_so_and_then_the_team(ask):
    team = TeamFactory(key="crew")
    for name in ("Ada Bo", "Bo Ada", "Cy Bo", "Di Bo"):
        PersonFactory(name=name)
    MembershipFactory(team=team, person=PersonFactory(name="Em Bo"))

    assert names(ask("bo")) == ["Bo Ada", "Ada Bo", "Cy Bo", "Di Bo", "Em Bo"]
    assert names(ask("bo", team="crew")) == ["Bo Ada", "Em Bo", "Ada Bo", "Cy Bo", "Di Bo"]
    assert names(ask("", team="crew"))[0] == "Em Bo"

    MembershipFactory(team=TeamFactory(key="above"), person=Person.objects.get(name="Di Bo"))
    Team.objects.filter(key="crew").update(parent=Team.objects.get(key="above"))
    assert names(ask("bo", team="crew")) == ["Bo Ada", "Di Bo", "Em Bo", "Ada Bo", "Cy Bo"]
    assert names(ask("bo", team="above")) == ["Bo Ada", "Di Bo", "Ada Bo", "Cy Bo", "Em Bo"]


def test_people_of_a_team_are_not_offered_to_it(ask):
    MembershipFactory(team=TeamFactory(key="crew"), person=PersonFactory(name="Bo One"))
    PersonFactory(name="Bo Two")

    assert names(ask("bo", without="crew")) == ["Bo Two"]
    assert names(ask("bo", without="no such team")) == ["Bo One", "Bo Two"]


def test_no_more_than_eight_are_offered_and_that_is_said(ask):
    for number in range(9):
        PersonFactory(name=f"Bo {number}")

    found = ask("bo")

    assert names(found) == [f"Bo {number}" for number in range(8)]
    assert "The first 8 of more people. Type on to find others." in text_of(found)
    assert "Nobody active here has this" in text_of(ask("nobody"))


@pytest.mark.parametrize("words", ["%", "_", "\0", "\\", "<script>", "x" * 5000, "'", "<>"])
def test_what_means_something_to_a_database_or_a_browser_is_only_text(words, ask):
    PersonFactory(name="Bo Other")

    response = ask(words)

    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_suggestions_take_three_queries_however_many_there_are(number, ask, django_assert_num_queries):
    for person in PersonFactory.create_batch(number):
        MembershipFactory(person=person)

    with django_assert_num_queries(3):
        ask("person", team="crew", without="fleet")


def test_nobody_is_offered_to_who_is_not_signed_in():
    assert Client().get(PAGE, {"q": "a"}).status_code == 302


FORMS = [
    ("/strategies/new/", "owner", ""),
    ("/strategies/plan/edit/", "owner", ""),
    ("/strategies/plan/goals/new/", "owner", ""),
    ("/goals/growth/edit/", "owner", ""),
    ("/context/new/", "owner", ""),
    ("/initiatives/faster/edit/", "owner", "?team=search"),
    ("/teams/search/initiatives/new/", "owner", "?team=search"),
    ("/teams/search/members/", "person", "?without=search"),
]


@pytest.mark.parametrize(("address", "field", "choice"), FORMS)
def test_each_form_that_asks_for_a_person_offers_people(address, field, choice, firm):
    page = parsed(signed_in(firm.leader).get(address))

    assert page.select(f"input[name={field}]")[0]["data-people"] == PAGE + choice


def test_preview_of_a_digest_offers_people(admin):
    for query, part in (("", "leader"), ("?as=lead", "lead"), ("?as=nonsense", "leader")):
        page = parsed(signed_in(admin).get(f"/digests/administration/preview/{query}"))
        assert page.select("input[name=person]")[0]["data-people"] == f"{PAGE}?digest={part}"


def test_people_with_a_part_of_the_digest_are_offered_for_it(ask):
    LeaderFactory(name="Bo Leader")
    MembershipFactory(person=PersonFactory(name="Bo Lead"), role="lead")
    PersonFactory(name="Bo Member")

    assert names(ask("bo", digest="leader")) == ["Bo Leader"]
    assert names(ask("bo", digest="lead")) == ["Bo Lead"]
    assert names(ask("bo", digest="member")) == ["Bo Member"]
    assert len(names(ask("bo", digest="nonsense"))) == 3


def test_namesakes_are_told_apart_where_nothing_was_offered(firm):
    """Without scripts the form says who they are, and takes the address of one."""
    for number in range(2):
        person = LeaderFactory(name="Sam Same", email=f"sam{number}@example.com")
        MembershipFactory(person=person, team=make.TeamFactory(name=f"Crew {number}"))

    page = signed_in(firm.leader).post("/strategies/new/", {"title": "Next", "owner": "sam same"})

    assert page.status_code == 422
    assert "Sam Same <sam0@example.com> (Crew 0), Sam Same <sam1@example.com> (Crew 1)" in text_of(page)
