"""What the migrations take from the log for the columns that the export has now: why work was dropped, and what was
seen of a bet.
"""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection, models

from tests import factories as make

pytestmark = pytest.mark.django_db

OF_WORK = import_module("teams.migrations.0007_reasons_from_the_log").TAKE
OF_LINKS = import_module("alignment.migrations.0007_notes_from_the_log").TAKE


def logged(action: str, subject: models.Model, *, note: dict[str, str], status: bool = False) -> None:
    make.LogEntryFactory(
        action=action,
        subject_kind=subject._meta.model_name,
        subject_id=subject.pk,
        changes={"status": ["active", "dropped"]} if status else {},
        note=note,
    )


def taken(statement: str, *rows: models.Model) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    for row in rows:
        row.refresh_from_db()


def test_work_has_the_reason_of_its_last_change_of_status() -> None:
    dropped, resumed, never = make.InitiativeFactory.create_batch(3)
    for work in (dropped, resumed):
        logged("initiative.status_changed", work, note={"reason": "Nobody asks."}, status=True)
    logged("initiative.status_changed", dropped, note={"reason": "Somebody else does it."}, status=True)
    logged("initiative.edited", dropped, note={"reason": "This is of no status."})
    logged("initiative.undone", resumed, note={}, status=True)

    taken(OF_WORK, dropped, resumed, never)

    assert [work.status_reason for work in (dropped, resumed, never)] == ["Somebody else does it.", "", ""]


def test_link_has_what_was_seen_when_its_outcome_was_recorded_last() -> None:
    seen, unseen, never = make.LinkFactory.create_batch(3)
    for link in (seen, unseen):
        logged("link.outcome_recorded", link, note={"said": "Nobody came."})
    logged("link.outcome_recorded", seen, note={"said": "They came."})
    logged("link.outcome_recorded", unseen, note={})

    taken(OF_LINKS, seen, unseen, never)

    assert [link.outcome_note for link in (seen, unseen, never)] == ["They came.", "", ""]
