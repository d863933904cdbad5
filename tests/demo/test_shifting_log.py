"""Days and instants that the log holds move with the demo's company, and nothing else does."""

from __future__ import annotations

import datetime as dt

import pgtrigger
import pytest

from demo.shifting import shift_log
from lib.log.values import Pairs
from lib.services.dates import LAST_DAY
from teams.models import LogEntry
from teams.services.log import record
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ZONE = "Europe/Berlin"


def shifted(entry: LogEntry, weeks: int) -> LogEntry:
    with pgtrigger.ignore():
        shift_log(weeks, ZONE)
    entry.refresh_from_db()
    return entry


def test_fields_tell_what_is_a_day():
    changes: Pairs = {
        "ends_on": [None, "2026-03-31"],
        "title": ["2026-03-31", "2026-W12"],
        "starts_on": ["2026-03-16", None],
    }
    entry = record("initiative.edited", actor=None, at=NOW, subject=make.InitiativeFactory(), changes=changes)

    assert shifted(entry, 2).changes == {
        "ends_on": [None, "2026-04-14"],
        "title": ["2026-03-31", "2026-W12"],
        "starts_on": ["2026-03-30", None],
    }


def test_day_goes_no_further_than_the_last_that_there_is():
    changes = {"stance_until": [None, LAST_DAY.isoformat()]}
    entry = record("team.stance_set", actor=None, at=NOW, subject=make.TeamFactory(), changes=changes)

    assert shifted(entry, 3).changes == changes


def test_instant_moves_by_the_clocks_of_the_company():
    """Clocks go forward on 29 March 2026: what was at nine is at nine."""
    before = dt.datetime(2026, 3, 23, 8, tzinfo=dt.UTC).isoformat()
    changes = {"joined_at": [None, before]}
    entry = record("person.joined", actor=None, at=NOW, subject=make.PersonFactory(), changes=changes)

    assert shifted(entry, 1).changes == {"joined_at": [None, "2026-03-30T07:00:00+00:00"]}


def test_actions_tell_which_days_their_notes_hold():
    days = record("alignment.recomputed", actor=None, at=NOW, note={"as_of": "2026-03-16"})
    said = record(
        "initiative.status_changed", actor=None, at=NOW, subject=make.InitiativeFactory(), note={"reason": "2026-03-16"}
    )

    assert shifted(days, 1).note == {"as_of": "2026-03-23"}
    said.refresh_from_db()
    assert said.note == {"reason": "2026-03-16"}
