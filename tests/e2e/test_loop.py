"""The daily loop as people live it: one story from a company with nothing in it, with and without scripts. The chapters
take turns at both widths, so that each is lived at one of them with scripts and at the other without. What each page
offers besides is tested with the page.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from alignment.models import Link
from lib.services.dates import now
from teams.enums import TeamRole
from teams.models import Person
from tests import factories as make
from tests.e2e.axe import WIDTHS

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

GOAL, OTHER, WORK = "More customers come back", "Fewer parcels return", "Keep the basket"
REASON, BETTER = "People who leave come back to a full basket.", "Half of those who leave mean to return."
DOUBT = "Do they not come back anyway?"
ORPHAN = "linked to no goal"
CHANGED = "confirmed before the meaning of its goal, or of one above it, changed"

SEEN = (
    "/",
    *("/strategy/", "/strategies/easy-to-buy-from/"),
    *("/goals/more-customers-come-back/", "/goals/fewer-parcels-return/"),
    "/measures/customers-who-order-again/check-ins/",
    *("/teams/", "/teams/search/", "/teams/ops/"),
    *("/initiatives/", "/initiatives/keep-the-basket/"),
    "/flags/",
)
"""What a viewer reads."""
WRITTEN = (
    "/strategies/new/",
    *(f"/strategies/easy-to-buy-from/{form}/" for form in ("edit", "archive", "goals/new")),
    *(f"/goals/more-customers-come-back/{form}/" for form in ("edit", "closure", "position", "goals/new")),
    *(f"/goals/more-customers-come-back/{form}/new/" for form in ("measures", "links")),
    *("/measures/customers-who-order-again/edit/", "/teams/new/"),
    *(f"/teams/search/{form}/" for form in ("edit", "mission", "stance", "personas", "members", "position")),
    *(f"/teams/search/{form}/new/" for form in ("goals", "initiatives")),
    *(f"/initiatives/keep-the-basket/{form}/" for form in ("edit", "kind", "status", "links/new", "support/new")),
)
"""Forms that no viewer may open; those of links, support and flags, whose addresses are numbers, are added."""


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def browser_context_args(request, browser_context_args):
    return {**browser_context_args, "java_script_enabled": request.param}


@dataclass
class Story:
    """Somebody at a browser; `forms` are the addresses with a number in them that they wrote at."""

    page: Page
    address: str
    forms: set[str] = field(default_factory=set)

    def go(self, area: str, *names: str) -> None:
        """To a part of the site, and on by the links of these names."""
        if area == "Home":  # on a telephone the wordmark alone leads there
            self.page.get_by_role("banner").get_by_role("link", name="Throughline", exact=True).click()
        else:
            self.page.get_by_role("navigation", name="Main").get_by_role("link", name=area, exact=True).click()
        for name in names:
            self.follow(name)

    def follow(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name, exact=exact).first.click()

    def up(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Where this is").get_by_role("link", name=name).click()

    def fill(self, texts: dict[str, str]) -> None:
        """By label, whether or not a field is optional."""
        for label, text in texts.items():
            self.page.get_by_label(re.compile(rf"^{re.escape(label)}(\s+\(optional\))?$")).fill(text)

    def choose(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("radio", name=name).check()

    def press(self, name: str) -> None:
        path = self.page.url.removeprefix(self.address).partition("?")[0]
        if re.search(r"/\d+/", path):
            self.forms.add(path)
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def reads(self, text: str) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)
        window = self.page.viewport_size
        assert window is not None
        assert self.page.evaluate("document.documentElement.scrollWidth") <= window["width"]

    def does_not_read(self, text: str) -> None:
        expect(self.page.get_by_role("main")).not_to_contain_text(text)

    def finds_figure(self, name: str, value: str) -> None:
        figure = self.page.get_by_role("group", name=name, exact=True).first
        expect(figure.locator(".figure__value")).to_have_text(re.compile(rf"^\s*{value}"))


@dataclass
class People:
    """Lea leads the company, Liam and Mia are on Search, Olga is to lead Ops, Vera looks on."""

    leader: Person
    lead: Person
    member: Person
    olga: Person
    viewer: Person


@pytest.fixture
def people(live_server: Any) -> People:
    search = make.TeamFactory(key="search", name="Search")
    return People(
        leader=make.LeaderFactory(name="Lea Leader"),
        lead=make.MembershipFactory(team=search, person__name="Liam Lead", role=TeamRole.LEAD).person,
        member=make.MembershipFactory(team=search, person__name="Mia Member").person,
        olga=make.PersonFactory(name="Olga Ops"),
        viewer=make.ViewerFactory(name="Vera Viewer"),
    )


def day_after(days: int) -> str:
    return (now().date() + dt.timedelta(days=days)).isoformat()


def a_night_passes() -> None:
    Link.objects.update(confirmed_on=F("confirmed_on") - dt.timedelta(days=1))


def leader_writes_and_publishes(story: Story) -> None:
    story.page.goto(story.address)
    story.follow("Begin with the strategy")
    story.follow("Write a strategy")
    story.fill({"Title": "Easy to buy from", "Narrative": "Whoever bought once *comes back*."})
    story.press("Save the draft")
    story.follow("Add a goal")
    story.fill({"Goal": GOAL, "Why": "A new customer costs five times as much."})
    story.press("Add the goal")
    story.follow("Add a measure")
    story.fill({"What is measured": "Customers who order again", "From": "20", "To": "40"})
    story.fill({"Unit": "%"})
    story.press("Add the measure")
    story.up("Easy to buy from")
    story.follow("Add a goal")
    story.fill({"Goal": OTHER, "Why": "Each costs us an hour."})
    story.press("Add the goal")
    story.up("Easy to buy from")
    story.follow("Publish it")
    story.reads("What this would do")
    story.reads("2 goals would be without work")
    story.press("Publish it")
    story.reads("“Easy to buy from” is published.")
    story.finds_figure("Goals worked on", "0")


def leader_makes_a_team(story: Story) -> None:
    story.go("Teams", "New team")
    story.fill({"Name": "Ops"})
    story.press("Make the team")
    story.follow("Change who is on the team")
    story.fill({"Person": "Olga Ops"})
    story.page.get_by_label("On the team as").last.select_option("Lead")
    story.press("Add them")
    story.reads("Olga Ops")


def lead_says_what_the_team_is_for(story: Story) -> None:
    story.go("Teams", "Search", "Say what it is for")
    story.fill({"Mission": "People find what they came for."})
    story.page.get_by_label(GOAL).check()
    story.press("Save the mission")
    story.follow("Change the stance")
    story.choose("In the spotlight")
    story.fill({"Because": "The fair is in spring."})
    story.fill({"Until": day_after(60)})
    story.press("Save the stance")
    expect(story.page.get_by_role("complementary")).to_contain_text("The fair is in spring.")
    expect(story.page.get_by_role("complementary")).to_contain_text(GOAL)


def member_starts_an_orphan_and_links_it(story: Story) -> None:
    """Three interactions: the answer of the flag, a goal with the reason, the button."""
    story.go("Initiatives", "New initiative")
    story.fill({"Title": WORK})
    story.choose("Active")
    story.press("Make it")
    story.reads(ORPHAN)
    story.go("Waiting", "flags", "Reaches nothing")
    story.follow("Link it", exact=False)
    story.choose(GOAL)
    story.fill({"How does the work move the goal?": REASON})
    story.press("Link it")
    expect(story.page.get_by_role("heading", level=1)).to_have_text(WORK)
    story.reads(f"Linked to “{GOAL}”.")
    story.does_not_read(ORPHAN)
    expect(story.page.get_by_role("img", name=re.compile("aligned 100.%"))).to_be_visible()
    story.go("Teams", "Search")
    story.finds_figure("Coverage", "100.%")
    story.go("Waiting", "flags")
    expect(story.page.get_by_role("link", name="Reaches nothing")).to_have_count(0)


def owner_disputes(story: Story) -> None:
    story.go("Strategy", GOAL)
    story.page.get_by_role("row", name=re.compile(WORK)).get_by_role("link", name="Dispute").click()
    story.reads(REASON)
    story.fill({"Why do you doubt it?": DOUBT})
    story.press("Dispute")
    story.reads("is disputed.")
    story.finds_figure("Initiatives", "0")
    story.go("Home")
    story.finds_figure("Coverage", "0.%")


def member_answers_with_a_better_reason(story: Story) -> None:
    story.go("Initiatives", WORK)
    story.reads("Disputed by Lea Leader")
    story.reads(DOUBT)
    story.reads("links, and none of them reaches")
    story.page.get_by_role("article", name=re.compile(GOAL)).get_by_role("link", name="Edit").click()
    story.fill({"How does the work move the goal?": BETTER})
    story.press("Save the link")
    story.reads(BETTER)


def owner_endorses(story: Story) -> None:
    story.go("Strategy", GOAL)
    story.reads(BETTER)
    story.page.get_by_role("row", name=re.compile(WORK)).get_by_role("link", name="Endorse").click()
    story.press("Endorse")
    story.reads("is endorsed.")
    story.finds_figure("Initiatives", "1")
    story.go("Home")
    story.finds_figure("Coverage", "100.%")


def lead_asks_for_support(story: Story) -> None:
    story.go("Initiatives", WORK, "Ask another team")
    story.page.get_by_label("Which team?").select_option("Ops")
    story.fill({"What do you ask of them?": "A machine until June"})
    story.press("Ask them")
    story.reads("Ops is asked")


def other_lead_pledges(story: Story) -> None:
    story.go("Teams", "Ops")
    story.follow("Answer", exact=False)
    story.choose("We will")
    story.fill({"In your words": "From May on", "By when?": "2100-05-01"})
    story.press("Answer")
    story.reads("Ops answered: From May on")


def owner_checks_in(story: Story) -> None:
    story.go("Strategy", GOAL, "Check in: Customers who order again")
    story.fill({"Value now": "25"})
    story.choose("On track")
    story.press("Check in")
    story.reads("stands at 25 now.")


def leader_changes_what_the_goal_means(story: Story) -> None:
    story.go("Strategy", GOAL, "Edit")
    story.fill({"Why": "They tell their friends.", "What changed, and why": "Half of them came by a friend."})
    story.choose("Yes")
    story.press("Save")
    story.reads("The goal is saved.")


def member_confirms(story: Story) -> None:
    story.go("Initiatives", WORK)
    story.reads(CHANGED)
    story.page.get_by_role("article", name=re.compile(GOAL)).get_by_role("button", name="It still holds").click()
    story.reads("Confirmed: the work still moves")
    story.does_not_read(CHANGED)


def lead_snoozes_and_wakes(story: Story) -> None:
    """That the work has no size."""
    story.go("Initiatives", WORK)
    story.page.get_by_role("link", name=re.compile("^Snooze ?: is not sized")).click()
    story.fill({"Until": day_after(10)})
    story.fill({"Why it can wait": "We size it in April."})
    story.press("Snooze it")
    expect(story.page.get_by_role("link", name=re.compile("^Snooze ?: is not sized"))).to_have_count(0)
    story.page.get_by_text("1 snoozed").click()
    story.reads("We size it in April.")
    story.page.get_by_role("button", name="Ask it again now").click()
    story.reads("It is asked again.")
    expect(story.page.get_by_role("link", name=re.compile("^Snooze ?: is not sized"))).to_be_visible()


def leader_closes_and_thinks_again(story: Story) -> None:
    story.go("Strategy", OTHER, "Close")
    story.reads("What this would do")
    story.choose("Dropped")
    story.fill({"Why": "The carrier does it now."})
    story.press("Close the goal")
    story.reads("The goal is closed: dropped.")
    story.press("Undo")
    story.reads("The goal is active again.")


def viewer_sees_it_all_and_changes_nothing(story: Story) -> None:
    page = story.page
    for path in SEEN:
        assert page.goto(story.address + path).ok, path
        expect(page.locator("main form[method=post]")).to_have_count(0)
        offered = page.locator("main a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
        assert set(offered).isdisjoint({*WRITTEN, *story.forms}), path
    page.goto(f"{story.address}/initiatives/keep-the-basket/")
    for text in (GOAL, BETTER, "Ops answered: From May on", "Endorsed by Lea Leader"):
        story.reads(text)
    refused = {path: page.request.get(story.address + path).status for path in (*WRITTEN, *story.forms)}
    assert set(refused.values()) == {403}, refused


def test_company_lives_the_loop(page, live_server, sign_in, people, browser_context_args):
    page.set_default_timeout(8000)
    story = Story(page, live_server.url)
    chapters = (
        (people.leader, leader_writes_and_publishes),
        (people.leader, leader_makes_a_team),
        (people.lead, lead_says_what_the_team_is_for),
        (people.member, member_starts_an_orphan_and_links_it),
        (people.leader, owner_disputes),
        (people.member, member_answers_with_a_better_reason),
        (people.leader, owner_endorses),
        (people.lead, lead_asks_for_support),
        (people.olga, other_lead_pledges),
        (people.leader, owner_checks_in),
        (people.leader, leader_changes_what_the_goal_means),
        (people.member, member_confirms),
        (people.lead, lead_snoozes_and_wakes),
        (people.leader, leader_closes_and_thinks_again),
        (people.viewer, viewer_sees_it_all_and_changes_nothing),
    )
    widths = cycle(WIDTHS if browser_context_args["java_script_enabled"] else WIDTHS[::-1])
    for (person, chapter), width in zip(chapters, widths, strict=False):
        page.set_viewport_size({"width": width, "height": 900})
        if chapter is leader_changes_what_the_goal_means:
            a_night_passes()
        sign_in(person)
        chapter(story)
    assert {path.split("/")[1] for path in story.forms} == {"links", "support", "flags"}
