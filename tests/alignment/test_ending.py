"""A published strategy that ends, and one that has ended: where it is said, to whom, and on which days."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.enums import FlagCode
from alignment.refresh.recompute import recompute_alignment
from alignment.selectors.people.flags import announced_ends
from alignment.services.flags import snooze_flag
from digest.content import Content
from digest.writing import write_digests
from lib.services.dates import monday
from strategy.models import Strategy
from teams.enums import TeamRole
from teams.models import Person
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_of, page_text

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)
ENDS = DAY + 60 * ONE
"""15 May 2026; the company's grace is 14 days."""
SENTENCE = "ends soon or has just ended, and no published strategy follows it"
SAID = {
    -30: "ends on 15 May 2026, in 30 days.",
    -7: "ends on 15 May 2026, in 7 days.",
    0: "ends today, 15 May 2026; links to its goals count until 29 May 2026.",
    14: "ended on 15 May 2026; links to its goals count until 29 May 2026.",
}
OVER = "ended on 15 May 2026; since 30 May 2026 links to its goals do not count."


@pytest.fixture
def lead(firm):
    person = make.PersonFactory(name="Lea Lead")
    make.MembershipFactory(team=firm.product, person=person, role=TeamRole.LEAD)
    return person


@pytest.fixture
def people(firm, lead):
    make.MembershipFactory(team=firm.search, person=firm.member)
    viewer, admin = make.ViewerFactory(), make.AdminFactory()
    return {"leader": firm.leader, "lead": lead, "member": firm.member, "viewer": viewer, "admin": admin}


@pytest.fixture
def on(firm, time_machine):
    """Goes to a day, counted from the strategy's end."""
    Strategy.objects.filter(pk=firm.strategy.pk).update(ends_on=ENDS)

    def go(days: int) -> dt.datetime:
        at = NOW + (ENDS - DAY) + days * ONE
        time_machine.move_to(at, tick=False)
        recompute_alignment(as_of=ENDS + days * ONE, at=at)
        return at

    return go


def digest(person: Person, at: dt.datetime) -> Content:
    [found] = write_digests([person], week=monday(at.date()), since=at - ONE, at=at)
    return found


def told(content: Content) -> list[tuple[str, str, str]]:
    """What sections about the end say, and where they lead."""
    return [
        ("".join(span.text for span in line.said), line.detail, line.said[0].path)
        for part in content.parts
        for section in part.sections
        if section.name == "ending"
        for line in section.lines
    ]


EVERYBODY = ["leader", "lead", "member", "viewer", "admin"]


@pytest.mark.slow
@pytest.mark.parametrize(("who", "days"), [*((who, -7) for who in EVERYBODY), *(("member", days) for days in SAID)])
def test_end_is_said_with_a_name_and_an_address(people, on, client, who, days):
    at = on(days)
    client.force_login(people[who])
    home, plan, flags = client.get("/"), client.get("/strategies/plan/"), client.get("/flags/?code=ending")

    for page in (home, flags):
        assert "The plan" in page_text(page)
        assert "/strategies/plan/" in links_of(page)
    assert f"The plan {SENTENCE}." in page_text(home)
    for page in (home, plan, flags, client.get("/strategy/")):
        assert f"It {SAID[days]}" in page_text(page)
    assert told(digest(people[who], at)) == [
        (
            f"“The plan” {SENTENCE}.",
            f"It {SAID[days]} What comes after it: a next strategy, a later end, or nothing?",
            "/strategies/plan/",
        )
    ]


@pytest.mark.parametrize("days", [-31, 15])
def test_end_is_no_flag_before_and_after(people, on, client, days):
    """Each of the roles that read other things of it; the digests of all."""
    at = on(days)
    for who in ("leader", "member"):
        client.force_login(people[who])
        for address in ("/", "/strategies/plan/", "/flags/", "/strategy/"):
            assert SENTENCE not in page_text(client.get(address)), address
    assert [told(digest(person, at)) for person in people.values()] == [[]] * len(people)


@pytest.mark.parametrize("who", EVERYBODY)
def test_end_that_has_passed_is_said_wherever_its_goals_are_read(people, on, client, who):
    on(15)
    client.force_login(people[who])

    assert f"The plan {OVER}" in page_text(client.get("/"))
    assert f"It {OVER}" in page_text(client.get("/strategy/"))
    assert f"It {OVER}" in page_text(client.get("/strategies/plan/"))
    goal = client.get("/goals/retention/")
    assert f"Its strategy, The plan, {OVER}" in page_text(goal)
    assert "/strategies/plan/" in links_of(goal)


def test_goal_says_during_the_days_of_grace_that_its_strategy_has_ended(people, on, client):
    on(1)
    client.force_login(people["member"])
    said = page_text(client.get("/goals/retention/"))

    assert f"Its strategy, The plan, {SAID[14]}" in said
    assert "do not count" not in said


@pytest.mark.parametrize("days", [-30, -7, 0])
def test_end_of_a_strategy_that_another_follows_is_announced_to_leaders_and_its_owner(people, on, client, days):
    """On the home page from 30 days before, in the digest of each of these days."""
    make.StrategyFactory(key="next", title="The next plan", starts_on=ENDS + ONE)
    Strategy.objects.filter(key="plan").update(owner=people["member"])
    at = on(days)
    for who in EVERYBODY:
        client.force_login(people[who])
        announced = who in {"leader", "admin", "member"}
        home = client.get("/")
        assert (f"The plan {SAID[days]}" in page_text(home)) is announced, who
        assert ("/strategies/plan/next/" in links_of(home)) is (who in {"leader", "admin"}), who
        said = "“The plan” ends, and another strategy follows it."
        asked = f"It {SAID[days]} What of it goes on: carry it over, extend it, or let it end?"
        assert told(digest(people[who], at)) == ([(said, asked, "/strategies/plan/")] if announced else []), who
    between = on(days + 1)
    assert told(digest(people["leader"], between)) == []


def test_a_strategy_that_another_follows_is_no_flag_and_is_said_while_its_links_count(people, on, client):
    make.StrategyFactory(key="next", title="The next plan", starts_on=ENDS + ONE)
    client.force_login(people["member"])
    on(1)
    home = page_text(client.get("/"))

    assert f"The plan {SAID[14]}" in home
    assert SENTENCE not in home
    on(15)
    client.force_login(people["member"])
    assert "ended on" not in page_text(client.get("/"))
    assert f"It {OVER}" in page_text(client.get("/strategies/plan/"))


@pytest.mark.parametrize(("new", "weight", "quiet"), [(0, 0, True), (1, 60, False), (2, 60, False)])
def test_one_end_that_is_new_among_others_is_a_reason_to_write_to_members(people, on, new, weight, quiet):
    at = on(-20)
    entry = make.LogEntryFactory(at=at)
    Strategy.objects.get(key="plan").flags.update(cause=entry if new else None)
    for cause in (entry if new > 1 else None, None):
        plan = make.StrategyFactory(ends_on=ENDS - 3 * ONE)
        make.FlagFactory(code=FlagCode.ENDING, strategy=plan, initiative=None, cause=cause)
    Person.objects.update(digests_always=True)
    content = digest(Person.objects.get(pk=people["member"].pk), at)

    [section] = [each for part in content.parts for each in part.sections if each.name == "ending"]
    assert (len(section.lines), section.weight, section.quiet) == (3, weight, quiet)


def test_an_end_with_a_flag_is_not_announced_beside_it_and_another_is():
    flagged, other = (make.StrategyFactory(ends_on=DAY + 7 * ONE) for _ in range(2))
    make.FlagFactory(code=FlagCode.ENDING, strategy=flagged, initiative=None)
    assert announced_ends(DAY - ONE, DAY) == [other]
    assert announced_ends(DAY, DAY + ONE) == []
    assert announced_ends(DAY - ONE, None) == []


def ways(page):
    """Where its links lead, without the way back."""
    return {url.partition("?")[0] for url in links_of(page)}


def test_leaders_are_asked_and_may_snooze_it(people, on, client):
    at = on(-7)
    flag = people["leader"] and Strategy.objects.get(key="plan").flags.get()
    client.force_login(people["leader"])
    for page in (client.get("/"), client.get("/strategies/plan/")):
        assert {"/strategies/new/", "/strategies/plan/edit/", f"/flags/{flag.pk}/snooze/"} <= ways(page)
    client.force_login(people["member"])
    assert not {"/strategies/new/", f"/flags/{flag.pk}/snooze/"} & ways(client.get("/"))

    snooze_flag(flag, actor=people["leader"], at=at, until=ENDS, reason="It is being written.")

    for person in (people["leader"], people["member"]):
        client.force_login(person)
        assert SENTENCE not in page_text(client.get("/"))
        assert told(digest(person, at)) == []
    assert "It ends on 15 May 2026, in 7 days." in page_text(client.get("/strategies/plan/"))


def test_an_archived_strategy_has_no_end_to_speak_of(people, on, client):
    Strategy.objects.filter(key="plan").update(status="archived")
    on(1)
    client.force_login(people["member"])

    for address in ("/", "/strategies/plan/", "/goals/retention/", "/strategy/"):
        assert "ended on" not in page_text(client.get(address)), address
