"""People who are here, and one who has left."""

from __future__ import annotations

import pytest

from teams.models import Person
from tests import factories as make


@pytest.fixture
def admin(db: None) -> Person:
    return make.AdminFactory(name="Ada Admin", email="ada@example.com")


@pytest.fixture
def mia(db: None) -> Person:
    return make.PersonFactory(name="Mia Member", email="mia@example.com")


@pytest.fixture
def bea(db: None) -> Person:
    return make.PersonFactory(name="Bea Barnes", email="bea@example.com")


@pytest.fixture
def gone(db: None) -> Person:
    return make.PersonFactory(name="Gil Gone", email="gil@example.com", is_active=False)
