"""The pages for what an address does not take."""

from __future__ import annotations

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
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


urlpatterns = [path("fails/", fails), path("api/v1/fails/", fails), *ours]


def test_button_opened_as_a_page_says_so_and_which_methods_there_are():
    link = make.LinkFactory()
    response = signed_in(make.LeaderFactory()).get(reverse("link_removal", args=[link.pk]))

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


def test_demo_has_the_same_page():
    assert urls_demo.handler500 == handler500
