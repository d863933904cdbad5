"""Archiving a team with what becomes of its work, and restoring it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from lib.services import changes
from lib.services.changes import Changes
from lib.services.errors import RefusedError, StaleError
from strategy.enums import GoalStatus
from strategy.models import Goal
from strategy.selectors.places import teams_led
from strategy.services.archiving import Fate, archive_team, restore_team
from strategy.services.goals import activate_goal, create_goal, reopen_goal
from teams.enums import InitiativeStatus, SupportStatus, TeamRole
from teams.models import Initiative, LogEntry, Person, Team
from teams.selectors.people import memberships_of
from teams.selectors.teams import team_options, team_places, teams_near
from teams.selectors.work import teams_worked_on
from teams.services.initiatives import change_status, create_initiative, edit_initiative
from teams.services.members import add_member
from teams.services.support import ask_again, ask_support
from teams.services.teams import create_team, move_team
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
DONE, DROPPED = Fate(status=InitiativeStatus.DONE), Fate(status=InitiativeStatus.DROPPED)


@dataclass
class Given:
    """Ops has three initiatives that go on and one that is done, a goal, and an ask of another team."""

    leader: Person
    team: Team
    other: Team
    work: list[Initiative]


@pytest.fixture
def given() -> Given:
    team, other = make.TeamFactory(key="ops", name="Ops"), make.TeamFactory(key="crew", name="Crew")
    statuses = ("active", "paused", "proposed", "done")
    work = [make.InitiativeFactory(team=team, title=f"Work {status}", status=status) for status in statuses]
    return Given(make.LeaderFactory(), team, other, work)


def archived(given: Given, **values) -> Team:
    values = {"others": DROPPED, "reason": "We stop it.", **values}
    return archive_team(given.team, actor=given.leader, at=NOW, version=given.team.version, **values).team


def archived_team_of(leader: Person) -> Team:
    team = make.TeamFactory(name="Gone")
    return archive_team(team, actor=leader, at=NOW, version=1).team


def test_work_goes_where_its_row_says_and_the_rest_as_all(given):
    one, two, three, over = given.work
    archival = archive_team(
        given.team,
        actor=given.leader,
        at=NOW,
        version=1,
        fates={one.pk: Fate(team=given.other), two.pk: DONE},
        others=DROPPED,
        reason="Nobody asked for it.",
    )

    rows = {row.pk: row for row in Initiative.objects.all()}
    assert (rows[one.pk].team, rows[one.pk].status, rows[one.pk].touched_on) == (given.other, "active", DAY)
    assert (rows[two.pk].team, rows[two.pk].status, rows[two.pk].status_reason) == (given.team, "done", "")
    assert (rows[three.pk].status, rows[three.pk].status_reason) == ("dropped", "Nobody asked for it.")
    assert (rows[over.pk].status, rows[over.pk].version) == ("done", 1)
    assert archival.team.archived_on == DAY
    assert archival.sentence == (
        "Ops is archived. 1 initiative went to other teams. 1 initiative is completed. 1 initiative is dropped."
    )


def test_each_piece_of_work_and_the_team_have_their_entry(given, monkeypatch):
    heard: list[tuple[Changes, int]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda what, cause, _at: heard.append((what, cause))])
    one, two, three, _over = given.work
    row = archived(given, fates={one.pk: Fate(team=given.other), two.pk: DONE})

    told = {entry.subject_id: entry for entry in LogEntry.objects.filter(subject_kind="initiative")}
    assert told[one.pk].action == "initiative.edited"
    assert told[one.pk].changes == {"team": [given.team.pk, given.other.pk]}
    assert (told[two.pk].action, told[two.pk].changes) == ("initiative.status_changed", {"status": ["paused", "done"]})
    assert told[three.pk].changes == {"status": ["proposed", "dropped"], "status_reason": ["", "We stop it."]}
    assert {entry.row_version for entry in told.values()} == {2}
    entry = LogEntry.objects.get(action="team.archived")
    assert (entry.subject_id, entry.row_version, entry.changes) == (row.pk, 2, {"archived_on": [None, DAY.isoformat()]})
    assert heard == [(Changes(initiatives={one.pk, two.pk, three.pk}, goals=[], teams=[row.pk]), entry.pk)]


def test_own_goals_close_and_asks_of_it_are_declined(given):
    goal, draft = make.GoalFactory(team=given.team), make.GoalFactory(team=given.team, status=GoalStatus.DRAFT)
    asked = make.SupportFactory(team=given.team)
    pledged = make.SupportFactory(team=given.team, status=SupportStatus.PLEDGED)
    given_already = make.SupportFactory(team=given.team, status=SupportStatus.DELIVERED)
    of_over = make.SupportFactory(team=given.team, initiative__status=InitiativeStatus.DONE)
    archived(given)

    for row in (goal, draft, asked, pledged, given_already, of_over):
        row.refresh_from_db()
    assert (goal.status, goal.closing_reason, goal.closed_on) == (GoalStatus.DROPPED, "We stop it.", DAY)
    assert draft.status == GoalStatus.DRAFT
    assert {(row.status, row.answer) for row in (asked, pledged)} == {(SupportStatus.DECLINED, "Ops is archived.")}
    assert (given_already.status, of_over.status) == (SupportStatus.DELIVERED, SupportStatus.ASKED)
    assert LogEntry.objects.filter(action="support.answered").count() == 2
    assert LogEntry.objects.get(action="goal.closed").subject_id == goal.pk


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"others": None}, "others"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2_001}, "reason"),
        ({"others": Fate(status=InitiativeStatus.PAUSED)}, None),
    ],
)
def test_undecided_work_is_told(given, values, field):
    with pytest.raises(ValidationError) as wrong:
        archived(given, **values)

    assert {*wrong.value.error_dict} == ({field} if field else {f"work-{one.pk}" for one in given.work[:3]})
    assert not LogEntry.objects.exists()
    assert Initiative.objects.filter(team=given.team).exclude(version=1).count() == 0


def test_work_does_not_go_to_itself_an_archived_team_or_one_that_it_asks(given):
    gone = archived_team_of(given.leader)
    asked = make.SupportFactory(initiative=given.work[0]).team
    for team in (given.team, gone, asked):
        with pytest.raises(ValidationError) as wrong:
            archived(given, fates={given.work[0].pk: Fate(team=team)})
        assert {*wrong.value.error_dict} == {f"work-{given.work[0].pk}"}


def test_goal_of_its_own_needs_the_reason_too():
    team = make.TeamFactory()
    make.GoalFactory(team=team)
    with pytest.raises(ValidationError) as wrong:
        archive_team(team, actor=make.LeaderFactory(), at=NOW, version=team.version)
    assert {*wrong.value.error_dict} == {"reason"}


def test_team_with_sub_teams_is_refused_until_they_are_archived(given):
    below = make.TeamFactory(name="Night", parent=given.team)
    given.team.refresh_from_db()
    with pytest.raises(RefusedError, match="Ops has sub-teams"):
        archived(given)

    archive_team(below, actor=given.leader, at=NOW, version=below.version)
    assert archived(given).archived_on == DAY
    with pytest.raises(RefusedError, match="archived already"):
        archive_team(given.team, actor=given.leader, at=NOW, version=given.team.version + 1)
    below.refresh_from_db()
    with pytest.raises(RefusedError, match="Night is below Ops, which is archived too"):
        restore_team(below, actor=given.leader, at=NOW, version=below.version)


def test_stale_version_archives_and_restores_nothing(given):
    with pytest.raises(StaleError):
        archive_team(given.team, actor=given.leader, at=NOW, version=7)
    row = archived(given)
    with pytest.raises(StaleError):
        restore_team(row, actor=given.leader, at=NOW, version=row.version - 1)


def test_restored_team_is_as_it_was(given):
    lead = make.MembershipFactory(team=given.team, role=TeamRole.LEAD).person
    row = restore_team(archived(given), actor=given.leader, at=NOW, version=2)

    assert row.archived_on is None
    assert Person.objects.get(pk=lead.pk).team_roles == {given.team.pk: TeamRole.LEAD}
    assert {one.status for one in Initiative.objects.filter(team=row)} == {"dropped", "done"}
    assert LogEntry.objects.get(action="team.restored").changes == {"archived_on": [DAY.isoformat(), None]}
    with pytest.raises(RefusedError, match="Ops is not archived"):
        restore_team(row, actor=given.leader, at=NOW, version=row.version)


def test_only_leaders_archive_and_restore(given):
    lead = make.MembershipFactory(team=given.team, role=TeamRole.LEAD).person
    for service in (archive_team, restore_team):
        with pytest.raises(PermissionDenied):
            service(given.team, actor=lead, at=NOW, version=1)


def test_archiving_takes_a_fixed_number_of_statements(given, django_assert_max_num_queries):
    make.InitiativeFactory.create_batch(20, team=given.team)
    make.SupportFactory.create_batch(5, team=given.team)
    with django_assert_max_num_queries(60):
        archived(given, others=Fate(team=given.other))


def test_archived_team_is_in_no_picker(given):
    lead = make.MembershipFactory(team=given.team, role=TeamRole.LEAD).person
    row = archived(given)
    lead = Person.objects.get(pk=lead.pk)

    assert lead.team_roles == {}
    assert not memberships_of(lead, given.leader).exists()
    assert row not in team_options()
    assert row in team_options(row.key)
    assert row not in [team for team, _above in team_places(search="Ops", chosen=row.key)]
    assert row not in [team for team, _above in teams_near(given.other, search="Ops", chosen=[row.key])]
    assert row not in teams_worked_on(given.leader)
    assert row not in teams_worked_on(lead)
    assert teams_led(lead) == []


def test_nobody_leads_or_writes_for_an_archived_team(given):
    lead = make.MembershipFactory(team=given.team, role=TeamRole.LEAD).person
    above = make.MembershipFactory(role=TeamRole.LEAD)
    Team.objects.filter(pk=given.team.pk).update(parent=above.team)
    given.team.refresh_from_db()
    row = archived(given)
    for person in (*Person.objects.filter(pk__in=[lead.pk, above.person.pk]), given.leader, make.AdminFactory()):
        assert not person.has_perm("teams.edit_team", row)
        assert not person.has_perm("teams.work_on", row)


def test_nothing_that_goes_on_comes_to_an_archived_team(given):
    """Also where the form was opened before it was archived: the row that is at hand does not know."""
    over, leader = given.work[3], given.leader
    closed = make.GoalFactory(team=given.team, status=GoalStatus.MISSED, closed_on=DAY)
    draft = make.GoalFactory(team=given.team, status=GoalStatus.DRAFT)
    elsewhere = make.InitiativeFactory(team=given.other)
    declined = make.SupportFactory(initiative=elsewhere, team=given.team)
    archived(given)
    declined.refresh_from_db()
    before, made = Team.objects.get(pk=given.team.pk), {"actor": leader, "at": NOW}
    before.archived_on = None

    refused = (
        lambda: create_initiative(before, title="More", **made),
        lambda: change_status(over, version=1, status="active", **made),
        lambda: edit_initiative(elsewhere, version=1, team=before, **made),
        lambda: ask_support(make.InitiativeFactory(), team=before, ask="Help.", size="small", **made),
        lambda: ask_again(declined, version=declined.version, ask="Help.", size="small", **made),
        lambda: add_member(before, person=make.PersonFactory(), role="member", **made),
        lambda: create_team(name="Below", parent=before, **made),
        lambda: move_team(given.other, version=given.other.version, parent=before, **made),
        lambda: create_goal(title="A goal", team=before, **made),
        lambda: activate_goal(draft, version=draft.version, **made),
        lambda: reopen_goal(closed, version=closed.version, **made),
    )
    over.team = before
    for step in refused:
        with pytest.raises((RefusedError, ValidationError), match="archived"):
            step()
    assert not Goal.objects.filter(team=given.team, status=GoalStatus.ACTIVE).exists()
    assert not Initiative.objects.filter(team=given.team, status__in=("active", "proposed", "paused")).exists()
