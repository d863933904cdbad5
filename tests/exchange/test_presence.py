"""The column `active` of people.csv ends access and lets people in again, as a page does."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

import pytest

from accounts.services.leaving import (
    deactivate_person,
    erase_person,
)
from teams.models import LogEntry, Person
from tests.exchange.bundles import imported, lines_of, places, refused
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
AT: dict[str, Any] = {"at": LATER}


def now(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def logged(*actions: str) -> list[tuple[str, int | None, int | None]]:
    rows = LogEntry.objects.filter(action__in=actions) if actions else LogEntry.objects.all()
    return list(rows.order_by("id").values_list("action", "actor_id", "subject_id"))


@pytest.fixture
def company() -> Person:
    """Of a bundle."""
    imported({"people": "email,name,role\nada@example.org,Ada,admin\ngrace@example.org,Grace,leader\n"})
    grace = Person.objects.get(name="Grace")
    grace.set_password(PASSWORD)
    grace.save()
    return grace


def test_bundle_ends_access_and_logs_it_as_a_page_does(company):
    imported({"people": "email,active\ngrace@example.org,no\n"})

    assert not now(company).has_usable_password()
    assert logged("person.deactivated") == [("person.deactivated", None, company.pk)]


def test_bundle_that_lets_somebody_in_again_does_not_bring_their_password_back(company):
    imported({"people": "email,active\ngrace@example.org,no\n"})
    imported({"people": "email,active\ngrace@example.org,yes\n"})

    row = now(company)
    assert (row.is_active, row.has_usable_password()) == (True, False)
    assert row.digests_since is not None
    assert len(logged("person.reactivated")) == 1


def test_bundle_says_who_left_both_ways(company):
    imported({"people": "email,active\ngrace@example.org,no\n"})

    active = {row["email"]: row["active"] for row in csv.DictReader(lines_of("people"))}
    assert active == {"ada@example.org": "yes", "grace@example.org": "no"}


def test_bundle_does_not_bring_an_erased_person_back(company):
    admin = Person.objects.get(name="Ada")
    deactivate_person(company, actor=admin, at=LATER)
    row = erase_person(company, actor=admin, at=LATER)

    assert places(refused({"people": f"email,active\n{row.email},yes\n"})) == [("people.csv", 2, "active")]
    imported({"people": f"email,active\n{row.email},no\n"})
    assert not now(row).is_active


def test_bundle_that_starts_digests_sends_none_that_was_due_before(company):
    imported({"people": "email,digests\ngrace@example.org,no\n"})
    assert now(company).digests_since is None

    imported({"people": "email,name,digests\ngrace@example.org,Grace,yes\nnew@example.org,New,yes\n"}, LATER)

    assert (now(company).digests, now(company).digests_since) == (True, LATER)
    assert Person.objects.get(name="New").digests_since is None, "who joins later gets none from before"


def test_bundle_that_says_digests_of_somebody_who_has_them_changes_nothing(company):
    imported({"people": "email,name,digests\ngrace@example.org,Grace H.,yes\n"}, LATER)
    imported({"people": "email,digests_always\ngrace@example.org,yes\n"}, LATER)
    imported({"people": "email,digests\ngrace@example.org,no\n"}, LATER)

    assert now(company).digests_since is None
