"""Who may do what with links and flags, and when a link does not count or is to be looked at again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rules.permissions import permissions

from alignment.enums import LinkState, UncountedReason
from alignment.models import Flag, GoalFigures, Link
from alignment.proposals import PROPOSAL
from alignment.rules import link_reason, reason_of, was_confirmed_before
from conversations.models import Thread
from strategy.models import Goal
from teams.models import Initiative
from tests import factories as make
from tests.factories import DAY
from tests.relations import ADMINISTRATORS, LEADERS, LEADS, NOBODY, OF_THE_TEAM, OWNER, TEAM, WRITERS, who_may

WORK = Initiative(pk=1, team=TEAM, owner_id=OWNER)
WORK_OF_NOBODY = Initiative(pk=2, team=TEAM)
GOAL = Goal(pk=1, owner_id=OWNER)
GOAL_OF_NOBODY = Goal(pk=2)
TEAMS_GOAL = Goal(pk=3, team=TEAM, owner_id=OWNER)
TEAMS_GOAL_OF_NOBODY = Goal(pk=4, team=TEAM)


def link(goal: Goal = GOAL_OF_NOBODY, initiative: Initiative = WORK_OF_NOBODY, **values: Any) -> Link:
    return Link(pk=1, initiative=initiative, goal=goal, **values)


TABLE: list[tuple[str, Any, frozenset[str]]] = [
    ("recompute", None, ADMINISTRATORS),
    ("accept_proposal", Thread(kind=PROPOSAL), LEADERS),
    ("accept_proposal", Thread(kind="question"), NOBODY),
    ("accept_proposal", None, NOBODY),
    ("link_work", None, WRITERS),
    ("edit_link", link(initiative=WORK), OF_THE_TEAM | {"owner"}),
    ("edit_link", link(GOAL), OF_THE_TEAM),  # the goal's owner is not the work's
    ("edit_link", None, NOBODY),
    ("judge_link", link(GOAL), frozenset({"owner"})),
    ("judge_link", link(TEAMS_GOAL), frozenset({"owner"})),
    ("judge_link", link(initiative=WORK), LEADERS),  # nor the other way round
    ("judge_link", link(TEAMS_GOAL_OF_NOBODY), LEADS),
    ("judge_link", None, NOBODY),
    ("snooze_flag", Flag(initiative=WORK), OF_THE_TEAM | {"owner"}),
    ("snooze_flag", Flag(goal=GOAL), LEADERS | {"owner"}),
    ("snooze_flag", Flag(goal=TEAMS_GOAL_OF_NOBODY), LEADS),
    ("snooze_flag", Flag(team=TEAM), LEADS),
    ("snooze_flag", None, NOBODY),
]


@pytest.mark.parametrize(("permission", "row", "allowed"), TABLE)
def test_permission_is_for_exactly_these(permission: str, row: Any, allowed: frozenset[str]) -> None:
    assert who_may(f"alignment.{permission}", row) == allowed


def test_table_has_every_permission() -> None:
    assert {f"alignment.{permission}" for permission, _row, _allowed in TABLE} == {
        name for name in permissions if name.startswith("alignment.")
    }


@pytest.mark.parametrize(
    ("state", "goal_reason", "reason"),
    [
        ("claimed", "", None),
        ("endorsed", "", None),
        ("claimed", "team_root", UncountedReason.TEAM_ROOT),
        ("disputed", "", UncountedReason.DISPUTED),
        ("disputed", "team_root", UncountedReason.DISPUTED),
    ],
)
def test_link_does_not_count_where_it_is_disputed_or_its_goal_leads_nowhere(
    state: str, goal_reason: str, reason: UncountedReason | None
) -> None:
    goal = Goal(pk=1)
    goal.figures = GoalFigures(goal=goal, reason=goal_reason)

    assert link_reason(state, goal_reason) == reason
    assert reason_of(link(goal, state=LinkState(state))) == reason


@pytest.mark.django_db
def test_of_a_goal_that_was_never_computed_nothing_is_said() -> None:
    assert reason_of(make.LinkFactory()) is None
    assert reason_of(make.LinkFactory(state=LinkState.DISPUTED)) == UncountedReason.DISPUTED
    assert link_reason(LinkState.CLAIMED, None) is None


@pytest.mark.parametrize(
    ("changed", "before"),
    [(None, False), (DAY - dt.timedelta(days=1), False), (DAY, False), (DAY + dt.timedelta(days=1), True)],
)
def test_link_confirmed_on_the_day_of_the_change_still_holds(changed: dt.date | None, before: bool) -> None:
    assert was_confirmed_before(link(Goal(meaning_changed_on=changed), confirmed_on=DAY)) is before


def test_link_is_confirmed_anew_after_a_goal_above_changed() -> None:
    """What a goal itself means may have changed since the figures were computed."""
    later, noon = DAY + dt.timedelta(days=1), dt.datetime.combine(DAY, dt.time(12), dt.UTC)
    goal = Goal(meaning_changed_on=DAY, meaning_changed_at=noon)
    kept = link(goal, confirmed_on=DAY, confirmed_at=noon)
    assert not was_confirmed_before(kept)

    goal.figures = GoalFigures(meaning_changed_on=DAY, meaning_changed_at=noon + dt.timedelta(minutes=1))
    assert was_confirmed_before(kept)
    goal.figures = GoalFigures(meaning_changed_on=later)
    assert was_confirmed_before(kept)
    goal.figures = GoalFigures(meaning_changed_on=DAY - dt.timedelta(days=1))
    assert not was_confirmed_before(kept)
