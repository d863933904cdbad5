"""Stepping in without a password: who is there, what happens to who was in, and from where it can be done."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from demo.cast import CAST, LEAD, LEADER, MEMBER
from teams.models import Person
from tests.html import action_of, fields_of, forms, parsed, source_of, text_of, texts_of

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def step_in(client: Client, part, **data):
    return client.post(f"/demo/personas/{part.role}/", data)


def signed_in(client: Client) -> str:
    pk = client.session.get("_auth_user_id")
    return Person.objects.get(pk=pk).email if pk else ""


@pytest.mark.parametrize("part", CAST, ids=lambda part: part.role)
def test_persona_lets_in_and_says_so_on_each_page(part, company, client):
    page = text_of(client.get(LOGIN))
    assert part.name in page
    assert part.sees in page

    assert step_in(client, part).url == "/"
    home = client.get("/")

    assert signed_in(client) == part.email
    assert "You are" in text_of(home)
    assert part.name in texts_of(home, "strong")
    over = [form["action"] for form in parsed(home).select(".strip form")]
    assert over == [f"/demo/personas/{other.role}/" for other in CAST if other != part]


def test_persona_signs_out_whoever_was_in(company, client):
    step_in(client, LEADER)
    before = client.session.session_key

    step_in(client, MEMBER)

    assert signed_in(client) == MEMBER.email
    assert client.session.session_key != before


def test_persona_goes_on_to_the_page_that_was_asked_for(company, client):
    asked = client.get("/goals/growth/")
    personas = [form for form in forms(client.get(asked.url)) if action_of(form).startswith("/demo/personas/")]

    assert len(personas) == len(CAST)
    assert {fields_of(persona)["next"] for persona in personas} == {"/goals/growth/"}
    assert step_in(client, LEAD, next="/goals/growth/").url == "/goals/growth/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_persona_goes_to_no_other_site(elsewhere, company, client):
    assert step_in(client, LEAD, next=elsewhere).url == "/"


def test_persona_needs_a_token_of_the_page(company, demo):
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)

    assert step_in(client, LEAD).status_code == 403
    assert signed_in(client) == ""


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_persona_opens_by_a_post_alone(method, company, client):
    assert getattr(client, method)(f"/demo/personas/{LEAD.role}/").status_code == 405
    assert signed_in(client) == ""


def test_persona_of_nobody_is_not_there(company, client):
    assert client.post("/demo/personas/owner/").status_code == 404


def test_persona_of_who_is_missing_is_not_shown_and_lets_nobody_in(company, client):
    Person.objects.filter(email=LEAD.email).update(is_active=False)
    step_in(client, MEMBER)

    assert LEAD.name not in Client(HTTP_HOST="localhost").get(LOGIN).content.decode()
    assert step_in(client, LEAD).url == "/demo/"
    assert "Tomasz Zielinski is not in this company any more." in text_of(client.get("/demo/"))
    assert signed_in(client) == MEMBER.email


def test_sign_in_page_without_the_cast_says_how_to_come_in(nothing, client):
    page = client.get(LOGIN)

    assert "create_admin" in text_of(page)
    assert "/demo/personas/" not in source_of(page)
    assert step_in(client, LEAD).url == LOGIN


def test_sign_in_page_asks_one_query_for_the_personas(company, client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(LOGIN)


def test_failed_sign_in_shows_its_form_first(company, client):
    page = client.post(LOGIN, {"login": LEAD.email, "password": "wrong"})

    assert "do not belong together" in text_of(page)
    assert "/demo/personas/" not in source_of(page)
    assert "Back to the people" in text_of(page)


@pytest.mark.parametrize("path", [LOGIN, "/", "/demo/", "/design/", "/demo/personas/lead/", "/static/demo/demo.css"])
@pytest.mark.parametrize(
    "sender",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_HOST": "demo.example"}, {"HTTP_HOST": "localhost.demo.example:8000"}],
    ids=lambda sender: next(iter(sender.values())),
)
def test_demo_is_not_there_for_other_machines(path, sender, company, client):
    for answer in (client.get(path, **sender), client.post(path, **sender)):
        assert answer.status_code == 404
        assert "Throughline" not in answer.content.decode()
    assert signed_in(client) == ""


@pytest.mark.parametrize("host", ["localhost:8140", "127.0.0.1:8000", "[::1]:8000"])
def test_demo_is_there_for_this_machine(host, company, client):
    assert client.get(LOGIN, HTTP_HOST=host).status_code == 200


def test_without_the_demo_nothing_of_it_is_there(company):
    client = Client(HTTP_HOST="localhost")
    for path in ("/demo/", "/demo/personas/lead/", "/design/", "/static/demo/demo.css"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    client.force_login(company.person(LEAD))
    for page in (client.get("/"), client.get("/admin/", follow=True), Client().get(reverse("account_login"))):
        text = page.content.decode()
        assert "demo" not in text
        assert "Step" not in text
        assert parsed(page).select(".strip") == []
