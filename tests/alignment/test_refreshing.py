"""What each edit does to flags and figures, worked out by hand, in small trees of goals, in large ones, and when it is
left to a worker.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from alignment.enums import Stale
from alignment.models import Dirty, Flag, GoalFigures, InitiativeFigures, InitiativeHistory, TeamFigures
from alignment.refresh import differences, edits, reading
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.waiting import refresh_waiting
from teams.models import LogEntry
from teams.services import initiatives
from tests.alignment.hilledits import (
    Edit,
    archive,
    archive_asked,
    ask,
    ask_others_still,
    close,
    confirm,
    decline,
    dispute,
    draft_below_beside,
    draft_plan,
    edit_goal,
    edit_work,
    end_plan,
    give,
    hand_over,
    hang,
    link_again,
    link_to_middle,
    mark,
    measure,
    more_work,
    move,
    pause,
    publish,
    remove_draft,
    reopen,
    serve_leaf,
    serve_nothing,
    share,
    spotlight,
    teams_goal,
    unlink,
    unmeasure,
)
from tests.alignment.hills import TOMORROW, Hills, build_hills, of, open_flags
from tests.alignment.stored import assert_no_drift, stored
from tests.factories import DAY

pytestmark = pytest.mark.django_db

MODES = {"small trees": (100, 400), "large trees": (-1, 400), "left to a worker": (-1, -1)}
"""By name, `reading.SMALL_TREE` and `edits.INLINE`."""
CHAIN = ("top", "middle", "leaf")
Flags = set[tuple[str, str]]


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    return build_hills()


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    small, inline = MODES[request.param]
    monkeypatch.setattr(reading, "SMALL_TREE", small)
    monkeypatch.setattr(edits, "INLINE", inline)
    return str(request.param)


@dataclass(frozen=True)
class Case:
    """`before` is what people did already; `opened` and `resolved` are all that `edit` changes of the flags."""

    edit: Edit
    opened: Flags = field(default_factory=set)
    resolved: Flags = field(default_factory=set)
    before: tuple[Edit, ...] = ()


OF_CREW = of("orphan", "climb") | of("under_aligned", "crew")
"""What is open about the crew and its work once nothing leads from it to the plan."""
NO_LONGER_ALIGNED = of("under_aligned", "crew")
"""2 weeks of 4; and with so much orphaned nobody says that it has no room."""
CASES = {
    "a goal loses its last effort": Case(
        unlink,
        of("orphan", "climb") | of("uncovered", *CHAIN) | of("starved", "top") | NO_LONGER_ALIGNED,
        of("squeezed", "crew"),
    ),
    "a goal gets its first effort": Case(
        link_again,
        of("squeezed", "crew"),
        of("orphan", "climb") | of("uncovered", *CHAIN) | of("starved", "top") | NO_LONGER_ALIGNED,
        before=(unlink,),
    ),
    "a link is disputed": Case(
        dispute,
        of("disconnected", "climb") | of("uncovered", *CHAIN) | of("starved", "top") | NO_LONGER_ALIGNED,
        of("squeezed", "crew"),
    ),
    "shares change": Case(share),
    "a goal with a serving mission closes": Case(
        close("leaf"),
        of("disconnected", "climb")
        | of("uncovered", "top", "middle")
        | of("starved", "top")
        | of("untied_mission", "crew")
        | NO_LONGER_ALIGNED,
        of("squeezed", "crew") | of("unmeasured", "leaf"),
    ),
    "a goal closes that the mission of a team without work on it serves": Case(
        close("leaf"),
        of("disconnected", "climb")
        | of("uncovered", "top", "middle")
        | of("starved", "top")
        | of("untied_mission", "crew", "others")
        | NO_LONGER_ALIGNED,
        of("squeezed", "crew") | of("unmeasured", "leaf"),
        before=(serve_leaf,),
    ),
    "a goal above one with a serving mission closes": Case(
        close("top"),
        of("disconnected", "climb") | of("island", "middle", "leaf") | of("untied_mission", "crew") | NO_LONGER_ALIGNED,
        of("squeezed", "crew") | of("unmeasured", *CHAIN),
    ),
    "a goal with a serving mission is open again": Case(
        reopen("leaf"),
        of("squeezed", "crew") | of("unmeasured", "leaf"),
        of("disconnected", "climb")
        | of("uncovered", "top", "middle")
        | of("starved", "top")
        | of("untied_mission", "crew")
        | NO_LONGER_ALIGNED,
        before=(close("leaf"),),
    ),
    "a goal's end was long ago": Case(
        edit_goal("leaf", ends_on=DAY - dt.timedelta(days=30)),
        of("disconnected", "climb")
        | of("expired", "leaf")
        | of("uncovered", "top", "middle")
        | of("starved", "top")
        | of("untied_mission", "crew")
        | NO_LONGER_ALIGNED,
        of("squeezed", "crew") | of("unmeasured", "leaf"),
    ),
    "a goal loses its why": Case(edit_goal("middle", why=""), of("unexplained", "middle")),
    "a goal means something else": Case(
        edit_goal("leaf", title="Higher", meaning_changed=True), of("reconfirm", "climb")
    ),
    "a goal above means something else": Case(
        edit_goal("top", title="Higher", meaning_changed=True), of("reconfirm", "climb")
    ),
    "a link is confirmed after a goal above changed": Case(
        confirm,
        resolved=of("reconfirm", "climb"),
        before=(edit_goal("top", title="Higher", meaning_changed=True),),
    ),
    "a goal goes below one that means something else": Case(
        move("leaf", "beside"),
        of("uncovered", "top", "middle") | of("starved", "top") | of("reconfirm", "climb"),
        before=(edit_goal("beside", title="Higher", meaning_changed=True),),
    ),
    "a top goal weighs more": Case(edit_goal("top", weight=9), of("starved", "top") | of("crowded", "beside", "third")),
    "a measure comes below": Case(measure("leaf"), resolved=of("unmeasured", *CHAIN)),
    "a measure below goes": Case(unmeasure("leaf"), of("unmeasured", *CHAIN), before=(measure("leaf"),)),
    "one of two measures below goes": Case(
        unmeasure("leaf"), of("unmeasured", "leaf"), before=(measure("leaf"), measure("middle"))
    ),
    "a measure goes and one stands below": Case(unmeasure("middle"), before=(measure("leaf"), measure("middle"))),
    "first effort comes to a goal with a measure below": Case(
        link_to_middle,
        of("squeezed", "crew"),
        of("orphan", "climb") | of("uncovered", "top", "middle") | of("starved", "top") | NO_LONGER_ALIGNED,
        before=(measure("leaf"), unlink),
    ),
    "a goal with effort and a measure moves": Case(
        move("leaf", "beside"),
        of("uncovered", "top", "middle") | of("unmeasured", "top", "middle") | of("starved", "top"),
        of("unmeasured", "beside"),
        before=(measure("leaf"),),
    ),
    "a draft with a measure is removed": Case(remove_draft, of("unmeasured", "beside"), before=(draft_below_beside,)),
    "a team has a goal of its own": Case(teams_goal, of("island", "ours")),
    "work grows": Case(edit_work("climb", effort=Decimal(30)), of("crowded", "top") | of("starved", "beside", "third")),
    "work is not sized any more": Case(edit_work("climb", effort=None), of("unsized", "climb")),
    "work is paused": Case(pause, of("uncovered", "beside") | of("starved", "beside"), of("squeezed", "others")),
    "work goes to another team": Case(hand_over, resolved=of("squeezed", "others")),
    "work begins without a link": Case(
        more_work, of("orphan", "tidy") | of("under_aligned", "others"), of("squeezed", "others")
    ),
    "a mission serves nothing any more": Case(serve_nothing, of("untied_mission", "others")),
    "a team is in the spotlight": Case(spotlight, resolved=of("squeezed", "crew")),
    "a team is not here": Case(
        mark("crew", is_here=False), resolved=OF_CREW | of("island", "ours"), before=(unlink, teams_goal)
    ),
    "a team is here again": Case(
        mark("crew", is_here=True),
        OF_CREW | of("island", "ours"),
        before=(unlink, teams_goal, mark("crew", is_here=False)),
    ),
    "a team is marked that is below one that is not here": Case(
        mark("crew", is_here=False), before=(mark("others", is_here=False), hang("crew", "others"))
    ),
    "a team above is not here": Case(
        mark("others", is_here=False),
        resolved=OF_CREW | of("squeezed", "others"),
        before=(unlink, hang("crew", "others")),
    ),
    "a team comes below one that is not here": Case(
        hang("crew", "others"), resolved=OF_CREW, before=(unlink, mark("others", is_here=False))
    ),
    "a team leaves one that is not here": Case(
        hang("crew", None), OF_CREW, before=(unlink, mark("others", is_here=False), hang("crew", "others"))
    ),
    "work goes to a team that is not here": Case(
        give("climb", "others"),
        of("squeezed", "crew"),
        OF_CREW,
        before=(unlink, mark("others", is_here=False)),
    ),
    "support is declined": Case(decline, of("unsupported", "crew"), before=(spotlight, ask)),
    "a team that was asked is archived": Case(
        archive_asked, of("unsupported", "crew"), before=(spotlight, ask_others_still)
    ),
    "a strategy is to end": Case(end_plan(30), of("ending", "plan")),
    "a strategy is to end in a while": Case(end_plan(31)),
    "a strategy has ended": Case(end_plan(-14), of("ending", "plan")),
    "a strategy that ends goes on": Case(end_plan(400), resolved=of("ending", "plan"), before=(end_plan(7),)),
    "a strategy follows one that ends": Case(
        publish,
        of("uncovered", "fourth") | of("unmeasured", "fourth") | of("starved", "fourth"),
        of("ending", "plan"),
        before=(end_plan(7), draft_plan),
    ),
    "a strategy that ends is archived": Case(
        archive,
        of("disconnected", "climb", "split", "steady")
        | of("under_aligned", "crew", "others")
        | of("untied_mission", "crew", "others"),
        of("squeezed", "crew", "others") | of("unmeasured", *CHAIN, "beside", "third") | of("ending", "plan"),
        before=(end_plan(7),),
    ),
    "a strategy is archived": Case(
        archive,
        of("disconnected", "climb", "split", "steady")
        | of("under_aligned", "crew", "others")
        | of("untied_mission", "crew", "others"),
        of("squeezed", "crew", "others") | of("unmeasured", *CHAIN, "beside", "third"),
    ),
    "a strategy is published": Case(
        publish, of("uncovered", "fourth") | of("unmeasured", "fourth") | of("starved", "fourth"), before=(draft_plan,)
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_flags_and_figures_follow_an_edit(hills, mode, case):
    """Small trees are right when the edit commits; of large ones only how many contribute follows."""
    for edit in case.before:
        edit(hills)
    refresh_waiting(at=TOMORROW)
    before = open_flags()

    case.edit(hills)

    waits = {what for (what,) in Dirty.objects.values_list("what")}
    if mode == "left to a worker":
        assert waits - {Stale.COUNTS}
    else:
        assert waits <= ({Stale.COUNTS} if mode == "large trees" else set())
        assert (open_flags() - before, before - open_flags()) == (case.opened, case.resolved)
    refresh_waiting(at=TOMORROW)
    assert (open_flags() - before, before - open_flags()) == (case.opened, case.resolved)
    assert not Dirty.objects.exists()
    assert_no_drift()


def counts(key: str) -> tuple[int, int, int]:
    """Initiatives, teams and unsized ones of a goal with all below it."""
    return GoalFigures.objects.values_list("initiatives", "teams", "unsized").get(goal__key=key)


def test_who_contributes_follows_shares_that_leave_the_parts_as_they_are(hills, mode):
    assert counts("beside") == (1, 1, 0)

    share(hills)
    refresh_waiting(at=TOMORROW)

    assert counts("beside") == (2, 2, 0)
    assert GoalFigures.objects.get(goal__key="beside").effort == 5
    assert GoalFigures.objects.get(goal__key="third").effort == 1
    assert not InitiativeHistory.objects.filter(as_of__gt=DAY).exists()


def test_who_contributes_is_counted_up_to_the_top(hills, mode):
    edit_work("climb", effort=None)(hills)
    refresh_waiting(at=TOMORROW)

    assert [counts(key) for key in CHAIN] == [(1, 1, 1)] * 3
    crew = TeamFigures.objects.get(team=hills.crew)
    assert (crew.effort, crew.initiatives, crew.unsized) == (3, 2, 1)


def test_work_that_moves_leaves_one_team_and_comes_to_the_other(hills, mode):
    hand_over(hills)
    refresh_waiting(at=TOMORROW)

    rows = TeamFigures.objects.values_list("team__key", "effort", "aligned", "initiatives", "own_choice_aligned")
    assert sorted(rows) == [("crew", 8, 8, 3, 8), ("others", 0, 0, 0, 0)]
    assert InitiativeFigures.objects.get(initiative__key="steady").team == hills.crew


def test_why_a_goal_does_not_count_is_stored_of_all_below_a_closed_one(hills, mode):
    close("top")(hills)
    refresh_waiting(at=TOMORROW)

    rows = GoalFigures.objects.filter(goal__key__in=CHAIN).order_by("goal_id")
    assert list(rows.values_list("live", "anchored", "covered", "reason", "effort")) == [
        (False, False, False, "goal_closed", 0),
        (True, False, False, "ancestor_not_live", 0),
        (True, False, False, "ancestor_not_live", 0),
    ]


def test_history_and_flags_name_the_edit_and_the_day_of_the_figures(hills, mode):
    """The edit is of the next day, whose night has not passed."""
    unlink(hills)
    refresh_waiting(at=TOMORROW)

    entry = LogEntry.objects.get(action="link.removed")
    row = InitiativeHistory.objects.latest("id")
    assert (row.initiative, row.cause, row.as_of) == (hills.work["climb"], entry, DAY)
    assert (row.effort, row.aligned, row.orphaned, row.team, row.origin) == (2, 0, 2, hills.crew, "team")
    for flag in Flag.objects.open().filter(code__in=["orphan", "uncovered", "starved", "under_aligned"]):
        assert (flag.first_seen, flag.cause) == (DAY, entry)
    assert Flag.objects.get(code="squeezed", team=hills.crew).resolved_on == DAY


def test_work_that_leaves_the_portfolio_leaves_a_row_of_nothing(hills, mode):
    pause(hills)
    refresh_waiting(at=TOMORROW)

    row = InitiativeHistory.objects.latest("id")
    assert (row.initiative, row.effort, row.aligned, row.orphaned) == (hills.work["steady"], 0, 0, 0)
    assert (row.as_of, row.cause) == (DAY, LogEntry.objects.get(action="initiative.status_changed"))
    assert not InitiativeFigures.objects.filter(initiative__key="steady").exists()


def test_an_edit_that_changes_no_part_writes_no_history(hills, mode):
    initiatives.confirm_initiative(hills.work["climb"], version=1, **hills.by)
    refresh_waiting(at=TOMORROW)

    assert InitiativeHistory.objects.count() == 3


def test_many_rows_are_sent_by_copy_with_the_same_result(hills, mode, monkeypatch):
    monkeypatch.setattr(differences, "STAGED_FROM", 1)
    before = open_flags()

    archive(hills)
    refresh_waiting(at=TOMORROW)

    archived = CASES["a strategy is archived"]
    assert (open_flags() - before, before - open_flags()) == (archived.opened, archived.resolved)
    rows = InitiativeHistory.objects.filter(cause__action="strategy.archived").order_by("initiative_id")
    assert list(rows.values_list("initiative__key", "effort", "aligned", "orphaned")) == [
        ("climb", 2, 0, 2),
        ("split", 2, 0, 2),
        ("steady", 4, 0, 4),
    ]
    assert_no_drift()


def test_recompute_sends_many_rows_by_copy_with_the_same_result(hills, monkeypatch):
    right = stored()
    InitiativeFigures.objects.all().delete()
    GoalFigures.objects.update(reason="team_root", live=False, effort=9)
    TeamFigures.objects.update(unsized=9, orphaned=9)
    Flag.objects.all().delete()
    monkeypatch.setattr(differences, "STAGED_FROM", 1)

    recompute_alignment(as_of=DAY, at=TOMORROW)

    assert stored() == right
