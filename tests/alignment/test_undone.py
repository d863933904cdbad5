"""Undoing restores what was, ages included: everything but the log, versions and resolved flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignment.models import Flag, GoalFigures, InitiativeFigures, Link, LinkFigures, TeamFigures
from alignment.refresh import edits
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.waiting import refresh_waiting
from alignment.services import flags, links
from lib.services.errors import RefusedError
from strategy.enums import GoalStatus
from strategy.models import Goal, Measure, MissionGoal, Strategy
from strategy.services import goals, missions, strategies
from teams.enums import InitiativeKind, InitiativeStatus, Stance, TeamRole
from teams.models import Initiative, LogEntry, Membership, Support, Team
from teams.services import initiatives, members, stance, support
from teams.services.undo import undo
from tests import factories as make
from tests.alignment.hilledits import goal
from tests.alignment.hills import TOMORROW, Hills, build_hills, open_flags
from tests.alignment.stored import assert_no_drift
from tests.examples import examples
from tests.factories import DAY

pytestmark = pytest.mark.django_db

Undoing = Callable[[], object]
Step = Callable[[Hills], Undoing]
LONG_AGO, LATER = DAY - dt.timedelta(days=40), DAY + dt.timedelta(days=20)


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    """With old flags that are snoozed, work that nobody touched for long, and a link that names a measure below."""
    hills = build_hills()
    Initiative.objects.update(touched_on=LONG_AGO)
    make.InitiativeFactory(key="loose", team=hills.crew, effort=1, touched_on=LONG_AGO)
    make.LinkFactory(
        initiative=hills.work["steady"],
        goal=hills.goals["top"],
        share="0.25",
        measure=make.MeasureFactory(goal=hills.goals["leaf"]),
        expected_change="2.5",
    )
    make.MembershipFactory(team=hills.crew, person=make.PersonFactory(), role=TeamRole.LEAD)
    make.SupportFactory(initiative=hills.work["climb"], team=hills.others)
    recompute_alignment(as_of=DAY, at=TOMORROW)
    snoozed = {"snoozed_until": LATER, "snooze_reason": "It is known.", "snoozed_by": hills.admin}
    Flag.objects.update(first_seen=LONG_AGO, **snoozed)
    Flag.objects.filter(code="silent").update(snoozed_until=None, snooze_reason="", snoozed_by=None)
    return hills


def work(key: str) -> Initiative:
    return Initiative.objects.get(key=key)


def link_of(hills: Hills, key: str) -> Link:
    return Link.objects.get(pk=hills.links[key].pk)


def taken_back(row: Any, hills: Hills) -> Undoing:
    return lambda: undo(row, version=type(row).objects.get(pk=row.pk).version, **hills.by)


def links_the_loose(hills: Hills) -> Undoing:
    made = links.make_link(work("loose"), goal("top"), "It helps.", **hills.by)
    return lambda: links.remove_link(made, version=made.version, **hills.by)


def unlinks(hills: Hills) -> Undoing:
    entry = links.remove_link(link_of(hills, "climb"), **hills.by)
    return lambda: links.restore_link(entry, **hills.by)


def endorses(hills: Hills) -> Undoing:
    return taken_back(links.endorse_link(link_of(hills, "split"), note="Yes.", **hills.by), hills)


def disputes(hills: Hills) -> Undoing:
    return taken_back(links.dispute_link(link_of(hills, "split"), note="No.", **hills.by), hills)


def sizes(hills: Hills) -> Undoing:
    row = work("steady")
    return taken_back(initiatives.edit_initiative(row, version=row.version, effort=Decimal(9), **hills.by), hills)


def hands_over(hills: Hills) -> Undoing:
    row = work("split")
    return taken_back(initiatives.edit_initiative(row, version=row.version, team=hills.others, **hills.by), hills)


def declares(hills: Hills) -> Undoing:
    row = work("loose")
    told: dict[str, Any] = {"kind": InitiativeKind.SUSTAIN, "declaration": "It keeps things running."}
    return taken_back(initiatives.declare_kind(row, version=row.version, **told, **hills.by), hills)


def pauses(hills: Hills) -> Undoing:
    row = work("split")
    status = InitiativeStatus.PAUSED
    return taken_back(initiatives.change_status(row, version=row.version, status=status, **hills.by), hills)


def spotlights(hills: Hills) -> Undoing:
    row = Team.objects.get(pk=hills.crew.pk)
    told: dict[str, Any] = {"stance": Stance.SPOTLIGHT, "reason": "Now.", "until": None}
    return taken_back(stance.set_stance(row, version=row.version, **told, **hills.by), hills)


def explores(hills: Hills) -> Undoing:
    row = Team.objects.get(pk=hills.others.pk)
    told: dict[str, Any] = {"stance": Stance.EXPLORE, "reason": "New.", "until": LATER}
    return taken_back(stance.set_stance(row, version=row.version, **told, **hills.by), hills)


def serves_nothing(hills: Hills) -> Undoing:
    row = Team.objects.get(pk=hills.crew.pk)
    return taken_back(missions.set_mission(row, version=row.version, mission="We rest.", goals=[], **hills.by), hills)


def closes(hills: Hills) -> Undoing:
    row = goal("leaf")
    goals.close_goal(row, version=row.version, status=GoalStatus.DROPPED, reason="Enough.", **hills.by)
    return lambda: goals.reopen_goal(goal("leaf"), **hills.by)


def moves(hills: Hills) -> Undoing:
    row, parent = goal("leaf"), goal("middle")
    goals.move_goal(row, version=row.version, parent=goal("beside"), **hills.by)
    return lambda: goals.move_goal(row, version=goal("leaf").version, parent=parent, **hills.by)


def archives(hills: Hills) -> Undoing:
    row = Strategy.objects.get(key="plan")
    strategies.archive_strategy(row, version=row.version, **hills.by)
    return lambda: strategies.restore_strategy(row, **hills.by)


def snoozes(hills: Hills) -> Undoing:
    flag = Flag.objects.open().order_by("-snoozed_until", "id")[0]
    until = LATER + dt.timedelta(days=1)
    flags.snooze_flag(flag, until=until, reason="Later.", **hills.by)
    return lambda: flags.wake_flag(flag, until=until, undoes=True, **hills.by)


def takes_off(hills: Hills) -> Undoing:
    row = Membership.objects.get(team=hills.crew)
    members.remove_member(row, version=row.version, **hills.by)
    return lambda: members.add_member(hills.crew, person=row.person, role=row.role, **hills.by)


def withdraws(hills: Hills) -> Undoing:
    row = Support.objects.get()
    support.withdraw_support(row, version=row.version, **hills.by)
    return lambda: support.restore_support(work("climb"), withdrawn=row.pk, **hills.by)


STEPS: tuple[Step, ...] = (
    *(links_the_loose, unlinks, endorses, disputes, sizes, hands_over, declares, pauses, spotlights, explores),
    *(serves_nothing, closes, moves, archives, snoozes, takes_off, withdraws),
)
ROWS: tuple[Any, ...] = (
    *(Initiative, Team, Goal, Strategy, Measure, Link, Support),
    *(InitiativeFigures, TeamFigures, GoalFigures, LinkFigures),
)
NOT_TOLD = {"version"}


def state() -> dict[str, Any]:
    """Every row but for versions, with the open flags; rows that only join two others without their ids."""
    found: dict[str, Any] = {
        model.__name__: {
            row[model._meta.pk.attname]: {name: plain(row[name]) for name in row.keys() - NOT_TOLD}
            for row in model._default_manager.values()
        }
        for model in ROWS
    }
    told = [field.attname for field in Flag._meta.concrete_fields if field.attname not in NOT_TOLD]
    found["Flag"] = sorted(Flag.objects.open().values_list(*told), key=str)
    found["MissionGoal"] = sorted(MissionGoal.objects.values_list("team", "goal"))
    found["Membership"] = sorted(Membership.objects.values_list("team", "person", "role"))
    return found


def plain(value: Any) -> Any:
    return pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value


def tried(step: Step, hills: Hills) -> Undoing | None:
    """None where a step before it left nothing to do."""
    try:
        with transaction.atomic():
            return step(hills)
    except (RefusedError, ValidationError, ObjectDoesNotExist):
        return None


def check(before: list[Step], step: Step, hills: Hills) -> None:
    for other in before:
        tried(other, hills)
    refresh_waiting(at=TOMORROW)
    was, log = state(), LogEntry.objects.count()
    undoing = tried(step, hills)
    if undoing is None or LogEntry.objects.count() == log:
        return
    refresh_waiting(at=TOMORROW)

    undoing()

    refresh_waiting(at=TOMORROW)
    assert state() == was
    assert_no_drift()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_undoing_restores_what_was(hills: Hills, step: Step) -> None:
    log = LogEntry.objects.count()

    check([], step, hills)

    assert LogEntry.objects.count() >= log + 2


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.sampled_from(STEPS), max_size=3),
    step=st.sampled_from(STEPS),
    by_worker=st.booleans(),
)
def test_undoing_restores_what_was_after_other_steps(
    hills: Hills, monkeypatch: pytest.MonkeyPatch, before: list[Step], step: Step, by_worker: bool
) -> None:
    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(edits, "INLINE", -1 if by_worker else 400)
        check(before, step, hills)
        transaction.set_rollback(True)


def test_undoing_returns_a_judgement_to_the_one_before(hills: Hills) -> None:
    disputes(hills)
    was = state()

    endorses(hills)()

    assert state() == was
    assert link_of(hills, "split").note == "No."


def test_undoing_a_stance_brings_back_one_whose_end_has_passed(hills: Hills) -> None:
    Team.objects.filter(pk=hills.crew.pk).update(stance=Stance.EXPLORE, stance_until=LONG_AGO, stance_reason="New.")
    recompute_alignment(as_of=DAY, at=TOMORROW)
    was = state()

    spotlights(hills)()

    assert state() == was


def test_work_that_was_touched_since_stays_touched(hills: Hills) -> None:
    """A day later somebody confirms the work; the link of the day before is removed."""
    made = links.make_link(work("loose"), goal("top"), "It helps.", **hills.by)
    later: dict[str, Any] = {"actor": hills.admin, "at": TOMORROW + dt.timedelta(hours=23)}
    initiatives.confirm_initiative(work("loose"), **later)

    links.remove_link(made, **later)

    assert work("loose").touched_on == later["at"].date()


@pytest.mark.parametrize(("days", "same"), [(0, True), (7, True), (8, False)])
def test_flag_that_opens_again_within_seven_days_is_the_same(hills: Hills, days: int, same: bool) -> None:
    was = Flag.objects.open().get(code="orphan", initiative__key="loose")
    made = make.LinkFactory(initiative=work("loose"), goal=goal("top"))
    recompute_alignment(as_of=DAY, at=TOMORROW)
    assert ("orphan", "loose") not in open_flags()
    made.delete()
    day = DAY + dt.timedelta(days=days)
    entry = recompute_alignment(as_of=day, at=TOMORROW) and LogEntry.objects.latest("id")

    now = Flag.objects.open().get(code="orphan", initiative__key="loose")

    assert (now == was, now.first_seen, now.snoozed_until) == ((True, LONG_AGO, LATER) if same else (False, day, None))
    assert now.cause_id == (was.cause_id if same else entry.pk)
