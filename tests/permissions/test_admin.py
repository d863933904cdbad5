"""`/admin/`: administrators look at every row there is, and nobody changes one."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import count

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CompositePrimaryKey
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.enums import Stale
from alignment.models import Dirty
from digest.models import DigestSettings
from lib.admin import site
from lib.db import counting
from strategy.models import CheckIn, EditionRead
from teams.models import Company, Initiative, LogEntry, Person, StanceRange
from tests import factories as make
from tests.html import links_of, parsed, source_of, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

APPS = ("teams", "conversations", "strategy", "alignment", "digest")
LOOKED_AT = [
    model
    for app in APPS
    for model in apps.get_app_config(app).get_models()
    if not isinstance(model._meta.pk, CompositePrimaryKey)  # Django's admin takes none of these
    and model is not EditionRead  # who has read what is for nobody
]
ONE_OF_A_KIND = {Company, DigestSettings, StanceRange}
WRITING = ("post", "put", "patch", "delete")


numbers = count()


def made(model):
    """Another row of the model."""
    if model is Dirty:
        return Dirty.objects.create(what=Stale.GOAL, of=1, cause=make.LogEntryFactory())
    if model is CheckIn:
        return CheckIn.objects.create(
            measure=make.MeasureFactory(), at=make.NOW, person=make.PersonFactory(), value=Decimal(next(numbers))
        )
    if model in ONE_OF_A_KIND:
        return model.objects.first()
    if model.__name__ == "CompanyWeek":
        return make.CompanyWeekFactory(week=make.DAY + dt.timedelta(weeks=next(numbers)))
    return getattr(make, f"{model.__name__}Factory")()


def address(model, page, *args) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def client():
    return signed_in(make.AdminFactory(name="Ada Admin"))


def test_every_model_is_there_to_be_looked_at():
    assert set(site._registry) == set(LOOKED_AT)


def every_address() -> list[str]:
    pages = [reverse("admin:index"), reverse("admin:jsi18n")]
    pages += [reverse("admin:app_list", args=[app]) for app in APPS]
    for model in LOOKED_AT:
        pk = made(model).pk
        pages += [address(model, "changelist"), address(model, "change", pk)]
    return pages


def writing_addresses() -> list[str]:
    return [each for model in LOOKED_AT for each in (address(model, "add"), address(model, "delete", made(model).pk))]


def test_administrators_look_at_everything(client):
    pages = every_address()

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("method", WRITING)
def test_nobody_writes(client, method):
    pages = [*every_address(), *writing_addresses()]

    assert {page: getattr(client, method)(page).status_code for page in pages} == dict.fromkeys(pages, 405)


def test_pages_for_writing_are_closed(client):
    pages = writing_addresses()

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 403)


@pytest.mark.parametrize("role", [make.ViewerFactory, make.PersonFactory, make.LeaderFactory])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_are_kept_out(role, method):
    other, pages = signed_in(role()), [*every_address(), *writing_addresses()]

    assert {page: getattr(other, method)(page).status_code for page in pages} == dict.fromkeys(pages, 403)


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_signed_in_is_sent_to_our_sign_in_page(method):
    for page in [*every_address(), *writing_addresses()]:
        response = getattr(Client(), method)(page)
        assert response.status_code == 302
        assert response.url == f"{reverse('account_login')}?next={page}"


@pytest.mark.parametrize("path", ["login/", "logout/", "password_change/", "autocomplete/", "r/1/1/", "nothing/"])
def test_django_has_no_door_of_its_own(client, path):
    assert client.get(f"/admin/{path}").status_code == 404


@pytest.mark.parametrize("key", ["0", "nonsense", "9" * 30])
def test_row_that_is_not_there_is_missing(client, key):
    assert client.get(address(Initiative, "change", key)).status_code == 404


@pytest.mark.parametrize("model", [model for model in LOOKED_AT if model not in ONE_OF_A_KIND])
def test_list_asks_the_same_number_of_queries_however_many_rows(client, model):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address(model, "changelist")).status_code == 200
        return len(seen)

    made(model)
    few = queries()
    for _row in range(3):
        made(model)

    assert queries() == few <= 5


def test_list_counts_no_further_than_it_says(client, monkeypatch):
    monkeypatch.setattr(counting, "MANY", 3)
    for _row in range(6):
        make.InitiativeFactory()

    with CaptureQueriesContext(connection) as seen:
        page = client.get(address(Initiative, "changelist"))

    assert "More than 3 initiatives" in text_of(page)
    counts = [query["sql"] for query in seen if "COUNT(" in query["sql"]]
    assert len(counts) == 1
    assert "LIMIT 4" in counts[0]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("check out", {"Checkout"}),
        ("CHECK", {"Checkout", "Checks"}),
        ("shop-1", {"Checkout"}),
        ("", None),
        ("%", set()),
    ],
)
def test_search_finds_words_in_any_case_and_whole_keys(client, search, found):
    make.InitiativeFactory(title="Checkout", key="shop-1")
    make.InitiativeFactory(title="Checks", key="shop-12")
    rows = client.get(address(Initiative, "changelist"), {"q": search}).context["cl"].result_list

    assert {row.title for row in rows} == (found if found is not None else {"Checkout", "Checks"})


def test_search_with_what_cannot_be_read_finds_nothing(client):
    assert client.get(address(Person, "changelist"), {"q": "a\x00b"}).status_code == 200


def test_passwords_are_neither_shown_nor_asked_about(client):
    person = make.PersonFactory()
    pages = [address(Person, "changelist"), address(Person, "change", person.pk)]

    for html in (client.get(page).content.decode() for page in pages):
        assert person.password not in html
        assert not re.search("passw", html.replace("/accounts/password", ""), re.IGNORECASE)
    for lookup in ("password", "password__startswith", "memberships__person__password__contains"):
        assert client.get(pages[0], {lookup: "m"}).status_code == 400
    assert client.get(address(LogEntry, "changelist"), {"actor__password__startswith": "m"}).status_code == 400


def test_pages_ask_for_nothing_that_writes(client):
    for model in LOOKED_AT:
        page = parsed(client.get(address(model, "change", made(model).pk)))
        assert page.select("[type=submit], [name=_save], .addlink, .deletelink, .changelink") == [], model


def test_account_menu_leads_administrators_there(client):
    assert reverse("admin:index") in links_of(client.get("/"))
    assert reverse("admin:index") not in source_of(signed_in(make.LeaderFactory()).get("/"))
