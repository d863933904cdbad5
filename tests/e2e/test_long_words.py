"""Words that have no place to break, on every page and at every width: no page is wider than its window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import Model
from django.test import Client
from playwright.sync_api import Page

from alignment.models import Link
from strategy.models import ContextPage, Goal, Measure, Persona, Strategy
from teams.models import Initiative, Person, Support, Team
from tests.html import parsed
from tests.pages.offered import OFFERED
from tests.pages.reading import links, url_name
from tests.pages.said import SAID
from tests.pages.world import build_lively

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 390, 1280, 1440)
WORDS = (
    "Geschäftsprozessoptimierungsverantwortlichkeit",
    "https://docs.example.org/document/d/aVeryLongIdentifierThatHasNoPlaceToBreakAtAll0123456789/edit#id.x1y2z3",
    "Implement customer_onboarding_funnel_conversion_rate_v2_dashboard",
    "W" * 200,
)
NAMED: dict[type[Model], tuple[str, ...]] = {
    Team: ("name", "mission", "stance_reason"),
    Person: ("name",),
    Persona: ("name", "problem"),
    Initiative: ("title", "problem", "declaration", "status_reason", "learned"),
    Goal: ("title", "why", "closing_reason"),
    Strategy: ("title", "narrative"),
    ContextPage: ("title", "body"),
    Measure: ("title",),
    Link: ("rationale", "evidence", "note", "outcome_note"),
    Support: ("ask", "answer"),
}
WIDEST = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return "";
  const beyond = [...document.querySelectorAll("main *, header *, footer *")].filter(
    (each) => each.checkVisibility() && each.getBoundingClientRect().right > width + 0.5);
  const last = beyond.at(-1) ?? document.body;
  return `${document.documentElement.scrollWidth} px: ${last.tagName} .${last.className} in ${
    last.parentElement?.className}`;
}
"""


@pytest.fixture
def leader(live_server) -> Person:
    lively = build_lively()
    for model, fields in NAMED.items():
        for at, row in enumerate(model._default_manager.order_by("pk")):
            words = {field: WORDS[at % len(WORDS)] for field in fields}
            model._default_manager.filter(pk=row.pk).update(**words)
    leader: Person = lively.world.people["leader"]
    leader.refresh_from_db()
    return leader


def addresses_for(person: Person) -> Iterator[str]:
    """The pages that are read, and one of each kind that they lead to."""
    client, met = Client(), set()
    client.force_login(person)
    read = [*dict.fromkeys([*(address for _who, address in SAID), *OFFERED])]
    for address in read:
        response = client.get(address)
        if response.status_code != 200:
            continue
        yield address
        for link in links(parsed(response), address):
            if url_name(link) not in met and link not in read:
                met.add(url_name(link))
                if client.get(link).status_code == 200:
                    yield link


def test_no_page_is_wider_than_its_window(leader, sign_in, live_server, page: Page):
    sign_in(leader)
    addresses, wide = [*addresses_for(leader)], []
    for address in addresses:
        page.goto(live_server.url + address)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if found := page.evaluate(WIDEST):
                wide.append(f"{address} at {width} px: {found}")

    assert len(addresses) > 60
    assert wide == []
