"""The company's name, time zone and default effort, set by an administrator."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alignment.enums import FlagCode
from alignment.models import Flag, Recompute
from alignment.refresh.recompute import recompute_alignment
from lib.services.dates import now
from lib.services.errors import StaleError
from teams.models import Company, LogEntry
from teams.services.company import edit_company
from tests import factories as make
from tests.factories import NOW
from tests.html import message_of, text_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
SETTINGS = {
    "name": "Our company",
    "timezone": "UTC",
    "default_effort": "1",
    "grace_days": "14",
    "silent_days": "28",
    "check_in_rhythm": "two_weeks",
}


def edit(**values: Any) -> Company:
    company = Company.objects.get()
    kept = {name: getattr(company, name) for name in ("version", "name", "timezone", "default_effort")}
    given: dict[str, Any] = {**kept, **values}
    return edit_company(company, actor=given.pop("actor", None) or make.AdminFactory(), at=NOW, **given)


def test_administrator_names_the_company() -> None:
    client = signed_in(make.AdminFactory())
    version = Company.objects.get().version
    data = {**SETTINGS, "version": version, "name": "Wrenfield", "timezone": "Europe/London"}
    page = client.post("/settings/company/", data, follow=True)

    assert message_of(page) == "Wrenfield is saved, in the zone Europe/London."
    assert "Wrenfield" in text_of(page)
    company = Company.objects.get()
    assert (company.name, company.timezone, company.version) == ("Wrenfield", "Europe/London", version + 1)
    entry = LogEntry.objects.get(action="company.edited")
    assert entry.changes == {"name": ["Our company", "Wrenfield"], "timezone": ["UTC", "Europe/London"]}


def test_figures_follow_another_zone_and_not_another_name() -> None:
    before = Recompute.objects.count()
    edit(name="Other")
    assert Recompute.objects.count() == before
    edit(timezone="Pacific/Kiritimati")
    assert Recompute.objects.count() == before + 1


def test_company_is_for_administrators_and_its_zone_is_one() -> None:
    with pytest.raises(PermissionDenied):
        edit(actor=make.LeaderFactory(), name="Mine")
    with pytest.raises(ValidationError):
        edit(timezone="Mars/Base")
    with pytest.raises(StaleError):
        edit(version=99, name="Late")
    assert edit(name="Our company").version == Company.objects.get().version


def test_figures_follow_what_unsized_work_counts_as() -> None:
    before = Recompute.objects.count()
    assert edit(default_effort=Decimal("2.5")).default_effort == Decimal("2.5")
    assert Recompute.objects.count() == before + 1


def test_settings_say_what_they_would_do_and_save_nothing() -> None:
    """One of two initiatives reaches the strategy and is not sized: 1 week of 2, then 3 of 4."""
    goal = make.GoalFactory(strategy=make.StrategyFactory())
    make.LinkFactory(initiative=make.InitiativeFactory(effort=None), goal=goal)
    make.InitiativeFactory(effort=1)
    client, row = signed_in(make.AdminFactory()), Company.objects.get()
    typed = {**SETTINGS, "version": row.version, "default_effort": "3"}
    page = text_of(client.post("/settings/company/", {**typed, "weighed": "yes"}))

    assert "Coverage of the company rises by 25.0 points, to 75.0 %." in page.replace("\N{NO-BREAK SPACE}", " ")
    assert Company.objects.get().default_effort == row.default_effort
    wrong = text_of(client.post("/settings/company/", {**typed, "default_effort": "0"}))
    assert "Give a number above 0, such as 1 or 0.5." in wrong


@pytest.mark.parametrize("name", ["grace_days", "silent_days"])
def test_figures_follow_days_of_the_settings(name: str) -> None:
    before = Recompute.objects.count()
    assert getattr(edit(**{name: 3}), name) == 3
    assert Recompute.objects.count() == before + 1
    with pytest.raises(ValidationError) as wrong:
        edit(**{name: 40_000})
    assert {*wrong.value.error_dict} == {name}


def test_work_that_would_be_silent_is_told_before_it_is_saved() -> None:
    make.InitiativeFactory(touched_on=now().date() - dt.timedelta(days=10))
    recompute_alignment(as_of=now().date(), at=now())
    client, row = signed_in(make.AdminFactory()), Company.objects.get()
    page = client.post("/settings/company/", {**SETTINGS, "version": row.version, "silent_days": "9", "weighed": "yes"})

    assert "Nobody has touched it 1 0" in text_of(page)
    assert not Flag.objects.open().filter(code=FlagCode.SILENT).exists()
    client.post("/settings/company/", {**SETTINGS, "version": row.version, "silent_days": "9"})
    assert Flag.objects.open().filter(code=FlagCode.SILENT).exists()


@pytest.mark.parametrize("typed", ["2.5", "-1", "3651", "soon"])
def test_days_that_are_no_whole_number_are_refused(typed: str) -> None:
    client, row = signed_in(make.AdminFactory()), Company.objects.get()
    page = client.post("/settings/company/", {**SETTINGS, "version": row.version, "grace_days": typed})

    assert page.status_code == 422
    assert "Give a whole number from 0 to 3,650." in text_of(page)


def test_administrator_sets_how_often_measures_are_checked_in_and_figures_stay() -> None:
    before, row = Recompute.objects.count(), Company.objects.get()
    data = {**SETTINGS, "version": row.version, "check_in_rhythm": "month"}
    signed_in(make.AdminFactory()).post("/settings/company/", data)

    assert Company.objects.get().check_in_rhythm == "month"
    entry = LogEntry.objects.get(action="company.edited")
    assert entry.changes["check_in_rhythm"] == ["two_weeks", "month"]
    assert Recompute.objects.count() == before
