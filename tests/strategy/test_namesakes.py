"""Things of one name are told apart wherever a page or a digest names them together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from digest.apart import told_apart
from digest.content import Content, Part, Section
from lib.text.spans import Line, Span
from strategy.models import Goal
from strategy.selectors.namesakes import Places, twins_of
from strategy.selectors.seen import Confidential, confidential
from teams.models import Person
from tests import factories as make
from tests.exchange.bundles import AT, imported
from tests.html import page_text, parsed, source_of, text_of
from tests.strategy.conftest import signed_in
from web.namesakes import Namesakes

pytestmark = pytest.mark.django_db

TWINS = {
    "people": "email,name,role\nlea@example.org,Lea,leader\nmo@example.org,Mo,member\n",
    "teams": "key,name,parent\nhome,Home,\ndepot,Depot,\nsales,Sales,home\nsales-2,Sales,depot\n",
    "memberships": "team,email,role\nsales,mo@example.org,lead\n",
    "strategies": "key,title,status\ns,Plan A,published\nr,Plan B,published\nt,Plan C,draft\n",
    "goals": (
        "key,strategy,parent,title,why,status,visibility\n"
        "g,s,,Grow revenue,x,active,\nh,r,,grow Revenue,x,active,\n"
        "secret,s,,Takeover,x,active,leaders\nbelow,,secret,Grow revenue,x,active,\n"
    ),
    "initiatives": "key,team,title,status\na,depot,Work,active\nb,sales-2,Work,active\nc,sales-2,Work,active\n",
}
PAGES = ("/", "/strategy/", "/strategies/s/", "/flags/", "/teams/", "/initiatives/", "/initiatives/a/", "/goals/g/")


@pytest.fixture
def leader(time_machine: Any) -> Person:
    time_machine.move_to(AT, tick=False)
    imported(dict(TWINS))
    Person.objects.update(joined_at=AT)
    return Person.objects.get(name="Lea")


def names_on(client: Any, address: str) -> dict[str, set[str]]:
    """By what a link says, the pages of goals, work and teams that such links lead to."""
    found = defaultdict(set)
    for link in parsed(source_of(client.get(address))).select("a[href]"):
        path = str(link["href"])
        if path.startswith(("/goals/", "/initiatives/", "/teams/")) and path.count("/") == 3 and link.find("bdi"):
            found[text_of(link).casefold()].add(path)
    return found


@pytest.mark.parametrize("address", PAGES)
def test_no_two_links_of_a_page_say_the_same_and_lead_elsewhere(leader: Person, address: str) -> None:
    assert {name: paths for name, paths in names_on(signed_in(leader), address).items() if len(paths) > 1} == {}


def test_goal_is_told_from_its_namesake_by_its_strategy_and_work_by_its_team(leader: Person) -> None:
    client = signed_in(leader)

    goals = page_text(client.get("/flags/?code=uncovered"))
    assert "Grow revenue (Plan A)" in goals
    assert "grow Revenue (Plan B)" in goals
    work = page_text(client.get("/initiatives/"))
    assert [name for name in ("Work (Depot)", "Work (Sales, b)", "Work (Sales, c)") if name not in work] == []
    assert "Sales (Home)" in page_text(client.get("/teams/"))


def test_place_has_no_name_that_the_reader_may_not_know(leader: Person) -> None:
    paths, owner = ["/goals/g/", "/goals/below/"], make.PersonFactory()
    Goal.objects.filter(key="below").update(owner=owner)

    told = Places(paths, Goal.objects.visible_to(owner)).told(paths, owner)

    assert told == {"/goals/g/": "Plan A", "/goals/below/": "a confidential goal"}


@pytest.mark.parametrize("asked", ["page", "digest"])
def test_goal_that_the_reader_may_not_see_is_told_as_one_that_is_not_there(leader: Person, asked: str) -> None:
    """Its address may stand in what somebody wrote."""
    paths, reader = ["/goals/g/", "/goals/below/", "/goals/no-such/"], make.PersonFactory()
    of_page = (Goal.objects.visible_to(reader),)
    places = Places(paths, *(of_page if asked == "page" else (Goal.objects.all(), confidential())))

    assert places.told(paths, reader) == {
        "/goals/g/": "Plan A",
        "/goals/below/": "below",
        "/goals/no-such/": "no-such",
    }
    assert places.told(paths[:2], reader) == places.told([paths[0], paths[2]], reader) == {"/goals/g/": "Plan A"}


def test_name_that_is_one_things_alone_stays_as_it_is(leader: Person) -> None:
    Goal.objects.exclude(key="g").update(title="Another thing")

    assert "Grow revenue (" not in page_text(signed_in(leader).get(reverse("goal_detail", args=["g"])))


def test_people_of_one_name_are_told_apart_by_their_addresses(leader: Person) -> None:
    lea = make.PersonFactory(name="LEA", email="other@example.org")
    gone = [make.PersonFactory(name="Gone", is_active=False, erased_at=AT) for _ in range(2)]
    row = '<a href="/people/{}/"><bdi>{}</bdi></a>'

    page = drawn_again("".join(row.format(each.pk, each.name) for each in (leader, lea, *gone)), leader)

    said = ["Lea (lea@example.org)LEA (other@example.org)", *(f"Gone ({each.pk})" for each in gone)]
    assert text_of(page) == "".join(said)


def drawn_again(page: str, reader: Any) -> str:
    request = RequestFactory().get("/")
    request.user = reader
    return Namesakes(lambda _request: HttpResponse(page))(request).content.decode()


TWO = '<a href="/goals/g/"><bdi>{}</bdi></a> <a class="x" href="/goals/h/?a=b#c">“<bdi>{}</bdi>”</a>'


def test_names_are_compared_as_they_are_read(leader: Person) -> None:
    assert drawn_again(TWO.format("“<bdi>نمو &amp; x</bdi>”", "نمو &amp; X"), leader) == (
        '<a href="/goals/g/"><bdi>“<bdi>نمو &amp; x</bdi>” <bdi class="soft">(Plan A)</bdi></bdi></a> '
        '<a class="x" href="/goals/h/?a=b#c">“<bdi>نمو &amp; X</bdi>” <bdi class="soft">(Plan B)</bdi></a>'
    )


@pytest.mark.parametrize(
    "page",
    [
        TWO.format("Grow", "Growth"),
        TWO.format("“<bdi>نمو</bdi>” (Plan A)", "نمو"),
        TWO.format("Grow", "Grow").replace("goals/h", "teams/h"),
        TWO.format("Grow", "Grow").replace("/goals/h/", "/goals/g/"),
        TWO.format("Grow", "Grow").replace("goals/h/", "goals/h/closure/"),
        TWO.format("Grow", "Grow").replace("bdi", "b"),
    ],
)
def test_page_without_namesakes_is_as_it_was_drawn(leader: Person, page: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert drawn_again(page, leader) == page


def test_nobody_who_is_not_signed_in_is_told_of_places(leader: Person, django_assert_num_queries: Any) -> None:
    page = TWO.format("Grow", "Grow")
    with django_assert_num_queries(0):
        assert drawn_again(page, AnonymousUser()) == page


def test_number_of_queries_is_that_of_kinds_and_not_of_namesakes(
    leader: Person, django_assert_num_queries: Any
) -> None:
    keys = [("goals", "g"), ("goals", "h"), ("goals", "below")]
    keys += [("teams", "sales"), ("teams", "sales-2"), ("initiatives", "a"), ("initiatives", "b"), ("initiatives", "c")]
    twin = make.PersonFactory(name=leader.name)
    keys += [("people", str(leader.pk)), ("people", str(twin.pk))]
    with django_assert_num_queries(2):
        page = drawn_again("".join(f'<a href="/{kind}/{key}/"><bdi>{kind}</bdi></a>' for kind, key in keys), leader)
    assert page.count("soft") == len(keys)


def test_digest_tells_them_apart_for_each_reader(leader: Person) -> None:
    said = (Span("“Grow revenue”", "/goals/g/"), Span(" and "), Span("“Grow revenue”", "/goals/below/"))
    content = Content("Lea", "Us", "2026-W25", (Part("company", "", "/", (Section("gaps", "", (Line(said),)),)),))
    part = Part(
        "team", "Sales", "/teams/sales/", (Section("gaps", "", (Line((Span("“Sales”", "/teams/sales-2/"),)),)),)
    )
    content = replace(content, parts=(*content.parts, part))
    readers = [leader, make.PersonFactory()]
    Goal.objects.filter(key="below").update(owner=readers[1])
    with CaptureQueriesContext(connection) as asked:
        apart = told_apart([content, content], readers, confidential())

    assert [each.parts[0].sections[0].lines[0].text for each in apart] == [
        "“Grow revenue” (Plan A) and “Grow revenue” (Plan A / Takeover)",
        "“Grow revenue” (Plan A) and “Grow revenue” (a confidential goal)",
    ]
    assert {each.parts[1].title for each in apart} == {"Sales (Home)"}
    assert {each.parts[1].sections[0].lines[0].text for each in apart} == {"“Sales” (Depot)"}
    assert len(asked) == 3


def test_digest_without_namesakes_stays_as_it_is(leader: Person, django_assert_num_queries: Any) -> None:
    content = Content("Lea", "Us", "2026-W25")
    with django_assert_num_queries(0):
        assert told_apart([content], [leader], Confidential({})) == [content]


def test_twins_are_of_one_kind() -> None:
    named = {
        "/goals/a/": "Grow",
        "/goals/b/": "grow",
        "/teams/a/": "Grow",
        "/goals/c/": "Shrink",
        "/goals/d/": "“Grow”",
        "/people/": "Grow",
    }

    assert twins_of(named) == [["/goals/a/", "/goals/b/", "/goals/d/"]]
