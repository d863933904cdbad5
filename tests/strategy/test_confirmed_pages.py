"""A page of the business context asks, after half a year, whether it is still true."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from lib.services.errors import StaleError
from strategy.models import ContextPage
from strategy.selectors.context import is_old
from strategy.services.context import confirm_context_page, create_context_page, edit_context_page
from teams.models import LogEntry
from tests import factories as make
from tests.exchange.bundles import exported, imported
from tests.factories import DAY, NOW
from tests.html import message_of, page_text, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=100)
LATER_DAY = DAY + dt.timedelta(days=100)


@pytest.fixture
def buyers() -> ContextPage:
    return create_context_page(actor=make.LeaderFactory(), at=NOW, lens="product", title="Who buys", body="Owners.")


def edited(buyers: ContextPage, **values: Any) -> ContextPage:
    return edit_context_page(buyers, actor=make.LeaderFactory(), at=LATER, version=buyers.version, **values)


@pytest.mark.parametrize(("days", "old"), [(0, False), (180, False), (181, True), (None, True)])
def test_page_is_old_half_a_year_after_it_was_confirmed(days, old):
    confirmed = None if days is None else DAY - dt.timedelta(days=days)
    assert is_old(ContextPage(confirmed_on=confirmed), DAY) is old


def test_whoever_writes_the_text_confirms_it(buyers):
    assert buyers.confirmed_on == DAY
    assert edited(buyers, title="Who pays").confirmed_on == DAY
    buyers.refresh_from_db()
    assert edited(buyers, body="Practices.").confirmed_on == LATER_DAY


def test_confirming_is_for_those_who_may_edit_it_and_is_logged(buyers):
    buyers = edited(buyers, owner=make.PersonFactory())
    row = confirm_context_page(buyers, actor=buyers.owner, at=LATER, version=buyers.version)
    assert row.confirmed_on == LATER_DAY
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.actor, entry.changes) == (
        "context_page.confirmed",
        buyers.owner,
        {"confirmed_on": [DAY.isoformat(), LATER_DAY.isoformat()]},
    )
    with pytest.raises(StaleError):
        confirm_context_page(row, actor=buyers.owner, at=LATER, version=buyers.version)
    with pytest.raises(PermissionDenied):
        confirm_context_page(row, actor=make.PersonFactory(), at=LATER, version=row.version)


@pytest.mark.parametrize("address", ["/context/", "/context/who-buys/"])
def test_old_page_says_since_when_nobody_has_confirmed_it(buyers, address):
    said = "Nobody has said since 24 March 2026 that this is still true."
    ContextPage.objects.update(confirmed_on=dt.date(2026, 3, 24))
    reader = signed_in(make.PersonFactory())
    with time_machine.travel(dt.datetime(2026, 9, 21, 12, tzinfo=dt.UTC), tick=False):
        assert said in page_text(reader.get(address))
    with time_machine.travel(dt.datetime(2026, 9, 20, 12, tzinfo=dt.UTC), tick=False):
        assert said not in page_text(reader.get(address))


@pytest.mark.parametrize("address", ["/context/", "/context/who-buys/"])
def test_page_that_nobody_ever_confirmed_says_so(buyers, address):
    ContextPage.objects.update(confirmed_on=None)
    assert "Nobody has said that this is still true." in page_text(signed_in(make.PersonFactory()).get(address))


def test_button_confirms_what_was_on_view(buyers):
    client = signed_in(make.LeaderFactory())
    ContextPage.objects.update(confirmed_on=None)
    assert "It is still true" in texts_of(client.get("/context/who-buys/"), "button")
    assert "It is still true" not in texts_of(signed_in(make.PersonFactory()).get("/context/who-buys/"), "button")
    address = "/context/who-buys/confirmation/"
    buyers.refresh_from_db()
    response = client.post(address, {"version": buyers.version}, follow=True)
    assert message_of(response) == "It says now that it is true as of today."
    response = client.post(address, {"version": buyers.version}, follow=True)
    assert "It has changed since this page was drawn" in message_of(response)


def test_import_confirms_new_pages_and_keeps_the_day_of_others(db):
    head = "key,lens,title,confirmed_on\n"
    imported({"context": f"{head}a,product,A,\nb,product,B,2026-01-02\n"})
    days = dict(ContextPage.objects.values_list("key", "confirmed_on"))
    assert days["b"] == dt.date(2026, 1, 2)
    assert days["a"] is not None
    imported({"context": f"{head}b,product,B,\n"})
    assert ContextPage.objects.get(key="b").confirmed_on == dt.date(2026, 1, 2)
    assert "b,product,B,,,2026-01-02" in exported()["context.csv"]
