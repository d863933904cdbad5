"""Signing in and out, passwords and mailed links, as a browser does it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tasks
from accounts.models import ResetRequest
from accounts.services import resets
from accounts.services.invitations import choose_password
from accounts.services.tokens import one_time_link
from lib.mail import sending
from lib.services.errors import NotSentError
from teams.models import LogEntry, Person
from tests.factories import NOW, PASSWORD, PersonFactory
from tests.html import text_of

pytestmark = pytest.mark.django_db
NEW = "quite another password"


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """One that does at once what it is asked."""
    monkeypatch.setattr(resets, "wake", lambda _task: tasks.send_resets())
    monkeypatch.setattr("accounts.services.resets.transaction.on_commit", lambda do: do())


@pytest.fixture
def asked(worker, monkeypatch):
    """For what workers were asked: here is none."""
    asked: list[str] = []
    monkeypatch.setattr(resets, "wake", asked.append)
    return asked


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def signed_in(client):
    return "_auth_user_id" in client.session


def ask_for_reset(email):
    return Client().post(reverse("account_reset_password"), {"email": email}, follow=True)


def path_of(mail):
    found = re.search(r"http://localhost:8000(/accounts/password/link/\S+/)", mail.body)
    assert found
    return found[1]


def choose(client, path, password=NEW):
    """Opens a one-time link and sends its form."""
    form = client.get(path, follow=True).redirect_chain[-1][0]
    return client.post(form, {"password1": password, "password2": password})


def test_sign_in_compares_the_address_without_case(member, client):
    assert sign_in(client, "MIA@Example.com").url == "/"
    assert signed_in(client)


def test_sign_in_goes_to_the_page_that_was_asked_for(member, client):
    asked = client.get(reverse("person_list"))
    response = client.post(asked.url, {"login": member.email, "password": PASSWORD, "next": reverse("person_list")})

    assert response.url == reverse("person_list")


def test_sign_in_goes_to_no_other_site(member, client):
    response = client.post(
        reverse("account_login"), {"login": member.email, "password": PASSWORD, "next": "https://elsewhere.example"}
    )

    assert response.url == "/"


@pytest.mark.parametrize("values", [{"imported": True}, {"invited": True}])
def test_sign_in_without_a_password_of_ones_own_is_refused(values, client):
    person = PersonFactory(**values)

    for guess in ("", "!", person.password):
        assert "do not belong together" in text_of(sign_in(client, person.email, guess or " "))
    assert not signed_in(client)


def test_sign_in_of_somebody_inactive_is_refused(client):
    person = PersonFactory(is_active=False)

    assert sign_in(client, person.email).url == reverse("account_inactive")
    assert not signed_in(client)
    assert "no longer active" in text_of(client.get(reverse("account_inactive")))


def test_session_ends_when_its_person_becomes_inactive(member, as_member):
    Person.objects.filter(pk=member.pk).update(is_active=False)

    assert as_member.get(reverse("person_list")).status_code == 302


def test_sign_in_says_the_same_of_a_wrong_password_and_an_unknown_address(member, client):
    told = [text_of(sign_in(Client(), email, "wrong")) for email in (member.email, "nobody@example.com")]

    assert "do not belong together" in told[0]
    assert told[0] == told[1]


def test_sign_in_guessed_too_often_waits(member, client):
    for _guess in range(5):
        sign_in(client, member.email, "wrong")

    assert "Too many attempts" in text_of(sign_in(client, member.email))
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("proxies", "refused"),
    [(0, ["", "9.9.9.9", "9.9.9.9, 1.1.1.1"]), (1, ["1.1.1.1", "9.9.9.9, 1.1.1.1"])],
    ids=["header not trusted", "one proxy"],
)
def test_attempts_count_against_the_address_that_our_own_proxies_saw(settings, proxies, refused):
    """What a client writes into the header itself stands before what the proxies add, and is not believed."""
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    def status(forwarded):
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        about = {"login": "nobody@example.com", "password": "wrong"}
        return Client().post(reverse("account_login"), about, headers=headers).status_code

    assert [status("1.1.1.1"), status("1.1.1.1")] == [200, 200]
    assert [status(forwarded) for forwarded in refused] == [429] * len(refused)
    assert status("2.2.2.2") == (200 if proxies else 429)


def test_sign_out_needs_a_post(as_member):
    as_member.get(reverse("account_logout"))
    assert signed_in(as_member)

    assert as_member.post(reverse("account_logout")).url == reverse("account_login")
    assert not signed_in(as_member)


def test_password_change_keeps_this_session_and_ends_others(member, as_member):
    elsewhere = Client()
    elsewhere.force_login(member)

    as_member.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})

    assert as_member.get(reverse("person_list")).status_code == 200
    assert elsewhere.get(reverse("person_list")).status_code == 302
    assert LogEntry.objects.get().action == "person.password_changed"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"oldpassword": "wrong", "password1": NEW, "password2": NEW}, "not your current password"),
        ({"oldpassword": PASSWORD, "password1": "short", "password2": "short"}, "too short"),
        ({"oldpassword": PASSWORD, "password1": NEW, "password2": "other"}, "same password each time"),
    ],
)
def test_password_change_says_what_is_wrong(form, said, as_member):
    page = as_member.post(reverse("account_change_password"), form)

    assert said in text_of(page)
    assert not LogEntry.objects.exists()


def test_reset_link_signs_in_once(member, client):
    ask_for_reset("MIA@example.com")
    path = path_of(mail.outbox[0])

    assert choose(client, path).url == "/"
    assert signed_in(client)
    assert "This link has ended" in text_of(Client().get(path))
    assert sign_in(Client(), member.email, NEW).url == "/"


def test_reset_link_is_not_in_the_address_of_its_form(member, client):
    ask_for_reset(member.email)
    path = path_of(mail.outbox[0])

    assert client.get(path).url.endswith("-set-password/")


def test_reset_link_ends_after_a_week(member):
    ask_for_reset(member.email)
    path = path_of(mail.outbox[0])

    with time_machine.travel(timedelta(days=8), tick=False):
        assert "This link has ended" in text_of(Client().get(path))


def test_reset_link_ends_when_its_person_becomes_inactive(member):
    ask_for_reset(member.email)
    Person.objects.filter(pk=member.pk).update(is_active=False)

    assert "This link has ended" in text_of(Client().get(path_of(mail.outbox[0])))


def test_reset_mail_goes_to_who_was_invited_only(member):
    PersonFactory(imported=True, email="imported@example.com")
    PersonFactory(email="gone@example.com", is_active=False)
    PersonFactory(invited=True, email="invited@example.com")
    told = {
        ask_for_reset(email).content
        for email in (member.email, "invited@example.com", "imported@example.com", "gone@example.com", "no@example.com")
    }

    assert len(told) == 1
    assert [mail.to for mail in mail.outbox] == [[member.email], ["invited@example.com"]]


def test_reset_mail_goes_to_no_address_that_a_mail_server_refused(member):
    heard = ask_for_reset("nobody@example.com").content
    refused = PersonFactory(refused_at=NOW, refusal="550 No such user")

    assert ask_for_reset(refused.email).content == heard
    assert mail.outbox == []


def test_reset_says_the_same_when_the_mail_server_is_down(member, settings):
    heard = ask_for_reset("nobody@example.com").content
    settings.EMAIL_BACKEND = "tests.teams.test_people.BrokenMail"

    assert ask_for_reset(member.email).content == heard


def test_reset_asks_a_worker_for_everybody_and_waits_for_no_mail_server(member, asked):
    """So the time of the answer tells as little as its words."""
    refused = PersonFactory(refused_at=NOW, refusal="550 No such user")
    for email in (member.email, refused.email, "nobody@example.com"):
        ask_for_reset(email)

    assert asked == ["accounts.send_resets"] * 3
    assert [*ResetRequest.objects.order_by("id").values_list("person", flat=True)] == [member.pk, None, None]
    assert mail.outbox == []


def test_reset_asks_as_much_of_the_database_for_everybody(member, asked):
    counts = set()
    for email in (member.email, "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            ask_for_reset(email)
        counts.add(len(queries))

    assert len(counts) == 1


def test_reset_mail_that_the_server_does_not_take_is_tried_again_for_half_an_hour(member, asked, monkeypatch):
    taken = [NotSentError("away")] * 5

    def send(*_given: Any, **_more: Any) -> None:
        if taken:
            raise taken.pop()
        deliver(*_given, **_more)

    deliver = sending.send
    monkeypatch.setattr(sending, "send", send)
    ask_for_reset(member.email)
    began = ResetRequest.objects.get().due_at
    worked = [resets.send_resets(at=began + timedelta(minutes=minutes)) for minutes in (0, 0.5, 1, 3, 7, 15, 31, 60)]

    assert worked == [1, 0, 1, 1, 1, 1, 1, 0]
    assert [mail.to for mail in mail.outbox] == [[member.email]]


def test_reset_mail_that_is_never_taken_is_given_up(member, asked, monkeypatch):
    def refuse(*_given: Any, **_more: Any) -> None:
        raise NotSentError("away")

    monkeypatch.setattr(sending, "send", refuse)
    ask_for_reset(member.email)
    began = ResetRequest.objects.get().due_at
    for minutes in range(40):
        resets.send_resets(at=began + timedelta(minutes=minutes))

    assert not ResetRequest.objects.exists()


def test_reset_mail_is_not_sent_to_who_may_have_none_any_more(member, asked):
    ask_for_reset(member.email)
    Person.objects.filter(pk=member.pk).update(is_active=False)
    tasks.send_resets()

    assert mail.outbox == []
    assert not ResetRequest.objects.exists()


def test_reset_mail_names_our_site_whatever_host_was_asked(member, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Client(HTTP_HOST="evil.example").post(reverse("account_reset_password"), {"email": member.email})

    assert "evil.example" not in mail.outbox[0].body + mail.outbox[0].alternatives[0].content


def test_one_time_link_opened_in_somebody_elses_session_ends_it(admin, as_member):
    person = PersonFactory(invited=True)
    path = one_time_link(person).removeprefix("http://localhost:8000")

    choose(as_member, path)

    assert as_member.session["_auth_user_id"] == str(person.pk)


def test_one_time_link_used_twice_at_the_same_time_works_once(monkeypatch):
    person = PersonFactory(invited=True)
    client, path = Client(), one_time_link(person).removeprefix("http://localhost:8000")

    def second(user, **values):
        choose_password(Person.objects.get(pk=person.pk), **values | {"password": "the quicker one"})
        choose_password(user, **values)

    monkeypatch.setattr("accounts.adapter.choose_password", second)

    assert "This link has ended" in text_of(choose(client, path))
    assert not signed_in(client)
    assert sign_in(client, person.email, "the quicker one").url == "/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_password_change_without_a_password_leads_to_a_mailed_link(method, member, as_member):
    member.set_unusable_password()
    member.save()
    as_member.force_login(member)

    assert getattr(as_member, method)(reverse("account_change_password")).url == reverse("account_reset_password")
    assert reverse("account_change_password") not in as_member.get(reverse("person_list")).content.decode()


def test_sign_in_pages_have_no_way_to_sign_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    assert "signup" not in client.get(reverse("account_login")).content.decode()
