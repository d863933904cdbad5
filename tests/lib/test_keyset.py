"""Pages of a list by the place where the last one ended."""

from __future__ import annotations

import base64
import json

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from lib.paging.keyset import Page, decoded, encoded, keyset_page, keyset_slice
from teams.models import Initiative, Team
from tests import factories as make

pytestmark = pytest.mark.django_db

NAMES = ["Ada", "Bea", "Bea", "Cleo", "Dora"]


@pytest.fixture
def teams() -> list[Team]:
    """In the order of their names, then of their ids, which is not the order in which they were made."""
    made = [make.TeamFactory(name=name) for name in reversed(NAMES)]
    return sorted(made, key=lambda team: (team.name, team.pk))


def page(order: tuple[str, ...] = ("name", "id"), query: str = "", **options) -> Page[Team]:
    return keyset_page(Team.objects.all(), order=order, params=QueryDict(query.lstrip("?")), **options)


def walked(order: tuple[str, ...], **options) -> list[list[int]]:
    pages, found = [], page(order, **options)
    pages.append([team.pk for team in found.rows])
    while found.next_url:
        found = page(order, found.next_url, **options)
        pages.append([team.pk for team in found.rows])
    return pages


@pytest.mark.parametrize(("size", "pages"), [(1, 5), (2, 3), (4, 2), (5, 1), (6, 1)])
@pytest.mark.parametrize("ids_first", [False, True])
def test_walk_sees_each_row_once_in_order(teams, size, pages, ids_first):
    expected = [team.pk for team in teams]
    found = walked(("name", "id"), size=size, ids_first=ids_first)
    assert [pk for rows in found for pk in rows] == expected
    assert [len(rows) for rows in found[:-1]] == [size] * (pages - 1)
    assert len(found) == pages


@pytest.mark.parametrize("ids_first", [False, True])
def test_walk_downwards_is_the_other_way_round(teams, ids_first):
    found = walked(("-name", "-id"), size=2, ids_first=ids_first)
    assert [pk for rows in found for pk in rows] == [team.pk for team in reversed(teams)]


def test_page_that_is_exactly_full_is_the_last(teams):
    full = page(size=5)
    assert (len(full.rows), full.next_url, full.first_url) == (5, "", "")
    beyond = page(size=4)
    assert (len(beyond.rows), bool(beyond.next_url), beyond.first_url) == (4, True, "")
    last = page(query=beyond.next_url, size=4)
    assert (len(last.rows), last.next_url, last.first_url) == (1, "", "?")


def test_page_has_fifty_rows_unless_asked_otherwise():
    for number in range(51):
        make.TeamFactory(name=f"Team {number:03}")
    first = page()
    assert [team.name for team in first.rows] == [f"Team {number:03}" for number in range(50)]
    assert [team.name for team in page(query=first.next_url).rows] == ["Team 050"]


def test_addresses_keep_the_other_parameters(teams):
    first = page(query="q=a%26b&blank=&after=", size=2)
    assert first.next_url.startswith("?q=a%26b&after=")
    second = page(query=first.next_url, size=2)
    assert second.first_url == "?q=a%26b"
    assert QueryDict(second.next_url[1:])["q"] == "a&b"


def test_two_lists_of_a_page_have_a_place_each(teams):
    place = QueryDict(page(size=3).next_url[1:])["after"]
    assert len(page(query=f"after={place}", size=3, parameter="other").rows) == 3
    found = page(query=f"other={place}", size=3, parameter="other")
    assert [team.pk for team in found.rows] == [team.pk for team in teams[3:]]
    assert found.first_url == "?"


def written(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "place",
    [
        "x", "!", "%C3%BF", written("{}"), written("[]"), written('["Bea"]'), written('["Bea",1,2]'),
        written('["Bea",null]'), written('["Bea",[1]]'), written('["Bea","one"]'), written(r'["a\u0000",1]'),
        written(r'["\ud800",1]'),
        written("[" * 100_000),
    ],
)  # fmt: skip
def test_place_that_cannot_be_read_is_the_start(teams, place):
    found = page(query=f"after={place}", size=2)
    assert [team.pk for team in found.rows] == [team.pk for team in teams[:2]]
    assert found.first_url == ""
    assert found.next_url


def test_place_is_what_the_last_row_shown_says(teams):
    place = QueryDict(page(size=2).next_url[1:])["after"]
    assert json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4))) == ["Bea", teams[1].pk]


def test_row_that_is_gone_does_not_move_the_place(teams):
    address = page(size=2).next_url
    teams[1].delete()
    assert [team.pk for team in page(query=address, size=2).rows] == [team.pk for team in teams[2:4]]


def test_order_may_go_by_days_and_by_another_table():
    team = make.TeamFactory(name="Only")
    rows = [make.InitiativeFactory(team=team, touched_on=day) for day in ("2026-03-02", "2026-03-01", "2026-03-02")]
    expected = [rows[2].pk, rows[0].pk, rows[1].pk]
    for order in (("-touched_on", "-id"), ("-team__name", "-touched_on", "-id")):
        found, params = [], QueryDict()
        for _ in range(3):
            listed = keyset_page(Initiative.objects.select_related("team"), order=order, params=params, size=1)
            found += [row.pk for row in listed.rows]
            params = QueryDict(listed.next_url[1:])
        assert found == expected


@pytest.mark.parametrize("ids_first", [False, True])
def test_page_reads_one_row_more_than_it_shows_and_passes_over_none(teams, ids_first):
    address = page(size=2).next_url
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(query=address, size=2, ids_first=ids_first)
    (query,) = queries
    assert query["sql"].endswith("LIMIT 3")
    assert "OFFSET" not in query["sql"]


@pytest.mark.parametrize("order", [("name", "id"), ("-name", "-id")])
@pytest.mark.parametrize(("size", "more"), [(2, True), (3, False), (4, False)])
def test_slice_backwards_ends_before_its_place_and_keeps_the_order(teams, order, size, more):
    ordered = teams if order[0] == "name" else teams[::-1]
    place = (ordered[3].name, ordered[3].pk)
    found, has_more = keyset_slice(Team.objects.all(), order=order, size=size, place=place, backwards=True)
    assert [team.pk for team in found] == [team.pk for team in ordered[max(3 - size, 0) : 3]]
    assert has_more is more


def test_slice_backwards_without_a_place_is_the_end(teams):
    found, has_more = keyset_slice(Team.objects.all(), order=("name", "id"), size=2, backwards=True)
    assert [team.pk for team in found] == [team.pk for team in teams[3:]]
    assert has_more is True


@pytest.mark.parametrize("text", ["", ">team-1", '["Bea",7]', "ÿ?>"])
def test_what_is_encoded_for_an_address_can_be_decoded(text):
    assert decoded(encoded(text)) == text
    assert "=" not in encoded(text)


@pytest.mark.parametrize("text", ["!", "a", "_w", "é", "YQ YQ"])
def test_what_was_not_encoded_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        decoded(text)
