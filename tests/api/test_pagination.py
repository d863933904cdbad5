"""Pages: each row once, forwards and backwards, whatever happens between two pages."""

from __future__ import annotations

import base64
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.pagination import Cursor
from teams.models import Team
from tests import factories as make
from tests.api.conftest import keys, pointers

KEYS = sorted(f"team-{number:03}" for number in range(23))


@pytest.fixture
def client(db, signed_in):
    for key in reversed(KEYS):
        make.TeamFactory(key=key)
    return signed_in("viewer")


def walk(client, address: str, direction: str = "next") -> list[list[str]]:
    pages = []
    while address:
        response = client.get(address)
        pages.append(keys(response))
        address = response.json()[direction]
    return pages


@pytest.mark.parametrize("size", [1, 7, 22, 23, 24, 200])
def test_walk_sees_every_row_once_in_order(size, client):
    pages = walk(client, f"/api/v1/teams/?page_size={size}")
    assert [key for page in pages for key in page] == KEYS
    assert all(len(page) == size for page in pages[:-1])
    assert pages[-1]


def test_walk_backwards_sees_the_same_pages(client):
    address = "/api/v1/teams/?page_size=7"
    forwards = walk(client, address)
    last = client.get(address).json()["next"]
    for _page in forwards[2:]:
        last = client.get(last).json()["next"]
    backwards = walk(client, last, "previous")
    assert [key for page in reversed(backwards) for key in page] == KEYS
    assert all(backwards)


@pytest.mark.parametrize(("size", "more"), [(11, True), (12, False), (13, False)])
def test_page_before_that_is_exactly_full_is_the_first(size, more, client):
    """Before the thirteenth row there are twelve."""
    before = str(Cursor(KEYS[12], backwards=True))
    page = client.get(f"/api/v1/teams/?page_size={size}&cursor={before}").json()
    assert [row["key"] for row in page["results"]] == KEYS[max(12 - size, 0) : 12]
    assert bool(page["previous"]) is more
    assert page["next"]


@pytest.mark.parametrize(("size", "more"), [(9, True), (10, False), (11, False)])
def test_page_after_that_is_exactly_full_is_the_last(size, more, client):
    after = str(Cursor(KEYS[12]))
    page = client.get(f"/api/v1/teams/?page_size={size}&cursor={after}").json()
    assert [row["key"] for row in page["results"]] == KEYS[13 : 13 + size]
    assert bool(page["next"]) is more
    assert page["previous"]


def test_page_beyond_either_end_is_empty_and_leads_nowhere(client):
    for cursor in (Cursor(KEYS[0], backwards=True), Cursor(KEYS[-1])):
        page = client.get(f"/api/v1/teams/?cursor={cursor}").json()
        assert page == {"next": None, "previous": None, "results": []}


def test_cursor_may_name_a_key_as_long_as_a_key_may_be():
    assert Cursor.parse(str(Cursor("a" * 80, backwards=True))) == Cursor("a" * 80, backwards=True)
    with pytest.raises(ValueError, match=str(Cursor("a" * 81))):
        Cursor.parse(str(Cursor("a" * 81)))


def test_first_page_has_no_previous_and_the_last_no_next(client):
    first = client.get("/api/v1/teams/?page_size=20").json()
    last = client.get(first["next"]).json()
    assert first["previous"] is None
    assert last["next"] is None
    assert keys(client.get(last["previous"])) == KEYS[:20]


def test_pages_have_fifty_rows_unless_asked_otherwise(client):
    for number in range(40):
        make.TeamFactory(key=f"more-{number:03}")
    assert [len(page) for page in walk(client, "/api/v1/teams/")] == [50, 13]


def test_addresses_keep_the_filters(client):
    response = client.get("/api/v1/teams/?page_size=1&search=Team&stance=core").json()
    assert re.match(
        r"http://testserver/api/v1/teams/\?cursor=\w+&page_size=1&search=Team&stance=core$", response["next"]
    )


@pytest.mark.parametrize(("size", "following"), [(22, KEYS[22:]), (23, None)])
def test_page_leads_on_only_where_a_row_follows(size, following, client):
    first = client.get(f"/api/v1/teams/?page_size={size}").json()

    assert [row["key"] for row in first["results"]] == KEYS[:size]
    assert first["previous"] is None
    assert (first["next"] and keys(client.get(first["next"]))) == following


@pytest.mark.parametrize(("at", "before"), [(7, None), (8, KEYS[:1])])
def test_page_leads_back_only_where_a_row_comes_before(at, before, client):
    """Backwards from the row `at`, in pages of seven."""
    after = client.get(f"/api/v1/teams/?page_size={at}").json()["next"]
    page = client.get(client.get(after).json()["previous"].replace(f"page_size={at}", "page_size=7")).json()

    assert [row["key"] for row in page["results"]] == KEYS[at - 7 : at]
    assert keys(client.get(page["next"])) == KEYS[at : at + 7]
    assert (page["previous"] and keys(client.get(page["previous"]))) == before


def test_row_that_goes_away_between_pages_is_no_trouble(client):
    following = client.get("/api/v1/teams/?page_size=10").json()["next"]
    Team.objects.filter(key=KEYS[9]).delete()
    assert keys(client.get(following)) == KEYS[10:20]


def test_page_of_nothing_leads_nowhere(client):
    assert client.get("/api/v1/teams/?search=nobody").json() == {"next": None, "previous": None, "results": []}


def test_page_reads_no_more_than_it_shows(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(client.get("/api/v1/teams/?page_size=5").json()["next"])
    rows = [query["sql"] for query in queries if query["sql"].startswith('SELECT "teams_team"')]
    assert len(rows) == 2
    for sql in rows:
        assert sql.endswith("LIMIT 6")
        assert "COUNT(" not in sql.upper()
        assert "OFFSET" not in sql.upper()


MADE_UP = [base64.urlsafe_b64encode(text).decode() for text in (b"team-001", b">", b">A b", b">\x00", b">" + b"a" * 81)]


@pytest.mark.parametrize("cursor", ["x", "ÿ", "====", *MADE_UP])
def test_cursor_made_up_is_refused(cursor, client):
    errors = pointers(client.get("/api/v1/teams/", {"cursor": cursor}))
    assert errors["#/cursor"].startswith("This is no cursor.")


@pytest.mark.parametrize("size", ["0", "201", "-1", "ten", "1.5", "٣", "9" * 5000])
def test_page_size_out_of_range_is_refused(size, client):
    assert pointers(client.get("/api/v1/teams/", {"page_size": size})) == {
        "#/page_size": "Give a whole number from 1 to 200."
    }
