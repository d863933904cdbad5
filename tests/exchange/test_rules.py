"""What the rules between rows let through, the trees they are judged by, and what an import holds and leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from alignment.models import Recompute
from exchange import services as service
from exchange.bundle.checks.forest import Forest
from exchange.bundle.overlay import LOCKED
from lib.db.locks import Lock
from lib.services.permissions import SYSTEM
from strategy.models import Goal
from teams.models import LogEntry, Person, Support, Team
from tests import factories as make
from tests.exchange.bundles import AT, counted, imported, places, refused, write

pytestmark = pytest.mark.usefixtures("company")


DEMOTED = {"people": "email,role\nada@example.org,leader\n"}


def test_administrator_may_go_where_another_stays():
    make.AdminFactory()
    assert counted(DEMOTED) == {"people": (0, 1, 0)}


def test_administrator_who_has_left_is_none():
    make.AdminFactory(email="gone@example.org", is_active=False)
    assert places(refused(DEMOTED)) == [("people.csv", 2, "role")]
    both = {"people": "email,role\nada@example.org,leader\ngone@example.org,admin\n"}
    assert places(refused(both)) == [("people.csv", 2, "role")]


def test_all_administrators_at_once_may_not_go():
    make.AdminFactory(email="other@example.org")
    files = {"people": "email,role\nada@example.org,leader\nother@example.org,viewer\n"}
    assert places(refused(files)) == [("people.csv", 2, "role"), ("people.csv", 3, "role")]


def test_shares_may_be_one_together_with_the_database():
    assert counted({"links": "initiative,goal,share\ncheckout,repair,0.25\n"}) == {"links": (1, 0, 0)}
    assert places(refused({"links": "initiative,goal,share\ncheckout,sales,0.250001\n"})) == [("links.csv", 2, "share")]


def test_shares_of_each_initiative_are_summed_by_themselves():
    files = {"links": "initiative,goal,share\nrobots,repair,1\ncheckout,repair,0.25\nrobots,growth,\n"}
    assert counted(files) == {"links": (2, 1, 0)}


def test_share_is_reported_where_the_sum_first_comes_above_one():
    rows = "robots,growth,0.5\nrobots,sales,0.6\nrobots,repair,0.7\n"
    (problem,) = refused({"links": "initiative,goal,share\n" + rows})
    assert (problem.line, problem.wrong) == (3, 'the shares of "robots" add up to 1.8')


def test_goal_may_move_while_its_measure_stays_below_the_linked_goal():
    files = {"goals": "key,title,parent\nmid,Mid,growth\nsales,Sell,mid\n"}
    assert counted(files) == {"goals": (1, 1, 0)}


def test_measure_may_move_with_the_link_that_names_it():
    files = {
        "measures": "key,goal\norders,repair\n",
        "links": "initiative,goal,measure\ncheckout,growth,\ncheckout,repair,orders\n",
    }
    assert places(refused(files)) == [("links.csv", 2, "measure")]
    files["links"] = "initiative,goal,measure,expected_change\ncheckout,growth,,\ncheckout,repair,orders,1\n"
    assert counted(files) == {"measures": (0, 1, 0), "links": (1, 1, 0)}


def test_days_of_one_day_are_in_order():
    files = {"strategies": "key,starts_on,ends_on\nplan,2026-06-15,2026-06-15\n"}
    assert counted(files) == {"strategies": (0, 1, 0)}


def test_support_may_be_asked_of_the_team_that_work_left():
    files = {"initiatives": "key,team\ncheckout,home\n", "support": "initiative,team\ncheckout,shop\n"}
    assert counted(files) == {"initiatives": (0, 1, 0), "support": (1, 0, 0)}


def test_row_of_the_database_may_be_referred_to_and_one_of_the_bundle_is_taken_before_it():
    files = {
        "goals": "key,title,parent\nlast,Last,first\nfirst,First,sales\n",
        "teams": "key,name,mission_goals\nhome,Home,last;repair\n",
    }
    assert counted(files) == {"teams": (0, 1, 0), "goals": (2, 0, 0)}
    home = Team.objects.get(key="home")
    assert set(home.mission_goals.values_list("goal__key", flat=True)) == {"last", "repair"}
    assert Goal.objects.get(key="last").path[1:] == [Goal.objects.get(key=key).pk for key in ("sales", "first", "last")]


def test_only_rows_that_differ_are_edited():
    before = dict(Team.objects.values_list("key", "version"))
    imported({"teams": "key,name\nhome,Home\nshop,Store\ndepot,Depot\n"})
    assert dict(Team.objects.values_list("key", "version")) == before | {"shop": before["shop"] + 1}


def test_ask_that_is_there_keeps_its_day_and_one_that_is_given_takes_it():
    imported({"support": "initiative,team,status,asked_on\ncheckout,depot,declined,\n"}, AT + dt.timedelta(days=9))
    ask = Support.objects.get()
    assert (ask.status, ask.asked_on) == ("declined", dt.date(2026, 5, 5))
    imported({"support": "initiative,team,asked_on\ncheckout,depot,2026-06-15\n"})
    assert Support.objects.get().asked_on == AT.date()


# Trees


def test_tree_knows_depths_and_roots_whatever_the_order():
    forest = Forest({5: 4, 1: None, 4: 2, 3: 1, 2: 1, 6: None})
    assert forest.depths == {1: 0, 2: 1, 3: 1, 4: 2, 5: 3, 6: 0}
    assert forest.roots == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 6}
    assert list(forest.up(5)) == [5, 4, 2, 1]
    assert forest.levels([5, 3, 6, 2]) == [(0, [6]), (1, [3, 2]), (3, [5])]
    assert forest.cycles == []


def test_tree_has_each_cycle_once_and_no_place_below_it():
    forest = Forest({1: 2, 2: 3, 3: 1, 4: 1, 5: 4, 6: 6, 7: None, 8: 7})
    assert sorted(sorted(cycle) for cycle in forest.cycles) == [[1, 2, 3], [6]]
    assert forest.depths == {7: 0, 8: 1}


def test_cycle_of_many_is_told_in_short():
    rows = "".join(f"t{number},T,t{(number + 1) % 9}\n" for number in range(9))
    (found,) = refused({"teams": "key,name,parent\n" + rows})
    assert found.times == 9
    assert found.wrong == "this hangs below itself (t0 → t1 → t2 → t3 → t4 → … → t0)"
    (alone,) = refused({"teams": "key,parent\nhome,home\n"})
    assert alone.wrong == "this hangs below itself"


# The import as a whole


def test_import_holds_the_company_alone_and_keeps_others_from_writing(monkeypatch):
    """Before it checks anything; the recompute at its end holds the company once more."""
    found = []
    check: Any = getattr(service, "check")  # noqa: B009 -- as the service has it

    def checked(*given: Any) -> Any:
        found.append(held())
        return check(*given)

    monkeypatch.setattr(service, "check", checked)
    imported({"teams": "key,name\nnew,New\n"})
    ((tables, advisory, own),) = found
    assert {name.strip() for name in LOCKED.split(",")} <= tables
    assert "teams_person" not in tables
    assert {(Lock.COMPANY, "ExclusiveLock"), (own, "ExclusiveLock")} <= advisory


def held() -> tuple[set[str], set[tuple[int, str]], int]:
    """Tables that nobody else may write to, advisory locks, and which of these is the import's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relation::regclass::text FROM pg_locks"
            " WHERE pid = pg_backend_pid() AND mode = 'ShareRowExclusiveLock' AND locktype = 'relation'"
        )
        tables = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT objid::bigint, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'"
        )
        advisory = set(cursor.fetchall())
        cursor.execute("SELECT hashtext('alignment.import')::bigint & 4294967295")
        (own,) = cursor.fetchone()
    return tables, advisory, own


def test_tables_that_are_locked_are_those_that_a_bundle_writes_but_for_people():
    assert {name.strip() for name in LOCKED.split(",")} == {
        "teams_company", "teams_stancerange", "teams_team", "teams_membership", "teams_initiative",
        "teams_contributor", "teams_support",
        "strategy_persona", "strategy_teampersona", "strategy_contextpage", "strategy_strategy", "strategy_goal",
        "strategy_missiongoal", "strategy_goalpage", "strategy_goalpersona", "strategy_decision",
        "strategy_decisionperson", "strategy_decisiongoal", "strategy_decisionpage", "strategy_decisionpersona",
        "strategy_goalsuccessor",
        "strategy_measure", "strategy_checkin", "strategy_edition", "strategy_editiongoal",
        "strategy_amendment", "strategy_amendmentedit",
        "alignment_link", "alignment_linkpage", "alignment_linkpersona", "alignment_flag",
        "alignment_proposal", "alignment_proposalwork",
        "conversations_thread", "conversations_message", "conversations_mention", "conversations_following",
    }  # fmt: skip


def test_import_leaves_no_tables_of_its_own():
    imported({"teams": "key,name,personas\nnew,New,clerk\n", "flags": "code,about\nunsized,robots\n"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'")
        assert cursor.fetchall() == []


def test_rule_that_was_not_checked_is_refused_by_the_database_at_once(monkeypatch):
    """Not only when the transaction ends."""
    monkeypatch.setattr(service, "check", lambda _staged, _stage: {})
    (problem,) = refused({"support": "initiative,team\nrobots,depot\n"})
    assert problem.file == "the bundle"
    assert problem.wrong.startswith("the database refused it (a team does not ask itself for support")


def test_import_names_who_did_it_and_computes_as_of_the_companys_day(tmp_path):
    """At 23:00 in UTC it is the next day in Tokyo."""
    late, admin = AT.replace(hour=23), Person.objects.get(email="ada@example.org")
    files = {
        "company": "setting,value\ntimezone,Asia/Tokyo\nname,Acme\n",
        "teams": "key,name\nhome,House\nshop,Shop\n",
    }
    result = service.import_bundle(write(tmp_path / "b", files), actor=admin, at=late)
    assert list(result.tables) == ["company", "teams"]
    entry = LogEntry.objects.latest("id")
    assert (entry.actor, entry.at) == (admin, late)
    assert entry.note == {"tables": {"company": {"created": 0, "updated": 2}, "teams": {"created": 0, "updated": 1}}}
    computed = Recompute.objects.latest("id")
    assert (computed.as_of, computed.cause) == (AT.date() + dt.timedelta(days=1), entry)


def test_import_that_changes_nothing_is_not_logged_and_computes_nothing(tmp_path):
    before = LogEntry.objects.count(), Recompute.objects.count()
    later = AT + dt.timedelta(days=3)
    assert not service.import_bundle(
        write(tmp_path, {"teams": "key,name\nhome,Home\n"}), actor=SYSTEM, at=later
    ).changed
    assert (LogEntry.objects.count(), Recompute.objects.count()) == before


def test_settings_are_changed_one_by_one():
    rows = (
        "core.coverage_floor,0.6\ncore.autonomy_floor,0.4\nexplore.coverage_floor,0.2\nsilent_days,30\ngrace_days,14\n"
    )
    assert counted({"company": "setting,value\n" + rows}) == {"company": (0, 3, 2)}


CIRCLES = {
    "of two": "first,later\nlater,first\n",
    "with what is in the database": "first,later\n",
}


@pytest.mark.parametrize("what", CIRCLES)
def test_decisions_that_supersede_each_other_are_refused(what: str) -> None:
    found = refused({"decisions": f"key,supersedes\n{CIRCLES[what]}"})
    assert {problem.column for problem in found} == {"supersedes"}


def test_two_decisions_in_the_place_of_one_and_one_of_a_draft_are_refused() -> None:
    content = "key,title,status,supersedes\na,A,,first\nb,B,draft,\nc,C,,b\n"
    assert places(refused({"decisions": content})) == [
        ("decisions.csv", 2, "supersedes"),
        ("decisions.csv", 4, "supersedes"),
    ]


def test_decision_takes_the_place_of_another_in_the_same_bundle() -> None:
    """The one that stood there moves on in the same import."""
    content = "key,title,status,supersedes\nmiddle,M,decided,first\nlater,Online,decided,middle\n"
    assert counted({"decisions": content}) == {"decisions": (1, 1, 0)}


def test_asks_of_one_pair_are_told_apart_by_their_keys_and_one_without_is_the_one_without():
    """As bundles had it before there were keys: the first of them."""
    files = "initiative,team,ask,key\ncheckout,depot,Pack it,\ncheckout,depot,Send it,send\ncheckout,depot,Box it,box\n"
    assert counted({"support": files}) == {"support": (2, 0, 1)}
    assert counted({"support": "initiative,team,ask\ncheckout,depot,Pack it well\n"}) == {"support": (0, 1, 0)}
    assert counted({"support": files.replace("Box it", "Box them")}) == {"support": (0, 2, 1)}
    texts = dict(Support.objects.values_list("key", "ask"))
    assert texts == {"": "Pack it", "send": "Send it", "box": "Box them"}
    (problem,) = refused({"support": f"{files}checkout,depot,Box it,box\n"})
    assert (problem.line, problem.column) == (5, "key")
