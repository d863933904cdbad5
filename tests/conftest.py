"""The servers of the test run (each parallel worker has its own database and Redis prefix), and the browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from config import embedded


@pytest.fixture(scope="session", autouse=True)
def embedded_servers() -> Iterator[None]:
    """Ours until the session ends, like any other user of the same DATA_DIR."""
    try:
        lease = embedded.start(settings.DATA_DIR, settings.EMBEDDED_SERVERS)
    except embedded.EmbeddedError as error:
        pytest.exit(f"throughline: {error}", returncode=1)
    with lease:
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, embedded_servers: None) -> None:
    """pytest-django makes the test database only when the servers are there."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `e2e` need Debian's Chromium: CI must have it, elsewhere they are left out by name."""
    if shutil.which("chromium"):
        return
    missing = "no chromium on this machine; `apt-get install chromium` to run the browser tests"
    browser_tests = [item for item in items if item.get_closest_marker("e2e")]
    if browser_tests and os.environ.get("CI") == "true":
        raise pytest.UsageError(missing)
    for item in browser_tests:
        item.add_marker(pytest.mark.skip(reason=missing))
