"""Inviting many people: who gets a mail, what becomes of it, and what the log says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tasks
from accounts.enums import InvitationState
from accounts.models import Invitation, InvitationRound
from accounts.selectors.invitations import (
    PassedOver,
    Reach,
    failed_invitations,
    invitation_round,
    people_of_list,
    people_to_invite,
)
from accounts.services import mailing, rounds
from accounts.services.invitations import choose_password, join, send_invitation
from accounts.services.mailing import send_invitations
from accounts.services.rounds import invite_again, invite_people, renew_invitation
from accounts.services.tokens import LinkTokens, one_time_link
from lib.mail.addresses import Addressee
from lib.mail.sending import MailServer
from lib.services.errors import RefusedError
from teams.enums import Role
from teams.models import LogEntry, Person
from tests.factories import NOW, PASSWORD, MembershipFactory, PersonFactory, TeamFactory
from tests.smtp import CLOSE, Step

pytestmark = pytest.mark.django_db
MINUTE, DAY, WEEK = dt.timedelta(minutes=1), dt.timedelta(days=1), dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """What workers were asked for: here is none."""
    asked: list[str] = []
    monkeypatch.setattr(rounds, "wake", asked.append)
    monkeypatch.setattr(mailing, "wake", asked.append)
    monkeypatch.setattr("accounts.services.rounds.transaction.on_commit", lambda do: do())
    return asked


def invite(admin, people=(), new=(), role="member", at=NOW):
    return invite_people(actor=admin, at=at, people=[each.pk for each in people], new=new, role=role)


def states(of: InvitationRound | None = None):
    rows = Invitation.objects.all() if of is None else Invitation.objects.filter(round=of)
    return dict(rows.order_by("id").values_list("person__email", "state"))


# Who


def test_people_of_a_team_are_those_of_its_sub_teams_too():
    team = TeamFactory()
    below = TeamFactory(parent=TeamFactory(parent=team))
    both, deep = PersonFactory(name="Both", imported=True), PersonFactory(name="Deep", imported=True)
    MembershipFactory(team=team, person=both)
    MembershipFactory(team=below, person=both)
    MembershipFactory(team=below, person=deep)
    MembershipFactory(person=PersonFactory(imported=True))

    assert people_to_invite(reach=Reach.NEW, at=NOW, team=team) == [both, deep]


def test_people_of_a_role_are_those_who_have_it():
    leader = PersonFactory(imported=True, role=Role.LEADER)
    PersonFactory(imported=True)

    assert people_to_invite(reach=Reach.NEW, at=NOW, role="leader") == [leader]


@pytest.mark.parametrize(
    ("reach", "names"),
    [
        (Reach.NEW, ["Never"]),
        (Reach.EXPIRED, ["Expired", "Never"]),
        (Reach.ALL, ["Expired", "Fresh", "Never"]),
    ],
)
def test_reach_says_who_of_those_that_have_not_joined(reach, names, admin):
    PersonFactory(name="Never", imported=True)
    PersonFactory(name="Expired", invited=True, invited_at=NOW - WEEK)
    PersonFactory(name="Fresh", invited=True, invited_at=NOW - WEEK + MINUTE)
    PersonFactory(name="Gone", imported=True, is_active=False)
    PersonFactory(name="Refused", imported=True, refused_at=NOW)
    PersonFactory(name="Joined")
    invite(admin, [PersonFactory(name="Waiting", imported=True)])

    assert [each.name for each in people_to_invite(reach=reach, at=NOW)] == names


def test_list_tells_new_known_and_passed_over_apart(admin):
    known = PersonFactory(email="Known@example.com", invited=True)
    gone, here = PersonFactory(email="gone@example.com", is_active=False), PersonFactory(email="here@example.com")
    waits = PersonFactory(email="waits@example.com", imported=True)
    invite(admin, [waits])
    names = ("known", "new", "gone", "here", "waits")

    found = people_of_list([Addressee(f"{name}@example.com") for name in names])

    assert found.known == [known]
    assert found.new == [Addressee("new@example.com")]
    assert found.passed_over == [
        (gone, PassedOver.INACTIVE),
        (here, PassedOver.JOINED),
        (waits, PassedOver.WAITING),
    ]


# Leaving them to a worker


def test_invite_people_leaves_rows_and_wakes_a_worker(admin, woken):
    imported = PersonFactory(imported=True, email="ines@example.com")

    sent = invite(
        admin, [imported], [Addressee("jane.doe@example.com"), Addressee("bob@example.com", "Bob B")], "viewer"
    )

    assert woken == [rounds.TASK]
    assert mail.outbox == []
    assert set(states(sent).values()) == {"waiting"}
    new = Person.objects.get(email="jane.doe@example.com")
    assert (new.name, new.role, new.invited_at, new.has_usable_password()) == ("Jane Doe", "viewer", None, False)
    assert Person.objects.get(email="bob@example.com").name == "Bob B"
    entry = LogEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_kind) == ("people.invited", admin, "")
    assert entry.note == {"count": 3, "made": 2, "role": "viewer"}
    assert {ref.object_id for ref in entry.refs.all()} == {
        *Person.objects.exclude(pk=admin.pk).values_list("pk", flat=True)
    }


def test_invite_people_leaves_out_who_needs_none(admin):
    gone, joined, waits = PersonFactory(imported=True, is_active=False), PersonFactory(), PersonFactory(imported=True)
    invite(admin, [waits])

    with pytest.raises(RefusedError, match="Nobody is left to invite"):
        invite(admin, [gone, joined, waits])

    assert Invitation.objects.count() == 1
    assert InvitationRound.objects.count() == 1


def test_invite_people_invites_somebody_who_was_made_meanwhile(admin):
    PersonFactory(email="jane@example.com", name="Jane", imported=True)

    sent = invite(admin, new=[Addressee("jane@example.com", "Somebody Else")])

    assert states(sent) == {"jane@example.com": "waiting"}
    assert Person.objects.get(email="jane@example.com").name == "Jane"
    assert LogEntry.objects.get().note == {"count": 1, "made": 0}


@pytest.mark.parametrize("values", [{"role": "king"}, {"new": [Addressee("no address")]}])
def test_invite_people_refuses_what_nobody_can_be(admin, values):
    with pytest.raises(ValidationError):
        invite(admin, **{"new": [Addressee("jane@example.com")]} | values)

    assert Person.objects.count() == 1


def test_invite_people_has_a_refused_address_tried_again(admin):
    person = PersonFactory(imported=True, refused_at=NOW, refusal="550 No")

    invite(admin, [person])

    person.refresh_from_db()
    assert (person.refused_at, person.refusal) == (None, "")


def test_ten_thousand_take_as_many_statements_as_ten(admin):
    def statements(first: int, last: int) -> int:
        people = Person.objects.bulk_create(
            Person(name=f"P {n}", email=f"p{n}@example.com", password="!") for n in range(first, last)
        )
        new = [Addressee(f"n{n}@example.com") for n in range(first, last)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            invite(admin, people, new)
        return len(queries)

    few = statements(0, 5)

    assert statements(5, 5_005) == few
    assert Invitation.objects.count() == 10_010


# Sending


def test_each_gets_a_mail_with_a_link_that_works(admin, smtp_sink):
    people = [PersonFactory(imported=True) for _ in range(3)]
    sent = invite(admin, people)

    assert send_invitations(at=NOW + MINUTE) == 3

    assert [each.recipients for each in smtp_sink.received] == [(each.email,) for each in people]
    assert smtp_sink.connections == 1
    assert set(states(sent).values()) == {"sent"}
    for person, received in zip(people, smtp_sink.received, strict=True):
        person.refresh_from_db()
        assert person.invited_at == NOW + MINUTE
        body = received.message.get_body(("plain",)).get_content()
        assert "Ada Admin (ada@example.com) invites you" in body
        token = body.partition("/accounts/password/link/")[2].partition("/")[0].partition("-")[2]
        assert LinkTokens().check_token(person, token)
    assert send_invitations(at=NOW + MINUTE) == 0
    assert len(smtp_sink.received) == 3


def test_refused_address_is_named_and_gets_nothing_more(admin, smtp_sink):
    bad, good = PersonFactory(imported=True, email="bad@example.com"), PersonFactory(imported=True)
    smtp_sink.answer(Step.RCPT, "550 5.1.1 Nobody here", to="bad@example.com")
    sent = invite(admin, [bad, good])

    send_invitations(at=NOW)

    assert states(sent) == {"bad@example.com": "failed", good.email: "sent"}
    assert [(each.person, each.problem) for each in failed_invitations(sent, {}).rows] == [
        (bad, "550 5.1.1 Nobody here")
    ]
    bad.refresh_from_db()
    assert (bad.refused_at, bad.refusal) == (NOW, "550 5.1.1 Nobody here")
    assert LogEntry.objects.filter(action="person.mail_refused", subject_id=bad.pk).count() == 1


def test_mail_that_is_refused_fails_and_leaves_the_address(admin, smtp_sink):
    person = PersonFactory(imported=True)
    smtp_sink.answer(Step.DATA, "554 5.7.1 This looks like spam")
    sent = invite(admin, [person])

    send_invitations(at=NOW)

    assert [each.problem for each in failed_invitations(sent, {}).rows] == ["554 5.7.1 This looks like spam"]
    person.refresh_from_db()
    assert person.refused_at is None


def test_mail_that_is_put_off_is_tried_again_with_a_link_that_works_as_long(admin, smtp_sink):
    person = PersonFactory(imported=True)
    smtp_sink.answer(Step.RCPT, "450 4.2.1 Later", times=1)
    sent = invite(admin, [person])

    send_invitations(at=NOW)
    assert states(sent) == {person.email: "waiting"}
    assert invitation_round(sent.pk).delayed == "450 4.2.1 Later"
    assert send_invitations(at=NOW + MINUTE / 2) == 0
    send_invitations(at=NOW + MINUTE)

    assert states(sent) == {person.email: "sent"}
    person.refresh_from_db()
    assert person.invited_at == NOW + MINUTE


def test_server_that_is_away_ends_the_work_until_the_next_sweep(admin, smtp_sink):
    people = [PersonFactory(imported=True) for _ in range(3)]
    smtp_sink.answer(Step.GREETING, "421 Too busy", times=1)
    sent = invite(admin, people)

    assert send_invitations(at=NOW) == 0
    assert set(states(sent).values()) == {"waiting"}
    assert send_invitations(at=NOW + MINUTE) == 3

    assert set(states(sent).values()) == {"sent"}


def test_mail_that_is_not_taken_within_a_day_fails(admin, smtp_sink):
    person = PersonFactory(imported=True)
    smtp_sink.answer(Step.RCPT, "450 4.2.1 Later")
    sent = invite(admin, [person])
    send_invitations(at=NOW)

    send_invitations(at=NOW + DAY)
    assert states(sent) == {person.email: "waiting"}
    send_invitations(at=NOW + DAY + MINUTE)

    assert [each.problem for each in failed_invitations(sent, {}).rows] == [mailing.GIVEN_UP]


def test_lost_acknowledgement_sends_the_same_mail_with_the_same_link(admin, smtp_sink):
    """SMTP allows no better: a server may have taken what it has not acknowledged."""
    person = PersonFactory(imported=True)
    smtp_sink.answer(Step.TAKEN, CLOSE, times=1)
    invite(admin, [person])

    send_invitations(at=NOW)
    person.refresh_from_db()
    first = person.invited_at
    send_invitations(at=NOW + MINUTE)

    assert len({each.id for each in smtp_sink.received}) == 1
    assert len(smtp_sink.received) == 2
    person.refresh_from_db()
    assert person.invited_at == first


class KilledError(BaseException):
    """In the place of a signal that ends the worker."""


class Killing(MailServer):
    """Kills its worker after it took a mail for the `n`th time."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.left = n

    def send(self, mail):
        super().send(mail)
        self.left -= 1
        if not self.left:
            raise KilledError


def test_worker_that_is_killed_sends_no_mail_twice_but_the_one_it_had_not_noted(admin, smtp_sink):
    people = [PersonFactory(imported=True) for _ in range(6)]
    sent = invite(admin, people)

    with pytest.raises(KilledError):
        send_invitations(at=NOW, server=Killing(3))
    send_invitations(at=NOW + MINUTE)

    assert set(states(sent).values()) == {"sent"}
    got = [[each.id for each in smtp_sink.to(person.email)] for person in people]
    assert [len(ids) for ids in got] == [1, 1, 2, 1, 1, 1]
    assert len(set(got[2])) == 1
    people[2].refresh_from_db()
    assert people[2].invited_at == NOW


def test_who_joined_left_or_was_refused_meanwhile_gets_no_mail(admin, smtp_sink):
    joined, gone, refused = (PersonFactory(imported=True) for _ in range(3))
    sent = invite(admin, [joined, gone, refused])
    choose_password(joined, actor=joined, password=PASSWORD, at=NOW)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    Person.objects.filter(pk=refused.pk).update(refused_at=NOW)

    send_invitations(at=NOW)

    assert smtp_sink.received == []
    assert set(states(sent).values()) == {"unneeded"}


def test_invitation_of_one_takes_the_place_of_one_that_waits(admin, smtp_sink, django_capture_on_commit_callbacks):
    person = PersonFactory(imported=True)
    sent = invite(admin, [person])

    with django_capture_on_commit_callbacks(execute=True):
        send_invitation(person, actor=admin, at=NOW)
    send_invitations(at=NOW + MINUTE)

    assert len(smtp_sink.received) == 1
    assert states(sent) == {person.email: "unneeded"}


def test_mail_that_cannot_be_written_holds_up_no_other(admin, smtp_sink, monkeypatch):
    people = [PersonFactory(imported=True) for _ in range(2)]
    sent = invite(admin, people)
    whole = one_time_link

    def broken(person):
        if person == people[0]:
            raise LookupError("a fault of ours")
        return whole(person)

    monkeypatch.setattr(mailing, "one_time_link", broken)
    send_invitations(at=NOW)

    assert states(sent) == {people[0].email: "failed", people[1].email: "sent"}


def test_work_that_takes_long_lets_others_run_and_goes_on(admin, smtp_sink, monkeypatch, woken):
    monkeypatch.setattr(mailing, "SECONDS", -1)
    invite(admin, [PersonFactory(imported=True) for _ in range(3)])
    woken.clear()

    tasks.send_invitations()
    assert woken == [rounds.TASK]
    while Invitation.objects.filter(state=InvitationState.WAITING).exists():
        tasks.send_invitations()

    assert len(smtp_sink.received) == 3


# Once more


def test_invite_again_sends_those_that_failed(admin, smtp_sink, woken):
    bad, good = PersonFactory(imported=True, email="bad@example.com"), PersonFactory(imported=True)
    smtp_sink.answer(Step.RCPT, "550 5.1.1 Nobody here", to="bad@example.com", times=1)
    sent = invite(admin, [bad, good])
    send_invitations(at=NOW)
    woken.clear()

    assert invite_again(sent, actor=admin, at=NOW + MINUTE) == 1
    assert woken == [rounds.TASK]
    send_invitations(at=NOW + MINUTE)

    assert set(states(sent).values()) == {"sent"}
    assert [each.recipients for each in smtp_sink.received] == [(good.email,), ("bad@example.com",)]
    assert LogEntry.objects.filter(action="people.invited").count() == 2


def test_invite_again_leaves_out_who_needs_none(admin):
    person = PersonFactory(imported=True)
    sent = invite(admin, [person])
    Invitation.objects.update(state=InvitationState.FAILED)
    invite(admin, [person])

    with pytest.raises(RefusedError, match="None is left"):
        invite_again(sent, actor=admin, at=NOW)


# An invitation that expired


def test_renewed_invitation_names_who_invited_last(admin, smtp_sink):
    person = PersonFactory(imported=True)
    invite(admin, [person])
    send_invitations(at=NOW)

    renew_invitation(person, at=NOW + WEEK)
    renew_invitation(person, at=NOW + WEEK)
    send_invitations(at=NOW + WEEK)

    assert [str(each.message["Subject"]) for each in smtp_sink.received] == [
        "Ada Admin invites you to Throughline at Our company"
    ] * 2
    assert LogEntry.objects.filter(action="person.invitation_asked").count() == 1
    person.refresh_from_db()
    assert person.invited_at == NOW + WEEK


def test_renewed_invitation_does_not_name_who_has_left(admin, smtp_sink):
    """Ada invited first, and Bo, who has left since, last."""
    person, left = PersonFactory(imported=True), PersonFactory(name="Bo", role=Role.ADMIN)
    for actor in (admin, left):
        invite(actor, [person])
        Invitation.objects.update(state=InvitationState.SENT, sent_at=NOW)
    Person.objects.filter(pk=left.pk).update(is_active=False)
    renew_invitation(person, at=NOW)
    send_invitations(at=NOW)

    assert str(smtp_sink.received[0].message["Subject"]) == "Ada Admin invites you to Throughline at Our company"


def test_renewed_invitation_of_nobody_by_name_says_so(smtp_sink):
    person = PersonFactory(invited=True)

    renew_invitation(person, at=NOW)
    send_invitations(at=NOW)

    assert str(smtp_sink.received[0].message["Subject"]) == "You are invited to Throughline at Our company"


def test_token_has_expired_only_where_nothing_else_is_wrong(settings):
    person = PersonFactory(invited=True)
    token = one_time_link(person).rstrip("/").rpartition("/")[2].partition("-")[2]
    assert not LinkTokens().has_expired(person, token)

    settings.PASSWORD_RESET_TIMEOUT = -1
    assert LinkTokens().has_expired(person, token)
    assert not LinkTokens().has_expired(person, f"{token}0")
    assert not LinkTokens().has_expired(person, "nonsense")
    person.invited_at = NOW + MINUTE
    assert not LinkTokens().has_expired(person, token)


def test_token_ends_when_its_person_joins_by_other_means():
    person = PersonFactory(invited=True)
    token = LinkTokens().make_token(person)
    assert LinkTokens().check_token(person, token)
    join(person, actor=person, at=NOW)

    assert not LinkTokens().check_token(Person.objects.get(pk=person.pk), token)
