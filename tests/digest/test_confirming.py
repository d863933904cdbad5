"""What the digest asks the owners of old pages of the business context."""

from __future__ import annotations

import datetime as dt

import pytest

from digest.registry import Kind
from teams.models import Person
from tests import factories as make
from tests.digest.reading import AT, lead_of, member_of, old_firm, said, section
from tests.firm import Firm
from tests.html import page_text
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
OLD = AT.date() - dt.timedelta(days=181)


@pytest.fixture
def firm() -> Firm:
    return old_firm()


def lines(person: Person, kind: Kind = Kind.OWN) -> list[str]:
    return [text for text, _detail in said(section(person, kind, "confirming"))]


def page(owner: Person, title: str = "Prices", **values: object) -> None:
    make.ContextPageFactory(**{"title": title, "owner": owner, "body": "Dear.", "confirmed_on": OLD} | values)


def test_owner_is_asked_about_old_pages_that_say_something(firm):
    mia = member_of(firm.search)
    page(mia)
    page(mia, "Fresh", confirmed_on=OLD + dt.timedelta(days=1))
    page(mia, "Empty", body="")
    page(firm.leader, "Theirs")
    (line,) = lines(mia)
    assert line.startswith("“Prices”: nobody has said since")
    assert line.endswith("that this is still true.")


def test_lead_and_leader_are_asked_once_and_a_viewer_never(firm):
    lead, viewer = lead_of(firm.search), member_of(firm.search, role="viewer")
    for person in (lead, viewer, firm.leader):
        page(person)
    assert len(lines(lead, Kind.TEAM)) == len(lines(firm.leader, Kind.COMPANY)) == 1
    assert lines(viewer) == []


def test_more_than_three_are_counted(firm):
    mia = member_of(firm.search)
    for number in range(5):
        page(mia, f"Page {number}")
    found = section(mia, Kind.OWN, "confirming")
    assert found is not None
    assert len(found.lines) == 3
    assert found.more is not None
    assert (found.more.text, found.more.path) == ("2 more", "/context/")


def test_home_asks_too(firm):
    mia = member_of(firm.search)
    page(mia, confirmed_on=dt.date(2024, 9, 9))
    assert "“Prices”: nobody has said since 9 September 2024 that this is still true." in page_text(
        signed_in(mia).get("/")
    )
