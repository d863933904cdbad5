"""The company's purpose begins the strategy, and each line that leads to a strategy ends with it."""

from __future__ import annotations

import pytest
from django.test import Client

from teams.models import Company
from tests import factories as make
from tests.html import page_text, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
PURPOSE = "Every animal is seen by someone who has time for it."


@pytest.fixture
def purpose(firm) -> str:
    Company.objects.update(purpose=PURPOSE)
    return PURPOSE


def last_steps(client: Client, address: str) -> list[str]:
    """The end of each line of sight of a page."""
    return texts_of(client.get(address), ".line__step:last-child .line__label")


def test_strategy_begins_with_the_purpose(firm, purpose):
    reader = signed_in(firm.member)
    for address in ("/strategy/", "/strategies/plan/"):
        assert f"Our purpose {purpose}" in page_text(reader.get(address))


def test_line_that_leads_to_a_strategy_ends_with_the_purpose(firm, purpose):
    assert last_steps(signed_in(firm.member), "/initiatives/faster/") == [purpose, purpose]


def test_line_that_leads_to_no_strategy_does_not(firm, purpose):
    own = make.GoalFactory(team=firm.search, title="Our own aim")
    make.LinkFactory(initiative=firm.work["loose"], goal=own)
    firm.compute()
    assert last_steps(signed_in(firm.member), "/initiatives/loose/") == ["Our own aim"]


def test_line_of_sight_on_the_first_page_ends_with_the_purpose(firm, purpose):
    firm.work["faster"].owner = firm.member
    firm.work["faster"].save()
    assert last_steps(signed_in(firm.member), "/") == [purpose]


def test_only_who_can_write_the_purpose_is_asked_for_it(firm):
    asked = "Say what the company is there for"
    assert asked in page_text(signed_in(make.AdminFactory()).get("/strategy/"))
    assert asked not in page_text(signed_in(firm.leader).get("/strategy/"))
    assert "Our purpose" not in page_text(signed_in(firm.leader).get("/strategy/"))
    Company.objects.update(purpose=PURPOSE)
    assert asked not in page_text(signed_in(make.AdminFactory()).get("/strategy/"))
