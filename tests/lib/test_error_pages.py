"""The pages for what an address does not take."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from tests import factories as make
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_button_opened_as_a_page_says_so_and_which_methods_there_are():
    link = make.LinkFactory()
    response = signed_in(make.LeaderFactory()).get(reverse("link_removal", args=[link.pk]))

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "A button leads here, not an address" in response.content.decode()
    assert "Content-Security-Policy" in response.headers


def test_api_says_in_its_own_way_that_it_only_reads():
    response = signed_in(make.LeaderFactory()).post("/api/v1/teams/")

    assert response.status_code == 405
    assert response.headers["Content-Type"].startswith("application/problem+json")


def test_too_much_at_once_is_answered_with_a_page(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    response = signed_in(make.LeaderFactory()).post("/strategies/new/", {"a": "1", "b": "2", "c": "3"})

    assert response.status_code == 400
    assert "This could not be understood" in response.content.decode()


def test_broken_page_needs_nothing_but_its_template(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("500.html")

    assert "<title>Something broke · Throughline</title>" in page
    assert "Something broke on our side" in page
