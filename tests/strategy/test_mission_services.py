"""What a team is for and whom it serves; personas."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from lib.services import changes
from lib.services.changes import Changes
from lib.services.errors import StaleError
from strategy.enums import Visibility
from strategy.models import Goal, MissionGoal, Persona, TeamPersona
from strategy.services.missions import set_mission
from strategy.services.personas import create_persona, edit_persona, remove_persona, set_personas
from teams.models import LogEntry, Team
from teams.services.undo import undo
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return make.TeamFactory(mission="Old words")


@pytest.fixture
def lead(team):
    return make.MembershipFactory(team=team, role="lead").person


@pytest.fixture
def heard(monkeypatch):
    found: list[tuple[Changes, int]] = []
    monkeypatch.setattr(changes, "_listeners", [lambda what, cause, _at: found.append((what, cause))])
    return found


def served(team: Team) -> set[int]:
    return set(MissionGoal.objects.filter(team=team).values_list("goal_id", flat=True))


def test_mission_is_saved_with_its_goals_as_one_edit(team, lead, heard):
    stays, goes, comes = make.GoalFactory.create_batch(3)
    for goal in (stays, goes):
        make.MissionGoalFactory(team=team, goal=goal)

    row = set_mission(team, actor=lead, at=NOW, version=1, mission=" New\r\nwords ", goals=[stays, comes])

    assert (row.mission, row.version) == ("New\nwords", 2)
    assert served(team) == {stays.pk, comes.pk}
    entry = LogEntry.objects.get()
    assert (entry.action, entry.subject_id) == ("team.mission_set", team.pk)
    assert entry.changes == {
        "mission": ["Old words", "New\nwords"],
        "served_goals": [sorted([stays.pk, goes.pk]), sorted([stays.pk, comes.pk])],
    }
    assert heard == [(Changes(teams=[team.pk]), entry.pk)]


def test_change_of_the_goals_alone_counts_as_an_edit_of_the_team(team, lead):
    set_mission(team, actor=lead, at=NOW, version=1, mission="Old words", goals=[make.GoalFactory()])

    team.refresh_from_db()
    assert team.version == 2
    with pytest.raises(StaleError) as stale:
        set_mission(team, actor=lead, at=NOW, version=1, mission="Old words", goals=[])
    goal = Goal.objects.get()
    assert stale.value.current == {"version": 2, "mission": "Old words", "goals": [goal.key]}


def test_same_mission_saves_announces_and_logs_nothing(team, lead, heard):
    goal = make.MissionGoalFactory(team=team).goal

    assert set_mission(team, actor=lead, at=NOW, version=1, mission="Old words", goals=[goal]).version == 1
    assert heard == []
    assert not LogEntry.objects.exists()


def test_goals_that_the_editor_does_not_see_stay(team, lead):
    hidden = make.MissionGoalFactory(team=team, goal__visibility=Visibility.LEADERS).goal
    goal = make.MissionGoalFactory(team=team).goal

    set_mission(team, actor=lead, at=NOW, version=1, mission="Mine", goals=[])

    assert served(team) == {hidden.pk}
    assert LogEntry.objects.get().changes["served_goals"] == [[goal.pk], []]


def test_goals_that_the_editor_does_not_see_cannot_be_chosen_nor_are_they_told(team, lead):
    hidden = make.MissionGoalFactory(team=team, goal__visibility=Visibility.LEADERS).goal

    with pytest.raises(ValidationError):
        set_mission(team, actor=lead, at=NOW, version=1, mission="Mine", goals=[hidden])
    with pytest.raises(StaleError) as stale:
        set_mission(team, actor=lead, at=NOW, version=9, mission="Mine", goals=[])
    assert stale.value.current["goals"] == []


def test_mission_over_its_limit_is_told_beside_it(team, lead):
    with pytest.raises(ValidationError) as wrong:
        set_mission(team, actor=lead, at=NOW, version=1, mission="x" * 2001, goals=[make.GoalFactory()])

    assert set(wrong.value.error_dict) == {"mission"}
    assert served(team) == set()


def test_team_serves_the_personas_chosen(team, lead):
    stays, goes, comes = make.PersonaFactory.create_batch(3)
    for persona in (stays, goes):
        make.TeamPersonaFactory(team=team, persona=persona)

    set_personas(team, actor=lead, at=NOW, version=1, personas=[stays, comes])

    team.refresh_from_db()
    assert set(team.personas.all()) == {stays, comes}
    assert team.version == 2
    assert LogEntry.objects.get().action == "team.personas_set"
    with pytest.raises(StaleError) as stale:
        set_personas(team, actor=lead, at=NOW, version=1, personas=[])
    assert set(stale.value.current["personas"]) == {stays.key, comes.key}


def test_same_personas_save_nothing(team, lead):
    persona = make.TeamPersonaFactory(team=team).persona

    set_personas(team, actor=lead, at=NOW, version=1, personas=[persona])

    team.refresh_from_db()
    assert team.version == 1
    assert not LogEntry.objects.exists()


def test_persona_that_is_gone_is_not_chosen(team, lead):
    persona = make.PersonaFactory()
    Persona.objects.all().delete()

    with pytest.raises(ValidationError):
        set_personas(team, actor=lead, at=NOW, version=1, personas=[persona])


def test_persona_is_made_edited_and_removed():
    leader = make.LeaderFactory()
    persona = create_persona(actor=leader, at=NOW, name="Night nurses", problem="They\r\nare awake.")
    assert (persona.key, persona.problem) == ("night-nurses", "They\nare awake.")

    row = edit_persona(persona, actor=leader, at=NOW, version=1, name="Nurses", problem=persona.problem)
    assert (row.key, row.name, row.version) == ("night-nurses", "Nurses", 2)

    team = make.TeamPersonaFactory(persona=row).team
    with pytest.raises(StaleError):
        remove_persona(row, actor=leader, at=NOW, version=1)
    remove_persona(row, actor=leader, at=NOW, version=2)
    team.refresh_from_db()
    assert team.version == 2
    assert not TeamPersona.objects.exists()
    assert list(LogEntry.objects.values_list("action", flat=True)) == [
        "persona.removed",
        "persona.edited",
        "persona.created",
    ]


@pytest.mark.parametrize(("name", "problem", "field"), [(" ", "", "name"), ("Nurses", "x" * 50_001, "problem")])
def test_persona_that_cannot_be_is_told_beside_the_field(name, problem, field):
    with pytest.raises(ValidationError) as wrong:
        create_persona(actor=make.LeaderFactory(), at=NOW, name=name, problem=problem)

    assert set(wrong.value.error_dict) == {field}


def test_undoing_a_mission_keeps_a_goal_that_came_to_sight_since(team, lead):
    first, second = make.GoalFactory.create_batch(2)
    hidden = make.GoalFactory(visibility=Visibility.LEADERS)
    for goal in (first, hidden):
        make.MissionGoalFactory(team=team, goal=goal)
    row = set_mission(team, actor=lead, at=NOW, version=1, mission="New words", goals=[second])
    Goal.objects.filter(pk=hidden.pk).update(visibility=Visibility.COMPANY)

    undone = undo(team, actor=lead, at=NOW, version=row.version)

    assert undone.mission == "Old words"
    assert served(team) == {first.pk, hidden.pk}
