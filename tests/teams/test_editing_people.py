"""Administrators change a person; a new address holds once it is confirmed, and both addresses are told."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client

from accounts import tasks
from accounts.enums import NoticeMail
from accounts.models import AddressChange, AddressNotice
from accounts.services import addresses
from accounts.services.addresses import (
    address_change,
    address_link,
    ask_for_address,
    confirm_address,
    send_address_notices,
    withdraw_address,
)
from accounts.services.people import edit_person
from accounts.services.tokens import LinkTokens
from lib.services.errors import NotSentError, RefusedError, StaleError
from teams.enums import Role, TeamRole
from teams.models import LogEntry, Membership, Person
from tests.factories import NOW, PASSWORD, DigestFactory, MembershipFactory, PersonFactory, TeamFactory
from tests.html import fields_of, form_to, message_of, text_of, undo_of

pytestmark = pytest.mark.django_db
NEW = "mia.new@example.com"
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """What workers were asked for: here is none."""
    asked: list[str] = []
    monkeypatch.setattr(addresses, "wake", asked.append)
    monkeypatch.setattr("accounts.services.addresses.transaction.on_commit", lambda do: do())
    return asked


def edit(person, actor, **values):
    now = Person.objects.get(pk=person.pk)
    before = {name: getattr(now, name) for name in ("version", "name", "email", "role", "timezone")}
    return edit_person(now, actor=actor, at=NOW, **before | values)


def logged():
    return [*LogEntry.objects.order_by("id").values_list("action", flat=True)]


def mails():
    return {(each.to[0], each.subject) for each in mail.outbox}


def link_to(address):
    (sent,) = [each for each in mail.outbox if each.to == [address] and each.subject.startswith("Confirm")]
    found = re.search(r"http://localhost:8000(/accounts/address/\S+/)", str(sent.body))
    assert found
    return found[1]


def page_of(person):
    return f"/people/{person.pk}/edit/"


def save(client, person, **values):
    form = fields_of(form_to(client.get(page_of(person)), ""))
    return client.post(page_of(person), form | values, follow=True)


# Services


def test_edit_person_changes_and_logs_each(member, admin):
    row = edit(member, admin, name="Mia Other", role="leader", timezone="Asia/Tokyo")

    row.refresh_from_db()
    assert (row.name, row.role, row.timezone) == ("Mia Other", "leader", "Asia/Tokyo")
    assert logged() == ["person.renamed", "person.zone_set", "person.role_changed"]
    assert not any("Mia" in str(entry.changes) for entry in LogEntry.objects.all())


def test_digest_is_planned_anew_for_another_zone_and_for_nothing_else(member, admin):
    planned = DigestFactory(person=member)
    edit(member, admin, name="Mia Other")
    assert planned in member.digests_of_weeks.all()
    edit(member, admin, timezone="Asia/Tokyo")

    assert not member.digests_of_weeks.exists()


def test_edit_person_that_changes_nothing_logs_nothing(member, admin):
    assert edit(member, admin, email="MIA@example.com").version == 1
    assert (logged(), AddressChange.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "a\nb"),
        ("timezone", "Mars/Phobos"),
        ("email", "no address"),
        ("email", "ada@example.com"),
    ],
)
def test_edit_person_refuses_what_nobody_can_be(field, value, member, admin):
    with pytest.raises(ValidationError) as wrong:
        edit(member, admin, **{field: value})

    assert field in wrong.value.error_dict
    assert AddressChange.objects.count() == 0


def test_edit_person_keeps_the_last_administrator(admin):
    with pytest.raises(RefusedError, match="only administrator"):
        edit(admin, admin, name="Other", role="member")


def test_edit_person_from_a_stale_form_is_stale(member, admin):
    edit(member, admin, name="Mia Other")

    with pytest.raises(StaleError):
        edit(member, admin, version=1, name="Mia Third")


def test_new_address_holds_once_it_is_confirmed(member, admin, woken):
    ask_for_address(member, actor=admin, at=NOW, email=" Mia.New@Example.com ")

    change = AddressChange.objects.get()
    member.refresh_from_db()
    assert (member.email, change.email) == ("mia@example.com", NEW)
    assert woken == [addresses.TASK]
    assert confirm_address(change, at=NOW).email == NEW
    assert AddressChange.objects.count() == 0
    assert logged() == ["person.address_asked", "person.address_changed"]
    assert not any("example.com" in f"{entry.changes} {entry.note}" for entry in LogEntry.objects.all())


def test_both_addresses_are_told_when_it_is_asked_and_when_it_is_changed(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    assert tasks.send_address_notices() == 2

    assert mails() == {
        (NEW, "Confirm your new address for Throughline"),
        ("mia@example.com", "Another address was asked for"),
    }
    mail.outbox.clear()
    confirm_address(AddressChange.objects.get(), at=NOW)
    assert send_address_notices(at=NOW) == 2

    assert mails() == {(address, "Your address for Throughline was changed") for address in (NEW, "mia@example.com")}
    for sent in mail.outbox:
        assert f"is {NEW} from now on" in sent.body
        assert "mia@example.com no longer counts" in sent.body
    assert AddressNotice.objects.count() == 0


def test_later_address_takes_the_place_of_the_earlier_one(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email="first@example.com")
    first = AddressChange.objects.get()
    token = address_link(first).rstrip("/").rpartition("/")[2]
    ask_for_address(member, actor=admin, at=NOW + HOUR, email=NEW)

    assert address_change(token) is None
    with pytest.raises(RefusedError, match="another one took its place"):
        confirm_address(first, at=NOW)
    send_address_notices(at=NOW + HOUR)
    assert {to for to, _subject in mails()} == {NEW, "mia@example.com"}


def test_change_is_told_to_both_addresses_though_another_one_is_asked_for_at_once(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    person = confirm_address(AddressChange.objects.get(), at=NOW)
    ask_for_address(person, actor=admin, at=NOW, email="third@example.com")

    told = set(AddressNotice.objects.filter(mail=NoticeMail.CHANGED).values_list("to", flat=True))
    assert told == {NEW, member.email}


def test_address_that_is_taken_back_tells_nobody_and_its_link_ends(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    change = AddressChange.objects.get()

    withdraw_address(member, actor=admin, at=NOW)

    assert send_address_notices(at=NOW) == 2
    assert mail.outbox == []
    with pytest.raises(RefusedError):
        confirm_address(change, at=NOW)
    with pytest.raises(RefusedError, match="No address waits"):
        withdraw_address(member, actor=admin, at=NOW)


def test_address_that_somebody_took_meanwhile_is_refused(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    PersonFactory(email=NEW)

    with pytest.raises(RefusedError, match="Somebody else has this"):
        confirm_address(AddressChange.objects.get(), at=NOW)

    member.refresh_from_db()
    assert member.email == "mia@example.com"


def test_address_of_somebody_who_left_is_not_confirmed(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    change = AddressChange.objects.get()
    Person.objects.filter(pk=member.pk).update(is_active=False)

    assert address_change(address_link(change).rstrip("/").rpartition("/")[2]) is None
    with pytest.raises(RefusedError):
        confirm_address(change, at=NOW)
    send_address_notices(at=NOW)
    assert mail.outbox == []


def test_address_of_somebody_who_has_not_joined_changes_at_once(admin):
    person = PersonFactory(invited=True, refused_at=NOW, refusal="550 No")
    older = LinkTokens().make_token(person)

    row = ask_for_address(person, actor=admin, at=NOW, email=NEW)

    assert (row.email, row.refused_at, row.refusal) == (NEW, None, "")
    assert not LinkTokens().check_token(row, older)
    assert AddressNotice.objects.count() == 0


def test_notice_that_the_mail_server_does_not_take_is_tried_again(member, admin, monkeypatch):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)

    def broken(*_args, **_given):
        raise NotSentError

    with monkeypatch.context() as patch:
        patch.setattr("accounts.services.addresses.mail.send", broken)
        assert send_address_notices(at=NOW) == 2
    assert send_address_notices(at=NOW) == 0
    assert send_address_notices(at=NOW + HOUR) == 2
    assert len(mail.outbox) == 2


def test_notice_is_tried_ten_times_each_after_twice_as_long_and_then_given_up(member, admin, monkeypatch):
    """At once, after a minute, after two more, and so on: the last one after 511 minutes."""
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    notices = AddressNotice.objects.count()

    def broken(*_args, **_given):
        raise NotSentError

    monkeypatch.setattr("accounts.services.addresses.mail.send", broken)
    for place in range(10):
        due = NOW + (2**place - 1) * MINUTE
        assert send_address_notices(at=due - dt.timedelta(seconds=1)) == 0
        assert send_address_notices(at=due) == notices
    assert AddressNotice.objects.count() == 0


def test_database_keeps_addresses_apart(member):
    PersonFactory(email=NEW)
    with pytest.raises(IntegrityError):
        Person.objects.filter(pk=member.pk).update(email=NEW.upper())


# Pages


def test_page_saves_all_and_says_what_waits(member, as_admin):
    page = save(as_admin, member, name="Mia Other", email=NEW, role="leader", timezone="Asia/Tokyo")

    said = message_of(page)
    assert said == f"Mia Other is saved. A mail asks them to confirm {NEW}; until then mia@example.com holds."
    member.refresh_from_db()
    assert (member.name, member.role, member.timezone, member.email) == (
        *("Mia Other", "leader", "Asia/Tokyo"),
        "mia@example.com",
    )
    again = as_admin.get(page_of(member))
    assert f"{NEW} has waited since" in text_of(again)
    withdrawn = as_admin.post(f"/people/{member.pk}/address/withdrawal/", {"version": member.version}, follow=True)
    assert message_of(withdrawn) == "mia@example.com stays the address of Mia Other."


def test_page_takes_eight_queries_at_most(member, as_admin, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        as_admin.get(page_of(member))


def test_page_keeps_what_somebody_else_changed_meanwhile(member, admin, as_admin):
    form = fields_of(form_to(as_admin.get(page_of(member)), ""))
    edit(member, admin, role="viewer")

    as_admin.post(page_of(member), form | {"name": "Mia Other"})

    member.refresh_from_db()
    assert (member.name, member.role) == ("Mia Other", "viewer")


def test_page_says_who_has_an_address_already(member, as_admin):
    page = save(as_admin, member, email="ada@example.com")

    assert page.status_code == 422
    assert "Somebody with this e-mail address is here already." in text_of(page)


def test_confirming_is_a_press_of_a_button_and_works_once(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    change = AddressChange.objects.get()
    path = address_link(change).removeprefix("http://localhost:8000")
    browser = Client()

    page = browser.get(path)
    assert f"{NEW} takes the place of mia@example.com" in text_of(page)
    member.refresh_from_db()
    assert member.email == "mia@example.com"

    assert "Your address is confirmed" in text_of(browser.post(path, follow=True))
    assert "This link has ended" in text_of(browser.post(path))
    member.refresh_from_db()
    assert member.email == NEW


def test_confirming_too_late_changes_nothing(member, admin, settings):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    path = address_link(AddressChange.objects.get()).removeprefix("http://localhost:8000")
    settings.PASSWORD_RESET_TIMEOUT = -1

    assert "This link has ended" in text_of(Client().post(path))
    member.refresh_from_db()
    assert member.email == "mia@example.com"


# From the next request on


def test_name_and_zone_hold_at_the_next_request(member, as_member, admin):
    as_member.get("/")
    edit(member, admin, name="Mia Other", timezone="Asia/Tokyo")

    assert "Signed in as Mia Other" in text_of(as_member.get("/"))
    assert "Tokyo" in str(fields_of(form_to(as_member.get("/settings/"), ""))["timezone"])


def test_role_holds_at_the_next_request(member, as_member, admin):
    assert as_member.get("/strategies/new/").status_code == 403
    edit(member, admin, role="leader")
    assert as_member.get("/strategies/new/").status_code == 200
    edit(member, admin, role="viewer")
    assert as_member.get("/strategies/new/").status_code == 403


def test_address_holds_for_signing_in_at_once(member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    login = "/accounts/login/"
    assert Client().post(login, {"login": "mia@example.com", "password": PASSWORD}).status_code == 302
    confirm_address(AddressChange.objects.get(), at=NOW)

    assert Client().post(login, {"login": "mia@example.com", "password": PASSWORD}).status_code == 200
    assert Client().post(login, {"login": NEW, "password": PASSWORD}).status_code == 302


def test_session_goes_on_over_another_address(member, as_member, admin):
    ask_for_address(member, actor=admin, at=NOW, email=NEW)
    confirm_address(AddressChange.objects.get(), at=NOW)

    assert as_member.get("/people/").status_code == 200


# Leads


@pytest.fixture
def lead(member, as_member):
    """Of a team above, as a browser."""
    above = TeamFactory(key="above")
    MembershipFactory(team=above, person=member, role=TeamRole.LEAD)
    TeamFactory(key="crew", parent=TeamFactory(parent=above))
    return as_member


def test_lead_of_a_team_above_manages_its_members(lead):
    other = PersonFactory(name="Otto", email="otto@example.com")
    page = "/teams/crew/members/"

    lead.post(page, {"person": "otto@example.com", "role": "member"})
    seat = Membership.objects.get(person=other)
    lead.post(f"{page}{seat.pk}/", {"role": "lead", "version": seat.version})
    seat.refresh_from_db()
    assert seat.role == TeamRole.LEAD
    gone = lead.post(f"{page}{seat.pk}/removal/", {"version": seat.version}, follow=True)
    assert not Membership.objects.filter(person=other).exists()
    lead.post(undo_of(gone))
    assert Membership.objects.filter(person=other).exists()


def test_seat_holds_at_the_next_request(lead):
    other = PersonFactory(email="otto@example.com")
    browser = Client()
    browser.force_login(other)
    assert browser.get("/teams/crew/edit/").status_code == 403

    lead.post("/teams/crew/members/", {"person": "otto@example.com", "role": "lead"})
    assert browser.get("/teams/crew/edit/").status_code == 200
    seat = Membership.objects.get(person=other)
    lead.post(f"/teams/crew/members/{seat.pk}/removal/", {"version": seat.version})
    assert browser.get("/teams/crew/edit/").status_code == 403


def test_lead_of_another_team_manages_no_members_here(lead):
    TeamFactory(key="elsewhere")

    assert lead.get("/teams/elsewhere/members/").status_code == 403


def test_lead_edits_no_person(lead, admin):
    assert lead.get(page_of(admin)).status_code == 403
    assert Role(Person.objects.get(pk=admin.pk).role) == Role.ADMIN
