"""What there was before week 1 is an ordinary bundle, as an export would write it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from demo.building import BUNDLE_WEEK_1, COMPANY, IMPORTED_AT
from demo.cast import CAST
from demo.cast import COMPANY as NAME
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from teams.models import Company, Person
from tests.exchange.bundles import exported

pytestmark = pytest.mark.django_db
AT = dt.datetime.combine(BUNDLE_WEEK_1, IMPORTED_AT, dt.UTC)


@pytest.mark.parametrize("at", [AT, AT + dt.timedelta(weeks=300)], ids=["in its first week", "years later"])
def test_bundle_comes_in_by_itself_and_goes_out_the_same(at: dt.datetime) -> None:
    """Years later, days have passed that other flags come of."""
    import_bundle(COMPANY, actor=SYSTEM, at=at)
    bundle = {path.name: path.read_bytes().decode() for path in sorted(Path(COMPANY).glob("*.csv"))}
    same = bundle.keys() if at == AT else bundle.keys() - {"flags.csv"}
    written = exported()
    assert written.keys() == bundle.keys()
    assert {name: written[name] for name in same} == {name: bundle[name] for name in same}
    assert Company.objects.get().name == NAME
    assert not import_bundle(COMPANY, actor=SYSTEM, at=at).changed


def test_cast_is_among_the_people() -> None:
    import_bundle(COMPANY, actor=SYSTEM, at=AT)
    assert Person.objects.filter(email__in=[part.email for part in CAST]).count() == len(CAST)
    assert len({part.role for part in CAST}) == len(CAST)
