"""Values of fields, kept in JSON and brought back."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.log.values import restored, stored
from lib.text.clean import normal
from teams.enums import Stance
from teams.models import Initiative, Team
from tests.examples import examples

OURS = ("teams", "strategy", "alignment", "digest")
IDS = st.integers(1, 2**62)


def values(field: Any) -> st.SearchStrategy[Any]:
    """What a row may have in `field`."""
    if field.is_relation:
        return values(field.target_field)
    if isinstance(field, ArrayField):
        return st.lists(IDS, max_size=4)
    if isinstance(field, models.DecimalField):
        highest = 10 ** (field.max_digits - field.decimal_places) - 1
        return st.decimals(-highest, highest, places=field.decimal_places)
    found: dict[type[Any], st.SearchStrategy[Any]] = {
        models.BooleanField: st.booleans(),
        models.DateTimeField: st.datetimes(timezones=st.just(dt.UTC)),
        models.DateField: st.dates(),
        models.FloatField: st.floats(allow_nan=False, allow_infinity=False),
        models.IntegerField: IDS,
        models.UUIDField: st.uuids(),
        models.JSONField: st.dictionaries(st.text(), st.lists(st.integers() | st.text())),
        models.CharField: st.text().map(normal),
        models.TextField: st.text().map(normal),
    }
    return next(strategy for kind, strategy in found.items() if isinstance(field, kind))


FIELDS = [
    field for app in OURS for model in apps.get_app_config(app).get_models() for field in model._meta.concrete_fields
]


def test_letters_that_have_a_plainer_form_are_stored_in_it():
    [name] = [field for field in FIELDS if str(field) == "teams.Team.name"]

    assert restored(name, stored(name, "\uf900")) == "\u8c48"


@pytest.mark.parametrize("field", FIELDS, ids=str)
@settings(max_examples=examples(15))
@given(data=st.data())
def test_value_comes_back_from_json_as_it_was(field: Any, data: st.DataObject):
    value = data.draw(st.none() | values(field))
    back = restored(field, json.loads(json.dumps(stored(field, value))))
    assert back == value
    assert type(back) is type(value)


def test_other_rows_are_their_ids():
    field: Any = Initiative._meta.get_field("team")
    assert stored(field, Team(pk=7)) == stored(field, 7) == 7
    several: Any = Team._meta.get_field("personas")
    assert stored(several, [SimpleNamespace(pk=9), 4]) == [4, 9]


@pytest.mark.parametrize(("value", "text"), [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("0.00", "0"), (3, "3")])
def test_equal_decimals_have_equal_texts(value, text):
    assert stored(Initiative._meta.get_field("effort"), Decimal(value)) == text


def test_choice_is_plain_text():
    kept = stored(Team._meta.get_field("stance"), Stance.CORE)
    assert (kept, type(kept)) == ("core", str)
