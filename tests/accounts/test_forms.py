"""Forms that are sent twice are saved once, and what was typed outlives the session it was typed in."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import SentForm
from accounts.services import forms
from lib.forms.pages import SENT_TWICE
from lib.forms.sending import NAMELESS
from strategy.models import Persona
from teams.models import Person
from tests import factories as make
from tests.elsewhere import run_together
from tests.factories import NOW, PASSWORD
from tests.html import fields_of, form_to, message_of, page_text, parsed, source_of, text_of, value_of

PAGE = "/personas/new/"
LONG = "Who is it for?\n\n" + "She waits on the phone. " * 40


@pytest.fixture
def ada(db: None) -> Person:
    return make.LeaderFactory(name="Ada Adams", email="ada@example.com")


@pytest.fixture
def ben(db: None) -> Person:
    return make.LeaderFactory(name="Ben Brown", email="ben@example.com")


def signed_in(person: Person, **options: Any) -> Any:
    client = Client(**options)
    client.force_login(person)
    return client


def filled(client: Client, page: str = PAGE, **typed: str) -> dict[str, Any]:
    """The form as the browser sends it."""
    return fields_of(form_to(client.get(page), "")) | {"name": "Night nurses", "problem": LONG, **typed}


def sign_in(client: Client, person: Person, asked: str) -> Any:
    """From the page that asks to, back to where it leads."""
    form = fields_of(form_to(client.get(asked), reverse("account_login")))
    return client.post(reverse("account_login"), form | {"login": person.email, "password": PASSWORD}, follow=True)


def again(response: Any) -> dict[str, Any]:
    """What the form of a page has in it now."""
    return fields_of(form_to(response, ""))


@pytest.mark.django_db(transaction=True)
def test_form_that_is_sent_thirty_times_at_once_makes_one_row(ada: Person) -> None:
    client = signed_in(ada)
    form = filled(client)
    answers: list[Any] = []

    def send() -> None:
        other = Client()
        other.cookies = copy.deepcopy(client.cookies)
        answers.append(other.post(PAGE, form))

    raised = run_together(*[send] * 30)

    assert raised == [None] * 30
    assert Persona.objects.count() == 1
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/personas/")}
    assert len(answers) == 30


def test_form_that_is_sent_again_leads_to_what_came_of_it(ada: Person) -> None:
    client = signed_in(ada)
    form = filled(client)
    first = client.post(PAGE, form)

    second = client.post(PAGE, form | {"name": "Other words"}, follow=True)

    assert second.redirect_chain[0][0] == first.url
    assert SENT_TWICE in message_of(parsed(second))
    assert Persona.objects.get().name == "Night nurses"
    client.post(PAGE, filled(client))
    assert Persona.objects.count() == 2


def test_form_with_something_wrong_in_it_is_not_used_up(ada: Person) -> None:
    client = signed_in(ada)
    wrong = client.post(PAGE, filled(client, name=""))
    assert wrong.status_code == 422

    client.post(PAGE, again(wrong) | {"name": "Night nurses"})

    assert Persona.objects.get().name == "Night nurses"


Ends = Callable[[Client], object]
ENDS: dict[str, Ends] = {
    "expired": lambda _client: Session.objects.all().delete(),
    "signed out in another tab": lambda client: client.post(reverse("account_logout")),
    "no cookies left": lambda client: client.cookies.clear(),
}


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.parametrize("checked", [False, True])
def test_what_was_typed_is_there_after_signing_in_and_saved_once(ada: Person, how: str, checked: bool) -> None:
    client = signed_in(ada)
    form = filled(client)
    ENDS[how](client)
    client.handler.enforce_csrf_checks = checked

    asked = client.post(PAGE, form)
    assert asked.url.startswith(reverse("account_login"))
    page = sign_in(client, ada, asked.url)

    assert "Nothing of it is saved yet" in message_of(parsed(page))
    assert value_of(page, "problem").split() == LONG.split()
    assert Persona.objects.count() == 0
    client.post(PAGE, again(page))
    client.post(PAGE, again(page))
    assert Persona.objects.get().name == "Night nurses"
    assert not SentForm.objects.filter(typed__isnull=False).exists()


def test_form_whose_token_was_rotated_by_signing_in_again_is_opened_again(ada: Person) -> None:
    client = signed_in(ada, enforce_csrf_checks=True)
    form = filled(client)
    client.cookies["csrftoken"] = "a" * 32

    page = client.post(PAGE, form, follow=True)

    assert "Nothing of it is saved yet" in message_of(parsed(page))
    assert client.post(PAGE, again(page)).status_code == 302
    assert Persona.objects.get().problem == LONG.strip()


def test_form_without_its_token_is_not_saved_and_has_what_was_typed(ada: Person) -> None:
    client = signed_in(ada)
    page = client.post(PAGE, filled(client, sending=""))

    assert NAMELESS in page_text(page, 422)
    assert Persona.objects.count() == 0
    assert value_of(page, "problem").split() == LONG.split()
    client.post(PAGE, again(page))
    assert Persona.objects.get().name == "Night nurses"


def test_invitation_without_its_token_is_not_sent(db: None) -> None:
    client = signed_in(make.AdminFactory())
    typed = {"name": "Cleo", "email": "cleo@example.com", "role": "member", "sending": ""}

    assert NAMELESS in page_text(client.post(reverse("invitations"), typed), 422)
    assert not Person.objects.filter(email="cleo@example.com").exists()


def typed_to_copy(page: Any) -> list[str]:
    return [text_of(area) for area in parsed(page).select("textarea[readonly]")]


def test_what_was_typed_is_there_to_copy_when_it_is_not_theirs_to_save_any_more(ada: Person) -> None:
    client = signed_in(ada)
    form = filled(client)
    Person.objects.filter(pk=ada.pk).update(role="viewer")

    page = client.post(PAGE, form)

    assert "This is not yours to do" in page_text(page, 403)
    assert typed_to_copy(page) == ["Night nurses", " ".join(LONG.split())]
    assert Persona.objects.count() == 0


def test_what_was_typed_is_there_to_copy_when_what_it_is_about_is_gone(ada: Person) -> None:
    client, row = signed_in(ada), make.PersonaFactory()
    address = reverse("persona_edit", args=[row.key])
    form = filled(client, address)
    row.delete()

    page = client.post(address, form | {"weighed": "yes"})

    assert "There is nothing here" in page_text(page, 404)
    assert typed_to_copy(page) == ["Night nurses", " ".join(LONG.split())]


SAVING, SESSION = "web.personas.views.now", "django.contrib.sessions.backends.db.SessionStore.load"
FAULTS = [
    (SAVING, ValueError, 500, "Something broke on our side"),
    (SAVING, OperationalError, 503, "Back in a moment"),
    (SESSION, OperationalError, 503, "Back in a moment"),
]


@pytest.mark.parametrize(("where", "fault", "status", "said"), FAULTS)
def test_what_was_typed_is_there_to_copy_after_a_fault(
    ada: Person, monkeypatch: pytest.MonkeyPatch, where: str, fault: type[Exception], status: int, said: str
) -> None:
    def fail(*_given: Any, **_named: Any) -> None:
        raise fault

    client = signed_in(ada, raise_request_exception=False)
    form = filled(client, name="<b>Night</b> nurses", password="hidden")
    monkeypatch.setattr(where, fail)

    page = client.post(PAGE, form)

    assert said in page_text(page, status)
    assert typed_to_copy(page) == ["<b>Night</b> nurses", " ".join(LONG.split())]
    assert "hidden" not in source_of(page, status)


def test_what_others_typed_is_not_shown_back(ada: Person) -> None:
    """A page elsewhere could make a browser send something here: only a form of ours comes back."""
    page = signed_in(ada).post("/personas/nothing/edit/", {"name": "Not ours", "sending": ""})

    assert typed_to_copy(page) == []
    assert page.status_code == 404


def test_form_that_was_open_for_a_month_is_opened_again(ada: Person) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = signed_in(ada)
        form = filled(client)
        clock.shift(dt.timedelta(days=31))
        page = sign_in(client, ada, client.post(PAGE, form).url)
        client.post(PAGE, again(page))

    assert Persona.objects.get().name == "Night nurses"


def test_nothing_is_saved_in_the_name_of_somebody_else(ada: Person, ben: Person) -> None:
    client = signed_in(ada)
    form = filled(client)
    client.force_login(ben)

    page = page_text(response := client.post(PAGE, form), 409)

    assert "You are signed in as Ben Brown now" in page
    assert any(LONG.split() == text_of(area).split() for area in parsed(response).select("textarea[readonly]"))
    assert Persona.objects.count() == 0
    (address,) = [str(field["value"]) for field in parsed(response).select("input[name=next]")]
    client.force_login(ada)
    assert value_of(client.get(address), "name") == "Night nurses"


def test_who_signs_in_instead_can_copy_what_was_typed_and_not_save_it(ada: Person, ben: Person) -> None:
    client = signed_in(ada)
    form = filled(client)
    client.logout()

    page = sign_in(client, ben, client.post(PAGE, form).url)

    assert page.status_code == 409
    assert "this was typed by Ada Adams" in text_of(page)
    assert "She waits on the phone." in text_of(page)


def test_stranger_keeps_nothing(ada: Person) -> None:
    form = filled(signed_in(ada))
    for sending in ("", "x", form["sending"][:-1] + "!"):
        Client().post(PAGE, form | {"sending": sending})
    Client().post("/strategies/new/", form)

    assert SentForm.objects.count() == 0


def test_what_is_kept_is_bounded_and_has_no_secrets(ada: Person) -> None:
    client = signed_in(ada)
    sent = [filled(client, password="hidden", csrfmiddlewaretoken="hidden") for _ in range(forms.MOST + 2)]
    stranger = Client()
    for form in sent:
        stranger.post(PAGE, form)

    assert SentForm.objects.count() == forms.MOST
    assert "hidden" not in str(list(SentForm.objects.values_list("typed", flat=True)))
    response = stranger.post(PAGE, sent[0] | {"problem": "x" * (forms.SIZE + 1)})
    assert "too long to be kept" in page_text(response, 409)
    assert SentForm.objects.count() == forms.MOST


def test_forms_that_were_sent_long_ago_are_cleared(ada: Person) -> None:
    client = signed_in(ada)
    with time_machine.travel(NOW, tick=False):
        client = signed_in(ada)
        client.post(PAGE, filled(client))

    assert forms.clear_sent_forms(at=NOW + forms.LIFETIME) == 0
    assert forms.clear_sent_forms(at=NOW + forms.LIFETIME + dt.timedelta(seconds=1)) == 1


def test_session_that_is_used_goes_on_and_ends_two_weeks_after_its_last_use(ada: Person) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = signed_in(ada)
        for _week in range(4):
            clock.shift(dt.timedelta(days=13))
            assert client.get(reverse("person_list")).status_code == 200
        clock.shift(dt.timedelta(days=14, seconds=1))
        assert client.get(reverse("person_list")).status_code == 302


def test_session_is_not_written_with_each_request(ada: Person) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = signed_in(ada)
        for minutes, writes in ((0, 0), (30, 0), (60, 1), (1, 0)):
            clock.shift(dt.timedelta(minutes=minutes))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("person_list"))
            assert sum('UPDATE "django_session"' in query["sql"] for query in queries) == writes
