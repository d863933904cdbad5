"""The middleware as settings.MIDDLEWARE wires it, by requests that go through all of it: what one that is missing, or
stands elsewhere, would change."""

from __future__ import annotations

import gzip

import pytest
from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from config.headers import PRIVATE
from config.urls import handler500 as handler500
from config.urls import urlpatterns as ours
from tests import factories as make
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


@login_not_required
def breaks(_request: object) -> HttpResponse:
    raise ValueError


@login_not_required
def calls_the_broker(_request: object) -> HttpResponse:
    current_app.send_task("config.note_worker")
    return HttpResponse()


def needs_somebody(_request: object) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [
    path("breaks/", breaks),
    path("calls-the-broker/", calls_the_broker),
    path("needs-somebody/", needs_somebody),
    *ours,
]


@pytest.fixture
def own_pages(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def files(settings) -> Client:
    """A client to whom static files are served as they lie in the source."""
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    return Client()


def policy_of(response) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";") if part.strip())
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("address", [LOGIN, "/teams/", "/there-is-nothing/", "/breaks/", "/teams", "/api/v1/teams/"])
def test_every_answer_has_what_a_browser_is_to_keep_to(own_pages, address):
    response = own_pages.get(address)
    assert policy_of(response) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert len(response["X-Request-ID"]) == 32
    assert {name: response[name] for name in PRIVATE} == PRIVATE
    if response.status_code == 200:
        assert response["X-Frame-Options"] == "DENY"


def test_answer_to_a_host_that_is_not_ours_is_a_refusal_with_its_number(settings):
    settings.ALLOWED_HOSTS = ["tl.example.com"]
    response = Client().get(LOGIN, headers={"Host": "other.example.com"})
    assert response.status_code == 400
    assert response["X-Request-ID"]
    assert policy_of(response) == POLICY


def test_request_without_tls_is_sent_to_tls_with_its_number_and_nothing_else(settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/teams/?q=a")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/teams/?q=a")
    assert response["X-Request-ID"]
    assert response["Cache-Control"] == "private, no-store"
    assert "Content-Security-Policy" not in response
    assert response.cookies == {}


def test_answer_over_tls_asks_for_tls_from_then_on(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD = 99, True, True
    response = Client().get(LOGIN, secure=True)
    assert response["Strict-Transport-Security"] == "max-age=99; includeSubDomains; preload"


def test_file_is_served_to_anybody_without_session_or_policy(files):
    response = files.get("/static/css/tokens.css", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")
    assert b"--" in b"".join(response.streaming_content)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Request-ID"]
    others = {"Content-Security-Policy", "Content-Encoding", "Access-Control-Allow-Origin", "Permissions-Policy"}
    assert not others & set(response.headers)
    assert "no-store" not in response["Cache-Control"]
    assert response.cookies == {}
    response.close()


def test_page_is_packed_for_who_takes_it(client):
    response = client.get(LOGIN, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert b"<h1" in gzip.decompress(response.content)
    plain = client.get(LOGIN)
    assert "Content-Encoding" not in plain
    assert b"<h1" in plain.content


def test_address_without_its_last_stroke_leads_on():
    response = signed_in(make.ViewerFactory()).get("/teams?q=a")
    assert (response.status_code, response["Location"]) == (301, "/teams/?q=a")


@pytest.mark.parametrize("address", ["/needs-somebody/", "/teams/", "/", "/admin/"])
def test_page_asks_who_is_there_unless_it_says_otherwise(own_pages, address):
    response = own_pages.get(address)
    assert (response.status_code, response["Location"]) == (302, f"{LOGIN}?next={address}")


def test_page_knows_who_is_there(own_pages, settings):
    client = signed_in(make.ViewerFactory())
    assert client.get("/needs-somebody/").content == b"secret"
    client.logout()
    assert client.get("/needs-somebody/").status_code == 302


def test_write_without_the_token_of_the_page_is_refused():
    person, team = make.AdminFactory(), make.TeamFactory(key="team")
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    address = reverse("team_edit", args=[team.key])
    assert client.post(address, {"name": "Other", "sending": ""}).status_code == 403
    client.get(address)
    token = client.cookies["csrftoken"].value
    assert client.post(address, {"name": "Other", "sending": ""}).status_code == 403
    assert client.post(address, {"name": "", "csrfmiddlewaretoken": token}).status_code == 422


def test_write_by_nobody_without_a_token_is_refused_before_anybody_is_asked_to_sign_in():
    assert Client(enforce_csrf_checks=True).post("/teams/new/", {}).status_code == 403
    assert Client().post("/teams/new/", {}).status_code == 302


def test_what_was_done_is_said_once_on_the_next_page():
    client = signed_in(make.AdminFactory())
    client.post("/teams/new/", {"name": "Brand new", "mission": "", "stance": "core", "parent": ""})
    first, second = (client.get("/teams/").content.decode() for _ in range(2))
    assert "Brand new" in second
    assert first.count("Brand new") == second.count("Brand new") + 1


def test_button_that_is_opened_as_a_page_gets_a_page():
    person = make.PersonFactory()
    response = signed_in(make.LeaderFactory()).get(reverse("person_role", args=[person.pk]))
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert b"<title>" in response.content
    assert policy_of(response) == POLICY
    assert signed_in(make.LeaderFactory()).post("/api/v1/teams/")["Content-Type"] == "application/problem+json"


def test_page_that_calls_the_broker_fails_its_test(settings):
    settings.ROOT_URLCONF = __name__
    with pytest.raises(AssertionError, match="a request called the broker"):
        Client().get("/calls-the-broker/")
