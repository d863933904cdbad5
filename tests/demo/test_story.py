"""The company that the demo builds: what the story promises holds on each day of the week after it."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from alignment.enums import FlagCode
from alignment.flags import KINDS
from alignment.history.past import figures_on
from alignment.models import CompanyWeek, Flag
from alignment.refresh.drift import find_drift
from alignment.refresh.nightly import recompute_when_stale
from alignment.selectors.people.own import own_work
from alignment.selectors.report import alignment_report
from conversations.models import Mention, Thread
from demo.building import STORY, bring_in_company, is_empty
from demo.calendar import MON, TUE, WEEKS, ZONE, Calendar, calendar_at
from demo.cast import CAST, LEAD, MEMBER, VIEWER
from digest.enums import DigestState
from digest.models import Digest
from exchange.services import import_bundle
from lib.services.dates import day_in
from lib.services.permissions import SYSTEM
from strategy.enums import StrategyStatus, Visibility
from strategy.models import ContextPage, Goal, Persona, Strategy
from teams.enums import Role
from teams.models import LogEntry, Person, Team
from teams.rules import leads
from tests.exchange.bundles import exported, undone
from tests.html import links_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

BUILT_AT = dt.datetime(2026, 4, 27, 8, 0, tzinfo=dt.UTC)  # a Monday at nine in London: the last instant of the story
SECRET = "Kennelbook"
OURS = {"teams", "strategy", "alignment", "digest"}


@pytest.fixture(scope="module")
def lines(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """What the demo said while it built the company, which is there for all tests of this module."""
    said: list[str] = []
    with django_db_blocker.unblock(), undone():
        assert is_empty()
        bring_in_company(at=BUILT_AT, told=said.append)
        yield said


@pytest.fixture
def calendar(lines: list[str]) -> Calendar:
    return calendar_at(BUILT_AT)


OPEN = {code.value for code in FlagCode} - {FlagCode.ENDING.value}
"""All but that the strategy ends: it goes on for months, and every page would say otherwise."""


def days_after(calendar: Calendar) -> list[dt.date]:
    return [calendar.last + dt.timedelta(days=number) for number in range(8)]


def test_progress_is_told_by_week(lines: list[str]) -> None:
    assert len(lines) == 1 + len(STORY)
    assert all(week.title in line for week, line in zip(STORY, lines[1:], strict=True))
    assert [week.number for week in STORY] == list(range(1, WEEKS + 1))


def test_every_flag_is_open_on_each_day_of_the_week(calendar: Calendar) -> None:
    for day in days_after(calendar):
        found = {flag["code"] for flag in alignment_report(on=day)["flags"]}
        assert found == {kind.public_name for kind in KINDS if kind.code in OPEN}, day


def test_stored_flags_are_those_that_the_engine_finds(calendar: Calendar) -> None:
    assert set(Flag.objects.open().values_list("code", flat=True)) == OPEN
    drift = find_drift()
    assert drift is not None
    assert drift.size == 0
    assert not LogEntry.objects.filter(action="alignment.drift_found").exists()


def test_people_ask_and_are_answered(calendar: Calendar) -> None:
    [answered] = Thread.objects.filter(kind="question").exclude(outcome="")
    assert answered.pinned is not None
    assert answered.pinned.text.startswith("With the invoice.")
    [of_figure] = Thread.objects.filter(kind="question").exclude(aspect="")
    assert (of_figure.about_kind, of_figure.aspect, of_figure.turn) == ("company", "coverage", "asks")
    assert Mention.objects.filter(message__thread=of_figure).count() == 1
    lead = Person.objects.get(email=LEAD.email)
    assert Thread.objects.in_turn_of(lead).filter(kind="question", due_on__gt=calendar.last).count() == 1


def test_goals_are_proposed_and_countered(calendar: Calendar) -> None:
    proposal = Thread.objects.get(kind="proposal")
    assert (proposal.outcome, proposal.asker.name) == ("accepted", "Chloé Martin")
    assert Goal.objects.get(title="A practice finds the answer before it calls").status == "draft"
    countered = Thread.objects.get(kind="counter")
    assert (countered.outcome, countered.due_on) == ("committed", calendar.day(24, MON))


def test_most_of_the_company_is_healthy_all_week(calendar: Calendar) -> None:
    for day in days_after(calendar):
        report = alignment_report(on=day)
        assert 0.65 <= report["company"]["coverage"] <= 0.75, day
        assert report["company"]["strategy_coverage"] >= 0.9, day
        own = [team["own"] for team in report["teams"].values() if team["own"]["coverage"] is not None]
        assert sum(figures["coverage"] >= 0.7 for figures in own) >= 8, day
        assert len(report["flags"]) <= 50, day
        claims = report["teams"]["claims"]["own"]
        assert claims["coverage"] >= 0.9, day


def test_publication_is_a_dip_from_which_the_company_recovers(calendar: Calendar) -> None:
    before, after = (figures_on(calendar.day(5, day)).coverage for day in (MON, TUE))
    assert before is not None
    assert after is not None
    assert before >= 0.75
    assert 0.25 <= after <= 0.5
    rows = CompanyWeek.objects.order_by("week")
    weekly = [row.aligned / (row.effort - row.sustaining) for row in rows]
    assert [row.week for row in rows] == [calendar.day(week, MON) for week in range(1, WEEKS + 2)]
    assert weekly[5] == min(weekly)
    assert weekly[5] <= weekly[4] - 0.25
    assert weekly[-1] >= weekly[5] + 0.2


def test_company_has_what_it_is_said_to_have(calendar: Calendar) -> None:
    assert Person.objects.count() == 60
    assert Team.objects.current().count() == 15
    assert [*Team.objects.exclude(archived_on=None).values_list("name", flat=True)] == ["Letters"]
    assert [*Team.objects.filter(is_here=False).values_list("name", flat=True)] == ["Nordics"]
    assert Persona.objects.count() == 3
    assert set(ContextPage.objects.values_list("lens", flat=True)) == {"strategy", "product", "operations"}
    published = Strategy.objects.get(status=StrategyStatus.PUBLISHED)
    assert 18 <= Goal.objects.filter(path__0__in=published.goals.values("pk")).count() <= 24
    assert Person.objects.filter(joined_at=None).count() == 2


def test_cast_is_there_with_what_each_is_said_to_see(calendar: Calendar) -> None:
    people = {part.role: Person.objects.get(email=part.email) for part in CAST}
    assert {role: person.role for role, person in people.items()} == {
        "leader": Role.LEADER,
        "lead": Role.MEMBER,
        "member": Role.MEMBER,
        "viewer": Role.VIEWER,
        "admin": Role.ADMIN,
    }
    assert all(person.name == part.name for part, person in zip(CAST, people.values(), strict=True))
    claims = Team.objects.get(key="claims")
    assert claims.stance == "spotlight"
    assert leads(people["lead"], claims)
    assert not leads(people["member"], claims)
    own = own_work(people["member"], limit=9)
    assert any(work.figures.aligned == work.figures.effort and work.links[0].strategy for work in own)
    assert any(work.figures.orphaned == work.figures.effort and not work.links for work in own)
    assert Flag.objects.open().filter(initiative__team=claims).count() >= 2
    assert Strategy.objects.get(status=StrategyStatus.PUBLISHED).owner == people["leader"]


def test_everything_was_done_by_somebody_in_working_hours(calendar: Calendar) -> None:
    entries = LogEntry.objects.filter(actor__isnull=False)
    assert len(entries) > 400
    for entry in entries:
        local = entry.at.astimezone(ZoneInfo(ZONE))
        assert local.weekday() < 5, entry
        assert dt.time(8, 30) <= local.time() <= dt.time(18), entry
    assert LogEntry.objects.filter(at__gt=calendar.end).count() == 0
    by_itself = set(LogEntry.objects.filter(actor=None).values_list("action", flat=True))
    assert by_itself == {"company.imported", "alignment.recomputed", "demo.built"}


def test_everybody_who_wants_them_has_digests_up_to_this_morning(calendar: Calendar) -> None:
    weeks = [calendar.day(week, MON) for week in range(10, 14)]
    assert list(Digest.objects.order_by("week").values_list("week", flat=True).distinct()) == weeks
    assert set(Digest.objects.values_list("state", flat=True)) <= {DigestState.SENT, DigestState.NOTHING}
    for part in CAST:
        sent = Digest.objects.filter(person__email=part.email, state=DigestState.SENT)
        assert sent.filter(week=calendar.last).exists(), part.name
        assert all(digest.sent_at is not None and digest.sent_at <= calendar.end for digest in sent)
    last = Digest.objects.get(person__email=CAST[0].email, week=calendar.last)
    assert "wait for you" in last.subject


def test_viewer_and_member_find_every_page_and_nothing_confidential(calendar: Calendar) -> None:
    hidden = Goal.objects.get(visibility=Visibility.LEADERS)
    assert SECRET in hidden.title
    for part in (VIEWER, MEMBER):
        client = Client()
        client.force_login(Person.objects.get(email=part.email))
        assert client.get(f"/goals/{hidden.key}/").status_code == 404
        pages = dict(_walk(client, "/"))
        assert len(pages) > 150
        assert {path: status for path, (status, _text) in pages.items() if status != 200} == {}
        assert [path for path, (_status, text) in pages.items() if SECRET in text or hidden.key in text] == []


def _walk(client: Client, first: str) -> Iterator[tuple[str, tuple[int, str]]]:
    """Every page of ours that links lead to from `first`, but for what signs out and what other tests look at."""
    waiting, seen = deque([first]), {first}
    while waiting:
        path = waiting.popleft()
        response = client.get(path, follow=True)
        text = "" if response.streaming else response.content.decode()
        yield path, (response.status_code, text)
        for found in (urlsplit(address).path for address in links_of(text) if address.startswith("/")):
            if found not in seen and not found.startswith(("/static/", "/accounts/", "/api/", "/admin/")):
                seen.add(found)
                waiting.append(found)


def test_export_of_the_company_comes_back_the_same(calendar: Calendar, tmp_path: Path) -> None:
    before = exported()
    for name, content in before.items():
        (tmp_path / name).write_bytes(content.encode())
    with undone():
        _empty()
        assert is_empty()
        import_bundle(tmp_path, actor=SYSTEM, at=BUILT_AT)
        assert exported() == before


def _empty() -> None:
    """As a database is before anything came in."""
    ours = [model._meta.db_table for model in apps.get_models() if model._meta.app_label in OURS]
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(ours)} CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    import_module("teams.migrations.0002_the_company").make(apps, None)
    import_module("digest.migrations.0002_settings").make(apps, None)


def test_lead_is_seen_by_the_company_and_priya_is_in_his_team(calendar: Calendar) -> None:
    team = Team.objects.get(key="claims")
    assert {LEAD.name, MEMBER.name} <= set(team.people.values_list("name", flat=True))
    assert day_in(ZONE, BUILT_AT) == calendar.last


def test_the_next_nights_change_nothing_that_the_story_promises(calendar: Calendar) -> None:
    with undone():
        for day in days_after(calendar)[1:]:
            recompute_when_stale(at=calendar.instant(day, dt.time(0, 5)))
            assert set(Flag.objects.open().values_list("code", flat=True)) == OPEN
