"""Undoing: whatever can be undone leaves the row as it was before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from alignment.services.links import dispute_link, endorse_link, withdraw_judgement
from lib.log.actions import actions
from lib.log.values import values_of
from lib.services.errors import RefusedError, StaleError
from strategy.services.missions import set_mission
from strategy.services.personas import set_personas
from teams.enums import Role
from teams.models import LogEntry, Person, Team
from teams.services.initiatives import change_status, confirm_initiative, declare_kind, edit_initiative
from teams.services.pledges import accept_terms, answer_support, confirm_support, deliver_support, thank_support
from teams.services.presence import set_presence
from teams.services.stance import set_stance
from teams.services.support import ask_again
from teams.services.teams import edit_team, move_team
from teams.services.undo import GONE, undo
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

By = dict[str, Any]
LATER = DAY + dt.timedelta(days=30)


def as_it_is(row: Any) -> dict[str, Any]:
    """All of the row that is no version, its sets included."""
    row = type(row)._base_manager.get(pk=row.pk)
    names = [field.name for field in row._meta.concrete_fields if field.editable]
    sets = ("personas", "served_goals") if isinstance(row, Team) else ()
    return values_of(row, names) | {name: set(getattr(row, name).values_list("pk", flat=True)) for name in sets}


def work(service: Any, **values: Any) -> Callable[[By], tuple[Any, Callable[[], Any]]]:
    def prepare(by: By) -> tuple[Any, Callable[[], Any]]:
        row = make.InitiativeFactory(effort=Decimal("2.50"), starts_on=DAY, owner=make.PersonFactory())
        return row, lambda: service(row, **by, version=1, **values)

    return prepare


def work_to_another_team(by: By) -> tuple[Any, Callable[[], Any]]:
    row, team = make.InitiativeFactory(), make.TeamFactory()
    return row, lambda: edit_initiative(row, **by, version=1, team=team, owner=None, ends_on=LATER)


def undone_work(by: By) -> tuple[Any, Callable[[], Any]]:
    row = edit_initiative(make.InitiativeFactory(), **by, version=1, title="Other", effort=None)
    return row, lambda: undo(row, **by, version=2)


def asked(service: Any, **values: Any) -> Callable[[By], tuple[Any, Callable[[], Any]]]:
    def prepare(by: By) -> tuple[Any, Callable[[], Any]]:
        row = make.SupportFactory(status="declined" if service is ask_again else "asked", answer="No.")
        return row, lambda: service(row, **by, version=1, **values)

    return prepare


def delivered(service: Any, **values: Any) -> Callable[[By], tuple[Any, Callable[[], Any]]]:
    def prepare(by: By) -> tuple[Any, Callable[[], Any]]:
        row = make.SupportFactory(status="delivered", unconfirmed=True)
        return row, lambda: service(row, **by, version=1, **values)

    return prepare


def judged(service: Any, **values: Any) -> Callable[[By], tuple[Any, Callable[[], Any]]]:
    def prepare(by: By) -> tuple[Any, Callable[[], Any]]:
        row = make.LinkFactory(state="disputed", note="It does not.", judged_by=make.PersonFactory(), judged_on=DAY)
        return row, lambda: service(row, **by, **values)

    return prepare


def undone_ask(by: By) -> tuple[Any, Callable[[], Any]]:
    row = answer_support(make.SupportFactory(), **by, version=1, status="pledged", due_on=DAY)
    return row, lambda: undo(row, **by, version=2)


def team(service: Any, **values: Any) -> Callable[[By], tuple[Any, Callable[[], Any]]]:
    def prepare(by: By) -> tuple[Any, Callable[[], Any]]:
        row = make.TeamFactory(parent=make.TeamFactory(), stance="spotlight", stance_reason="Now", stance_until=LATER)
        make.TeamPersonaFactory(team=row)
        make.MissionGoalFactory(team=row)
        found = {name: value() if callable(value) else value for name, value in values.items()}
        return row, lambda: service(row, **by, version=1, **found)

    return prepare


UNDONE = [
    ("initiative.edited", work(edit_initiative, title="Other", effort=None, starts_on=None, owner=None)),
    ("initiative.edited", work_to_another_team),
    ("initiative.kind_declared", work(declare_kind, kind="explore", declaration="Do they?", ends_on=LATER)),
    ("initiative.status_changed", work(change_status, status="dropped", reason="Nobody asks.")),
    ("initiative.undone", undone_work),
    ("support.asked_again", asked(ask_again, ask="Two days.", size="large")),
    ("support.answered", asked(answer_support, status="declined", answer="Not now.")),
    ("support.terms_offered", asked(answer_support, status="asked", answer="If you come.", due_on=LATER)),
    ("support.accepted", asked(accept_terms)),
    ("support.delivered", asked(deliver_support)),
    ("support.confirmed", delivered(confirm_support)),
    ("support.thanked", delivered(thank_support, thanks="It helped.")),
    ("support.undone", undone_ask),
    ("team.edited", team(edit_team, name="Other")),
    ("team.moved", team(move_team, parent=make.TeamFactory)),
    ("team.moved", team(move_team, parent=None)),
    ("team.presence_set", team(set_presence, is_here=False)),
    ("team.stance_set", team(set_stance, stance="core", reason="Over", until=None)),
    ("team.stance_set", team(set_stance, stance="spotlight", reason="Still", until=LATER)),
    ("team.mission_set", team(set_mission, mission="New words", goals=lambda: [make.GoalFactory()])),
    ("team.mission_set", team(set_mission, mission="Words", goals=list)),
    ("link.endorsed", judged(endorse_link)),
    ("link.disputed", judged(dispute_link, note="It still does not.")),
    ("link.judgement_withdrawn", judged(withdraw_judgement)),
    ("team.personas_set", team(set_personas, personas=lambda: make.PersonaFactory.create_batch(2))),
]


@pytest.mark.parametrize(("action", "prepare"), UNDONE)
def test_undone_row_is_as_it_was(action, prepare):
    by: By = {"actor": make.LeaderFactory(), "at": NOW}
    row, do = prepare(by)
    before = as_it_is(row)
    do()
    entry = LogEntry.objects.exclude(subject_kind="thread").latest("id")
    assert entry.action == action
    assert as_it_is(row) != before

    undo(row, **by, version=entry.row_version or 0)

    assert as_it_is(row) == before


def test_whatever_can_be_undone_is_looked_at():
    assert {action for action, _prepare in UNDONE} == {each.name for each in actions().values() if each.undo}


@pytest.fixture
def leader() -> Person:
    return make.LeaderFactory()


def test_what_changed_since_is_not_undone(leader):
    row = edit_team(make.TeamFactory(), actor=leader, at=NOW, version=1, name="Other")
    edit_team(row, actor=leader, at=NOW, version=2, name="Yet another")
    with pytest.raises(StaleError):
        undo(row, actor=leader, at=NOW, version=2)


def test_edit_of_a_team_is_for_whoever_made_it_to_undo(leader):
    row = edit_team(make.TeamFactory(), actor=leader, at=NOW, version=1, name="Other")
    with pytest.raises(RefusedError, match=GONE):
        undo(row, actor=make.LeaderFactory(), at=NOW, version=2)


def test_edit_is_undone_after_something_was_logged_that_is_none(leader):
    row = edit_initiative(make.InitiativeFactory(title="First"), actor=leader, at=NOW, version=1, title="Other")
    confirm_initiative(row, actor=leader, at=NOW + dt.timedelta(days=9))

    assert undo(row, actor=leader, at=NOW, version=2).title == "First"


def test_what_was_there_before_and_is_gone_cannot_come_back(leader):
    above = make.TeamFactory()
    row = move_team(make.TeamFactory(parent=above), actor=leader, at=NOW, version=1, parent=None)
    Team.objects.filter(pk=above.pk).delete()
    with pytest.raises(RefusedError, match=GONE):
        undo(row, actor=leader, at=NOW, version=2)


def test_row_that_is_gone_is_refused(leader):
    row = edit_team(make.TeamFactory(), actor=leader, at=NOW, version=1, name="Other")
    Team.objects.filter(pk=row.pk).delete()
    with pytest.raises(RefusedError, match="removed this"):
        undo(row, actor=leader, at=NOW, version=2)


def test_where_a_team_hung_is_put_back_by_leaders_alone():
    lead = make.PersonFactory()
    row = make.TeamFactory()
    make.MembershipFactory(team=row, person=lead, role="lead")
    lead.role = Role.LEADER
    row = move_team(row, actor=lead, at=NOW, version=1, parent=make.TeamFactory())
    lead.role = Role.MEMBER
    with pytest.raises(RefusedError, match="Leaders say where a team hangs"):
        undo(row, actor=lead, at=NOW, version=2)
