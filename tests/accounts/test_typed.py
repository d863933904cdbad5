"""What is typed into a form with long text is kept as it is typed, for whoever typed it, until it is saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import SentForm
from strategy.models import Persona
from teams.models import Person
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, form_to, links_named, page_text, text_of

PAGE = "/personas/new/"
KEPT = "You typed something here"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def ada(db: None) -> Person:
    return make.LeaderFactory(name="Ada Adams")


@pytest.fixture
def client(ada: Person) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def filled(client: Client, **typed: str) -> dict[str, Any]:
    return fields_of(form_to(client.get(PAGE), "")) | {"name": "Night nurses", "problem": "They wait.", **typed}


def keep(client: Client, form: dict[str, Any], path: str = PAGE) -> int:
    return int(client.post("/typed/", form | {"form": path}).status_code)


def test_kept_text_is_offered_on_its_page_alone_and_gone_on_with(client: Client) -> None:
    assert keep(client, filled(client)) == 204
    assert not Persona.objects.exists()
    assert KEPT not in page_text(client.get("/personas/"))
    page = client.get(PAGE)
    assert "You typed something here on 16 Mar 2026 at 09:00, and did not save it." in text_of(page)
    [address] = links_named(page, "Go on with it")
    again = fields_of(form_to(client.get(address), ""))
    assert (again["name"], again["problem"]) == ("Night nurses", "They wait.")
    client.post(PAGE, again)
    assert Persona.objects.get().problem == "They wait."
    assert KEPT not in page_text(client.get(PAGE))


def test_what_was_typed_last_is_offered(client: Client, clock: Any) -> None:
    keep(client, filled(client, problem="First."))
    clock.shift(dt.timedelta(hours=1))
    form = filled(client, problem="Second.")
    keep(client, form)
    keep(client, form | {"problem": "Second, and longer."})
    [address] = links_named(client.get(PAGE), "Go on with it")
    assert fields_of(form_to(client.get(address), ""))["problem"] == "Second, and longer."


def test_what_comes_after_saving_is_not_kept(client: Client) -> None:
    form = filled(client)
    client.post(PAGE, form)
    assert keep(client, form) == 204
    assert KEPT not in page_text(client.get(PAGE))


def test_discarding_leads_to_the_form_without_it(client: Client) -> None:
    keep(client, filled(client))
    nonce = SentForm.objects.get().pk
    done = client.post(f"/typed/{nonce}/removal/", follow=True)
    assert done.redirect_chain == [(PAGE, 302)]
    assert "is discarded" in text_of(done)
    assert KEPT not in text_of(done)
    assert client.post(f"/typed/{nonce}/removal/", follow=True).redirect_chain == [("/", 302)]


def test_nobody_else_reads_keeps_or_discards_it(client: Client) -> None:
    form = filled(client)
    keep(client, form)
    other = Client()
    other.force_login(make.LeaderFactory())
    assert keep(other, form | {"problem": "Mine."}) == 409
    other.post(f"/typed/{SentForm.objects.get().pk}/removal/")
    assert KEPT not in page_text(other.get(PAGE))
    assert SentForm.objects.get().typed["problem"] == ["They wait."]  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "path", "status"),
    [
        ({"problem": "x" * 300_001}, PAGE, 413),
        ({}, "/personas/", 400),
        ({"sending": "made up"}, PAGE, 400),
    ],
    ids=["too long", "form of another path", "no token of ours"],
)
def test_what_cannot_be_kept_says_so(client: Client, typed: dict[str, str], path: str, status: int) -> None:
    assert keep(client, filled(client, **typed), path) == status
    assert not SentForm.objects.exists()


def test_preview_is_what_pages_show(client: Client) -> None:
    shown = client.post("/typed/preview/", {"text": "# Why\n\n**Calm** <script>alert(1)</script>"})
    assert shown.content.decode() == "<h3>Why</h3>\n<p><strong>Calm</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    assert client.post("/typed/preview/", {"text": "x" * 50_001}).status_code == 413
