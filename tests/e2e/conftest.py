"""A real browser: Debian's Chromium, signed in through a session, checked by axe at the two widths we promise."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from teams.models import Person

WIDTHS = (1440, 390)


@pytest.fixture(autouse=True, scope="session")
def async_unsafe() -> Iterator[None]:
    """Playwright's loop runs in the thread of the test, where Django would refuse to ask the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": shutil.which("chromium"), "args": arguments}


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
def accessible(page: Page) -> Callable[[str], None]:
    """Fails on whatever axe finds at an address with all folds open, and where the page is wider than its window."""

    def check(address: str) -> None:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            response = page.goto(address)
            assert response is not None
            assert response.ok
            page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
            found = Axe().run(page).response["violations"]
            assert not found, (width, [(each["id"], [node["html"] for node in each["nodes"]]) for each in found])
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    return check
