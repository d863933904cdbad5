"""The demo's company moves to before now, as if it had been built that much later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from alignment.services.nightly import recompute_when_stale
from demo.building import build_demo
from demo.moving import move_demo
from demo.outbox import Outbox
from lib.outbox import BACKEND, kept_files
from tests.demo.building import everything, run_until, undone

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
    mails: list[str]


@pytest.fixture(scope="module")
def compared(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Compared]:
    """A build that ran for three weeks and was moved, and a build of three weeks later."""
    folder = tmp_path_factory.mktemp("mail")
    settings = override_settings(EMAIL_BACKEND=BACKEND, EMAIL_FILE_PATH=str(folder))
    with django_db_blocker.unblock(), settings:
        with undone():
            build_demo(at=BUILT_AT)
            built = everything(BUILT_AT.date())
            run_until(BUILT_AT, MOVED_AT - dt.timedelta(hours=5))
            weeks = move_demo(at=MOVED_AT)
            moved = everything(MOVED_AT.date())
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert move_demo(at=MOVED_AT) == 0
            mails = [path.name for path in kept_files()]
        Outbox().write()
        with undone():
            build_demo(at=MOVED_AT)
            recompute_when_stale(at=MOVED_AT)
            later = everything(MOVED_AT.date())
        yield Compared(built, moved, later, weeks, len(queries), mails)


LOOKED_AT = (
    *("bundle", "report", "flags", "links", "log", "check-ins", "company weeks", "team weeks", "goal weeks"),
    *("history", "letters", "mails"),
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
