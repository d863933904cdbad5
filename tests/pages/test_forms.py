"""Each form and button of each page, sent as the page has it, with checks against cross-site requests on."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client

from lib.templatetags.throughline import undo_address
from tests.html import parsed, texts_apart
from tests.pages.pages import ADMINISTRATORS, NOT_YET, REFUSED, leaders_forms, leads_forms
from tests.pages.reading import CSRF, Form, post_forms
from tests.pages.world import Lively, in_days
from tools.check_templates import UNSEEN

Wrong = list[str]


def typed(lively: Lively) -> dict[str, str]:
    """What a person types where a form asks for something."""
    words = (
        "rationale",
        "reason",
        "note",
        "declaration",
        "ask",
        "title",
        "name",
        "because",
        "text",
        "thanks",
        "answer",
    )
    return dict.fromkeys(words, "Other words") | {
        "email": "new@example.com",
        "person": lively.world.people["outsider"].email,
        "baseline": "1",
        "target": "2",
        "current": "5",
        "until": in_days(7).isoformat(),
        "due_on": in_days(7).isoformat(),
        "oldpassword": "a long walk by the river",
        "password1": "a short walk by the sea",
        "password2": "a short walk by the sea",
    }


@pytest.mark.slow
def test_forms_of_leaders_are_taken_as_their_pages_have_them(lively: Lively, client_of: Any) -> None:
    assert wrong(client_of("leader"), leaders_forms(lively), typed(lively)) == []


@pytest.mark.slow
def test_forms_of_leads_are_taken_as_their_pages_have_them(lively: Lively, client_of: Any) -> None:
    assert wrong(client_of("member"), leads_forms(lively), typed(lively)) == []


@pytest.mark.slow
def test_forms_of_administrators_are_taken_as_their_pages_have_them(lively: Lively, client_of: Any) -> None:
    assert wrong(client_of("admin"), ADMINISTRATORS, typed(lively)) == []


def wrong(client: Client, addresses: Iterable[str], words: dict[str, str]) -> Wrong:
    """What is wrong with the answer to each kind of form, and to its undo."""
    found, seen = [], set()
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        page = parsed(response)
        found += [f"{address} leaves out {name}" for name in left_out(response, page)]
        for form in post_forms(page, address):
            kind = (form.name, form.button, *sorted(form.values))
            if kind not in seen:
                seen.add(kind)
                found += [f"{address} “{form.button}” to {form.name} without what it was drawn with"] * unversioned(
                    form
                )
                said = sent(client, form, words)
                found += [f"{address} “{form.button}” to {form.action}: {said}"] if said else []
    return found


MAKES = re.compile(r"\w+_new(_\w+)? .*|invitations .*|team_members .*|digest_reply (Link it|See what it would do)")
"""Forms, by name and button, that are about nothing there is yet."""
EXCUSED = {*UNSEEN, "digest_unsubscription", "turn_mails_stop"}


def unversioned(form: Form) -> bool:
    return (
        form.name not in EXCUSED
        and not MAKES.fullmatch(f"{form.name} {form.button}")
        and not {"version", "until", "seen"} & form.values.keys()
    )


def left_out(response: Any, page: BeautifulSoup) -> list[str]:
    """The fields of the page's form that are not on it; a button looks for what stands in a field to find by."""
    form = (response.context or {}).get("form")
    if form is None or not page.select("main form[method=post]"):
        return []
    fields = [form[name].html_name for name, field in form.fields.items() if getattr(field, "choices", True)]
    wanted = [*fields, *(["look"] if "find" in fields else [])]
    return [name for name in wanted if page.select_one(f'[name="{name}"]') is None]


def sent(client: Client, form: Form, words: dict[str, str]) -> str:
    """What is wrong with what comes back, and with undoing it; afterwards all is as before."""
    assert form.values.get(CSRF), form
    with put_back():
        sender = another(client)
        response = sender.post(form.action, form.filled(words))
        refused = (form.action in REFUSED or form.name in NOT_YET) and "look" not in form.values
        expected = 422 if refused else 200 if {"look", "weighed", "move"} & form.values.keys() else 302
        if response.status_code != expected:
            return f"{response.status_code}"
        messages = list(get_messages(response.wsgi_request)) if expected == 302 else []
        if said := [str(message) for message in messages if message.level_tag != "success"]:
            return " ".join(said)
        back = [address for message in messages if (address := undo_address(message))]
        return undone(sender, back[0], form.values[CSRF]) if back else ""


def undone(client: Client, address: str, token: list[str]) -> str:
    """What is wrong with the undo at this address; that a message has the button for it, another test says."""
    response = client.post(address, {CSRF: token})
    said = [str(message) for message in get_messages(response.wsgi_request) if message.level_tag != "success"]
    return f"Undo: {response.status_code} {' '.join(said)}" if response.status_code != 302 or said else ""


@contextmanager
def put_back() -> Iterator[None]:
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


def another(client: Client) -> Client:
    """With the same cookies: the answer may end the session."""
    other = Client(enforce_csrf_checks=True)
    other.cookies = copy.deepcopy(client.cookies)
    return other


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
def test_form_of_somebody_who_is_not_signed_in_is_taken(address: str, lively: Lively, client_of: Any) -> None:
    client = client_of("anonymous")
    [form] = post_forms(parsed(client.get(address)), address)
    answers = {"/accounts/login/": 302, "/accounts/password/reset/": 302}
    login = {"login": lively.world.people["member"].email, "password": "a long walk by the river"}

    response = client.post(form.action, form.filled(login | {"email": "nobody@example.com"}))
    assert response.status_code == answers[address]


def test_undo_of_a_message_is_taken_as_the_page_has_it(lively: Lively, client_of: Any) -> None:
    client, address = client_of("leader"), "/teams/busy/edit/"
    [form] = [form for form in post_forms(parsed(client.get(address)), address) if form.name == "team_edit"]
    page = client.post(form.action, form.values | {"name": ["Busier"]}, follow=True)
    [undo] = [form for form in post_forms(parsed(page), page.request["PATH_INFO"]) if form.button == "Undo"]

    assert "The team is called Busier now." in texts_apart(page)
    assert "Undone." in texts_apart(client.post(undo.action, undo.values, follow=True))
    assert texts_apart(parsed(client.get("/teams/busy/")).find("h1")) == "Busy"


def test_form_without_its_token_is_not_taken_and_opened_again(client_of: Callable[[str], Client]) -> None:
    """So the checks are on."""
    client = client_of("leader")
    [form] = [form for form in post_forms(parsed(client.get("/teams/new/")), "/teams/new/") if form.name == "team_new"][
        :1
    ]

    response = client.post(form.action, form.filled({"name": "Ours"}) | {CSRF: [""]}, follow=True)

    assert [status for _address, status in response.redirect_chain] == [302]
    assert "Nothing of it is saved yet" in texts_apart(parsed(response).select_one(".messages"))
