"""What digests there are after the demo's company moved: those of after the story are planned anew."""

from __future__ import annotations

import datetime as dt

import pytest

from demo.actions import BUILT
from demo.moving import move_demo
from digest.models import Digest, DigestSettings
from digest.schedule import LEAD
from teams.services.log import record
from tests import factories as make

pytestmark = pytest.mark.django_db

LAST = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
WEEK, HOUR = dt.timedelta(weeks=1), dt.timedelta(hours=1)


@pytest.fixture
def _story() -> None:
    for action in ("company.imported", BUILT):
        record(action, actor=None, at=LAST)


@pytest.mark.usefixtures("_story")
@pytest.mark.parametrize(("planned", "kept"), [(LAST + WEEK, LAST + LEAD), (LAST - HOUR, LAST - HOUR)])
def test_digests_are_planned_anew_from_the_end_of_the_story(planned, kept):
    DigestSettings.objects.update(previewed_at=LAST, started_at=LAST - WEEK, planned_to=planned)

    assert move_demo(at=LAST + WEEK + HOUR) == 1
    assert DigestSettings.objects.get().planned_to == kept + WEEK


@pytest.mark.usefixtures("_story")
def test_digests_of_after_the_story_are_none():
    due = {LAST: LAST.date(), LAST + WEEK: LAST.date() + WEEK}
    for at, week in due.items():
        make.DigestFactory(week=week, due_at=at, ends_at=at + WEEK)

    assert move_demo(at=LAST + WEEK + HOUR) == 1
    assert [digest.due_at for digest in Digest.objects.all()] == [LAST + WEEK]
