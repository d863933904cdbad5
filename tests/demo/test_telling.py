"""The story is told by people who may do what they do, in their working hours."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from demo.calendar import MON, SAT, TUE, Calendar
from demo.outbox import Outbox
from demo.story.leading import archives, creates_team, publishes
from demo.story.telling import Event, OutOfHoursError, Scene, Week, on, tell
from teams.models import LogEntry, Person, Team
from tests import factories as make

CALENDAR = Calendar(dt.date(2026, 11, 23))


@pytest.fixture
def scene(db: None) -> Scene:
    make.PersonFactory(email="ruth.adeyemi@wrenfield.example", role="leader")
    make.PersonFactory(email="priya.nair@wrenfield.example")
    return Scene(CALENDAR, Outbox(), CALENDAR.instant(CALENDAR.first, dt.time(8)))


def of(*events: Event) -> Week:
    return Week(2, "A week", events)


def test_event_is_done_by_its_person_at_its_time(scene: Scene) -> None:
    tell(of(on(TUE, "10:30", "ruth.adeyemi", creates_team("here", "Ireland"))), scene)
    entry = LogEntry.objects.get(action="team.created")
    assert entry.at == CALENDAR.instant(CALENDAR.day(2, TUE), dt.time(10, 30))
    assert entry.actor == Person.objects.get(email__startswith="ruth")
    assert scene.team("here") == Team.objects.get(name="Ireland")


def test_nobody_does_what_they_may_not(scene: Scene) -> None:
    make.StrategyFactory(key="plan", status="published")
    with pytest.raises(PermissionDenied, match=r"strategy\.publish_strategy"):
        tell(of(on(TUE, "10:30", "priya.nair", archives("plan"))), scene)


@pytest.mark.parametrize(
    "events",
    [
        [on(SAT, "10:30", "ruth.adeyemi", publishes("plan"))],
        [on(MON, "07:00", "ruth.adeyemi", publishes("plan"))],
        [on(MON, "19:00", "ruth.adeyemi", publishes("plan"))],
        [on(TUE, "10:00", "ruth.adeyemi"), on(MON, "11:00", "ruth.adeyemi")],
    ],
    ids=["on Saturday", "early", "late", "before what came before"],
)
def test_nothing_happens_out_of_hours_or_out_of_order(scene: Scene, events: list[Event]) -> None:
    with pytest.raises(OutOfHoursError):
        tell(of(*events), scene)
