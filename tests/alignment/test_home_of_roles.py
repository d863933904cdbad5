"""What the first page says to each role of what happened in the week that is past."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from bs4.element import Tag
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.weeks import snapshot_when_due
from alignment.services.links import dispute_link
from digest.models import DigestSettings
from strategy.models import Goal
from strategy.services.goals import activate_goal, close_goal, edit_goal, move_goal
from strategy.services.strategies import publish_strategy
from teams.models import Company, Initiative, Person
from teams.services.support import ask_support
from tests import factories as make
from tests.digest.reading import lead_of, member_of
from tests.factories import DAY, NOW
from tests.firm import SECRET, Firm, build_firm
from tests.html import links_named, links_of, parsed, source_of, text_of, texts_of
from tests.strategy.conftest import signed_in
from web.home import words

pytestmark = pytest.mark.django_db

EARLIER, LATER, AT = (NOW + dt.timedelta(days=days) for days in (3, 9, 15))
"""Before the Monday of the week before, after it, and when the page is read: on Tuesday, 31 March 2026."""


@pytest.fixture
def firm(firm):
    """With the figures of its first week kept."""
    snapshot_when_due(as_of=DAY, at=NOW)
    recompute(EARLIER)
    return firm


def recompute(at: dt.datetime) -> None:
    recompute_alignment(as_of=at.date(), at=at)


def close(firm: Firm) -> None:
    firm.retention.refresh_from_db()
    version = firm.retention.version
    close_goal(firm.retention, actor=firm.leader, at=LATER, version=version, status="dropped", reason="Too dear.")


def page(person: Person, address: str = "/") -> str:
    with time_machine.travel(AT, tick=False):
        return source_of(signed_in(person).get(address))


def lede(html: str) -> str:
    [text] = texts_of(html, "p.lede")
    return text


def part(html: str, name: str) -> Tag:
    [found] = parsed(html).select(f"section[aria-labelledby={name}]")
    return found


# Leaders


def test_leader_reads_what_moved_coverage_and_by_what(firm):
    close(firm)
    html = page(firm.leader)

    assert lede(html) == (
        "21.4 % of the work that is not upkeep reaches the strategy, 28.6 points less than on 23 March."
    )
    assert "What moved coverage since 23 March" in text_of(html)
    assert "Closing “Retention” took 28.6 points." in text_of(html)
    assert "/goals/retention/" in links_named(html, "“Retention”")


def test_leader_reads_that_nothing_moved(firm):
    html = page(firm.leader)

    assert "reaches the strategy, as on 23 March." in lede(html)
    assert "Nothing that was done since 23 March moved it." in text_of(html)


def test_what_moved_is_told_once_there_is_something_to_compare_with(nothing):
    firm = build_firm()
    html = text_of(page(firm.leader))

    assert "than on" not in html
    assert "What moved it is told here once figures of the week before have been kept." in html


def test_leader_judges_links_and_sees_what_the_spotlight_waits_for(firm):
    firm.ops.stance_until = None
    firm.ops.save()
    ask_support(firm.work["keep"], actor=firm.leader, at=LATER, team=firm.search, ask="Two days.", size="small")
    Initiative.objects.filter(key="keep").update(status="active")
    needs = parsed(page(firm.leader, "/waiting/"))

    assert "Ops asked Search for support of" in text_of(needs)
    link = Link.objects.get(initiative__key="faster", goal=firm.retention)
    ways = {url.partition("?")[0] for url in links_of(needs)}
    assert {f"/links/{link.pk}/endorsement/", f"/links/{link.pk}/dispute/"} <= ways


def test_leader_sees_three_things_and_housekeeping_in_one_line(firm):
    for _number in range(8):
        make.LinkFactory(initiative=make.InitiativeFactory(effort=1), goal=firm.growth)
        make.StrategyFactory(status="draft", owner=firm.leader)
    recompute(EARLIER)
    needs = part(page(firm.leader), "for-you")

    assert len(needs.select("[data-asks] > li")) == 3
    [way] = needs.select(".section__head a")
    assert text_of(way).startswith("See all ")
    assert way["href"] == "/waiting/"
    assert len(needs.select(".housekeeping")) == 1
    assert "3 goals have no measure" in text_of(needs)


def test_leader_finds_their_own_drafts(firm):
    make.StrategyFactory(title="Next year", status="draft", owner=firm.leader)
    make.StrategyFactory(title="Another year", status="draft", owner=make.LeaderFactory())
    html = page(firm.leader, "/waiting/")

    assert "Next year is a draft of yours" in text_of(html)
    assert links_named(html, "Next year")
    assert "Another year" not in html


# Leads


def test_lead_reads_the_team_with_its_questions_and_their_answers(firm):
    lead = lead_of(firm.search)
    Goal.objects.filter(key="draft").update(owner=lead)
    html = page(lead)

    assert lede(html).startswith("Search: 50.0 % of the work that is not upkeep reaches the strategy, as on 23 March; ")
    assert "things wait for you." in lede(html)
    [loose] = [url for url in links_named(html, "Link it") if "/loose/" in url]
    assert loose.startswith("/initiatives/loose/links/new/?back=home&then=initiative-")
    assert "Some day: the goal is still a draft" in text_of(html)


def test_lead_reads_what_moved_the_team_and_which_goals_changed_for_it(firm):
    lead = lead_of(firm.search)
    close(firm)
    html = page(lead)

    assert "took 37.5 points." in text_of(html)
    assert "Leo Leader closed “Retention” (dropped)." in text_of(html)
    assert "/goals/retention/" in links_named(html, "“Retention”")
    assert "On it rests “Faster”." in text_of(html)
    assert "/initiatives/faster/" in links_named(html, "“Faster”")
    assert html.count("Too dear.") == 1


def test_lead_reads_of_a_changed_meaning_with_the_answer(firm):
    lead = lead_of(firm.search)
    firm.retention.refresh_from_db()
    version = firm.retention.version
    edit_goal(firm.retention, actor=firm.leader, at=LATER, version=version, meaning_changed=True, why="Another why.")
    html = text_of(page(lead))

    assert "Leo Leader changed what" in html
    assert "Retention: means something else since" in html
    assert "It still holds" in html


@pytest.mark.parametrize("opened", ["", "by its own edit", "by a move", "by the goal above"])
def test_lead_does_not_read_what_a_goal_was_called_when_fewer_saw_it(firm, opened):
    Goal.objects.filter(pk=firm.retention.pk).update(
        parent=firm.secret if opened == "by a move" else firm.growth,
        visibility="leaders" if opened == "by its own edit" else "company",
    )
    if opened == "by the goal above":
        Goal.objects.filter(pk=firm.growth.pk).update(status="draft")
    by = {"actor": firm.leader, "at": LATER}
    goal = Goal.objects.get(pk=firm.retention.pk)
    goal = edit_goal(goal, **by, version=goal.version, meaning_changed=True, title="Loyalty")
    if opened == "by its own edit":
        edit_goal(goal, **by, version=goal.version, visibility="company")
    elif opened == "by a move":
        move_goal(goal, **by, version=goal.version, parent=firm.growth)
    elif opened == "by the goal above":
        above = Goal.objects.get(pk=firm.growth.pk)
        activate_goal(above, **by, version=above.version)
    html = text_of(page(lead_of(firm.product)))

    assert "changed what “Loyalty” means." in html
    assert ("It was called “Retention”." in html) is (not opened)


def test_lead_reads_what_the_team_is_asked_before_what_it_asks(firm):
    lead = lead_of(firm.search)
    ask_support(firm.work["loose"], actor=firm.leader, at=EARLIER, team=firm.ops, ask="A server.", size="small")
    ask_support(firm.work["half"], actor=firm.leader, at=LATER, team=firm.search, ask="A day.", size="small")
    html = page(lead)

    assert html.index("A day.") < html.index("A server.")
    assert len(links_named(html, "Promise or decline it")) == 1


def test_lead_of_several_teams_reads_how_much_waits(firm):
    lead = lead_of(firm.search)
    make.MembershipFactory(team=firm.quiet, person=lead, role="lead")
    html = page(lead)

    assert lede(html).startswith("You lead 2 teams; 3 things wait for you")
    assert links_named(html, "Start an initiative") == ["/teams/quiet/initiatives/new/"]


def test_lead_does_not_read_of_goals_that_are_not_for_them(firm):
    lead = lead_of(firm.product)
    firm.secret.refresh_from_db()
    version = firm.secret.version
    close_goal(firm.secret, actor=firm.leader, at=LATER, version=version, status="dropped", reason="The hidden reason.")
    html = page(lead)

    assert SECRET not in html
    assert "hidden reason" not in html
    assert "Closing a confidential goal took" in text_of(html)


# Members


def test_member_reads_the_line_from_their_work_to_the_strategy(firm):
    Initiative.objects.filter(key__in=["faster", "loose"]).update(owner=firm.member)
    html = page(firm.member)

    assert lede(html) == "1 of your 2 initiatives reaches no published strategy."
    own = text_of(part(html, "own-work"))
    places = [own.index(name) for name in ("Faster", "Retention", "Growth", "The plan", "Loose")]
    assert places == sorted(places)


def test_member_reads_what_was_published_lately(firm):
    draft = make.StrategyFactory(key="next", title="Next year", status="draft")
    make.GoalFactory(strategy=draft, owner=firm.leader, why="Because.")
    publish_strategy(draft, actor=firm.leader, at=LATER, version=draft.version)
    html = page(firm.member)

    assert lede(html).startswith("“Next year” was published on 25 Mar 2026. ")
    assert "“Next year” was published." in text_of(html)
    assert links_named(html, "“Next year”")


def test_member_reads_the_day_of_a_publication_in_their_own_zone(firm):
    draft = make.StrategyFactory(title="Next year", status="draft", owner=firm.leader)
    make.GoalFactory(strategy=draft, owner=firm.leader, why="Because.")
    late = LATER.replace(hour=23, minute=30)
    publish_strategy(draft, actor=firm.leader, at=late, version=draft.version)
    Company.objects.update(timezone="Europe/Berlin")

    assert lede(page(firm.member)).startswith("“Next year” was published on 26 Mar 2026. ")


def test_member_is_asked_what_their_team_is_asked(firm):
    member = member_of(firm.search)
    ask_support(firm.work["half"], actor=firm.leader, at=LATER, team=firm.search, ask="A day.", size="small")
    html = page(member)

    assert "Where your team’s work leads" in text_of(html)
    assert "Product asks Search to support" in text_of(part(html, "for-you"))
    assert links_named(part(html, "for-you"), "Product")


def test_member_judges_links_to_their_own_goals_until_it_is_the_teams_turn(firm):
    firm.retention.owner = firm.member
    firm.retention.save()
    link = Link.objects.get(initiative__key="half")
    assert f"/links/{link.pk}/endorsement/" in page(firm.member)

    dispute_link(link, actor=firm.member, at=LATER, version=link.version, note="I doubt it.")
    lead = lead_of(firm.product)
    assert f"/links/{link.pk}/" not in page(firm.member)
    waits = "Mia Member waits for your answer to a dispute about the link “Half → Retention”. “I doubt it.”"
    assert waits in text_of(part(page(lead), "for-you"))


def test_member_without_work_is_taught_what_belongs_here(firm):
    assert links_named(page(firm.member), "See the teams") == ["/teams/"]
    assert links_named(page(member_of(firm.quiet)), "Start an initiative") == ["/initiatives/new/"]


# Administrators


def test_administrator_reads_what_is_left_to_do(firm):
    make.PersonFactory(imported=True)
    make.PersonFactory(imported=True)
    make.PersonFactory(invited=True)
    make.PersonFactory(refused_at=NOW)
    todo = part(page(make.AdminFactory()), "administration")

    for sentence, linked in (
        ("The company’s name and time zone are not set yet.", "The company’s name and time zone"),
        ("2 people have not been invited yet.", "2 people"),
        ("1 person has been invited and not joined yet.", "1 person"),
        ("The weekly digests are not running", "The weekly digests"),
        ("1 address was refused by a mail server", "1 address"),
    ):
        assert sentence in text_of(todo)
        assert links_named(todo, linked)
    assert links_named(todo, "2 people") == ["/people/?state=not_invited"]
    assert links_named(todo, "1 person") == ["/people/?state=invited"]


def test_administrator_with_nothing_left_to_do_reads_of_the_company(firm):
    DigestSettings.objects.update(previewed_at=NOW, started_at=NOW)
    Company.objects.update(name="Ours")
    html = page(make.AdminFactory())

    assert "For you as an administrator" not in html
    assert "For you as an administrator" not in page(firm.leader)


# A phone, where figures fill the first screen


@pytest.mark.parametrize(
    ("role", "below"),
    [
        (lambda firm: firm.leader, []),
        (lambda firm: lead_of(firm.search), []),
        (lambda firm: make.ViewerFactory(), ["Work that reaches nothing yet"]),
        (lambda firm: firm.member, []),
    ],
    ids=["leader", "lead", "viewer", "member"],
)
def test_way_leads_past_the_figures_to_the_first_list(firm, role, below):
    html = parsed(page(role(firm)))
    ways = html.select(".page-head__below a")

    assert [text_of(way) for way in ways] == below
    for way in ways:
        assert texts_of(html, str(way["href"])) == below


# Queries


def viewer(_firm: Firm) -> Person:
    return make.ViewerFactory()


def leading(firm: Firm) -> Person:
    return lead_of(firm.search, role="leader")


def lead(firm: Firm) -> Person:
    return lead_of(firm.search)


def member(firm: Firm) -> Person:
    return member_of(firm.search)


def leader(firm: Firm) -> Person:
    return firm.leader


def admin(_firm: Firm) -> Person:
    return make.AdminFactory()


ROLES = [(viewer, 10), (member, 12), (lead, 12), (leader, 12), (leading, 11), (admin, 12)]
"""With the queries of the page, session and user included."""


@pytest.mark.parametrize(("role", "most"), ROLES)
def test_home_asks_the_same_number_of_queries_however_much_there_is(firm, role, most):
    person = role(firm)
    close(firm)

    def queries() -> int:
        with time_machine.travel(AT, tick=False):
            client = signed_in(person)
            with CaptureQueriesContext(connection) as seen:
                assert client.get("/").status_code == 200
        return len(seen)

    assert queries() == most
    for _number in range(8):
        make.GoalFactory(parent=firm.growth)
        make.LinkFactory(initiative=make.InitiativeFactory(owner=person, team=firm.search), goal=make.GoalFactory())
        make.InitiativeFactory(owner=person)
        make.MembershipFactory(person=person)
        make.SupportFactory(team=firm.search)
    recompute(LATER)
    assert queries() == most


def test_headline_of_several_teams_tells_which_moved_most():
    said = words.of_teams(2, "2 things wait for you", [("A", 0.1, "more"), ("B", -0.2, "less")])

    assert said == "You lead 2 teams; 2 things wait for you. B moved most: coverage is less."
