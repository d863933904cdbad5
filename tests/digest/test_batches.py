"""What a batch of digests reads: for its readers alone, and not for every initiative of a company."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.enums import FlagCode
from alignment.history import movements
from alignment.models import Flag, InitiativeFigures, InitiativeHistory
from digest import registry, writing
from digest.registry import Batch, Kind, Registered
from digest.writing import write_digests
from strategy.services.goals import close_goal
from teams.models import Initiative, LogEntry, Person, Team
from tests import factories as make
from tests.digest.reading import AT, LATER, SINCE, lead_of, member_of, old_firm
from tests.factories import DAY, NOW
from tests.firm import Firm
from tests.queries import rows_read
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db

MUCH, TEAMS, FEW = 10_000, 500, 300
TABLES = ("alignment_initiativehistory", "alignment_initiativefigures", "alignment_flag", "teams_initiative")

FOR_LEADERS = {
    "conversations",
    "ending",
    "coverage",
    "uncovered",
    "newly_orphaned",
    "judgements",
    "spotlight",
    "stances",
    "checking_in",
    "confirming",
}
FOR_LEADS = {
    "conversations",
    "ending",
    "figures",
    "new_flags",
    "old_flags",
    "goals",
    "support",
    "left_spotlight",
    "links",
    "judgements",
    "checking_in",
    "confirming",
}
FOR_OTHERS = {"conversations", "ending", "published", "own_work", "judgements", "waiting", "checking_in", "confirming"}
ASIDE = {"conversations", "ending", "judgements", "checking_in", "confirming"}
"""Sections that a digest has once, in one of its parts."""


@pytest.fixture(scope="module")
def kept(whole_module: None) -> bytes:
    """A firm with a goal that was closed since, so that there are causes to tell."""
    firm = old_firm()
    firm.retention.refresh_from_db()
    version = firm.retention.version
    close_goal(firm.retention, actor=firm.leader, at=LATER, version=version, status="dropped", reason="Over.")
    return pickle.dumps(firm)


@pytest.fixture
def firm(kept: bytes, db: None) -> Firm:
    firm: Firm = pickle.loads(kept)  # noqa: S301 -- our own
    return firm


Readers = Callable[[Firm], list[Person]]
READERS: dict[str, Readers] = {
    "leader": lambda firm: [firm.leader],
    "administrator": lambda _firm: [make.AdminFactory()],
    "lead": lambda firm: [lead_of(firm.search)],
    "member": lambda firm: [member_of(firm.search)],
    "leader who leads a team": lambda firm: [lead_of(firm.search, role="leader")],
    "everybody": lambda firm: [firm.leader, make.AdminFactory(), lead_of(firm.search), member_of(firm.search)],
}
READ: dict[str, dict[Kind, set[str]]] = {
    "leader": {Kind.COMPANY: FOR_LEADERS},
    "administrator": {Kind.COMPANY: FOR_LEADERS | {"refusals"}},
    "lead": {Kind.TEAM: FOR_LEADS},
    "member": {Kind.OWN: FOR_OTHERS},
    "leader who leads a team": {Kind.COMPANY: FOR_LEADERS, Kind.TEAM: FOR_LEADS - ASIDE},
    "everybody": {Kind.COMPANY: FOR_LEADERS | {"refusals"}, Kind.TEAM: FOR_LEADS, Kind.OWN: FOR_OTHERS},
}
QUERIES = {"leader": 17, "administrator": 18, "lead": 30, "member": 26, "leader who leads a team": 32, "everybody": 41}


def written(people: Sequence[Person], since: dt.datetime = SINCE) -> list[dict[str, Any]]:
    """The queries of their digests."""
    with CaptureQueriesContext(connection) as seen:
        write_digests(people, week=DAY, since=since, at=AT)
    return [query for query in seen if "SAVEPOINT" not in query["sql"]]


@pytest.mark.parametrize("who", READERS)
def test_a_section_reads_nothing_where_nobody_can_have_it(firm, monkeypatch, who):
    read: dict[Kind, set[str]] = {}

    def listed(kind: Kind) -> Iterator[Registered]:
        def noted(each: Registered, batch: Batch) -> registry.Says:
            read.setdefault(kind, set()).add(each.name)
            return each.reads(batch)

        for each in registry.sections(kind):
            yield replace(each, reads=partial(noted, each))

    monkeypatch.setattr(writing, "sections", listed)
    write_digests(READERS[who](firm), week=DAY, since=SINCE, at=AT)
    assert read == READ[who]


@pytest.mark.parametrize("who", READERS)
def test_a_batch_asks_so_many_queries(firm, who):
    assert len(written(READERS[who](firm))) == QUERIES[who]


PAGES = {"leader": 22, "administrator": 23, "lead": 35, "member": 32}
"""In a week in which nothing moved coverage: entries that did are one query more."""


@pytest.mark.parametrize("who", PAGES)
def test_a_preview_asks_so_many_queries(firm, time_machine, who):
    time_machine.move_to(AT, tick=False)
    [person] = READERS[who](firm)
    client = signed_in(person)
    client.get(reverse("digest_next"))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(reverse("digest_next")).status_code == 200
    assert len([query for query in seen if "SAVEPOINT" not in query["sql"]]) == PAGES[who]


@pytest.fixture(autouse=True)
def few_are_much(monkeypatch):
    """As MUCH rows are not much."""
    monkeypatch.setattr(movements, "MUCH", FEW // 6)


def write_much(cause: LogEntry) -> None:
    """Other teams' work that `cause` made, each with a flag, as PostgreSQL knows."""
    teams = Team.objects.bulk_create(Team(key=f"other-{number}", name="Other") for number in range(TEAMS))
    work = Initiative.objects.bulk_create(
        Initiative(key=f"much-{number}", title="Much", team=teams[number % TEAMS], touched_on=DAY)
        for number in range(MUCH)
    )
    parts = {"effort": 2, "aligned": 1, "reasoned": 0, "endorsed": 0, "exploring": 0, "sustaining": 0, "orphaned": 1}
    InitiativeFigures.objects.bulk_create(
        InitiativeFigures(initiative=each, team=each.team, own_choice=True, unsized=False, **parts) for each in work
    )
    InitiativeHistory.objects.bulk_create(
        InitiativeHistory(initiative=each, team=each.team, origin="team", as_of=DAY, cause=cause, **parts)
        for each in work
    )
    Flag.objects.bulk_create(Flag(code=FlagCode.ORPHAN, initiative=each, first_seen=DAY, cause=cause) for each in work)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE teams_team, teams_logentry, {', '.join(TABLES)}")


def too_many(people: Sequence[Person], since: dt.datetime = SINCE) -> dict[str, int]:
    asked = written(people, since)
    return {table: rows for table in TABLES if (rows := rows_read(asked, table)) > FEW}


@pytest.mark.slow
class TestOtherWorkThatDidNotChange:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def much(cls, kept: bytes, whole_class: None) -> None:
        write_much(LogEntry.objects.order_by("id")[0])

    @pytest.mark.parametrize("who", READERS)
    def test_digests_read_nothing_of_it(self, firm, who):
        assert too_many(READERS[who](firm)) == {}


@pytest.mark.slow
class TestOtherWorkThatDidChange:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def much(cls, kept: bytes, whole_class: None) -> None:
        write_much(make.LogEntryFactory(action="company.imported", at=LATER))

    @pytest.mark.parametrize("who", ["lead", "member"])
    def test_digests_read_nothing_of_it(self, firm, who):
        assert too_many(READERS[who](firm)) == {}

    @pytest.mark.parametrize("who", READERS)
    def test_digests_of_a_company_that_begins_read_no_history(self, firm, who):
        assert too_many(READERS[who](firm), since=NOW - dt.timedelta(days=7)) == {}


def test_work_that_lost_its_goal_is_told_where_a_company_begins(firm):
    """Its coverage is compared with nothing, and what was done to goals since then is told all the same."""
    [content] = write_digests([firm.leader], week=DAY, since=NOW - dt.timedelta(days=7), at=AT)
    told = {section.name: section for section in content.parts[0].sections}
    assert not told["coverage"].lines
    assert "newly_orphaned" in told
