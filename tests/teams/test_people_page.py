"""The people page and what administrators do from it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from teams.enums import Role
from teams.models import Company, LogEntry, Person
from tests.factories import AdminFactory, LeaderFactory, MembershipFactory, PersonFactory, TeamFactory
from tests.html import action_of, fields_of, form_to, forms, text_of, texts_of, value_of

pytestmark = pytest.mark.django_db
PAGE = "/people/"


def names(response):
    return texts_of(response, "th[scope=row]")


@pytest.fixture
def committed(as_admin, monkeypatch):
    """Sends a form as an administrator; what waits for the commit happens at once, as it does outside of tests."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda callback: callback())
    return lambda path, form: as_admin.post(path, form, follow=True)


def test_people_page_tells_of_everybody_to_everybody(member, as_member):
    MembershipFactory(
        person=LeaderFactory(name="Lea", email="lea@example.com"), team=TeamFactory(name="Harbour"), role="lead"
    )
    PersonFactory(name="Ines", imported=True)
    PersonFactory(name="Ivo", invited=True)

    page = as_member.get(PAGE)

    assert names(page) == ["Ines", "Ivo", "Lea", "Mia Member"]
    for told in ("4 people", "lea@example.com", "Leader", "Harbour", "(lead)", "Not invited", "Invited 16 Mar 2026"):
        assert told in text_of(page)
    assert "Invite somebody" not in text_of(page)
    assert not [form for form in forms(page) if action_of(form).startswith("/people/") and form.get("method") == "post"]


def test_day_of_an_instant_is_that_of_its_reader(member, as_member):
    PersonFactory(name="Nina", joined_at=dt.datetime(2026, 3, 15, 23, 30, tzinfo=dt.UTC))
    Company.objects.update(timezone="Europe/Berlin")
    assert "16 Mar 2026" in text_of(as_member.get(PAGE, {"q": "nina"}))

    Person.objects.filter(pk=member.pk).update(timezone="America/New_York")
    assert "15 Mar 2026" in text_of(as_member.get(PAGE, {"q": "nina"}))


def test_people_page_takes_eight_queries_at_most_however_many_there_are(as_admin, django_assert_max_num_queries):
    for person in PersonFactory.create_batch(60, imported=True):
        MembershipFactory(person=person)

    with django_assert_max_num_queries(8):
        page = as_admin.get(PAGE, {"q": "person", "role": "member", "state": "not_invited"})

    assert len(names(page)) == 50


def test_people_page_goes_on_where_it_ended(as_member):
    people = [PersonFactory(name=name) for name in ["Same name"] * 3 + [f"Person {n:03}" for n in range(60)]]

    first = as_member.get(PAGE)
    second = as_member.get(PAGE + first.context["page"].next_url)

    listed = names(first) + names(second)
    assert len(listed) == len(people) + 1
    assert listed == sorted(listed)
    assert second.context["page"].next_url == ""
    assert second.context["page"].first_url == "?"


@pytest.mark.parametrize(
    "after", ["nonsense", "W10", "WzEsMl0", "WyJhIiwiYiJd", "WyJcdTAwMDAiLDFd", "W1tdLDFd", "WyJhIiwxZTk5OV0", "=", "é"]
)
def test_people_page_starts_anew_at_a_place_it_cannot_read(after, as_member):
    assert as_member.get(PAGE, {"after": after}).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "HARB"}, ["Harbour Lee"]),
        ({"q": "lee harb"}, ["Harbour Lee"]),
        ({"q": "hl@"}, ["Harbour Lee"]),
        ({"q": "%"}, []),
        ({"q": "a\0b"}, ["Harbour Lee", "Mia Member"]),
        ({"role": "leader"}, ["Harbour Lee"]),
        ({"role": "king"}, ["Harbour Lee", "Mia Member"]),
        ({"state": "not_invited"}, ["Harbour Lee"]),
        ({"state": "joined"}, ["Mia Member"]),
    ],
)
def test_people_page_filters(query, found, as_member):
    LeaderFactory(name="Harbour Lee", email="hl@example.com", imported=True)

    assert names(as_member.get(PAGE, query)) == found


def test_people_page_without_a_match_offers_everybody(as_member):
    page = as_member.get(PAGE, {"q": "nobody like this"})

    assert "Nobody here fits these filters." in text_of(page)
    assert "0 people" in text_of(page)


def test_invitation_by_an_administrator_sends_a_mail(admin, as_admin, django_capture_on_commit_callbacks):
    form = {"name": "Noor <b>", "email": "Noor@Example.com", "role": "leader"}
    with django_capture_on_commit_callbacks(execute=True):
        page = as_admin.post("/people/invitations/", form, follow=True)

    assert "The invitation to Noor <b> is on its way to noor@example.com." in text_of(page)
    sent, person = mail.outbox[0], Person.objects.get(email="noor@example.com")
    assert sent.to == ["noor@example.com"]
    assert sent.subject == "Ada Admin invites you to Throughline at Our company"
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    for told in ("Ada Admin", "ada@example.com", "Our company", "Leader"):
        assert told in sent.body
        assert told in text_of(html)
    assert "Hello Noor <b>," in sent.body
    assert "Hello Noor <b>," in text_of(html)
    (link,) = re.findall(r"http://localhost:8000/accounts/password/link/\S+/", str(sent.body))
    assert html.count(link) == 3
    assert "Welcome, Noor <b>" in text_of(Client().get(link, follow=True))
    assert person.invited_at is not None


def test_invitation_of_an_address_that_is_here_keeps_what_was_typed(member, as_admin):
    page = as_admin.post("/people/invitations/", {"name": "Mia Again", "email": "MIA@example.com", "role": "viewer"})

    assert page.status_code == 422
    assert "is here already" in text_of(page)
    typed = fields_of(form_to(page, "/people/invitations/"))
    assert (typed["name"], typed["email"], typed["role"]) == ("Mia Again", "MIA@example.com", "viewer")
    assert not LogEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_invitation_that_the_mail_server_refuses_keeps_the_person_and_says_so(as_admin, settings):
    settings.EMAIL_BACKEND = "tests.teams.test_people.BrokenMail"
    form = {"name": "Noor", "email": "noor@example.com", "role": "member"}
    page = as_admin.post("/people/invitations/", form, follow=True)

    assert "Noor is in the list, but the mail server did not take the mail." in text_of(page)
    assert Person.objects.filter(email="noor@example.com").exists()


def test_invitation_of_an_imported_person_lets_them_choose_a_password(committed):
    person = PersonFactory(imported=True, name="Ines")

    page = committed(f"/people/{person.pk}/invitation/", {"version": person.version})

    assert "The invitation to Ines is on its way" in text_of(page)
    assert "Send again to Ines" in text_of(page)
    assert mail.outbox[0].to == [person.email]


def test_invitation_of_somebody_who_has_joined_sends_nothing(member, committed):
    page = committed(f"/people/{member.pk}/invitation/", {"version": member.version})

    assert "has joined already" in text_of(page)
    assert mail.outbox == []


def test_role_change_is_said(member, as_admin):
    page = as_admin.post(f"/people/{member.pk}/role/", {"role": "leader", "version": 1}, follow=True)

    assert "Mia Member is now: Leader." in text_of(page)
    member.refresh_from_db()
    assert member.role == Role.LEADER


def test_role_change_from_a_stale_form_shows_both_and_can_be_sent_again(member, as_admin):
    Person.objects.filter(pk=member.pk).update(role=Role.VIEWER)

    page = as_admin.post(f"/people/{member.pk}/role/", {"role": "leader", "version": 1})

    assert page.status_code == 409
    assert "Role now Viewer You chose Leader" in text_of(page)
    assert value_of(page, "version") == "2"


def test_role_change_of_the_only_administrator_is_explained(admin, as_admin):
    page = as_admin.post(f"/people/{admin.pk}/role/", {"role": "member", "version": 1}, follow=True)

    assert "Ada Admin is the only administrator." in text_of(page)


@pytest.mark.parametrize("form", [{}, {"role": "king", "version": 1}, {"role": "leader", "version": "x"}])
def test_role_change_that_makes_no_sense_changes_nothing(form, member, as_admin):
    page = as_admin.post(f"/people/{member.pk}/role/", form, follow=True)

    assert "was not changed" in text_of(page)
    member.refresh_from_db()
    assert member.version == 1


def test_administrator_who_gives_up_the_role_loses_it_at_once(admin, as_admin):
    AdminFactory()
    as_admin.post(f"/people/{admin.pk}/role/", {"role": "member", "version": 1})

    assert as_admin.post(f"/people/{admin.pk}/role/", {"role": "admin", "version": 2}).status_code == 403
