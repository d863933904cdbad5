from __future__ import annotations

import pytest

from tests.exchange.bundles import COMPANY, imported


@pytest.fixture
def company(db: None) -> None:
    """COMPANY is in the database."""
    imported(dict(COMPANY))
