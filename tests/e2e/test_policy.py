"""The pages under our own content security policy: nothing is refused, nothing fails, and the scripts still work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from teams.models import Person
from tests import factories as make
from tests.firm import build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/strategy/",
    "/strategies/plan/",
    "/goals/growth/",
    "/teams/",
    "/teams/product/",
    "/initiatives/",
    "/initiatives/faster/",
    "/flags/",
    "/flags/?code=orphan",
    "/people/",
)
ENTRANCES = ("/accounts/login/", "/accounts/password/reset/")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "bypass_csp": False}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the console, the scripts and the requests of the page complain of, as it happens."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(f"{request.url}: {request.failure}"))
    return found


@pytest.fixture
def administrator(page: Page, live_server: Any, sign_in: Callable[[Person], None]) -> Page:
    build_firm()
    sign_in(make.AdminFactory())
    return page


def visit(page: Page, address: str) -> None:
    response = page.goto(address, wait_until="networkidle")
    assert response is not None
    assert response.ok
    assert "script-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("address", PAGES)
def test_page_keeps_to_the_policy(administrator, live_server, complaints, address):
    visit(administrator, live_server.url + address)

    assert complaints == []


@pytest.mark.parametrize("address", ENTRANCES)
def test_entrance_keeps_to_the_policy(page, live_server, complaints, address):
    visit(page, live_server.url + address)

    assert complaints == []


def test_policy_is_in_force_and_heard_of(administrator, live_server, complaints):
    visit(administrator, f"{live_server.url}/")
    administrator.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")

    assert any("Content Security Policy" in each for each in complaints)


def test_filter_and_the_way_back_work_under_the_policy(administrator, live_server, complaints):
    results = administrator.locator("#results")
    visit(administrator, f"{live_server.url}/initiatives/")
    administrator.evaluate("window.stays = true")

    administrator.get_by_label("Find by title").press_sequentially("los")
    expect(results).to_contain_text("1 initiative")
    expect(administrator).to_have_url(re.compile(r"\?q=los$"))
    assert administrator.evaluate("window.stays")

    administrator.go_back()
    expect(results).to_contain_text("7 initiatives")
    expect(administrator).to_have_url(re.compile(r"/initiatives/$"))
    expect(administrator.get_by_label("Find by title")).to_have_value("")
    assert complaints == []
