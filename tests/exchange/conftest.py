from __future__ import annotations

import pytest

from tests.exchange.bundles import COMPANY, imported


@pytest.fixture(scope="module")
def imported_once(whole_module: None) -> None:
    imported(dict(COMPANY))


@pytest.fixture
def company(imported_once: None, db: None) -> None:
    """COMPANY is in the database, imported once for the module."""
