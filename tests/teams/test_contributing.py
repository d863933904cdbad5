"""Labels of work, and people who contribute to it beside its owner."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from alignment.effects import editing
from alignment.services.removal import remove_initiative, restore_initiative
from lib.services.errors import StaleError
from strategy.selectors.owned import owned_initiatives
from teams.labels import labels_in
from teams.models import LogEntry, Person
from teams.selectors.initiatives import Work, contributors_of, initiatives, labels_in_use
from teams.services.initiatives import create_initiative, edit_initiative
from teams.services.undo import undo
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Person:
    return make.MembershipFactory(role="lead").person


@pytest.fixture
def team(lead):
    return lead.memberships.get().team


@pytest.fixture
def by(lead):
    return {"actor": lead, "at": NOW}


@pytest.fixture
def two() -> list[Person]:
    return [make.PersonFactory(name="Ann"), make.PersonFactory(name="Bea")]


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("", []),
        (" , ;", []),
        ("Web", ["web"]),
        ("web, Mobile App; WEB ,mobile  app", ["mobile app", "web"]),
        (", ".join("abcdefghij"), list("abcdefghij")),
        ("x" * 40, ["x" * 40]),
    ],
)
def test_labels_are_read_as_people_write_them(typed, labels):
    assert labels_in(typed) == labels


@pytest.mark.parametrize("typed", [", ".join("abcdefghijk"), "x" * 41])
def test_labels_that_are_too_many_or_too_long_are_refused_by_field(team, by, typed):
    with pytest.raises(ValidationError) as error:
        create_initiative(team, **by, title="A", labels=typed)

    assert set(error.value.error_dict) == {"labels"}


def test_work_is_made_with_its_labels_and_contributors(team, by, two):
    row = create_initiative(team, **by, title="A", labels="Web;app", contributors=two)

    row.refresh_from_db()
    assert (row.labels, contributors_of(row)) == ("app, web", two)
    changes = LogEntry.objects.latest("id").changes
    assert (changes["labels"], changes["contributors"]) == ([None, "app, web"], [[], [person.pk for person in two]])


def test_edit_of_contributors_alone_makes_an_open_form_stale(team, by, two):
    row = create_initiative(team, **by, title="A", contributors=two[:1])
    edited = edit_initiative(row, **by, version=row.version, contributors=two[1:])

    assert (edited.version, contributors_of(row)) == (row.version + 1, two[1:])
    changes = {"contributors": [[two[0].pk], [two[1].pk]]}
    assert LogEntry.objects.latest("id").changes == changes
    with pytest.raises(StaleError):
        edit_initiative(row, **by, version=row.version, contributors=[])
    again = edit_initiative(row, **by, version=edited.version, contributors=two[1:], labels="")
    assert (again.version, LogEntry.objects.latest("id").changes) == (edited.version, changes)


def test_edit_is_undone_with_its_contributors_and_labels(team, by, two):
    row = create_initiative(team, **by, title="A", contributors=two[:1], labels="web")
    edited = edit_initiative(row, **by, version=row.version, contributors=two[1:], labels="app, web", title="B")

    undone = undo(edited, **by, version=edited.version)

    assert (undone.title, undone.labels, contributors_of(row)) == ("A", "web", two[:1])


def test_who_has_left_stays_and_is_not_taken_on(team, by, two):
    row = create_initiative(team, **by, title="A", contributors=two[:1])
    Person.objects.filter(pk__in=[person.pk for person in two]).update(is_active=False)
    gone = list(Person.objects.filter(pk__in=[person.pk for person in two]).order_by("name"))

    row = edit_initiative(row, **by, version=row.version, contributors=gone[:1], title="B")
    with pytest.raises(ValidationError, match="Bea is no longer active here"):
        edit_initiative(row, **by, version=row.version, contributors=gone)

    assert contributors_of(row) == gone[:1]


def test_removed_work_comes_back_with_its_contributors(team, by, two):
    row = create_initiative(team, **by, title="A", contributors=two, labels="web")

    entry = remove_initiative(row, **by, version=row.version)
    back = restore_initiative(entry, **by)

    assert (contributors_of(back), back.labels) == (two, "web")


def test_work_is_found_by_label_and_by_whoever_contributes(team, by, two):
    carries = create_initiative(team, **by, title="A", labels="web, mobile web", status="active")
    create_initiative(team, **by, title="B", labels="mobile web", status="active", contributors=two[:1])
    other = create_initiative(team, **by, title="C", labels="web", contributors=two)

    assert set(initiatives(Work(label="web"))) == {carries}
    assert set(initiatives(Work(label="web", status="any"))) == {carries, other}
    assert {row.title for row in initiatives(Work(of=two[0], status="any"))} == {"B", "C"}
    found: Any = owned_initiatives(two[1], by["actor"]).get()
    assert (found, found.own) == (other, False)


def test_labels_in_use_are_those_of_most_work_that_goes_on(team, by):
    for number, labels in enumerate(["web", "web, app", "app, web, rare", "dated"]):
        row = create_initiative(team, **by, title=f"Work {number}", labels=labels)
    type(row).objects.filter(pk=row.pk).update(status="done", touched_on=dt.date(2026, 1, 1))

    assert labels_in_use(9) == ["app", "rare", "web"]
    assert labels_in_use(2) == ["app", "web"]


def test_edit_that_changes_nobody_has_no_effect(team, by, two):
    row = create_initiative(team, **by, title="A", contributors=two, status="active")
    type(row).objects.filter(pk=row.pk).update(touched_on=dt.date(2020, 1, 1))

    def touches(people: list[Person]) -> bool:
        return bool(editing(row, {"contributors": people}, reader=by["actor"], on=make.DAY).flags)

    assert (touches(two[::-1]), touches(two[:1])) == (False, True)
