"""A real browser: Debian's Chromium, signed in through a session, checked by axe at both widths and in both schemes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from playwright.sync_api import Browser, Page

from teams.models import Person
from tests.e2e.axe import problems
from tools.browser import chromium


@pytest.fixture(autouse=True, scope="session")
def async_unsafe() -> Iterator[None]:
    """Playwright's loop runs in the thread of the test, where Django would refuse to ask the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True, scope="session")
def kept_static_files() -> Iterator[None]:
    """A browser keeps them, as it does those that WhiteNoise serves in production: fifteen requests less for each page
    after a test's first."""
    serve = StaticFilesHandlerMixin.serve

    def serve_to_keep(handler: StaticFilesHandlerMixin, request: HttpRequest) -> HttpResponseBase:
        response = serve(handler, request)
        response["Cache-Control"] = "max-age=3600, immutable"
        return response

    with mock.patch.object(StaticFilesHandlerMixin, "serve", serve_to_keep):
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium(), "args": arguments}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Axe is brought into the page as a script, which our own policy would refuse."""
    return {**browser_context_args, "bypass_csp": True}


@pytest.fixture
def sign_in(page: Page, live_server: Any) -> Callable[[Person], None]:
    """Signs a person in without the form."""

    def signed(person: Person) -> None:
        client = Client()
        client.force_login(person)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])

    return signed


@pytest.fixture
def accessible(page: Page) -> Callable[..., None]:
    """Fails on whatever axe finds at addresses with all folds open, and where a page is wider than its window."""

    def check(*addresses: str) -> None:
        found: list[str] = []
        for address in addresses:
            response = page.goto(address)
            assert response is not None
            assert response.ok, address
            page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            found += problems(page)
        assert found == []

    return check


@pytest.fixture
def plain(administrator: Page, browser: Browser) -> Iterator[Page]:
    """The person of the module's `administrator`, without scripts, on a phone."""
    context = browser.new_context(
        java_script_enabled=False,
        storage_state=administrator.context.storage_state(),
        viewport={"width": 390, "height": 844},
    )
    yield context.new_page()
    context.close()
