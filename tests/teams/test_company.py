"""The company's name and time zone, set by an administrator."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alignment.models import Recompute
from lib.services.errors import StaleError
from teams.models import Company, LogEntry
from teams.services.company import edit_company
from tests import factories as make
from tests.factories import NOW
from tests.html import message_of, text_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


def edit(**values: Any) -> Company:
    company = Company.objects.get()
    given: dict[str, Any] = {"version": company.version, "name": company.name, "timezone": company.timezone, **values}
    return edit_company(company, actor=given.pop("actor", None) or make.AdminFactory(), at=NOW, **given)


def test_administrator_names_the_company() -> None:
    client = signed_in(make.AdminFactory())
    version = Company.objects.get().version
    data = {"version": version, "name": "Wrenfield", "timezone": "Europe/London"}
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
