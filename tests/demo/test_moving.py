"""The demo's company moves to before now, as if it had been built that much later."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pgtrigger
import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from alignment.models import CompanyWeek
from alignment.refresh.nightly import recompute_when_stale
from conversations.services import threads
from demo import building
from demo.building import bring_in_company, build_demo, is_empty
from demo.cast import LEADER
from demo.moving import demo_company, move_demo
from demo.outbox import Outbox
from demo.shifting import shift_rows
from demo.story.telling import Scene, Week
from digest.models import Digest
from lib.mail.outbox import BACKEND, saved_mails
from lib.services.dates import LAST_DAY
from strategy.models import Goal, Measure
from strategy.services import keys
from strategy.services.measures import check_in
from teams.models import LogEntry, Person
from tests import factories as make
from tests.demo.building import SUMS, everything, run_until
from tests.exchange.bundles import imported, undone

BUILT_AT = dt.datetime(2026, 3, 18, 15, 30, tzinfo=dt.UTC)  # a Wednesday
LATER = 3
MOVED_AT = dt.datetime(2026, 4, 8, 14, 30, tzinfo=dt.UTC)  # as many weeks later: the clocks went forward in between
LONDON = "Europe/London"

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@dataclass
class Compared:
    built: dict[str, Any]
    moved: dict[str, Any]
    built_later: dict[str, Any]
    weeks: int
    queries_of_nothing: int
    visited: Visited


@dataclass
class Visited:
    """What became of what a visitor did: `weeks` by which the next start moved it, `latest` what is latest then."""

    early: int
    weeks: int
    now: dt.datetime
    latest: dt.datetime
    done: dt.datetime
    mails: list[tuple[str, dt.datetime | None]]
    with_another_company: int


@pytest.fixture(scope="module")
def compared(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Compared]:
    """A build that ran for three weeks, was moved and visited, and a build of three weeks later."""
    folder = tmp_path_factory.mktemp("mail")
    settings = override_settings(EMAIL_BACKEND=BACKEND, EMAIL_FILE_PATH=str(folder))
    with django_db_blocker.unblock(), settings:
        with undone(), keys_in_order():
            build_demo(at=BUILT_AT)
            built = everything(BUILT_AT.date())
            run_until(BUILT_AT, MOVED_AT - dt.timedelta(hours=5))
            weeks = move_demo(at=MOVED_AT)
            moved = everything(MOVED_AT.date())
            with CaptureQueriesContext(connection) as queries:
                assert move_demo(at=MOVED_AT) == 0
            visited = _visited()
        Outbox().write()
        with undone(), keys_in_order():
            build_demo(at=MOVED_AT)
            recompute_when_stale(at=MOVED_AT)
            later = everything(MOVED_AT.date())
        yield Compared(built, moved, later, weeks, len(queries), visited)


@contextmanager
def keys_in_order() -> Iterator[None]:
    """What is hidden, and threads, have keys that differ between any two builds; these do not."""
    hidden, talk = ((f"{what}-{each}" for each in itertools.count(1)) for what in ("hidden", "thread"))
    with (
        mock.patch.object(keys, "unguessable_key", side_effect=hidden),
        mock.patch.object(threads, "thread_key", side_effect=talk),
    ):
        yield


def _visited() -> Visited:
    """Somebody checks in and invites a person, and comes back after eight days."""
    ruth, measure = Person.objects.get(email=LEADER.email), Measure.objects.get(key="claims-that-nobody-retypes")
    check_in(measure, actor=ruth, at=MOVED_AT, version=measure.version, value=Decimal(40))
    Goal.objects.filter(key="fewer-visits-are-missed").update(ends_on=LAST_DAY)
    digest = EmailMultiAlternatives("You are invited", "Come in.", to=["new@example.com"])
    digest.extra_headers["Date"] = format_datetime(MOVED_AT)
    digest.send()
    early = move_demo(at=MOVED_AT + dt.timedelta(days=6))
    now = MOVED_AT + dt.timedelta(days=8)
    run_until(MOVED_AT, now - dt.timedelta(hours=5))
    weeks = move_demo(at=now)
    found = Visited(
        early=early,
        weeks=weeks,
        now=now,
        latest=max(
            LogEntry.objects.latest("at").at, Digest.objects.filter(sent_at__isnull=False).latest("sent_at").due_at
        ),
        done=LogEntry.objects.filter(actor__isnull=False).latest("at").at,
        mails=[(mail.subject, mail.sent_at) for mail in saved_mails() if mail.to == "new@example.com"],
        with_another_company=0,
    )
    imported({"personas": "key,name\nbreeder,Breeder\n"}, at=now)
    bring_in_company(at=now + dt.timedelta(weeks=9), told=pytest.fail)
    found.with_another_company = move_demo(at=now + dt.timedelta(weeks=9))
    return found


LOOKED_AT = (
    *("bundle", "report", "flags", "links", "log", "check-ins", "company weeks", "team weeks", "goal weeks"),
    *("history", "history of links", "digests", "mails"),
)


@pytest.mark.parametrize("what", LOOKED_AT)
def test_moved_is_as_built_later(compared: Compared, what: str) -> None:
    assert compared.weeks == LATER
    assert compared.built[what]
    assert compared.moved[what] == compared.built_later[what]
    assert compared.built[what] != compared.moved[what]


def test_everything_is_looked_at(compared: Compared) -> None:
    assert set(LOOKED_AT) == set(compared.built)


def test_start_with_nothing_to_move_costs_two_queries(compared: Compared) -> None:
    """What the log says last, and the company's zone."""
    assert compared.queries_of_nothing == 2


def test_what_a_visitor_did_moves_along_and_is_never_later_than_now(compared: Compared) -> None:
    visited = compared.visited
    assert (visited.early, visited.weeks) == (0, 1)
    assert visited.done == MOVED_AT + dt.timedelta(weeks=1)
    assert visited.latest <= visited.now
    assert visited.mails == [("You are invited", MOVED_AT + dt.timedelta(weeks=1))]


def test_company_that_somebody_brought_is_left_alone(compared: Compared) -> None:
    assert compared.visited.with_another_company == 0


def test_database_with_somebody_in_it_is_left_alone() -> None:
    make.AdminFactory()
    bring_in_company(at=BUILT_AT, told=pytest.fail)
    assert demo_company() is None
    assert not LogEntry.objects.exists()


def test_move_of_a_database_that_holds_no_company_does_nothing() -> None:
    assert is_empty()
    assert move_demo(at=BUILT_AT) == 0


def test_build_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(week: Week, _scene: Scene) -> None:
        if week.number == 2:
            raise ZeroDivisionError

    monkeypatch.setattr(building, "tell", broken)
    with override_settings(EMAIL_BACKEND=BACKEND, EMAIL_FILE_PATH=str(tmp_path)), pytest.raises(ZeroDivisionError):
        build_demo(at=BUILT_AT)
    assert is_empty()
    assert list(tmp_path.iterdir()) == []


def test_every_unique_day_makes_a_detour() -> None:
    """Where a week is part of a key, rows that follow each other move by one week too."""
    first = dt.date(2026, 11, 2)
    person = make.PersonFactory()
    for number in range(4):
        week = first + dt.timedelta(weeks=number)
        due = dt.datetime.combine(week, dt.time(8), dt.UTC)
        Digest.objects.create(person=person, week=week, due_at=due, ends_at=due + dt.timedelta(days=6), not_before=due)
        CompanyWeek.objects.create(
            **dict.fromkeys((*SUMS, "own_choice", "own_choice_aligned", "initiatives", "unsized"), 0),
            week=week,
            as_of=week,
            at=due,
            goals_anchored=0,
            goals_covered=0,
        )
    with pgtrigger.ignore():
        shift_rows(1, LONDON)
    weeks = [first + dt.timedelta(weeks=number) for number in range(1, 5)]
    assert list(Digest.objects.order_by("week").values_list("week", flat=True)) == weeks
    assert list(CompanyWeek.objects.order_by("week").values_list("week", flat=True)) == weeks


def test_empty_days_stay_empty_and_the_last_day_stays_the_last() -> None:
    work = make.InitiativeFactory(starts_on=None, ends_on=LAST_DAY)
    with pgtrigger.ignore():
        shift_rows(5, LONDON)
    version = work.version
    work.refresh_from_db()
    assert (work.starts_on, work.ends_on, work.version) == (None, LAST_DAY, version)
