"""Archived teams in a bundle."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.models import Flag
from teams.models import Team
from tests.exchange.bundles import TODAY, counted, imported, lines_of, places, refused

pytestmark = pytest.mark.usefixtures("company")
DEPOT = f"key,name,archived_on\ndepot,Depot,{TODAY}\n"
ENDED = "key,team,title,status\nrobots,depot,Try robots,done\n"
CLOSED = "key,title,team,status\nrepair,Repair faster,depot,dropped\n"
WHOLE = {"teams": DEPOT, "initiatives": ENDED, "goals": CLOSED}


def test_team_is_archived_with_what_went_on_ended_in_the_same_bundle():
    assert counted(WHOLE) == {"teams": (0, 1, 0), "initiatives": (0, 1, 0), "goals": (0, 1, 0)}
    assert Team.objects.get(key="depot").archived_on == dt.date.fromisoformat(TODAY)
    assert f"depot,Depot,,,,,core,,,{TODAY},no" in lines_of("teams")
    assert counted(WHOLE) == {"teams": (0, 0, 1), "initiatives": (0, 0, 1), "goals": (0, 0, 1)}


def test_blank_cell_restores_and_a_missing_column_leaves_it():
    imported(WHOLE)
    imported({"teams": "key,name\ndepot,Depot\n"})
    assert Team.objects.get(key="depot").archived_on is not None
    imported({"teams": "key,name,archived_on\ndepot,Depot,\n"})
    assert Team.objects.get(key="depot").archived_on is None


def test_team_that_the_bundle_archives_still_has_something_in_the_database():
    assert places(refused({"teams": DEPOT})) == [("teams.csv", 2, "archived_on")]
    assert places(refused({"teams": DEPOT, "initiatives": ENDED})) == [("teams.csv", 2, "archived_on")]
    (problem,) = refused({"teams": DEPOT, "goals": CLOSED})
    assert "depot" in problem.wrong
    assert "work that goes on" in problem.wrong


@pytest.mark.parametrize("status", ["proposed", "active", "paused"])
def test_work_that_goes_on_is_refused_for_an_archived_team(status):
    imported(WHOLE)
    more = {"initiatives": f"key,team,title,status\nmore,depot,More,{status}\n"}
    assert places(refused(more)) == [("initiatives.csv", 2, "team")]
    assert places(refused({**more, "teams": DEPOT})) == [("initiatives.csv", 2, "team")]
    imported({**more, "teams": "key,name,archived_on\ndepot,Depot,\n"})


def test_active_goal_and_team_below_are_refused_for_an_archived_team():
    imported(WHOLE)
    goal = {"goals": "key,title,team,status\nmore,More,depot,active\n"}
    assert places(refused(goal)) == [("goals.csv", 2, "team")]
    below = "key,name,parent,archived_on\n"
    assert places(refused({"teams": f"{below}yard,Yard,depot,\n"})) == [("teams.csv", 2, "parent")]
    imported({"teams": f"{below}yard,Yard,depot,{TODAY}\n"})


def test_stance_of_an_archived_team_is_not_asked_about():
    imported({"teams": "key,name,stance,stance_until\nlit,Lit,spotlight,2026-06-10\n"})
    assert Flag.objects.open().filter(team__key="lit").exists()
    imported({"teams": f"key,name,stance,archived_on\nlit,Lit,spotlight,{TODAY}\n"})
    assert not Flag.objects.open().filter(team__key="lit").exists()
