"""What is written about initiatives: values, kinds, statuses, the log, what is announced, and undoing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from alignment.models import TeamFigures
from alignment.refresh.recompute import recompute_alignment
from lib.services import changes
from lib.services.dates import FIRST_DAY, LAST_DAY
from lib.services.errors import RefusedError, StaleError
from teams.enums import InitiativeKind, InitiativeStatus, Origin, TeamRole
from teams.models import Initiative, LogEntry
from teams.services.initiatives import (
    NEXT_STATUSES,
    change_status,
    confirm_initiative,
    create_initiative,
    declare_kind,
    edit_initiative,
)
from teams.services.undo import undo
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
BEFORE, LATER = DAY - dt.timedelta(days=9), DAY + dt.timedelta(days=9)


@pytest.fixture
def announced(monkeypatch):
    """What is announced instead of being listened to: (initiatives, teams, cause)."""
    heard = []
    listener = lambda told, cause, at: heard.append((list(told.initiatives), list(told.teams), cause))  # noqa: E731
    monkeypatch.setattr(changes, "_listeners", [listener])
    return heard


@pytest.fixture
def team():
    return make.TeamFactory(name="Search")


@pytest.fixture
def person(team):
    member = make.PersonFactory()
    make.MembershipFactory(team=team, person=member)
    return member


@pytest.fixture
def work(team):
    return make.InitiativeFactory(key="faster", title="Faster", team=team, touched_on=BEFORE)


@pytest.fixture
def by(person):
    """Who does it, when."""
    return {"actor": person, "at": NOW}


def fields(error) -> set[str]:
    return set(error.value.error_dict)


def last_entry() -> LogEntry:
    return LogEntry.objects.latest("id")


# Making


def test_work_may_take_one_day_and_be_between_the_first_and_the_last_day_of_all(team, by):
    for starts_on, ends_on in ((DAY, DAY), (FIRST_DAY, LAST_DAY)):
        row = create_initiative(team, **by, title="Short or long", starts_on=starts_on, ends_on=ends_on)
        assert (row.starts_on, row.ends_on) == (starts_on, ends_on)


def test_initiative_is_made_with_a_key_of_its_title(team, person, by, announced):
    row = create_initiative(
        team, **by, title=" Faster  search ", problem="It is\r\nslow.", effort=Decimal("2.5"), owner=person
    )

    row.refresh_from_db()
    assert (row.key, row.title, row.problem) == ("faster-search", "Faster  search", "It is\nslow.")
    assert (row.status, row.kind, row.origin, row.touched_on) == ("proposed", "goal", "team", DAY)
    entry = last_entry()
    assert (entry.action, entry.actor, entry.subject_id) == ("initiative.created", person, row.pk)
    assert announced == [([row.pk], [], entry.pk)]


def test_goal_work_keeps_no_declaration(team, by):
    row = create_initiative(team, **by, title="A", declaration="A question", status=InitiativeStatus.ACTIVE)

    assert (row.declaration, row.status) == ("", "active")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"title": " "}, {"title"}),
        ({"title": "x" * 201}, {"title"}),
        ({"kind": "explore"}, {"declaration", "ends_on"}),
        ({"kind": "explore", "declaration": "Why?", "ends_on": BEFORE}, {"ends_on"}),
        ({"kind": "sustain", "declaration": " \n"}, {"declaration"}),
        ({"kind": "hobby"}, {"kind"}),
        ({"status": "done"}, {"status"}),
        ({"effort": Decimal(0)}, {"effort"}),
        ({"effort": Decimal("NaN")}, {"effort"}),
        ({"effort": Decimal("0.001")}, {"effort"}),
        ({"effort": Decimal(100_000)}, {"effort"}),
        ({"starts_on": DAY, "ends_on": BEFORE}, {"ends_on"}),
        ({"starts_on": dt.date(1969, 12, 31)}, {"starts_on"}),
        ({"ends_on": dt.date(2101, 1, 1), "title": ""}, {"ends_on", "title"}),
        ({"url": "javascript:alert(1)"}, {"url"}),
        ({"problem": "x" * 50_001}, {"problem"}),
    ],
)
def test_what_an_initiative_cannot_have_is_said_by_field(team, by, values, wrong):
    with pytest.raises(ValidationError) as error:
        create_initiative(team, **by, **{"title": "A", **values})

    assert fields(error) == wrong
    assert not Initiative.objects.exists()
    assert not LogEntry.objects.exists()


def test_only_leaders_say_that_work_is_assigned(team, by, work):
    with pytest.raises(RefusedError, match="Leaders"):
        create_initiative(team, **by, title="A", origin=Origin.ASSIGNED)
    with pytest.raises(RefusedError, match="Leaders"):
        edit_initiative(work, **by, version=1, origin=Origin.ASSIGNED)

    leader = make.LeaderFactory()
    made = create_initiative(team, actor=leader, at=NOW, title="A", origin=Origin.ASSIGNED)
    assert made.origin == Origin.ASSIGNED
    with pytest.raises(RefusedError, match="Leaders"):
        edit_initiative(made, **by, version=made.version, origin=Origin.TEAM)


# Editing


def test_edit_saves_what_differs_and_touches_it(work, by, announced):
    row = edit_initiative(work, **by, version=1, title="Faster", effort=Decimal(3), ends_on=LATER)

    row.refresh_from_db()
    assert (row.effort, row.ends_on, row.touched_on, row.version) == (3, LATER, DAY, 2)
    entry = last_entry()
    assert entry.action == "initiative.edited"
    assert entry.changes == {"effort": ["1", "3"], "ends_on": [None, LATER.isoformat()]}
    assert entry.row_version == 2
    assert announced == [([row.pk], [], entry.pk)]


def test_edit_that_changes_nothing_saves_and_says_nothing(work, by, announced):
    row = edit_initiative(work, **by, version=1, title=" Faster ", effort=Decimal("1.00"), owner=None, team=work.team)

    assert (row.version, row.touched_on, announced) == (1, BEFORE, [])
    assert not LogEntry.objects.exists()


def test_stale_edit_changes_nothing_and_hands_over_the_row(work, by):
    edit_initiative(work, **by, version=1, title="Quicker")

    for service in (
        lambda: edit_initiative(work, **by, version=1, title="Slower"),
        lambda: declare_kind(work, **by, version=1, kind="sustain", declaration="Needed"),
        lambda: change_status(work, **by, version=1, status="paused"),
        lambda: confirm_initiative(work, **by, version=1),
    ):
        with pytest.raises(StaleError) as stale:
            service()
        assert (stale.value.current.title, stale.value.current.version) == ("Quicker", 2)
    work.refresh_from_db()
    assert (work.title, work.kind, work.status) == ("Quicker", "goal", "active")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"title": ""}, {"title"}),
        ({"starts_on": LATER, "ends_on": DAY}, {"ends_on"}),
        ({"effort": Decimal(-1)}, {"effort"}),
        ({"url": "ftp://example.com/"}, {"url"}),
    ],
)
def test_bad_edit_is_said_by_field_and_saves_nothing(work, by, values, wrong):
    with pytest.raises(ValidationError) as error:
        edit_initiative(work, **by, version=1, **{"problem": "New", **values})

    assert fields(error) == wrong
    work.refresh_from_db()
    assert (work.problem, work.version) == ("", 1)


def test_exploration_does_not_lose_its_end(team, by):
    look = make.InitiativeFactory(team=team, kind="explore", ends_on=BEFORE)

    with pytest.raises(ValidationError) as error:
        edit_initiative(look, **by, version=1, ends_on=None)
    assert fields(error) == {"ends_on"}
    assert edit_initiative(look, **by, version=1, title="After its end").version == 2


def test_move_needs_both_teams_and_announces_the_one_it_left(work, team, person, by, announced):
    other = make.TeamFactory(name="Ops")
    with pytest.raises(ValidationError) as error:
        edit_initiative(work, **by, version=1, team=other)
    assert fields(error) == {"team"}

    make.MembershipFactory(team=other, person=person, role=TeamRole.LEAD)
    del person.team_roles
    row = edit_initiative(work, **by, version=1, team=other)

    assert row.team == other
    assert announced[-1][:2] == ([row.pk], [team.pk])
    assert last_entry().changes == {"team": [team.pk, other.pk]}


def test_owner_who_is_not_on_its_team_does_not_move_it(work, by):
    outsider = make.PersonFactory()
    own = make.TeamFactory()
    make.MembershipFactory(team=own, person=outsider)
    work.owner = outsider
    work.save()

    with pytest.raises(RefusedError, match="people of Search"):
        edit_initiative(work, actor=outsider, at=NOW, version=2, team=own)


def test_work_does_not_go_to_a_team_that_is_asked_to_support_it(work):
    asked = make.SupportFactory(initiative=work).team

    with pytest.raises(ValidationError) as error:
        edit_initiative(work, actor=make.LeaderFactory(), at=NOW, version=1, team=asked)
    assert fields(error) == {"team"}


# Kind


def test_exploration_is_declared_with_its_question_and_end(work, by, announced):
    row = declare_kind(work, **by, version=1, kind="explore", declaration=" Do they? ", ends_on=DAY)

    row.refresh_from_db()
    assert (row.kind, row.declaration, row.ends_on, row.touched_on) == ("explore", "Do they?", DAY, DAY)
    assert last_entry().changes == {
        "kind": ["goal", "explore"],
        "declaration": ["", "Do they?"],
        "ends_on": [None, DAY.isoformat()],
    }
    assert announced == [([row.pk], [], last_entry().pk)]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"kind": "explore", "ends_on": LATER}, {"declaration"}),
        ({"kind": "explore", "declaration": "Do they?"}, {"ends_on"}),
        ({"kind": "explore", "declaration": "Do they?", "ends_on": BEFORE}, {"ends_on"}),
        ({"kind": "explore"}, {"declaration", "ends_on"}),
        ({"kind": "sustain", "declaration": " "}, {"declaration"}),
        ({"kind": "other"}, {"kind"}),
        ({"kind": "sustain", "declaration": "x" * 2_001}, {"declaration"}),
    ],
)
def test_declaration_that_lacks_something_says_what(work, by, values, wrong):
    with pytest.raises(ValidationError) as error:
        declare_kind(work, **by, version=1, **values)
    assert fields(error) == wrong


def test_upkeep_and_goal_work_leave_the_end_alone(work, by):
    work.ends_on = BEFORE
    work.save()
    row = declare_kind(work, **by, version=2, kind=InitiativeKind.SUSTAIN, declaration="It would stop.", ends_on=LATER)
    assert (row.kind, row.declaration, row.ends_on) == ("sustain", "It would stop.", BEFORE)

    row = declare_kind(work, **by, version=3, kind=InitiativeKind.GOAL, declaration="left in the form")
    assert (row.kind, row.declaration, row.ends_on) == ("goal", "", BEFORE)


# Status


@pytest.mark.parametrize("start", list(InitiativeStatus))
@pytest.mark.parametrize("to", list(InitiativeStatus))
def test_status_goes_where_it_may_from_where_it_is(team, by, start, to):
    work = make.InitiativeFactory(team=team, status=start, touched_on=BEFORE)
    if to in NEXT_STATUSES[start]:
        assert change_status(work, **by, version=1, status=to, reason="Because").status == to
        assert last_entry().changes == {"status": [start.value, to.value], "status_reason": ["", "Because"]}
        assert last_entry().note == {"touched_on": [BEFORE.isoformat(), DAY.isoformat()]}
    elif to == start:
        assert change_status(work, **by, version=1, status=to).version == 1
    else:
        with pytest.raises(ValidationError) as error:
            change_status(work, **by, version=1, status=to, reason="Because")
        assert fields(error) == {"status"}


def test_dropping_needs_a_reason_and_pausing_none(work, by):
    with pytest.raises(ValidationError) as error:
        change_status(work, **by, version=1, status="dropped", reason=" ")
    assert fields(error) == {"reason"}

    row = change_status(work, **by, version=1, status="paused")
    assert (row.status, row.touched_on) == ("paused", DAY)


# Still true


def test_confirming_touches_it_once_a_day(work, by, announced):
    row = confirm_initiative(work, **by, version=1)
    assert (row.touched_on, last_entry().action) == (DAY, "initiative.confirmed")
    assert announced == [([row.pk], [], last_entry().pk)]

    confirm_initiative(work, **by, version=row.version)
    assert len(announced) == 1


def test_what_is_over_is_not_confirmed(team, by):
    with pytest.raises(RefusedError, match="over"):
        confirm_initiative(make.InitiativeFactory(team=team, status="done"), **by, version=1)


# Figures


def test_figures_follow_kind_status_and_team(work, team):
    """One person-week of goal work without a link is orphaned; see spec/alignment.md, *Effort*."""
    leader = make.LeaderFactory()
    recompute_alignment(as_of=DAY, at=NOW)
    by: dict[str, Any] = {"actor": leader, "at": NOW}

    def parts(of):
        return TeamFigures.objects.filter(team=of).values_list("orphaned", "exploring", "sustaining").first()

    assert parts(team) == (1, 0, 0)
    row = declare_kind(work, **by, version=1, kind="explore", declaration="Do they?", ends_on=LATER)
    assert parts(team) == (0, 1, 0)
    row = declare_kind(row, **by, version=row.version, kind="sustain", declaration="It would stop.")
    assert parts(team) == (0, 0, 1)
    other = make.TeamFactory()
    row = edit_initiative(row, **by, version=row.version, team=other, effort=Decimal(3))
    assert parts(team) in {(0, 0, 0), None}
    assert parts(other) == (0, 0, 3)
    row = change_status(row, **by, version=row.version, status="paused")
    assert parts(other) in {(0, 0, 0), None}
    undone(row, by)
    assert parts(other) == (0, 0, 3)


# Undoing


def undone(row, by):
    row = undo(row, **by, version=row.version)
    row.refresh_from_db()
    return row


def test_every_change_is_taken_back_to_what_was_before(work, person, by, announced):
    row = edit_initiative(work, **by, version=1, title="Other", effort=None, owner=person, starts_on=DAY, ends_on=LATER)
    row = undone(row, by)
    assert (row.title, row.effort, row.owner, row.starts_on, row.ends_on) == ("Faster", 1, None, None, None)

    row = undone(declare_kind(row, **by, version=row.version, kind="sustain", declaration="Needed"), by)
    assert (row.kind, row.declaration) == ("goal", "")

    row = undone(change_status(row, **by, version=row.version, status="dropped", reason="No"), by)
    assert (row.status, row.status_reason) == ("active", "")
    assert last_entry().changes == {"status": ["dropped", "active"], "status_reason": ["No", ""]}
    assert announced[-1] == ([row.pk], [], last_entry().pk)


def test_exploration_whose_end_has_passed_comes_back_by_undoing(team, by):
    look = make.InitiativeFactory(team=team, kind="explore", declaration="Do they?", ends_on=BEFORE)
    row = undone(declare_kind(look, **by, version=1, kind="goal"), by)

    assert (row.kind, row.declaration, row.ends_on) == ("explore", "Do they?", BEFORE)


def test_undoing_never_overwrites_a_later_edit(work, by):
    paused = change_status(work, **by, version=1, status="paused")
    edit_initiative(work, **by, version=paused.version, title="Later")

    with pytest.raises(StaleError):
        undo(paused, **by, version=paused.version)
    work.refresh_from_db()
    assert (work.status, work.title) == ("paused", "Later")


def test_what_the_log_does_not_know_cannot_be_undone(work, by):
    with pytest.raises(RefusedError, match="no longer be undone"):
        undo(work, **by, version=1)
    confirmed = confirm_initiative(work, **by, version=1)
    with pytest.raises(RefusedError, match="no longer be undone"):
        undo(work, **by, version=confirmed.version)


def test_undoing_asks_what_doing_it_would_ask(work, team):
    leader, member = make.LeaderFactory(), make.PersonFactory()
    row = edit_initiative(
        work, actor=leader, at=NOW, version=1, origin=Origin.ASSIGNED, team=make.TeamFactory(), owner=member
    )

    with pytest.raises(RefusedError, match="Leaders"):
        undo(row, actor=member, at=NOW, version=row.version)
    back = undo(row, actor=leader, at=NOW, version=row.version)
    assert (back.origin, back.team) == (Origin.TEAM, team)


def test_move_is_not_undone_by_somebody_who_is_on_one_of_the_teams_only(work, person):
    other = make.TeamFactory(name="Checkout")
    row = edit_initiative(work, actor=make.LeaderFactory(), at=NOW, version=1, team=other, owner=person)

    with pytest.raises(RefusedError, match="for the people of Checkout"):
        undo(row, actor=person, at=NOW, version=row.version)
    work.refresh_from_db()
    assert work.team == other


# Exploring on


@pytest.fixture
def look(team, by):
    return create_initiative(
        team, **by, title="Look", kind="explore", declaration="Does it hold?", ends_on=DAY + dt.timedelta(days=9)
    )


def put_off(row, by, days: int, **values) -> Initiative:
    fresh = Initiative.objects.get(pk=row.pk)
    return declare_kind(
        fresh,
        **by,
        version=fresh.version,
        kind="explore",
        declaration=fresh.declaration,
        ends_on=DAY + dt.timedelta(days=days),
        **values,
    )


def test_exploration_that_is_put_off_again_says_what_was_learned(look, by):
    put_off(look, by, 20)
    with pytest.raises(ValidationError) as error:
        put_off(look, by, 30)
    assert fields(error) == {"learned"}

    row = put_off(look, by, 30, learned="In the north it does.")
    assert (row.learned, row.ends_on) == ("In the north it does.", DAY + dt.timedelta(days=30))
    for said in ("In the north it does. ", " ", None):
        with pytest.raises(ValidationError):
            put_off(look, by, 40, learned=said)
    with pytest.raises(ValidationError) as error:
        edit_initiative(row, **by, version=row.version, ends_on=DAY + dt.timedelta(days=40))
    assert fields(error) == {"learned"}
    edit_initiative(row, **by, version=row.version, ends_on=DAY + dt.timedelta(days=40), learned="In the south, too.")


def test_what_was_undone_ended_sooner_or_was_no_exploration_is_no_extension(look, by, team):
    row = put_off(look, by, 20)
    undo(row, **by, version=row.version)
    put_off(look, by, 5)
    assert put_off(look, by, 9).ends_on == DAY + dt.timedelta(days=9)

    work = create_initiative(team, **by, title="Work", ends_on=DAY + dt.timedelta(days=3))
    work = edit_initiative(work, **by, version=1, ends_on=DAY + dt.timedelta(days=9))
    declare_kind(
        work, **by, version=work.version, kind="explore", declaration="Why?", ends_on=DAY + dt.timedelta(days=12)
    )
    assert put_off(work, by, 20).ends_on == DAY + dt.timedelta(days=20)
