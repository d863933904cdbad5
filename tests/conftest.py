"""The servers of the test run (each parallel worker has its own database and Redis prefix), and the browser."""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import transaction
from django.test import TransactionTestCase
from kombu import Producer
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from config import devserver as embedded
from tests import databases, smtp, tokens
from tests.brokers import refused_in_requests
from tools.browser import chromium

if TYPE_CHECKING:
    from tests.firm import Firm

TESTS = Path(__file__).resolve().parent
ORDINARY = (
    *("exchange/test_export.py", "exchange/test_importing.py", "exchange/test_rules.py"),
    "digest/test_sending.py",
    *("alignment/test_columns.py", "alignment/test_drift", "alignment/test_history.py", "alignment/test_recompute.py"),
    *("alignment/test_waiting.py", "alignment/test_notify.py"),
    *(
        "api/test_filters.py",
        "api/test_pagination.py",
        "config/test_health.py",
        "database/",
        "teams/test_signing_in.py",
    ),
    *("lib/test_cache.py", "lib/test_columns.py", "lib/test_keyset.py", "lib/test_routines.py", "lib/test_search.py"),
    "lib/test_writes.py",
)
"""What is tested with Debian's PostgreSQL and Redis as well: whatever speaks to them in their own words."""

LONG = ("slow", "faults", "benchmarks", "e2e")

setattr(TransactionTestCase, "_fixture_teardown", databases.empty)  # noqa: B010 -- after each test that commits
setattr(Producer, "publish", refused_in_requests(Producer.publish))  # noqa: B010 -- in every test of a page
tokens.come_with_forms()


@pytest.fixture(scope="session", autouse=True)
def embedded_servers() -> Iterator[None]:
    """Ours until the session ends, like any other user of the same DATA_DIR."""
    try:
        lease = embedded.start(settings.DATA_DIR, settings.EMBEDDED_SERVERS)
    except embedded.EmbeddedError as error:
        pytest.exit(f"throughline: {error}", returncode=1)
    with lease:
        yield


@pytest.fixture
def smtp_sink(settings: Settings) -> Iterator[smtp.Sink]:
    """Where mail goes in this test: by SMTP, to a server that takes it all unless the test tells it otherwise."""
    sink = smtp.Sink()
    with smtp.serving(sink):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = smtp.HOST, sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield sink


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, embedded_servers: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """In place of pytest-django's own, which migrates a database for each worker of each run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with django_db_blocker.unblock():
        given = databases.make_own_copy(worker)
    yield
    with django_db_blocker.unblock():
        databases.drop_own_copy(given)


@pytest.fixture
def own_memory_cache(settings: Settings, request: pytest.FixtureRequest) -> None:
    """Limits of signing in are counted from nothing in each test."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": request.node.nodeid}
    }


@pytest.fixture(scope="module")
def whole_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For what takes long to make: what is written by a fixture of the module that asks for this one is there for each
    test that asks for `db`, which runs in a transaction inside of this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def whole_class(whole_module: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For what more the tests of a class need."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def kept_firm(whole_module: None) -> bytes:
    from tests.firm import build_firm

    return pickle.dumps(build_firm())


@pytest.fixture
def firm(kept_firm: bytes, db: None) -> Firm:
    """The small firm of tests/firm.py, built once a module; what a test does to it is undone."""
    firm: Firm = pickle.loads(kept_firm)  # noqa: S301 -- our own
    return firm


@pytest.fixture
def nothing(db: None) -> None:
    """For a test in a module with a firm that is about a company with nothing in it."""
    databases.empty()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Marks what -m asks for; afterwards modules with long tests go first, so that no worker is left alone with one at
    the end: pytest-django puts those that start programs or a browser last."""
    for item in items:
        if item.path.relative_to(TESTS).as_posix().startswith(ORDINARY):
            item.add_marker(pytest.mark.ordinary)
    _leave_out_browser_tests(items)
    yield
    long = {item.path for item in items if any(map(item.get_closest_marker, LONG))}
    items.sort(key=lambda item: item.path not in long)


def _leave_out_browser_tests(items: list[pytest.Item]) -> None:
    """Those marked `e2e` need Debian's Chromium: CI must have it, elsewhere they are left out by name."""
    if chromium():
        return
    missing = "no chromium on this machine; `apt-get install chromium-headless-shell` to run the browser tests"
    browser_tests = [item for item in items if item.get_closest_marker("e2e")]
    if browser_tests and os.environ.get("CI") == "true":
        raise pytest.UsageError(missing)
    for item in browser_tests:
        item.add_marker(pytest.mark.skip(reason=missing))


def pytest_collection_finish() -> None:
    """The tests themselves stay, and what they make is looked through less often: 8 % less processor time, measured
    over the 1,264 tests of pages, addresses and strategies, for 100 MB more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 10, 10)
