"""People who leave and who come back: what is written, handed over and refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import InvitationState
from accounts.models import Invitation
from accounts.services.invitations import make_admin
from accounts.services.leaving import (
    PARTS,
    deactivate_person,
    erase_person,
    everything_to,
    reactivate_person,
)
from alignment.enums import LinkState
from alignment.selectors.people.held import holdings_of, led_alone
from digest.enums import DigestState
from lib.services.errors import RefusedError, StaleError
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal
from strategy.services.context import create_context_page, edit_context_page
from strategy.services.goals import create_goal, edit_goal
from strategy.services.strategies import create_strategy, edit_strategy
from teams.enums import InitiativeStatus, TeamRole
from teams.models import Initiative, LogEntry, Membership, Person
from teams.selectors.people import people
from teams.services.initiatives import create_initiative, edit_initiative
from teams.services.undo import undo
from tests import factories as make
from tests.accounts.owning import holder, now, owned
from tests.factories import DAY, NOW, PASSWORD

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
AT: dict[str, Any] = {"at": LATER}


def logged(*actions: str) -> list[tuple[str, int | None, int | None]]:
    rows = LogEntry.objects.filter(action__in=actions) if actions else LogEntry.objects.all()
    return list(rows.order_by("id").values_list("action", "actor_id", "subject_id"))


def test_who_left_is_inactive_has_no_password_and_is_logged(admin, mia):
    left = deactivate_person(mia, actor=admin, **AT)

    row = now(mia)
    assert (row.is_active, row.has_usable_password(), row.name, row.version) == (False, False, "Mia Member", 2)
    assert left.sentence == "Mia Member is no longer active here."
    assert logged() == [("person.deactivated", admin.pk, mia.pk)]
    assert LogEntry.objects.get().changes == {"is_active": [True, False]}


def test_invitation_that_waits_is_sent_to_nobody_who_left_even_when_they_are_back(admin):
    person = make.PersonFactory(imported=True)
    waiting = Invitation.objects.create(person=person, asked_at=NOW, due_at=NOW)
    deactivate_person(person, actor=admin, **AT)
    reactivate_person(now(person), actor=admin, **AT)

    assert now(waiting).state == InvitationState.UNNEEDED


def test_database_takes_the_password_of_whoever_is_made_inactive(mia):
    Person.objects.filter(pk=mia.pk).update(is_active=False)

    assert not now(mia).has_usable_password()
    assert not now(mia).check_password(PASSWORD)


def test_leaving_twice_or_with_an_old_version_is_refused(admin, mia, gone):
    with pytest.raises(RefusedError, match="no longer active here already"):
        deactivate_person(gone, actor=admin, **AT)
    with pytest.raises(StaleError):
        deactivate_person(mia, actor=admin, version=7, **AT)
    assert logged() == []


def test_last_administrator_cannot_leave_and_one_of_two_can(admin):
    make.AdminFactory(is_active=False)
    with pytest.raises(RefusedError, match="only administrator"):
        deactivate_person(admin, actor=admin, **AT)

    make.AdminFactory()
    deactivate_person(admin, actor=admin, **AT)
    assert not now(admin).is_active


def test_digests_that_wait_are_dropped_and_others_kept(admin, mia):
    make.DigestFactory(person=mia, state=DigestState.BUILT, content={})
    sent = make.DigestFactory(person=mia, week=DAY - dt.timedelta(weeks=1), state=DigestState.SENT, sent_at=NOW)

    deactivate_person(mia, actor=admin, **AT)

    assert [digest.pk for digest in mia.digests_of_weeks.all()] == [sent.pk]


# Handing over


def test_everything_goes_to_one_person(admin, mia, bea):
    had = owned(mia)

    left = deactivate_person(mia, actor=admin, to=everything_to(bea), **AT)

    assert left.moved == dict.fromkeys(PARTS, 1)
    assert {holder(had[part]) for part in PARTS if part != "teams"} == {bea}
    assert {seat.person: seat.role for seat in had["teams"].memberships.select_related("person")} == {
        bea: TeamRole.LEAD,
        mia: TeamRole.MEMBER,
    }


def test_each_part_goes_where_it_is_said_and_the_rest_to_nobody(admin, mia, bea):
    had = owned(mia)

    left = deactivate_person(mia, actor=admin, to={"goals": bea, "teams": admin}, **AT)

    assert now(had["goals"]).owner == bea
    assert [holder(had[part]) for part in ("strategies", "measures", "initiatives", "context_pages", "decisions")] == [
        None
    ] * 5
    assert had["teams"].memberships.get(person=admin).role == TeamRole.LEAD
    assert left.sentence == (
        "Mia Member is no longer active here. Bea Barnes has 1 goal of theirs now. "
        "Ada Admin has 1 team of theirs now. "
        "1 strategy, 1 measure, 1 initiative, 1 page of the business context and 1 decision have no owner now."
    )


def test_hand_over_is_logged_as_edits_of_each_row_are(admin, mia, bea):
    had = owned(mia)

    deactivate_person(mia, actor=admin, to=everything_to(bea), **AT)

    seats = {seat.person_id: seat.pk for seat in Membership.objects.all()}
    assert logged() == [
        ("strategy.edited", admin.pk, had["strategies"].pk),
        ("goal.edited", admin.pk, had["goals"].pk),
        ("measure.edited", admin.pk, had["measures"].pk),
        ("initiative.edited", admin.pk, had["initiatives"].pk),
        ("context_page.edited", admin.pk, had["context_pages"].pk),
        ("decision.edited", admin.pk, had["decisions"].pk),
        ("member.changed", admin.pk, seats[mia.pk]),
        ("member.added", admin.pk, seats[bea.pk]),
        ("person.deactivated", admin.pk, mia.pk),
    ]
    entry = LogEntry.objects.get(action="goal.edited")
    assert entry.changes == {"owner": [mia.pk, bea.pk]}
    assert entry.row_version == now(had["goals"]).version == had["goals"].version + 1
    refs = {(ref.kind, ref.object_id) for ref in entry.refs.all()}
    assert refs == {("goal", had["goals"].pk), ("person", mia.pk), ("person", bea.pk)}


def test_handing_over_does_not_say_that_work_is_still_true(admin, mia, bea):
    """As an edit would: that somebody left is no news of the work."""
    work = make.InitiativeFactory(owner=mia, touched_on=DAY - dt.timedelta(days=90))

    deactivate_person(mia, actor=admin, to=everything_to(bea), **AT)

    assert now(work).touched_on == DAY - dt.timedelta(days=90)


def test_hand_over_to_a_member_of_the_team_makes_them_its_lead(admin, mia, bea):
    team = make.MembershipFactory(person=mia, role=TeamRole.LEAD).team
    make.MembershipFactory(person=bea, team=team)

    deactivate_person(mia, actor=admin, to=everything_to(bea), **AT)

    assert team.memberships.get(person=bea).role == TeamRole.LEAD
    assert [action for action, *_rest in logged()] == ["member.changed", "member.changed", "person.deactivated"]


def test_what_is_over_keeps_its_owner(admin, mia, bea):
    over = [
        make.StrategyFactory(owner=mia, status=StrategyStatus.ARCHIVED),
        make.GoalFactory(owner=mia, status=GoalStatus.ACHIEVED),
        make.InitiativeFactory(owner=mia, status=InitiativeStatus.DONE),
    ]

    deactivate_person(mia, actor=admin, to=everything_to(bea), **AT)

    assert [now(row).owner for row in over] == [mia] * 3


def test_team_that_goes_to_nobody_is_led_by_them_again_when_they_are_back(admin, mia):
    team = make.MembershipFactory(person=mia, role=TeamRole.LEAD).team

    deactivate_person(mia, actor=admin, **AT)
    reactivate_person(mia, actor=admin, **AT)

    assert team.memberships.get().role == TeamRole.LEAD


def test_team_is_led_alone_where_others_cannot_lead_it(mia, bea, gone):
    alone, together = (make.MembershipFactory(person=mia, role=TeamRole.LEAD).team for _ in range(2))
    make.MembershipFactory(team=alone, person=gone, role=TeamRole.LEAD)
    make.MembershipFactory(team=alone, person=make.ViewerFactory(), role=TeamRole.LEAD)
    make.MembershipFactory(team=alone, person=bea)
    make.MembershipFactory(team=together, person=bea, role=TeamRole.LEAD)
    make.MembershipFactory(person=mia)

    assert list(led_alone(mia)) == [alone]


@pytest.mark.parametrize("who", ["mia", "gone"])
def test_nothing_goes_to_who_leaves_or_has_left(who, admin, mia, gone):
    goal = make.GoalFactory(owner=mia)

    with pytest.raises(ValidationError) as wrong:
        deactivate_person(mia, actor=admin, to={"goals": {"mia": mia, "gone": gone}[who]}, **AT)

    assert set(wrong.value.message_dict) == {"goals"}
    assert (now(goal).owner, now(mia).is_active) == (mia, True)


def test_viewer_gets_no_team_where_there_is_one(admin, mia, bea):
    viewer = make.ViewerFactory()
    make.MembershipFactory(person=mia, role=TeamRole.LEAD)
    with pytest.raises(ValidationError, match="viewers lead no team"):
        deactivate_person(mia, actor=admin, to=everything_to(viewer), **AT)

    deactivate_person(bea, actor=admin, to=everything_to(viewer), **AT)
    assert not now(bea).is_active


def test_thousands_are_handed_over_with_the_queries_of_a_few(admin, bea):
    def queries(number: int) -> int:
        person = make.PersonFactory()
        goal = make.GoalFactory()
        Goal.objects.bulk_create(
            Goal(key=f"g-{person.pk}-{n}", title="G", parent=goal, owner=person, status=GoalStatus.ACTIVE)
            for n in range(number)
        )
        team = make.TeamFactory()
        Initiative.objects.bulk_create(
            Initiative(key=f"i-{person.pk}-{n}", title="I", team=team, owner=person, status="active", touched_on=DAY)
            for n in range(number)
        )
        with CaptureQueriesContext(connection) as seen:
            left = deactivate_person(person, actor=admin, to=everything_to(bea), **AT)
        assert left.moved == {"goals": number, "initiatives": number}
        return len(seen)

    assert queries(3) == queries(300)


def test_hand_over_of_work_is_undone_by_its_own_undo(admin, mia, bea):
    work = make.InitiativeFactory(owner=mia)
    deactivate_person(mia, actor=admin, to=everything_to(bea), **AT)
    moved = now(work)

    with pytest.raises(ValidationError, match="no longer active here"):
        undo(moved, actor=admin, at=LATER, version=moved.version)
    reactivate_person(mia, actor=admin, **AT)
    undo(moved, actor=admin, at=LATER, version=moved.version)

    assert now(work).owner == mia


def test_holdings_are_counted_named_and_say_what_waits(mia, admin):
    goal = make.GoalFactory(owner=mia, title="Zeal")
    make.GoalFactory(owner=mia, title="Ädil")
    link = make.LinkFactory(goal=goal, state=LinkState.CLAIMED)
    make.LinkFiguresFactory(link=link)
    team = make.MembershipFactory(person=mia, role=TeamRole.LEAD).team
    make.SupportFactory(team=team)

    held = holdings_of(mia)

    assert [(part.name, part.count, [str(row) for row in part.rows]) for part in held.parts] == [
        ("goals", 2, ["Ädil", "Zeal"]),
        ("teams", 1, [team.name]),
    ]
    assert (held.links, held.asks) == (1, 1)


# Nobody finds or chooses them


def test_who_left_cannot_become_an_owner(admin, gone):
    strategy, team = make.StrategyFactory(), make.TeamFactory()
    page, goal, work = make.ContextPageFactory(), make.GoalFactory(), make.InitiativeFactory()
    by: dict[str, Any] = {"actor": admin, "owner": gone, **AT}

    for attempt in (
        lambda: create_strategy(**by, title="New"),
        lambda: edit_strategy(strategy, **by, version=1),
        lambda: create_context_page(**by, title="New", lens="product"),
        lambda: edit_context_page(page, **by, version=1),
        lambda: create_goal(**by, title="New", strategy=strategy),
        lambda: edit_goal(goal, **by, version=1),
        lambda: create_initiative(team, **by, title="New"),
        lambda: edit_initiative(work, **by, version=1),
    ):
        with pytest.raises(ValidationError) as wrong:
            attempt()
        assert set(wrong.value.message_dict) == {"owner"}


def test_owner_who_left_may_stay_while_something_else_is_edited(admin, gone):
    work = make.InitiativeFactory(owner=gone)

    assert edit_initiative(work, actor=admin, version=1, owner=gone, title="Other", **AT).owner == gone


def test_people_page_has_who_left_only_where_they_are_asked_for(admin, mia, gone):
    assert gone not in people(admin)
    assert list(people(admin, state="left")) == [gone]
    assert mia not in people(admin, state="left")


# Coming back


def test_who_is_back_has_their_role_and_teams_and_not_what_was_handed_over(admin, mia, bea):
    seat = make.MembershipFactory(person=mia)
    goal = make.GoalFactory(owner=mia)
    deactivate_person(mia, actor=admin, to=everything_to(bea), **AT)

    reactivate_person(mia, actor=admin, **AT)

    row = now(mia)
    assert (row.is_active, row.role, row.joined_at, row.digests_since) == (True, "member", NOW, LATER)
    assert not row.has_usable_password()
    assert (now(seat).role, now(goal).owner) == (TeamRole.MEMBER, bea)
    assert logged("person.reactivated") == [("person.reactivated", admin.pk, mia.pk)]


def test_coming_back_is_refused_to_who_is_here_or_was_erased(admin, mia, gone):
    with pytest.raises(RefusedError, match="active here already"):
        reactivate_person(mia, actor=admin, **AT)
    erase_person(gone, actor=admin, **AT)
    with pytest.raises(RefusedError, match="cannot come back"):
        reactivate_person(gone, actor=admin, **AT)


def test_administrator_made_of_who_left_gets_no_digest_of_the_time_between(gone):
    assert make_admin(email=gone.email, at=LATER).digests_since == LATER
