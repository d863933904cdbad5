"""Editions: what one says, and to whom."""

from __future__ import annotations

from copy import deepcopy

import pytest

from strategy.models import Goal, Strategy
from strategy.selectors.snapshots import snapshots
from tests import factories as make
from tests.api.conftest import LOWER, UPPER
from tests.strategy.editions import add_edition, begin_editions

ADDRESS = "/api/v1/strategies/plan/editions/"


@pytest.fixture
def editions(company):
    """The first says what is there, the second gave `open` another title and measure, the third is of `hidden`."""
    begin_editions()
    plan = Strategy.objects.get(key="plan")
    (live,) = snapshots([plan]).values()
    opened, hidden = (str(Goal.objects.get(key=key).pk) for key in ("open", "hidden"))
    second = deepcopy(live)
    second["goals"][opened]["title"] = "Most orders"
    measure = {"key": "m", "title": "Orders", "kind": "target", "unit": "a day", "baseline": "1", "target": "2.5"}
    second["goals"][opened]["measures"] = {"1": measure}
    add_edition(plan, second, because="More.", person=make.LeaderFactory(email="lea@example.com"))
    third = deepcopy(second)
    third["goals"][hidden]["why"] = "Secret."
    add_edition(plan, third, because="Secret.")


@pytest.mark.parametrize("role", LOWER)
def test_list_has_the_editions_that_one_may_see(role, editions, signed_in):
    second, first = signed_in(role).get(ADDRESS).json()["editions"]

    assert (second["number"], second["kind"], second["because"], second["by"]) == (
        2,
        "amended",
        "More.",
        "lea@example.com",
    )
    assert (first["number"], first["kind"], first["because"], first["by"]) == (1, "begun", "", None)


@pytest.mark.parametrize("role", UPPER)
def test_leaders_see_those_of_confidential_goals(role, editions, signed_in):
    assert [each["number"] for each in signed_in(role).get(ADDRESS).json()["editions"]] == [3, 2, 1]


def test_edition_says_what_was_said_then(editions, signed_in):
    edition = signed_in("viewer").get(f"{ADDRESS}2/").json()

    assert [goal["key"] for goal in edition["goals"]] == ["open", "below-open"]
    opened, below = edition["goals"]
    assert (opened["title"], opened["parent"], opened["weight"]) == ("Most orders", None, "2.5")
    now = {"title": "Orders", "kind": "target", "unit": "a day", "baseline": "1", "target": "2.5"}
    assert opened["measures"] == [now]
    assert below["parent"] == "open"
    first = signed_in("viewer").get(f"{ADDRESS}1/").json()["goals"][0]
    before = {"title": "Orders", "kind": "target", "unit": "a day", "baseline": "0", "target": "10"}
    assert (first["title"], first["measures"]) == ("More orders", [before])


def test_confidential_goals_are_for_leaders(editions, signed_in):
    keys = {goal["key"] for goal in signed_in("leader").get(f"{ADDRESS}3/").json()["goals"]}
    assert keys == {"open", "below-open", "hidden", "below-hidden"}
    assert signed_in("member").get(f"{ADDRESS}3/").status_code == 404


@pytest.mark.parametrize(("address", "queries"), [(ADDRESS, 4), (f"{ADDRESS}2/", 6)])
def test_address_takes_so_many_queries(address, queries, editions, signed_in, django_assert_num_queries):
    """The session, the person, the strategy, and what there is of it."""
    client = signed_in("viewer")
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
