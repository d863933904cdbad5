"""/context/ and the forms about a page of it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from strategy.models import ContextPage
from strategy.services.context import create_context_page
from strategy.views.context import EMPTY
from teams.models import Person
from tests import factories as make
from tests.factories import NOW

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


def text(response, status=200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def page_form(**values):
    return {"title": "Prices", "lens": "operations", "body": "", "owner": "", "version": 1, **values}


def test_list_has_every_page_under_its_lens(as_member):
    make.ContextPageFactory(key="market", title="The market", lens="strategy", body="# Why\n\nIt *grows*.\n\n| a |")
    make.ContextPageFactory(key="buys", title="Who buys", lens="product", owner=make.PersonFactory(name="Olga Owner"))
    make.PersonaFactory(key="nurses", name="Nurses")

    page = text(as_member.get("/context/"))

    assert (
        page.index("The market") < page.index('id="product"') < page.index("Who buys") < page.index('id="operations"')
    )
    assert '<p class="entry__text">It grows.</p>' in page
    assert "Olga Owner · Last changed with an import" in page
    assert '<a href="/personas/#nurses">Nurses</a>' in page
    assert "/context/new/" not in page
    assert '<a href="/context/" aria-current="page">Context</a>' in page


@pytest.mark.parametrize("lens", EMPTY)
def test_empty_lens_teaches_and_offers_those_who_write_to_begin(lens, as_leader):
    make.ContextPageFactory(lens="product" if lens == "strategy" else "strategy")
    page = text(as_leader.get("/context/"))

    assert EMPTY[lens][0] in page
    assert f'<a class="button" href="/context/new/?lens={lens}">' in page
    assert "Nobody has described the customers yet" in page


def test_empty_lens_has_no_button_for_those_who_read(as_member):
    page = text(as_member.get("/context/"))

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

    page = text(as_member.get("/context/"))

    assert "Persona 09</a>" in page
    assert "Persona 10" not in page
    assert '<a href="/personas/">others</a>' in page


def test_pages_take_as_many_queries_however_many_there_are(as_member, leader, django_assert_num_queries):
    """Session and person, whose zone is the company's; the three lenses, their last changes and the personas; or the
    page, its last change and the others of its lens."""
    Person.objects.update(timezone="")
    for _round in range(2):
        with django_assert_num_queries(8):
            as_member.get("/context/")
        for lens in EMPTY:
            create_context_page(actor=leader, at=NOW, lens=lens, title=f"About {lens}", owner=leader)
            make.PersonaFactory()
    for _round in range(2):
        with django_assert_num_queries(6):
            as_member.get("/context/about-product/")
        make.ContextPageFactory.create_batch(3, owner=leader)


def test_page_says_its_text_its_owner_and_who_changed_it_when(as_member, leader):
    at = NOW.replace(hour=23)  # the day after in Auckland
    create_context_page(actor=leader, at=at, lens="product", title="Who buys", body="They **look**.", owner=leader)
    make.ContextPageFactory(key="also", title="What they pay", lens="product")
    make.ContextPageFactory(title="The market", lens="strategy")

    page = text(as_member.get("/context/who-buys/"))

    assert "They <strong>look</strong>." in page
    assert '<a href="/context/#product">Product</a>' in page
    assert "<dd>Lea Leader</dd>" in page
    assert "17 Mar 2026 by Lea Leader" in page
    assert '<a href="/context/also/">What they pay</a>' in page
    assert "The market" not in page
    assert "/edit/" not in page


def test_page_without_text_says_so(as_leader):
    make.ContextPageFactory(key="prices")
    page = text(as_leader.get("/context/prices/"))

    assert "Nobody has written its text yet." in page
    assert "Nobody yet" in page
    assert "/context/prices/removal/" in page


@pytest.mark.parametrize("address", ["/strategy/", "/strategies/plan/"])
def test_strategy_leads_to_the_business_behind_it(address, as_member):
    make.StrategyFactory(key="plan")

    assert re.search(r'<a\b[^>]* href="/context/">The business behind it</a>', text(as_member.get(address)))


def test_leader_writes_a_page_under_the_lens_they_came_from(as_leader, leader):
    form = text(as_leader.get("/context/new/?lens=operations"))
    assert re.search(r'value="operations"[^>]* checked', form)
    assert 'value="Lea Leader <lea@example.com>"' in form
    assert not re.search(r"type=\"radio\"[^>]* checked", text(as_leader.get("/context/new/?lens=sales")))

    page = as_leader.post("/context/new/", page_form(body="What we ask.", owner="lea@example.com"), follow=True)

    assert page.redirect_chain == [("/context/prices/", 302)]
    assert "“Prices” is there for everybody to read." in text(page)
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
    page = text(as_leader.post(address, page_form(body="Kept", **values)), 422)

    assert reason in page
    assert "Kept" in page
    assert ContextPage.objects.get().title == "As it was"


def test_owner_edits_a_page_and_a_stale_save_shows_both_texts(client, leader):
    owner = make.PersonFactory()
    make.ContextPageFactory(key="prices", title="Prices", lens="operations", owner=owner)
    client.force_login(owner)
    form = page_form(body="Mine", owner=owner.email)
    assert 'value="Prices"' in text(client.get("/context/prices/edit/"))
    ContextPage.objects.update(body="Theirs", owner=leader, lens="product")
    assert client.get("/context/prices/edit/").status_code == 403
    ContextPage.objects.update(owner=owner)

    stale = client.post("/context/prices/edit/", form)

    assert "Somebody else saved this" in text(stale, 409)
    assert [(row.label, row.now, row.yours) for row in stale.context["page"].differences] == [
        ("Lens", "Product", "Operations"),
        ("Text", "Theirs", "Mine"),
    ]
    again = {**form, "version": stale.context["form"]["version"].value()}
    assert "“Prices” is saved." in text(client.post("/context/prices/edit/", again, follow=True))
    assert ContextPage.objects.get().body == "Mine"


def test_owner_who_left_stays_until_somebody_else_is_named(as_leader):
    gone = make.PersonFactory(name="Gone", email="gone@example.com", is_active=False)
    make.ContextPageFactory(key="prices", owner=gone)
    as_leader.post("/context/prices/edit/", page_form(title="Other", owner="Gone <gone@example.com>"))

    assert (ContextPage.objects.get().title, ContextPage.objects.get().owner) == ("Other", gone)


def test_leader_removes_a_page_and_undoes_it_from_the_message(as_leader):
    make.ContextPageFactory(key="prices", title="Prices", body="What we ask.")
    assert "The message that follows can undo it." in text(as_leader.get("/context/prices/removal/"))
    ContextPage.objects.update(body="Theirs")
    assert "Somebody else saved this" in text(as_leader.post("/context/prices/removal/", {"version": 1}), 422)

    page = as_leader.post("/context/prices/removal/", {"version": 2}, follow=True)

    assert "“Prices” is removed." in text(page)
    assert not ContextPage.objects.exists()
    address = re.search(r'action="(/removed-context/\d+/restoration/)"', text(page))
    assert address
    assert "“Prices” is back." in text(as_leader.post(address[1], follow=True))
    assert ContextPage.objects.get().body == "Theirs"
    assert "It was brought back meanwhile" in text(as_leader.post(address[1], follow=True))


@pytest.mark.parametrize("page", ["new/", "prices/edit/", "prices/removal/"])
def test_forms_take_few_queries_and_are_for_leaders(client, page, leader, django_assert_max_num_queries):
    make.ContextPageFactory(key="prices", owner=make.PersonFactory())
    client.force_login(leader)
    with django_assert_max_num_queries(3):
        text(client.get(f"/context/{page}"))
    client.force_login(make.MembershipFactory(role="lead").person)
    assert client.get(f"/context/{page}").status_code == 403
