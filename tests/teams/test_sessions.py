"""Sessions that have ended are taken away, others stay."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from accounts.services.sessions import clear_expired_sessions
from accounts.tasks import clear_expired_sessions as task
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_only_what_has_expired_is_cleared():
    for key, seconds in {"ended": -1, "ends": 0, "lasts": 1}.items():
        Session.objects.create(session_key=key, expire_date=NOW + dt.timedelta(seconds=seconds))

    assert clear_expired_sessions(at=NOW) == 1
    assert set(Session.objects.values_list("session_key", flat=True)) == {"ends", "lasts"}


def test_task_clears_by_the_clock_every_day():
    Session.objects.create(session_key="ended", expire_date=NOW - dt.timedelta(days=5000))

    assert task.apply().get() == 1
    (entry,) = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == task.name]
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {40})
