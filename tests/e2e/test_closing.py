"""A goal is closed with what takes its place, which a team takes; and a strategy is carried over into the next year."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from lib.services.dates import now
from strategy.models import Goal, Strategy
from teams.enums import TeamRole
from tests import factories as make
from tests.e2e.axe import problems
from tests.firm import Firm, build_firm

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def firm() -> Firm:
    firm = build_firm()
    make.MembershipFactory(team=firm.search, person=firm.member, role=TeamRole.LEAD)
    make.GoalFactory(key="loyalty", title="Loyalty", parent=firm.growth)
    make.MeasureFactory(goal=firm.retention, title="Customers who come back", unit="%", target=60, current=41)
    Strategy.objects.update(title="Plan 2026", starts_on="2026-01-01", ends_on="2099-12-31")
    recompute_alignment(as_of=now().date(), at=now())
    return firm


def test_goal_is_closed_and_a_team_takes_what_follows(page: Page, live_server, sign_in, firm):
    sign_in(firm.leader)
    page.goto(f"{live_server.url}/goals/retention/closure/")
    expect(page.get_by_text("Customers who come back")).to_be_visible()
    assert [*problems(page)] == []
    page.get_by_label("Missed").check()
    page.get_by_label("Why", exact=True).fill("The year is over.")
    page.get_by_label("What was learned").fill("People stay for the help, not for the price.")
    page.get_by_label("Loyalty").check()
    page.get_by_role("button", name="Close the goal").click()
    expect(page.get_by_text("The goal is closed: missed.")).to_be_visible()
    expect(page.get_by_text("People stay for the help")).to_be_visible()

    sign_in(firm.member)
    page.goto(f"{live_server.url}/initiatives/faster/")
    expect(page.get_by_text("“Retention” was closed. “Loyalty” takes its place.")).to_be_visible()
    page.get_by_role("link", name="Take “Loyalty”").click()
    assert [*problems(page)] == []
    expect(page.get_by_label("How does the work move the goal?")).to_have_value("Speed keeps people.")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("Linked to “Loyalty” in the place of “Retention”.")).to_be_visible()
    assert {link.goal.key for link in Link.objects.filter(initiative__key="faster")} == {"growth", "loyalty"}


def test_strategy_is_carried_over(page: Page, live_server, sign_in, firm):
    sign_in(firm.leader)
    page.goto(f"{live_server.url}/strategies/plan/")
    page.get_by_role("link", name="Carry over").click()
    expect(page.get_by_label("Title of the next one")).to_have_value("Plan 2027")
    page.get_by_label("– Loyalty").select_option("Leave it behind")
    page.get_by_label("From").fill("2100-01-01")
    assert [*problems(page)] == []
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("The draft of the next period is there.")).to_be_visible()
    assert [*problems(page)] == []
    carried = Goal.objects.filter(path__0__in=Goal.objects.filter(strategy__title="Plan 2027").values("pk"))
    assert {*carried.values_list("title", flat=True)} == {"Growth", "Retention", "Some day", "Hidden aim"}
