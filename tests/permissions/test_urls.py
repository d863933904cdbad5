"""Every URL × role, from the table; a URL that the table does not list fails.

What lower roles fetch holds nothing of what is secret in the World (test_secrets.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.urls import PROBES
from tests.permissions.answers import is_private, said
from tests.permissions.table import ROLES, ROWS, WORD, Row

pytestmark = pytest.mark.slow

FOR_SECRETS = ("leader", "admin")
METHODS = ("get", "post", "put", "patch", "delete")


def names(patterns: list[URLPattern | URLResolver], above: str = "") -> Iterator[str]:
    """The full names of all URL patterns; one without a name is given by its route, so that it is missed."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{above}{pattern.namespace}:" if pattern.namespace else above
            yield from names(pattern.url_patterns, space)
        else:
            yield above + (pattern.name or f"unnamed {pattern.pattern}")


def test_table_lists_exactly_the_urls_there_are():
    """Those of `/admin/` are walked in test_admin.py, one for each table."""
    found = {name for name in names(get_resolver().url_patterns) if not name.startswith("admin:")}

    assert {row.name for row in ROWS} == found


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_url_answers_each_role_as_the_table_says(row: Row, apart, client_of):
    answered = {}
    for role in ROLES:
        with apart() as world:
            response = getattr(client_of(role), row.method)(reverse(row.name, kwargs=row.args(world)), row.sent(world))
            if row.method == "get" and role not in FOR_SECRETS:
                assert WORD not in said(response), role
        assert is_private(response) is (row.name not in PROBES)
        answered[role] = response.status_code
        if role == "anonymous" and response.status_code == 302 and not row.name.startswith("account_"):
            assert response.url.startswith(reverse("account_login"))

    assert answered == dict(zip(ROLES, row.statuses, strict=True))


@pytest.mark.parametrize("name", sorted({row.name for row in ROWS}))
def test_url_refuses_methods_that_the_table_does_not_list(name: str, world, client_of):
    rows = [row for row in ROWS if row.name == name]
    client, address = client_of("admin"), reverse(name, kwargs=rows[0].args(world))

    for method in set(METHODS) - {row.method for row in rows}:
        response = getattr(client, method)(address)
        assert response.status_code == 405, method
        assert is_private(response) is (name not in PROBES)
