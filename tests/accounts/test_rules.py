"""Who may let people in, move a company in, and run the digest: each permission for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.relations import ADMINISTRATORS, NOBODY, PEOPLE, who_may


@pytest.mark.parametrize(
    ("permission", "row", "allowed"),
    [
        ("accounts.own_account", PEOPLE["member"], frozenset({"member"})),
        ("accounts.own_account", PEOPLE["leader who left"], frozenset({"leader who left"})),
        ("accounts.own_account", None, NOBODY),
        ("accounts.invite_person", None, ADMINISTRATORS),
        ("exchange.import_company", None, ADMINISTRATORS),
        ("digest.run_digest", None, ADMINISTRATORS),
    ],
)
def test_permission_is_for_exactly_these(permission: str, row: Any, allowed: frozenset[str]) -> None:
    assert who_may(permission, row) == allowed
