"""Who may do what with strategies, goals, measures and context: each permission for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from rules.permissions import permissions

from strategy.models import ContextPage, Decision, Edition, Goal, Measure, Strategy
from tests.relations import ANY_LEAD, LEADERS, LEADS, NOBODY, OWNER, TEAM, WRITERS, who_may

COMPANY_GOAL = Goal(pk=1, owner_id=OWNER)
GOAL_OF_NOBODY = Goal(pk=2)
TEAMS_GOAL = Goal(pk=3, team=TEAM, owner_id=OWNER)
TEAMS_GOAL_OF_NOBODY = Goal(pk=4, team=TEAM)

EDITORS = [
    (COMPANY_GOAL, LEADERS | {"owner"}),
    (GOAL_OF_NOBODY, LEADERS),
    (TEAMS_GOAL, LEADS | {"owner"}),
    (TEAMS_GOAL_OF_NOBODY, LEADS),
]
TABLE: list[tuple[str, Any, frozenset[str]]] = [
    ("write_strategy", Strategy(pk=1, owner_id=OWNER), LEADERS),
    ("publish_strategy", Strategy(pk=1, owner_id=OWNER), LEADERS),
    ("amend_strategy", Strategy(pk=1, owner_id=OWNER), LEADERS | {"owner"}),
    ("amend_strategy", Strategy(pk=2), LEADERS),
    ("amend_strategy", None, NOBODY),
    ("write_persona", None, LEADERS),
    ("write_context_page", None, LEADERS),
    ("edit_context_page", ContextPage(pk=1, owner_id=OWNER), LEADERS | {"owner"}),
    ("edit_context_page", ContextPage(pk=2), LEADERS),
    ("edit_context_page", None, NOBODY),
    ("read_edition", Edition(pk=1), WRITERS | {"viewer", "viewer on the team", "viewer who leads", "viewer who owns"}),
    ("read_edition", None, NOBODY),
    ("write_decision", None, LEADERS),
    ("edit_decision", Decision(pk=1, owner_id=OWNER), LEADERS | {"owner"}),
    ("edit_decision", Decision(pk=2), LEADERS),
    ("edit_decision", None, NOBODY),
    *(("edit_goal", goal, allowed) for goal, allowed in EDITORS),
    ("edit_goal", None, NOBODY),
    *(("check_in", Measure(pk=goal.pk, goal=goal), allowed) for goal, allowed in EDITORS),
    ("check_in", None, NOBODY),
    *(("edit_measure", Measure(pk=goal.pk, goal=goal), allowed) for goal, allowed in EDITORS),
    ("edit_measure", None, NOBODY),
    ("decide_goal", COMPANY_GOAL, LEADERS),
    ("decide_goal", TEAMS_GOAL, LEADS),
    ("decide_goal", None, NOBODY),
    ("order_goals", Strategy(pk=1), LEADERS),
    *(("order_goals", goal, allowed) for goal, allowed in EDITORS),
    ("order_goals", None, LEADERS),
    ("add_goal_below", COMPANY_GOAL, ANY_LEAD),
    ("add_goal_below", TEAMS_GOAL, LEADS),
    ("add_goal_below", None, NOBODY),
    ("create_goal", Strategy(pk=1), LEADERS),
    ("create_goal", COMPANY_GOAL, ANY_LEAD),
    ("create_goal", TEAMS_GOAL, LEADS),
    ("create_goal", TEAM, LEADS),
    ("create_goal", None, LEADERS),
]


@pytest.mark.parametrize(("permission", "row", "allowed"), TABLE)
def test_permission_is_for_exactly_these(permission: str, row: Any, allowed: frozenset[str]) -> None:
    assert who_may(f"strategy.{permission}", row) == allowed


def test_table_has_every_permission() -> None:
    assert {f"strategy.{permission}" for permission, _row, _allowed in TABLE} == {
        name for name in permissions if name.startswith("strategy.")
    }
