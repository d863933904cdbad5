"""Filters by column, and the search."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import factories as make
from tests.api.conftest import keys, pointers


@pytest.fixture
def initiatives(db):
    other = make.TeamFactory(key="other")
    make.InitiativeFactory(
        key="a",
        team__key="crew",
        title="Checkout in one step",
        effort="0.25",
        owner=make.PersonFactory(email="Mia@example.com"),
        starts_on=dt.date(2026, 1, 1),
        url="https://example.com/a?b=1&c=2",
    )
    make.InitiativeFactory(
        key="b", team=other, title="100 % of steps_taken", effort=3, kind="explore", ends_on=make.DAY
    )
    make.InitiativeFactory(
        key="c", team=other, title="Checkout, later", effort=None, status="paused", origin="assigned"
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("key=a", ["a"]),
        ("team=other", ["b", "c"]),
        ("team=nowhere", []),
        ("team=other&status=active", ["b"]),
        ("kind=explore", ["b"]),
        ("origin=assigned", ["c"]),
        ("effort=0.25", ["a"]),
        ("effort__gte=0.25", ["a", "b"]),
        ("effort__lte=2.999", ["a"]),
        ("effort__gte=1e-300", ["a", "b"]),
        ("effort__lte=1e15", ["a", "b"]),
        ("effort__gte=3", ["b"]),
        ("starts_on__lte=2026-01-01", ["a"]),
        ("starts_on__gte=2026-01-01", ["a"]),
        ("starts_on=2026-01-01", ["a"]),
        ("starts_on__gte=2026-01-02", []),
        ("ends_on__lte=2100-12-31", ["b"]),
        ("owner=mia@EXAMPLE.com", ["a"]),
        ("title=Checkout, later", ["c"]),
        ("url=https%3A%2F%2Fexample.com%2Fa%3Fb%3D1%26c%3D2", ["a"]),
        ("search=CHECKOUT", ["a", "c"]),
        ("search=step checkout", ["a"]),
        ("search=%25", ["b"]),
        ("search=s_t", ["b"]),
        ("search=\\", []),
    ],
)
def test_initiatives_by_column(query, found, initiatives, signed_in):
    assert keys(signed_in("viewer").get(f"/api/v1/initiatives/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("parent=fleet", ["crew"]),
        ("stance=core&search=100%25", ["crew"]),
        ("personas=buyer", ["crew"]),
        ("mission_goals=open", ["crew"]),
        ("stance_until__gte=1970-01-01", []),
        ("archived_on__gte=1970-01-01", []),
    ],
)
def test_teams_by_column(query, found, company, signed_in):
    assert keys(signed_in("viewer").get(f"/api/v1/teams/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("team=crew", ["of-crew"]),
        ("parent=open", ["below-open"]),
        ("weight__gte=2", ["open"]),
        ("owner=owner@example.com", ["open"]),
        ("visibility=leaders", ["hidden"]),
        ("search=orders", ["open"]),
    ],
)
def test_goals_by_column(query, found, company, signed_in):
    assert keys(signed_in("admin").get(f"/api/v1/goals/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lens=operations", ["prices"]),
        ("owner=OWNER@example.com", ["who-buys"]),
        ("title=Who buys", ["who-buys"]),
        ("search=ask WHAT", ["prices"]),
        ("key=prices&lens=strategy", []),
    ],
)
def test_context_by_column(query, found, company, signed_in):
    assert keys(signed_in("viewer").get(f"/api/v1/context/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("goal=open", ["orders"]),
        ("goal=hidden", []),
        ("keeper=OWNER@example.com", ["orders"]),
        ("kind=target&unit=a day", ["orders"]),
        ("unit=%20a day", []),
        ("unit=a day%20", []),
        ("kind=milestone", []),
        ("current__gte=4&target__lte=10", ["orders"]),
        ("search=order", ["orders"]),
    ],
)
def test_measures_by_column(query, found, company, signed_in):
    assert keys(signed_in("viewer").get(f"/api/v1/measures/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("about_kind=goal", ["asked"]),
        ("about=work:below-open", ["of-link"]),
        ("about=hidden", []),
        ("asker=OWNER@example.com&turn=answers", ["asked", "of-link"]),
        ("kind=question&aspect=effort", ["asked"]),
        ("outcome=answered", []),
        ("due_on__gte=2026-01-01", []),
    ],
)
def test_threads_by_column(query, found, company, signed_in):
    assert keys(signed_in("viewer").get(f"/api/v1/threads/?{query}")) == found


def test_lens_that_there_is_not_is_refused(signed_in):
    errors = pointers(signed_in("viewer").get("/api/v1/context/?lens=sales"))
    assert errors == {"#/lens": "Choose one of: strategy, product, operations."}


@pytest.mark.parametrize(
    ("query", "pointer", "says"),
    [
        ("colour=red", "#/colour", "There is no such parameter here. Known: cursor, effort"),
        ("a/b~c=1", "#/a~1b~0c", "There is no such parameter here."),
        ("team=", "#/team", "Give a value, or leave the parameter out."),
        ("search=%20", "#/search", "Give a value, or leave the parameter out."),
        ("status=active&status=paused", "#/status", "Give it once."),
        ("team=No%20Team", "#/team", "Use lower-case letters, digits and hyphens"),
        ("status=open", "#/status", "Choose one of: proposed, active, paused, done, dropped."),
        ("effort=much", "#/effort", "Enter a number."),
        ("effort__gte=NaN", "#/effort__gte", "Enter a number."),
        ("effort__lte=1e16", "#/effort__lte", "less than or equal to"),
        ("effort__lte=1000000000000001", "#/effort__lte", "less than or equal to"),
        ("effort__gte=-1e16", "#/effort__gte", "greater than or equal to"),
        (f"key={'a' * 81}", "#/key", "at most 80 characters"),
        (f"owner={'a' * 255}", "#/owner", "at most 254 characters"),
        (f"title={'a' * 2001}", "#/title", "at most 2000 characters"),
        ("ends_on=31.3.2026", "#/ends_on", "Give a day of the years 1970 to 2100, written like 2026-03-31."),
        ("ends_on__gte=20260331", "#/ends_on__gte", "Give a day of the years 1970 to 2100"),
        ("touched_on__lte=2101-01-01", "#/touched_on__lte", "Give a day of the years 1970 to 2100"),
        ("search=%00", "#/search", "Null characters are not allowed."),
        (f"search={'a' * 201}", "#/search", "at most 200 characters"),
        ("format=xml", "#/format", "There is no such parameter here."),
    ],
)
def test_what_cannot_be_is_refused_by_name(query, pointer, says, signed_in):
    errors = pointers(signed_in("viewer").get(f"/api/v1/initiatives/?{query}"))
    assert list(errors) == [pointer]
    assert says in errors[pointer]


def test_everything_wrong_is_said_at_once(signed_in):
    errors = pointers(signed_in("viewer").get("/api/v1/initiatives/?status=open&effort=much"))
    assert set(errors) == {"#/status", "#/effort"}


def test_one_row_takes_no_parameters(company, signed_in):
    errors = pointers(signed_in("viewer").get("/api/v1/teams/crew/?verbose=1"))
    assert errors == {"#/verbose": "There is no such parameter here. Known: none."}
