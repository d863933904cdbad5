"""What edits have in common: rows read anew and locked, and only what differs is saved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lib.services.edits import STALE, locked, opened, revise
from lib.services.errors import RefusedError, StaleError
from lib.text.clean import tidy
from teams.enums import Stance
from teams.models import Initiative, Team
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_row_is_read_anew_and_locked():
    team = make.TeamFactory(name="Old")
    Team.objects.filter(pk=team.pk).update(name="New")
    with CaptureQueriesContext(connection) as queries:
        assert opened(team, 2).name == "New"
    assert queries[0]["sql"].endswith("FOR NO KEY UPDATE")


@pytest.mark.parametrize("version", [0, 1, 3])
def test_row_at_another_version_is_stale(version):
    team = make.TeamFactory(name="Old")
    Team.objects.filter(pk=team.pk).update(name="New")
    with pytest.raises(StaleError) as stale:
        opened(team, version)
    assert str(stale.value) == STALE
    assert (stale.value.current.name, stale.value.current.version) == ("New", 2)
    with pytest.raises(StaleError) as stale:
        opened(team, version, told=lambda row: {"called": row.name})
    assert stale.value.current == {"version": 2, "called": "New"}
    assert locked(team).version == 2


def test_row_that_is_gone_is_refused():
    team = make.TeamFactory()
    Team.objects.filter(pk=team.pk).delete()
    with pytest.raises(RefusedError, match="Somebody else removed this"):
        opened(team, 1)


def test_only_what_differs_is_saved_and_told():
    team = make.TeamFactory(name="Old", mission="Sell.", stance_reason="Why")
    Team.objects.filter(pk=team.pk).update(stance_reason="Written meanwhile")
    changes = revise(team, name="  New ", mission="Sell.\r\n", stance_until=dt.date(2026, 3, 31), stance=Stance.CORE)
    assert changes == {"name": ["Old", "New"], "stance_until": [None, "2026-03-31"]}
    assert team.version == 3
    stored = Team.objects.get(pk=team.pk)
    assert (stored.name, stored.mission, stored.stance_reason) == ("New", "Sell.", "Written meanwhile")
    assert stored.version == 3


def test_nothing_that_differs_is_no_edit(django_assert_num_queries):
    team = make.TeamFactory(name="Old")
    with django_assert_num_queries(0):
        assert revise(team, name=" Old\n", stance_until=None) == {}
    assert team.version == 1


def test_references_and_numbers_are_told_as_plain_values():
    old, new = make.TeamFactory(), make.TeamFactory()
    work = make.InitiativeFactory(team=old, effort=Decimal("2.50"))
    assert revise(work, team=new, effort=None) == {"team": [old.pk, new.pk], "effort": ["2.5", None]}
    assert Initiative.objects.get(pk=work.pk).team == new


def test_wrong_value_is_refused_by_its_field_and_others_are_not_looked_at():
    team = make.TeamFactory()
    team.mission = "a" * 3_000
    with pytest.raises(ValidationError) as refused:
        revise(team, name="", stance_reason="fine")
    assert list(refused.value.error_dict) == ["name"]
    assert Team.objects.get(pk=team.pk).stance_reason == ""


@pytest.mark.parametrize(
    ("text", "kept"), [(" a ", "a"), ("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("\r\na\n\nb\r", "a\n\nb"), ("", "")]
)
def test_text_is_tidied(text, kept):
    assert tidy(text) == kept
