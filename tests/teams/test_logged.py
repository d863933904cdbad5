"""Who did what to what, and when: the log's word of each service about teams and their work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.services.invitations import choose_password, invite_person, join, make_admin, send_invitation
from teams.models import LogEntry
from teams.services.initiatives import (
    change_status,
    confirm_initiative,
    create_initiative,
    declare_kind,
    edit_initiative,
)
from teams.services.members import add_member, change_member, remove_member
from teams.services.offers import end_offer, offer_support
from teams.services.people import change_role
from teams.services.pledges import accept_terms, answer_support, confirm_support, deliver_support, thank_support
from teams.services.presence import set_presence
from teams.services.stance import set_stance
from teams.services.support import ask_again, ask_support, restore_support, withdraw_support
from teams.services.teams import create_team, edit_team, move_team, remove_team
from teams.services.undo import undo
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

AT = NOW + dt.timedelta(hours=3)
Does = Callable[[dict[str, Any]], tuple[str, int | None]]
"""Does it as somebody at some time; returns the kind and the id of what was done something to."""


def of_team(by: dict[str, Any], service: Any, **values: Any) -> tuple[str, int | None]:
    team = make.TeamFactory()
    pk = team.pk
    service(team, **by, version=1, **values)
    return "team", pk


def of_member(by: dict[str, Any], service: Any, **values: Any) -> tuple[str, int | None]:
    membership = make.MembershipFactory()
    pk = membership.pk
    service(membership, **by, version=1, **values)
    return "membership", pk


def member_added(by: dict[str, Any]) -> tuple[str, int | None]:
    return "membership", add_member(make.TeamFactory(), **by, person=make.PersonFactory(), role="lead").pk


def of_work(by: dict[str, Any], service: Any, **values: Any) -> tuple[str, int | None]:
    return "initiative", service(make.InitiativeFactory(touched_on=DAY - dt.timedelta(9)), **by, version=1, **values).pk


def work_undone(by: dict[str, Any]) -> tuple[str, int | None]:
    row = edit_initiative(make.InitiativeFactory(), actor=make.LeaderFactory(), at=NOW, version=1, title="Other")
    return "initiative", undo(row, **by, version=2).pk


def of_ask(
    by: dict[str, Any], service: Any, before: dict[str, Any] | None = None, **values: Any
) -> tuple[str, int | None]:
    ask = make.SupportFactory(**before or {})
    pk = ask.pk
    service(ask, **by, version=1, **values)
    return "support", pk


def asked(by: dict[str, Any]) -> tuple[str, int | None]:
    return "support", ask_support(
        make.InitiativeFactory(), **by, team=make.TeamFactory(), ask="A day.", size="small"
    ).pk


def offered(by: dict[str, Any]) -> tuple[str, int | None]:
    values: dict[str, Any] = {
        "initiative": make.InitiativeFactory(),
        "answer": "A day.",
        "size": "small",
        "due_on": DAY,
    }
    return "support", offer_support(make.TeamFactory(), **by, **values).pk


def ask_undone(by: dict[str, Any]) -> tuple[str, int | None]:
    row = answer_support(make.SupportFactory(), actor=by["actor"], at=NOW, version=1, status="pledged", due_on=DAY)
    return "support", undo(row, **by, version=2).pk


def ask_restored(by: dict[str, Any]) -> tuple[str, int | None]:
    ask = make.SupportFactory()
    pk, work = ask.pk, ask.initiative
    withdraw_support(ask, actor=make.LeaderFactory(), at=NOW, version=1)
    return "support", restore_support(work, **by, withdrawn=pk).pk


DONE: dict[str, Does] = {
    "team.created": lambda by: ("team", create_team(**by, name="New").pk),
    "team.edited": lambda by: of_team(by, edit_team, name="Other"),
    "team.moved": lambda by: of_team(by, move_team, parent=make.TeamFactory()),
    "team.removed": lambda by: of_team(by, remove_team),
    "team.presence_set": lambda by: of_team(by, set_presence, is_here=False),
    "team.stance_set": lambda by: of_team(by, set_stance, stance="explore", reason="New ground.", until=None),
    "member.added": member_added,
    "member.changed": lambda by: of_member(by, change_member, role="lead"),
    "member.removed": lambda by: of_member(by, remove_member),
    "initiative.created": lambda by: ("initiative", create_initiative(make.TeamFactory(), **by, title="New").pk),
    "initiative.edited": lambda by: of_work(by, edit_initiative, title="Other"),
    "initiative.kind_declared": lambda by: of_work(by, declare_kind, kind="sustain", declaration="It would stop."),
    "initiative.status_changed": lambda by: of_work(by, change_status, status="paused"),
    "initiative.confirmed": lambda by: of_work(by, confirm_initiative),
    "initiative.undone": work_undone,
    "support.asked": asked,
    "support.asked_again": lambda by: of_ask(by, ask_again, ask="Two days.", size="large"),
    "support.answered": lambda by: of_ask(by, answer_support, status="pledged", due_on=DAY),
    "support.terms_offered": lambda by: of_ask(by, answer_support, status="asked", answer="If so.", due_on=DAY),
    "support.accepted": lambda by: of_ask(by, accept_terms, {"answer": "If so.", "due_on": DAY}),
    "support.confirmed": lambda by: of_ask(by, confirm_support, {"status": "delivered", "unconfirmed": True}),
    "support.thanked": lambda by: of_ask(by, thank_support, {"status": "delivered"}, thanks="It helped."),
    "support.offered": offered,
    "support.offer_ended": lambda by: of_ask(by, end_offer, {"answer": "Us.", "offered": True}, reason="No."),
    "support.delivered": lambda by: of_ask(by, deliver_support),
    "support.withdrawn": lambda by: of_ask(by, withdraw_support),
    "support.undone": ask_undone,
    "support.restored": ask_restored,
    "person.invited": lambda by: ("person", invite_person(**by, email="a@b.example", name="A", role="member").pk),
    "person.role_changed": lambda by: (
        "person",
        change_role(make.PersonFactory(), **by, role="leader", version=1).pk,  # type: ignore[arg-type]
    ),
}


@pytest.mark.parametrize("action", DONE)
def test_log_says_who_did_what_to_what_and_when(action):
    by = {"actor": make.AdminFactory(), "at": AT}
    kind, pk = DONE[action](by)
    entry = LogEntry.objects.exclude(subject_kind="thread").latest("id")

    assert (entry.action, entry.subject_kind, entry.subject_id) == (action, kind, pk)
    assert (entry.actor, entry.at) == (by["actor"], AT)


def test_log_says_of_an_invitation_sent_again_who_sent_it():
    admin, person = make.AdminFactory(), make.PersonFactory(invited=True)
    send_invitation(person, actor=admin, at=AT)
    entry = LogEntry.objects.get()

    assert (entry.action, entry.subject_kind, entry.subject_id) == ("person.invited", "person", person.pk)
    assert (entry.actor, entry.at) == (admin, AT)


@pytest.mark.parametrize(
    ("does", "person", "action"),
    [
        (lambda person, at: join(person, actor=person, at=at), {"invited": True}, "person.joined"),
        (
            lambda person, at: choose_password(person, actor=person, password="long enough it is", at=at),
            {},
            "person.password_changed",
        ),
        (
            lambda person, at: choose_password(person, actor=person, password="long enough it is", at=at),
            {"invited": True},
            "person.joined",
        ),
    ],
)
def test_who_comes_in_does_it_themselves(does, person, action):
    row = make.PersonFactory(**person)
    does(row, at=AT)
    entry = LogEntry.objects.get()

    assert (entry.action, entry.actor, entry.subject_kind, entry.subject_id) == (action, row, "person", row.pk)
    assert entry.at == AT


def test_who_is_made_an_administrator_by_the_machine_is_by_nobody():
    person = make.PersonFactory()
    for email, action in ((person.email, "person.made_admin"), ("new@b.example", "person.invited")):
        row = make_admin(email=email, at=AT)
        entry = LogEntry.objects.latest("id")
        assert (entry.action, entry.actor, entry.at) == (action, None, AT)
        assert (entry.subject_kind, entry.subject_id) == ("person", row.pk)
