"""Making, naming, moving and removing teams; their stance and their people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from lib.db.triggers import TREE_DEPTH_LIMIT
from lib.services import changes
from lib.services.changes import Changes
from lib.services.errors import RefusedError, StaleError
from teams.enums import InitiativeStatus, Stance, TeamRole
from teams.models import Company, LogEntry, Membership, Team
from teams.services import teams as services
from teams.services.members import add_member, change_member, remove_member
from teams.services.stance import set_stance
from teams.services.teams import create_team, edit_team, move_team, remove_team
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def team():
    return make.TeamFactory(key="ops", name="Ops")


@pytest.fixture
def heard(monkeypatch):
    """What is announced, with the log entry that is its cause."""
    found: list[tuple[Changes, int]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda what, cause, _at: found.append((what, cause))])
    return found


def logged(action: str) -> LogEntry:
    return LogEntry.objects.get(action=action)


def test_new_team_has_a_key_of_its_name_and_its_place(leader, team, heard):
    new = create_team(actor=leader, at=NOW, name="  Night shift ", parent=team)

    assert (new.key, new.name, new.path) == ("night-shift", "Night shift", [team.pk, new.pk])
    assert (new.stance, new.mission) == (Stance.CORE, "")
    entry = logged("team.created")
    assert (entry.actor, entry.at, entry.subject_id) == (leader, NOW, new.pk)
    assert entry.changes["key"] == [None, "night-shift"]
    assert entry.changes["parent"] == [None, team.pk]
    assert heard == [(Changes(teams=[new.pk]), entry.pk)]


def test_team_called_new_does_not_get_the_key_of_an_address(leader):
    assert create_team(actor=leader, at=NOW, name="New").key == "new-2"


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "two\nlines"])
def test_team_with_a_wrong_name_is_not_made(leader, name):
    with pytest.raises(ValidationError) as wrong:
        create_team(actor=leader, at=NOW, name=name)

    assert set(wrong.value.error_dict) == {"name"}
    assert not Team.objects.exists()


def test_team_below_one_that_is_gone_is_not_made(leader, team):
    Team.objects.all().delete()

    with pytest.raises(RefusedError):
        create_team(actor=leader, at=NOW, name="New", parent=team)


def test_renamed_team_keeps_its_key(leader, team):
    row = edit_team(team, actor=leader, at=NOW, version=1, name="Operations")

    assert (row.key, row.name, row.version) == ("ops", "Operations", 2)
    entry = logged("team.edited")
    assert (entry.changes, entry.row_version) == ({"name": ["Ops", "Operations"]}, 2)


def test_same_name_saves_and_logs_nothing(leader, team):
    assert edit_team(team, actor=leader, at=NOW, version=1, name=" Ops ").version == 1
    assert not LogEntry.objects.exists()


def test_moved_team_takes_its_sub_teams_along(leader, team):
    other = make.TeamFactory()
    below = make.TeamFactory(parent=team)

    row = move_team(team, actor=leader, at=NOW, version=1, parent=other)

    below.refresh_from_db()
    assert row.path == [other.pk, team.pk]
    assert below.path == [other.pk, team.pk, below.pk]
    entry = logged("team.moved")
    assert (entry.changes, entry.row_version) == ({"parent": [None, other.pk]}, 2)
    assert move_team(row, actor=leader, at=NOW, version=2, parent=None).path == [team.pk]


def test_team_moved_below_itself_or_its_own_is_told_why_not(leader, team):
    below = make.TeamFactory(name="Night", parent=make.TeamFactory(parent=team))

    for parent, reason in ((below, "Night is itself below Ops"), (team, "Ops cannot be below itself")):
        with pytest.raises(ValidationError) as wrong:
            move_team(team, actor=leader, at=NOW, version=1, parent=parent)
        assert reason in wrong.value.message_dict["parent"][0]
    assert not LogEntry.objects.exists()


def test_teams_nested_too_deep_are_told_so(leader, team, monkeypatch):
    assert TREE_DEPTH_LIMIT == 250
    monkeypatch.setattr(services, "TREE_DEPTH_LIMIT", 3)
    middle = make.TeamFactory(parent=team)
    low = make.TeamFactory(parent=middle)
    top = make.TeamFactory()
    make.TeamFactory(parent=top)

    with pytest.raises(ValidationError):
        create_team(actor=leader, at=NOW, name="New", parent=low)
    with pytest.raises(ValidationError):
        move_team(top, actor=leader, at=NOW, version=1, parent=middle)
    assert create_team(actor=leader, at=NOW, name="New", parent=middle).depth == 2
    assert move_team(top, actor=leader, at=NOW, version=1, parent=team).depth == 1


def test_team_is_removed_with_its_people_and_what_it_says(leader, team):
    make.MembershipFactory(team=team)
    make.MissionGoalFactory(team=team)
    make.TeamPersonaFactory(team=team)

    remove_team(team, actor=leader, at=NOW, version=1)

    assert not Team.objects.filter(pk=team.pk).exists()
    assert logged("team.removed").changes["key"] == ["ops", None]
    assert "parent" not in logged("team.removed").changes


def test_team_with_something_on_it_stays_and_says_what(leader, team):
    make.TeamFactory(parent=team)
    make.InitiativeFactory.create_batch(2, team=team, status=InitiativeStatus.DONE)
    make.GoalFactory(team=team)
    make.SupportFactory(team=team)

    with pytest.raises(RefusedError) as refused:
        remove_team(team, actor=leader, at=NOW, version=1)

    assert str(refused.value).startswith("Ops still has ")
    for part in ("1 sub-team", "2 initiatives", "1 goal", "1 ask for support"):
        assert part in str(refused.value)
    assert Team.objects.filter(pk=team.pk).exists()


def test_team_of_which_the_history_tells_stays(leader, team):
    make.InitiativeHistoryFactory(team=team, initiative=make.InitiativeFactory())

    with pytest.raises(RefusedError, match="Ops has a past that the history tells of"):
        remove_team(team, actor=leader, at=NOW, version=1)


@pytest.mark.parametrize("service", [edit_team, move_team, remove_team, set_stance])
def test_stale_save_changes_nothing(leader, team, service):
    values: dict[Any, dict[str, Any]] = {
        edit_team: {"name": "Mine"},
        move_team: {"parent": make.TeamFactory()},
        remove_team: {},
        set_stance: {"stance": Stance.EXPLORE, "reason": "", "until": None},
    }
    Team.objects.filter(pk=team.pk).update(name="Theirs")

    with pytest.raises(StaleError):
        service(team, actor=leader, at=NOW, version=1, **values[service])

    team.refresh_from_db()
    assert (team.name, team.parent, team.stance, team.version) == ("Theirs", None, Stance.CORE, 2)
    assert not LogEntry.objects.exists()


def test_stance_has_a_reason_and_an_end(leader, team, heard):
    until = DAY + dt.timedelta(days=1)

    row = set_stance(team, actor=leader, at=NOW, version=1, stance="spotlight", reason=" The fair ", until=until)

    assert (row.stance, row.stance_reason, row.stance_until) == (Stance.SPOTLIGHT, "The fair", until)
    entry = logged("team.stance_set")
    assert entry.changes["stance_until"] == [None, "2026-03-17"]
    assert heard == [(Changes(teams=[team.pk]), entry.pk)]


@pytest.mark.parametrize(
    ("stance", "until", "field"),
    [
        ("explore", DAY, "until"),
        ("explore", dt.date(2101, 1, 1), "until"),
        ("core", DAY + dt.timedelta(days=9), "until"),
        ("resting", None, "stance"),
    ],
)
def test_stance_that_cannot_be_is_told_beside_its_field(leader, team, stance, until, field):
    with pytest.raises(ValidationError) as wrong:
        set_stance(team, actor=leader, at=NOW, version=1, stance=stance, reason="So.", until=until)

    assert set(wrong.value.error_dict) == {field}


def test_until_is_compared_with_the_day_of_the_company(leader, team):
    Company.objects.update(timezone="Pacific/Kiritimati")  # 14 hours ahead: the next day already
    late = NOW.replace(hour=20)

    with pytest.raises(ValidationError):
        set_stance(
            team, actor=leader, at=late, version=1, stance="explore", reason="", until=DAY + dt.timedelta(days=1)
        )


def test_stance_that_stays_is_not_announced(leader, team, heard):
    set_stance(team, actor=leader, at=NOW, version=1, stance="core", reason="", until=None)

    assert heard == []


def test_member_is_added_once(leader, team):
    person = make.PersonFactory(name="Mia")

    membership = add_member(team, actor=leader, at=NOW, person=person, role=TeamRole.LEAD)

    assert (membership.team, membership.person, membership.role) == (team, person, TeamRole.LEAD)
    entry = logged("member.added")
    assert (entry.subject_kind, entry.subject_id) == ("membership", membership.pk)
    assert entry.changes == {"team": [None, team.pk], "person": [None, person.pk], "role": [None, "lead"]}
    assert list(LogEntry.objects.about("team", team.pk)) == [entry]
    with pytest.raises(ValidationError, match="Mia is on the team already"):
        add_member(team, actor=leader, at=NOW, person=person, role=TeamRole.MEMBER)


@pytest.mark.parametrize(("active", "role", "field"), [(False, "lead", "person"), (True, "captain", "role")])
def test_member_who_cannot_be_is_told_beside_the_field(leader, team, active, role, field):
    person = make.PersonFactory(is_active=active)

    with pytest.raises(ValidationError) as wrong:
        add_member(team, actor=leader, at=NOW, person=person, role=role)

    assert set(wrong.value.error_dict) == {field}
    assert not Membership.objects.exists()


def test_member_changes_role_and_leaves(leader, team):
    membership = make.MembershipFactory(team=team)

    row = change_member(membership, actor=leader, at=NOW, version=1, role="lead")
    assert row.role == TeamRole.LEAD
    assert logged("member.changed").changes == {"role": ["member", "lead"]}
    assert logged("member.changed") in LogEntry.objects.about("person", row.person_id)

    remove_member(row, actor=leader, at=NOW, version=row.version)
    assert not Membership.objects.exists()
    assert logged("member.removed").changes == {
        "team": [team.pk, None],
        "person": [membership.person_id, None],
        "role": ["lead", None],
    }


def test_member_changed_meanwhile_or_gone_is_left_alone(leader, team):
    membership = make.MembershipFactory(team=team)
    Membership.objects.update(role="lead")

    with pytest.raises(StaleError):
        remove_member(membership, actor=leader, at=NOW, version=1)
    with pytest.raises(StaleError):
        change_member(membership, actor=leader, at=NOW, version=1, role="member")
    Membership.objects.all().delete()
    with pytest.raises(RefusedError):
        change_member(membership, actor=leader, at=NOW, version=2, role="member")
