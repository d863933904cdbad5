"""/context/ and the forms about a page of it."""

from __future__ import annotations

import pytest

from strategy.models import ContextPage
from strategy.services.context import create_context_page
from teams.models import Person
from tests import factories as make
from tests.factories import NOW
from tests.html import links_named, links_of, page_text, parsed, source_of, text_of, texts_of, undo_of, value_of
from web.context.views import EMPTY

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return make.LeaderFactory(name="Lea Leader", email="lea@example.com")


@pytest.fixture
def as_leader(client, leader):
    client.force_login(leader)
    return client


@pytest.fixture
def as_member(client):
    client.force_login(make.PersonFactory(timezone="Pacific/Auckland"))
    return client


def page_form(**values):
    return {"title": "Prices", "lens": "operations", "body": "", "owner": "", "version": 1, **values}


def test_list_has_every_page_under_its_lens(as_member):
    make.ContextPageFactory(key="market", title="The market", lens="strategy", body="# Why\n\nIt *grows*.\n\n| a |")
    make.ContextPageFactory(key="buys", title="Who buys", lens="product", owner=make.PersonFactory(name="Olga Owner"))
    make.PersonaFactory(key="nurses", name="Nurses")

    response = as_member.get("/context/")

    places = [str(each.get("id", text_of(each))) for each in parsed(response).select("h2, a")]
    order = [places.index(name) for name in ("The market", "product", "Who buys", "operations")]
    assert order == sorted(order)
    assert texts_of(response, "p.entry__text") == ["It grows."]
    assert "Olga Owner · As it was imported" in page_text(response)
    assert links_named(response, "Nurses") == ["/personas/#nurses"]
    assert "/context/new/" not in source_of(response)
    assert texts_of(response, "a[href='/context/'][aria-current=page]") == ["Context"]


@pytest.mark.parametrize("lens", EMPTY)
def test_empty_lens_teaches_and_offers_those_who_write_to_begin(lens, as_leader):
    make.ContextPageFactory(lens="product" if lens == "strategy" else "strategy")
    response = as_leader.get("/context/")
    page = page_text(response)

    assert EMPTY[lens][0] in page
    assert texts_of(response, f"a.button[href='/context/new/?lens={lens}']")
    assert "Nobody has described the customers yet" in page


def test_empty_lens_has_no_button_for_those_who_read(as_member):
    page = page_text(as_member.get("/context/"))

    assert page.count("Leaders write these pages.") == 3
    assert "Write the first page" not in page


def test_lens_is_paged_without_disturbing_the_others(as_member):
    make.ContextPageFactory.create_batch(26, lens="product")
    make.ContextPageFactory.create_batch(26, lens="strategy")
    first = as_member.get("/context/").context["shelves"]
    second = as_member.get(f"/context/{first[1].page.next_url}").context["shelves"]

    assert [len(shelf.listed) for shelf in first] == [25, 25, 0]
    assert [len(shelf.listed) for shelf in second] == [25, 1, 0]


def test_list_names_ten_customers(as_member):
    for number in range(11):
        make.PersonaFactory(name=f"Persona {number:02}")

    page = as_member.get("/context/")

    assert "Persona 09" in texts_of(page, "a")
    assert "Persona 10" not in source_of(page)
    assert links_named(page, "others") == ["/personas/"]


def test_pages_take_as_many_queries_however_many_there_are(as_member, leader, django_assert_num_queries):
    """Session and person, whose zone is the company's; the three lenses, their last changes and the personas; or the
    page, its last change, the others of its lens, what rests on it, and conversations."""
    Person.objects.update(timezone="")
    for _round in range(2):
        with django_assert_num_queries(8):
            as_member.get("/context/")
        for lens in EMPTY:
            create_context_page(actor=leader, at=NOW, lens=lens, title=f"About {lens}", owner=leader)
            make.PersonaFactory()
    for _round in range(2):
        with django_assert_num_queries(10):
            as_member.get("/context/about-product/")
        make.ContextPageFactory.create_batch(3, owner=leader)


def test_page_says_its_text_its_owner_and_who_changed_it_when(as_member, leader):
    at = NOW.replace(hour=23)  # the day after in Auckland
    create_context_page(actor=leader, at=at, lens="product", title="Who buys", body="They **look**.", owner=leader)
    make.ContextPageFactory(key="also", title="What they pay", lens="product")
    make.ContextPageFactory(title="The market", lens="strategy")

    response = as_member.get("/context/who-buys/")
    page = page_text(response)

    assert "They look." in page
    assert texts_of(response, "strong") == ["look"]
    assert links_named(response, "Product") == ["/context/#product"]
    assert "Lea Leader" in texts_of(response, "dd")
    assert "17 Mar 2026 by Lea Leader" in page
    assert links_named(response, "What they pay") == ["/context/also/"]
    assert "The market" not in source_of(response)
    assert "/edit/" not in source_of(response)


def test_page_without_text_says_so(as_leader):
    make.ContextPageFactory(key="prices")
    response = as_leader.get("/context/prices/")
    page = page_text(response)

    assert "Nobody has written its text yet." in page
    assert "Nobody yet" in page
    assert "/context/prices/removal/" in links_of(response)


@pytest.mark.parametrize("address", ["/strategy/", "/strategies/plan/"])
def test_strategy_leads_to_the_business_behind_it(address, as_member):
    make.StrategyFactory(key="plan")

    assert links_named(as_member.get(address), "The business behind it") == ["/context/"]


def test_leader_writes_a_page_under_the_lens_they_came_from(as_leader, leader):
    form = as_leader.get("/context/new/?lens=operations")
    assert value_of(form, "lens") == "operations"
    assert value_of(form, "owner") == "Lea Leader <lea@example.com>"
    assert value_of(as_leader.get("/context/new/?lens=sales"), "lens") is None

    page = as_leader.post("/context/new/", page_form(body="What we ask.", owner="lea@example.com"), follow=True)

    assert page.redirect_chain == [("/context/prices/", 302)]
    assert "“Prices” is there for everybody to read." in page_text(page)
    row = ContextPage.objects.get()
    assert (row.lens, row.body, row.owner) == ("operations", "What we ask.", leader)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": ""}, "Give it a title: what the page answers, in a few words."),
        ({"title": "Shop\x07"}, "Keep this on one line"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"lens": ""}, "Choose under which of the three people look for it."),
        ({"lens": "sales"}, "sales is not one of the available choices"),
        ({"owner": "Nobody"}, "Nobody active here has this name or address."),
    ],
)
@pytest.mark.parametrize("address", ["/context/new/", "/context/prices/edit/"])
def test_page_that_cannot_be_is_told_why_and_keeps_what_was_typed(as_leader, address, values, reason):
    make.ContextPageFactory(key="prices", title="As it was")
    page = as_leader.post(address, page_form(body="Kept", **values))

    assert reason in page_text(page, 422)
    assert value_of(page, "body") == "Kept"
    assert ContextPage.objects.get().title == "As it was"


def test_owner_edits_a_page_and_a_stale_save_shows_both_texts(client, leader):
    owner = make.PersonFactory()
    make.ContextPageFactory(key="prices", title="Prices", lens="operations", owner=owner)
    client.force_login(owner)
    form = page_form(body="Mine", owner=owner.email)
    assert value_of(client.get("/context/prices/edit/"), "title") == "Prices"
    ContextPage.objects.update(body="Theirs", owner=leader, lens="product")
    assert client.get("/context/prices/edit/").status_code == 403
    ContextPage.objects.update(owner=owner)

    stale = client.post("/context/prices/edit/", form)

    assert "Somebody else saved this" in page_text(stale, 409)
    assert [(row.label, row.now, row.yours) for row in stale.context["page"].differences] == [
        ("Lens", "Product", "Operations"),
        ("Text", "Theirs", "Mine"),
    ]
    again = {**form, "version": stale.context["form"]["version"].value()}
    assert "“Prices” is saved." in page_text(client.post("/context/prices/edit/", again, follow=True))
    assert ContextPage.objects.get().body == "Mine"


def test_owner_who_left_stays_until_somebody_else_is_named(as_leader):
    gone = make.PersonFactory(name="Gone", email="gone@example.com", is_active=False)
    make.ContextPageFactory(key="prices", owner=gone)
    as_leader.post("/context/prices/edit/", page_form(title="Other", owner="Gone <gone@example.com>"))

    assert (ContextPage.objects.get().title, ContextPage.objects.get().owner) == ("Other", gone)


def test_leader_removes_a_page_and_undoes_it_from_the_message(as_leader):
    make.ContextPageFactory(key="prices", title="Prices", body="What we ask.")
    assert "The message that follows can undo it." in page_text(as_leader.get("/context/prices/removal/"))
    ContextPage.objects.update(body="Theirs")
    assert "Somebody else saved this" in page_text(as_leader.post("/context/prices/removal/", {"version": 1}), 422)

    page = as_leader.post("/context/prices/removal/", {"version": 2}, follow=True)

    assert "“Prices” is removed." in page_text(page)
    assert not ContextPage.objects.exists()
    undo = undo_of(page)
    assert "“Prices” is back." in page_text(as_leader.post(undo, follow=True))
    assert ContextPage.objects.get().body == "Theirs"
    assert "It was brought back meanwhile" in page_text(as_leader.post(undo, follow=True))


@pytest.mark.parametrize("page", ["new/", "prices/edit/", "prices/removal/"])
def test_forms_take_few_queries_and_are_for_leaders(client, page, leader, django_assert_max_num_queries):
    make.ContextPageFactory(key="prices", owner=make.PersonFactory())
    client.force_login(leader)
    with django_assert_max_num_queries(4):
        page_text(client.get(f"/context/{page}"))
    client.force_login(make.MembershipFactory(role="lead").person)
    assert client.get(f"/context/{page}").status_code == 403
