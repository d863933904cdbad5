"""People who are erased, and what is kept about somebody."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry as AdminEntry
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import InvitationState, NoticeMail
from accounts.models import AddressChange, AddressNotice, Invitation, ResetRequest, SentForm
from accounts.selectors.kept import KEPT, kept_about
from accounts.services.leaving import (
    ERASED_NAME,
    deactivate_person,
    erase_person,
)
from alignment.enums import LinkState
from digest.enums import DigestState
from lib.services.errors import RefusedError, StaleError
from strategy.models import EditionRead
from teams.enums import InitiativeStatus
from teams.models import LogEntry, Person
from tests import factories as make
from tests.accounts.owning import now, owned
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
AT: dict[str, Any] = {"at": LATER}


def test_erased_person_has_no_name_and_everything_else_is_as_it_was(admin, mia):
    work = make.InitiativeFactory(owner=mia, status=InitiativeStatus.DONE)
    entry = make.LogEntryFactory(actor=mia)
    make.DigestFactory(person=mia, state=DigestState.SENT, sent_at=NOW, subject="Mia’s week", content={"to": "Mia"})
    SentForm.objects.create(nonce="0" * 32, person=mia, at=NOW, typed={"name": ["Mia"]})
    EmailAddress.objects.create(user=mia, email=mia.email)
    deactivate_person(mia, actor=admin, **AT)

    erase_person(mia, actor=admin, **AT)

    row = now(mia)
    assert (row.name, row.erased_at) == (ERASED_NAME, LATER)
    assert row.email.endswith("@erased.invalid")
    assert (now(work).owner, now(entry).actor) == (mia, mia)
    assert list(mia.digests_of_weeks.values_list("state", "subject", "content")) == [("sent", "", None)]
    assert not SentForm.objects.exists()
    assert not EmailAddress.objects.exists()


def test_nothing_is_kept_that_was_for_the_erased_alone(admin, gone):
    """Their name and address stand in it, or it is theirs: none of it is work."""
    EditionRead.objects.create(edition=make.EditionFactory(), person=gone, at=NOW)
    ResetRequest.objects.create(person=gone, asked_at=NOW, due_at=NOW)
    AddressChange.objects.create(person=gone, email="gil@new.example", actor=admin, asked_at=NOW)
    AddressNotice.objects.create(
        person=gone, mail=NoticeMail.ASKED, to=gone.email, old=gone.email, new="b@a.example", due_at=NOW
    )
    refused = Invitation.objects.create(
        person=gone, state=InvitationState.FAILED, asked_at=NOW, due_at=NOW, problem=f"550 {gone.email}"
    )
    erase_person(gone, actor=admin, **AT)

    left = [model for model in (EditionRead, ResetRequest, AddressChange, AddressNotice) if model.objects.exists()]
    assert left == []
    assert now(refused).problem == ""


def test_log_says_that_somebody_was_erased_and_not_who(admin, gone):
    erase_person(gone, actor=admin, **AT)

    entry = LogEntry.objects.get(action="person.erased")
    assert set(entry.changes) == {"erased_at"}
    assert "gil" not in str(entry.changes).lower()


def test_only_who_left_is_erased_and_once(admin, mia, gone):
    with pytest.raises(RefusedError, match="still active"):
        erase_person(mia, actor=admin, **AT)
    with pytest.raises(StaleError):
        erase_person(gone, actor=admin, version=7, **AT)
    erase_person(gone, actor=admin, **AT)
    with pytest.raises(RefusedError, match="erased already"):
        erase_person(gone, actor=admin, **AT)


def test_database_lets_no_erased_person_in(gone):
    with pytest.raises(IntegrityError, match="teams_person_erased_has_left"), transaction.atomic():
        Person.objects.filter(pk=gone.pk).update(erased_at=NOW, is_active=True)


def test_file_has_every_table_that_refers_to_people():
    relations = {
        (field.related_model, field.field.name)
        for field in Person._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)
    } - {(AdminEntry, "user")}  # /admin/ writes nothing

    assert {(model, column) for model, column, _names in KEPT.values()} == relations


def test_file_says_what_is_kept_about_a_person_and_no_password(mia):
    had = owned(mia)
    link = make.LinkFactory(judged_by=mia, state=LinkState.DISPUTED, judged_on=DAY, note="How?")
    make.LogEntryFactory(actor=mia, subject_kind="goal", subject_id=had["goals"].pk, action="goal.edited")

    with CaptureQueriesContext(connection) as seen:
        kept = kept_about(mia)

    assert len(seen) == 1
    assert (kept["person"]["email"], kept["person"]["name"]) == ("mia@example.com", "Mia Member")
    assert "password" not in kept["person"]
    assert kept["teams"] == [{"team_key": had["teams"].key, "role": "lead"}]
    assert [goal["key"] for goal in kept["goals"]] == [had["goals"].key]
    judged = {"id": link.pk, "state": "disputed", "judged_on": DAY.isoformat(), "note": "How?"}
    assert kept["judgements"] == [judged]
    assert [entry["action"] for entry in kept["done"]] == ["goal.edited"]
