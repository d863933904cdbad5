"""Home, the team's page and the digest compare with the same day."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine

from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.weeks import snapshot_when_due
from digest.models import DigestSettings
from digest.services.now import send_now
from strategy.services.goals import close_goal
from teams.models import Company, Person
from tests import factories as make
from tests.factories import NOW
from tests.firm import Firm
from tests.html import source_of, text_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
MONDAYS = [NOW + weeks * 7 * DAY for weeks in range(3)]
"""16, 23 and 30 March 2026, at 9:00 UTC."""
TEAM = "/teams/product/"


@pytest.fixture
def firm(firm: Firm) -> Firm:
    """With the figures of three weeks, to a leader who gets digests."""
    DigestSettings.objects.update(previewed_at=NOW - 70 * DAY, started_at=NOW - 70 * DAY)
    Person.objects.filter(pk=firm.leader.pk).update(joined_at=NOW - 70 * DAY, digests_always=True)
    firm.leader.refresh_from_db()
    for monday in MONDAYS:
        recompute_alignment(as_of=monday.date(), at=monday)
        snapshot_when_due(as_of=monday.date(), at=monday)
    return firm


def page(person: Person, address: str, at: dt.datetime) -> str:
    with time_machine.travel(at, tick=False):
        return text_of(source_of(signed_in(person).get(address)))


def since(person: Person, at: dt.datetime) -> str:
    content = send_now(person, at=at).content
    assert content is not None
    return str(content["since"])


def test_day_is_the_monday_of_the_week_before(firm):
    since(firm.leader, MONDAYS[1])
    assert since(firm.leader, MONDAYS[2]) == "2026-03-23"
    for days in range(7):
        assert "What moved coverage since 23 March" in page(firm.leader, "/", MONDAYS[2] + days * DAY)
    assert "Week of Coverage Aligned Discretionary Now" in page(firm.leader, TEAM, MONDAYS[2])
    assert " 23 Mar 2026 " in page(firm.leader, TEAM, MONDAYS[2])


@pytest.mark.parametrize("after", [0, 3, 6])
def test_day_is_that_of_the_digest_where_it_is_another(firm, after):
    """On Thursdays: what was done after that of 26 March, and nothing that was done before it."""
    first, second = MONDAYS[1] + 3 * DAY, MONDAYS[2] + 3 * DAY
    since(firm.leader, first)
    firm.retention.refresh_from_db()
    version = firm.retention.version
    at = first + dt.timedelta(minutes=5)
    close_goal(firm.retention, actor=firm.leader, at=at, version=version, status="dropped", reason="Too dear.")
    assert since(firm.leader, second) == "2026-03-26"
    home = page(firm.leader, "/", second + after * DAY)
    assert "What moved coverage since 26 March" in home
    assert "Closing “Retention” took" in home


MOVED = re.compile(r"[\d.]+ points (?:more|less) than on 26 March")


@pytest.mark.parametrize("after", [0, 3, 6])
def test_home_team_and_digest_say_the_same_change_since_the_same_day(firm, after):
    """To somebody who leads a team with sub-teams."""
    make.MembershipFactory(team=firm.product, person=firm.leader, role="lead")
    first, second = MONDAYS[1] + 3 * DAY, MONDAYS[2] + 3 * DAY
    since(firm.leader, first)
    firm.retention.refresh_from_db()
    version, at = firm.retention.version, first + dt.timedelta(minutes=5)
    close_goal(firm.retention, actor=firm.leader, at=at, version=version, status="dropped", reason="Too dear.")
    digest = send_now(firm.leader, at=second)
    with time_machine.travel(second + after * DAY, tick=False):
        read = text_of(source_of(signed_in(firm.leader).get(f"/digests/{digest.iso_week}/")))

    team = page(firm.leader, TEAM, second + after * DAY)
    said = MOVED.findall(team)
    assert len(said) == 1
    assert f"Coverage is {said[0]}." in team
    assert said[0] in page(firm.leader, "/", second + after * DAY)
    assert said[0] in read


def test_day_is_that_of_the_first_digest_too(firm):
    """It tells of a week, and it is not due on Mondays."""
    Person.objects.filter(pk=firm.leader.pk).update(digest_weekday=4)
    firm.leader.refresh_from_db()
    thursday = MONDAYS[1] + 3 * DAY
    assert since(firm.leader, thursday) == "2026-03-19"
    assert "What moved coverage since 19 March" in page(firm.leader, "/", thursday)
    assert "as on 19 March" in page(firm.leader, TEAM, thursday)


def test_day_is_a_monday_again_once_there_are_no_digests_any_more(firm):
    for monday in MONDAYS[:2]:
        since(firm.leader, monday + 3 * DAY)
    assert "What moved coverage since 30 March" in page(firm.leader, "/", MONDAYS[2] + 7 * DAY)


@pytest.mark.parametrize(("zone", "day"), [("UTC", "16 March"), ("Pacific/Auckland", "23 March")])
def test_week_begins_in_the_zone_of_the_company(firm, zone, day):
    """It is Monday in Auckland while it is Sunday, 29 March, in UTC."""
    Company.objects.update(timezone=zone)
    reader = make.LeaderFactory()
    assert f"What moved coverage since {day}" in page(reader, "/", MONDAYS[2] - dt.timedelta(hours=13))
