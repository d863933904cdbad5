"""Who may do what with people, teams and their work: each permission for everybody by what they are to it."""

from __future__ import annotations

from typing import Any

import pytest
from rules.permissions import permissions

from teams.models import Initiative, Support
from tests.relations import (
    ADMINISTRATORS,
    LEADERS,
    LEADS,
    NOBODY,
    OF_OTHER,
    OF_THE_TEAM,
    ON_A_TEAM,
    OTHER,
    OWNER,
    PEOPLE,
    TEAM,
    who_may,
)

WORK = Initiative(pk=1, team=TEAM, owner_id=OWNER)
WORK_OF_NOBODY = Initiative(pk=2, team=TEAM)
ASK = Support(pk=1, initiative=WORK, team=OTHER)

TABLE: list[tuple[str, Any, frozenset[str]]] = [
    ("change_role", PEOPLE["member"], ADMINISTRATORS),
    ("edit_company", None, ADMINISTRATORS),
    ("create_team", None, LEADERS),
    ("move_team", TEAM, LEADERS),
    ("remove_team", TEAM, LEADERS),
    ("archive_team", TEAM, LEADERS),
    ("bring_in_team", TEAM, LEADERS),
    ("edit_team", TEAM, LEADS),
    ("edit_team", None, NOBODY),
    ("work_on", TEAM, OF_THE_TEAM),
    ("work_on", OTHER, OF_OTHER),
    ("work_on", None, NOBODY),
    ("start_initiative", None, ON_A_TEAM),
    ("edit_initiative", WORK, OF_THE_TEAM | {"owner"}),
    ("edit_initiative", WORK_OF_NOBODY, OF_THE_TEAM),
    ("edit_initiative", None, NOBODY),
    ("assign_initiative", None, LEADERS),
    ("ask_support", ASK, OF_THE_TEAM | {"owner"}),
    ("ask_support", None, NOBODY),
    ("answer_support", ASK, OF_OTHER),
    ("answer_support", None, NOBODY),
    ("settle_support", ASK, OF_THE_TEAM | OF_OTHER | {"owner"}),
    ("settle_support", None, NOBODY),
]


@pytest.mark.parametrize(("permission", "row", "allowed"), TABLE)
def test_permission_is_for_exactly_these(permission: str, row: Any, allowed: frozenset[str]) -> None:
    assert who_may(f"teams.{permission}", row) == allowed


def test_table_has_every_permission() -> None:
    assert {f"teams.{permission}" for permission, _row, _allowed in TABLE} == {
        name for name in permissions if name.startswith("teams.")
    }
