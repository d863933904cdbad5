"""People services: invitations, roles, passwords, and what the log says of them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.services.invitations import choose_password, invite_person, join, make_admin, send_invitation
from accounts.services.tokens import LinkTokens
from lib.services.errors import NotSentError, RefusedError, StaleError
from teams.enums import Role
from teams.models import LogEntry, Person
from teams.services.log import record
from teams.services.people import change_role
from tests.factories import NOW, PASSWORD, AdminFactory, LeaderFactory, PersonFactory

pytestmark = pytest.mark.django_db


class BrokenMail:
    def __init__(self, **_options):
        pass

    def send_messages(self, _mails):
        raise ConnectionRefusedError("nobody listens")


def logged():
    return list(LogEntry.objects.order_by("id").values_list("action", "actor_id", "subject_kind", "subject_id"))


def invite(admin, **values):
    return invite_person(
        **{"actor": admin, "email": "new@example.com", "name": "New", "role": "member", "at": NOW} | values
    )


def test_invite_person_makes_somebody_without_a_password_and_logs_it(admin):
    person = invite(admin, email=" New@Example.COM ", role="leader")

    person.refresh_from_db()
    assert (person.email, person.role, person.invited_at, person.joined_at) == ("new@example.com", "leader", NOW, None)
    assert not person.has_usable_password()
    assert logged() == [("person.invited", admin.pk, "person", person.pk)]


def test_invite_person_sends_the_mail_on_commit_only(admin, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invite(admin)
        assert mail.outbox == []

    assert [mail.to for mail in mail.outbox] == [["new@example.com"]]


def test_invite_person_keeps_the_person_when_the_mail_is_not_taken(admin, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = f"{__name__}.BrokenMail"

    with pytest.raises(NotSentError), django_capture_on_commit_callbacks(execute=True):
        invite(admin)

    assert Person.objects.filter(email="new@example.com", invited_at=NOW).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "not an address"), ("email", "ADA@example.com"), ("name", "  "), ("name", "a\nb"), ("role", "king")],
)
def test_invite_person_refuses_what_a_person_cannot_be(admin, field, value):
    with pytest.raises(ValidationError):
        invite(admin, **{field: value})

    assert Person.objects.count() == 1
    assert logged() == []


def test_send_invitation_ends_the_older_link(admin, django_capture_on_commit_callbacks):
    person = invite(admin)
    older = LinkTokens().make_token(person)

    with django_capture_on_commit_callbacks(execute=True):
        send_invitation(person, actor=admin, at=NOW.replace(hour=10))

    person.refresh_from_db()
    assert not LinkTokens().check_token(person, older)
    assert len(mail.outbox) == 1


def test_send_invitation_to_an_imported_person_lets_them_in(admin):
    person = PersonFactory(imported=True)

    send_invitation(person, actor=admin, at=NOW)

    person.refresh_from_db()
    assert person.invited_at == NOW


def test_send_invitation_tries_an_address_that_was_refused_anew(admin, django_capture_on_commit_callbacks):
    person = PersonFactory(invited=True, refused_at=NOW, refusal="550 No such user")

    with django_capture_on_commit_callbacks(execute=True):
        send_invitation(person, actor=admin, at=NOW)

    person.refresh_from_db()
    assert (person.refused_at, person.refusal) == (None, "")
    assert [mail.to for mail in mail.outbox] == [[person.email]]


@pytest.mark.parametrize("values", [{}, {"imported": True, "is_active": False}])
def test_send_invitation_refuses_who_has_joined_or_left(admin, values):
    person = PersonFactory(**values)

    with pytest.raises(RefusedError):
        send_invitation(person, actor=admin, at=NOW)

    assert logged() == []


def test_change_role_logs_both_roles_and_counts_the_version(admin, member):
    changed = change_role(member, actor=admin, role=Role.LEADER, version=1, at=NOW)

    assert (changed.role, changed.version) == (Role.LEADER, 2)
    assert LogEntry.objects.get().changes == {"role": ["member", "leader"]}


def test_change_role_to_the_same_role_changes_nothing(admin, member):
    assert change_role(member, actor=admin, role=Role.MEMBER, version=1, at=NOW).version == 1
    assert logged() == []


def test_change_role_of_a_person_changed_since_is_stale(admin, member):
    change_role(member, actor=admin, role=Role.LEADER, version=1, at=NOW)

    with pytest.raises(StaleError) as stale:
        change_role(member, actor=admin, role=Role.VIEWER, version=1, at=NOW)

    assert stale.value.current.role == Role.LEADER


def test_change_role_of_the_last_administrator_is_refused(admin):
    AdminFactory(is_active=False)

    with pytest.raises(RefusedError, match="only administrator"):
        change_role(admin, actor=admin, role=Role.LEADER, version=1, at=NOW)


def test_change_role_of_one_of_two_administrators_is_allowed(admin):
    AdminFactory()

    assert change_role(admin, actor=admin, role=Role.LEADER, version=1, at=NOW).role == Role.LEADER


def test_database_refuses_to_lose_the_last_administrator(admin):
    Person.objects.filter(pk=admin.pk).update(role=Role.MEMBER)

    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="needs an administrator"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_choose_password_for_the_first_time_is_joining():
    person = PersonFactory(invited=True)

    choose_password(person, actor=person, password=PASSWORD, at=NOW)

    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert person.joined_at == NOW
    assert logged() == [("person.joined", person.pk, "person", person.pk)]


def test_choose_password_leaves_what_others_changed_meanwhile():
    person = PersonFactory()
    Person.objects.filter(pk=person.pk).update(role=Role.VIEWER)

    choose_password(person, actor=person, password="another one entirely", at=NOW + dt.timedelta(hours=1))

    person.refresh_from_db()
    assert (person.role, person.joined_at) == (Role.VIEWER, NOW)
    assert logged() == [("person.password_changed", person.pk, "person", person.pk)]


def test_choose_password_twice_from_one_link_is_stale():
    person = PersonFactory(invited=True)
    other_tab = Person.objects.get(pk=person.pk)
    choose_password(person, actor=person, password=PASSWORD, at=NOW)

    with pytest.raises(StaleError):
        choose_password(other_tab, actor=other_tab, password="the second one", at=NOW)


def test_make_admin_promotes_and_activates_whoever_is_there():
    LeaderFactory(email="lea@example.com", is_active=False)

    person = make_admin(email="LEA@example.com", at=NOW)

    assert (person.role, person.is_active, Person.objects.count()) == (Role.ADMIN, True, 1)
    assert logged() == [("person.made_admin", None, "person", person.pk)]


@pytest.mark.parametrize(("values", "invited_at"), [({"imported": True}, NOW), ({"invited_at": None}, None)])
def test_make_admin_invites_whoever_has_not_joined(values, invited_at):
    person = PersonFactory(**values)

    assert make_admin(email=person.email, at=NOW).invited_at == invited_at
    assert Person.objects.get().invited_at == invited_at


def test_link_ends_when_its_person_leaves(member):
    token = LinkTokens().make_token(member)

    member.is_active = False

    assert not LinkTokens().check_token(member, token)


def test_record_outside_of_a_transaction_is_an_error(monkeypatch):
    monkeypatch.setattr(transaction, "get_connection", lambda: SimpleNamespace(in_atomic_block=False))

    with pytest.raises(transaction.TransactionManagementError):
        record("person.tested", actor=None, at=NOW)


def test_join_is_logged_and_leaves_them_without_a_password():
    person = PersonFactory(joined_at=None)
    person.set_unusable_password()
    person.save()

    joined = join(person, actor=person, at=NOW)

    joined.refresh_from_db()
    assert joined.joined_at == NOW
    assert not joined.has_usable_password()
    assert logged() == [("person.joined", person.pk, "person", person.pk)]


@pytest.mark.parametrize("values", [{"joined_at": NOW}, {"joined_at": None, "is_active": False}])
def test_join_is_refused_to_who_has_joined_or_left(values):
    person = PersonFactory(**values)

    with pytest.raises(RefusedError):
        join(person, actor=person, at=NOW)

    assert logged() == []
