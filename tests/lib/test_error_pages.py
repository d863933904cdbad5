"""The pages for what an address does not take."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import path, reverse

from config import urls_demo
from config.urls import handler500
from config.urls import urlpatterns as ours
from tests import factories as make
from tests.html import text_of, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


@login_not_required
def fails(_request: object) -> HttpResponse:
    raise ValueError


@login_not_required
def without_database(_request: object) -> HttpResponse:
    raise OperationalError


@login_not_required
def draws(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html")


def broken_context(_request: object) -> dict[str, str]:
    raise ValueError


urlpatterns = [
    path("fails/", fails),
    path("api/v1/fails/", fails),
    path("away/", without_database),
    path("api/v1/away/", without_database),
    path("draws/", draws),
    *ours,
]


def test_button_opened_as_a_page_says_so_and_which_methods_there_are():
    link = make.LinkFactory()
    response = signed_in(make.LeaderFactory()).get(reverse("link_confirmation", args=[link.pk]))

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "A button leads here, not an address" in text_of(response)
    assert "Content-Security-Policy" in response.headers


def test_api_says_in_its_own_way_that_it_only_reads():
    response = signed_in(make.LeaderFactory()).post("/api/v1/teams/")

    assert response.status_code == 405
    assert response.headers["Content-Type"].startswith("application/problem+json")


def test_too_much_at_once_is_answered_with_a_page(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    response = signed_in(make.LeaderFactory()).post("/strategies/new/", {"a": "1", "b": "2", "c": "3"})

    assert response.status_code == 400
    assert "This could not be understood" in text_of(response)


@pytest.fixture
def fails_for(settings) -> Client:
    """A client to whom faults are shown as to a browser, with two addresses that have one."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_broken_page_needs_no_database_and_names_the_number_in_the_log(fails_for, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = fails_for.get("/fails/")

    assert response.status_code == 500
    assert texts_of(response, "title") == ["Something broke · Throughline"]
    assert texts_of(response, "code") == [response["X-Request-ID"]]


def test_api_that_broke_says_so_in_its_own_way(fails_for):
    response = fails_for.get("/api/v1/fails/")

    assert (response.status_code, response.headers["Content-Type"]) == (500, "application/problem+json")
    assert response.json()["status"] == 500
    assert response["X-Request-ID"] in response.json()["detail"]


def faults_logged(caplog) -> int:
    return len([record for record in caplog.records if record.name == "django.request"])


BROKEN = "Something broke on our side"


def test_missing_manifest_of_static_files_is_one_fault(fails_for, settings, tmp_path, caplog):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    for address in ("/draws/", "/there-is-nothing/", "/accounts/login/"):
        caplog.clear()
        response = fails_for.get(address)
        assert (response.status_code, BROKEN in text_of(response)) == (500, True), address
        assert faults_logged(caplog) == 1, address


def test_broken_context_of_templates_is_one_fault(fails_for, settings, caplog):
    engine = settings.TEMPLATES[0]
    processors = [*engine["OPTIONS"]["context_processors"], f"{__name__}.broken_context"]
    settings.TEMPLATES = [engine | {"OPTIONS": {"context_processors": processors}}]
    response = fails_for.get("/draws/")
    assert (response.status_code, BROKEN in text_of(response)) == (500, True)
    assert faults_logged(caplog) == 1


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_page_whose_reader_cannot_be_read_asks_for_a_moment(fails_for, monkeypatch, caplog, error):
    def away(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", away)
    fails_for.cookies["sessionid"] = "a" * 32
    response = fails_for.get("/teams/")
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert "Back in a moment" in text_of(response)
    assert '<meta http-equiv="refresh" content="3">' in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert faults_logged(caplog) == 1


def test_what_was_posted_without_database_is_not_asked_for_again(fails_for):
    response = fails_for.post("/away/", {"title": "typed"})
    assert response.status_code == 503
    assert "what you typed is still in the form" in text_of(response)
    assert "refresh" not in response.content.decode()


def test_api_without_database_says_when_to_come_again(fails_for):
    response = fails_for.get("/api/v1/away/")
    assert (response.status_code, response["Retry-After"]) == (503, "3")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Service Unavailable"


def test_demo_has_the_same_page():
    assert urls_demo.handler500 == handler500
