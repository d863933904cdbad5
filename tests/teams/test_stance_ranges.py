"""What the company expects of each stance, set by an administrator who sees whose flags would change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alignment.enums import FlagCode
from alignment.models import Flag
from lib.services.errors import StaleError
from teams.models import LogEntry, StanceRange
from teams.services.company import edit_stance_range
from tests import factories as make
from tests.factories import NOW
from tests.html import fields_of, form_to, message_of, page_text

ADDRESS = "/settings/stances/core/"


@pytest.fixture
def as_admin(firm, client):
    client.force_login(make.AdminFactory())
    return client


def edit(**values: Any) -> StanceRange:
    row = StanceRange.objects.get(stance="core")
    given = {"actor": make.AdminFactory(), "at": NOW, "version": row.version, **values}
    return edit_stance_range(row, **given)


def sent(client, **data):
    return client.post(ADDRESS, {**fields_of(form_to(client.get(ADDRESS), "")), **data})


def under_aligned() -> set[str]:
    return {flag.team.key for flag in Flag.objects.open().filter(code=FlagCode.UNDER_ALIGNED).select_related("team")}


def test_flags_of_teams_follow_what_is_expected(firm):
    """Search and Product both have coverage of 50 % (tests/firm.py)."""
    assert under_aligned() == {"search", "product"}
    row = edit(coverage_floor=Decimal("0.5"))

    assert (row.coverage_floor, row.version) == (Decimal("0.5"), 2)
    assert under_aligned() == set()
    entry = LogEntry.objects.get(action="company.stance_set")
    assert entry.note == {"stance": "core", "changes": {"coverage_floor": ["0.7", "0.5"]}}
    edit(coverage_floor=Decimal("0.5"))
    assert LogEntry.objects.filter(action="company.stance_set").count() == 1


@pytest.mark.django_db
def test_wrong_figures_and_stale_ones_are_refused():
    with pytest.raises(PermissionDenied):
        edit(actor=make.LeaderFactory(), coverage_floor=Decimal(1))
    with pytest.raises(StaleError):
        edit(version=9, coverage_floor=Decimal(1))
    with pytest.raises(ValidationError) as wrong:
        edit(coverage_floor=Decimal("1.1"))
    assert {*wrong.value.error_dict} == {"coverage_floor"}
    with pytest.raises(ValidationError) as wrong:
        edit(exploring_floor=Decimal("0.4"))
    assert wrong.value.message_dict == {
        "exploring_ceiling": ["The most is below the least, which is 40 %. Give that or more."]
    }


def test_page_names_the_teams_whose_flags_would_change(firm, as_admin):
    text = page_text(sent(as_admin, coverage_floor="50", weighed="yes"))
    assert "2 flags of teams would come or go" in text
    assert "Product Less alignment than its stance asks resolved" in text
    assert "Search Less alignment than its stance asks resolved" in text
    assert under_aligned() == {"search", "product"}
    assert "The most is below the least, which is 90 %" in page_text(
        sent(as_admin, exploring_floor="90", weighed="yes"), 422
    )


def test_figures_are_saved_in_percent(firm, as_admin):
    page = sent(as_admin, coverage_floor="33,3333", sustaining_ceiling="100 %")
    page = as_admin.get(page["location"])
    assert message_of(page) == "What is expected of a team is saved: Core."
    assert "33.3333 %" in page_text(page).replace("\N{NO-BREAK SPACE}", " ")
    row = StanceRange.objects.get(stance="core")
    assert (row.coverage_floor, row.sustaining_ceiling) == (Decimal("0.333333"), Decimal(1))
    assert "Give a percentage from 0 to 100." in page_text(sent(as_admin, coverage_floor="101"), 422)


def test_of_two_administrators_each_keeps_what_the_other_did_not_touch(firm, as_admin):
    fields = fields_of(form_to(as_admin.get(ADDRESS), ""))
    edit(autonomy_floor=Decimal("0.1"))
    page = as_admin.post(ADDRESS, {**fields, "coverage_floor": "60"}, follow=True)
    assert "What somebody else changed meanwhile is kept" in message_of(page)
    row = StanceRange.objects.get(stance="core")
    assert (row.coverage_floor, row.autonomy_floor) == (Decimal("0.6"), Decimal("0.1"))


def test_settings_lead_to_each_stance(firm, as_admin):
    text = page_text(as_admin.get("/settings/company/"))
    for stance in ("In the spotlight", "Core", "Exploring"):
        assert f"Change what is expected of a team: {stance}" in text
