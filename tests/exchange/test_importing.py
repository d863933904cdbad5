"""What an import does with what is right (spec/bundle.md, *Importing*)."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.core import mail

from alignment.models import Link, Recompute
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from strategy.models import Goal, Measure
from teams.models import Company, Initiative, LogEntry, Person, Support, Team
from tests.alignment.companies import write_folder
from tests.alignment.roadmap import YEARS, Year, made_up
from tests.exchange.bundles import AT, COMPANY, TODAY, counted, exported, imported, lines_of, text, write

NEXT_MONTH = AT + dt.timedelta(days=30)


def test_empty_database_takes_the_whole_company(db) -> None:
    assert counted(dict(COMPANY)) == {
        "people": (2, 0, 0),
        "personas": (2, 0, 0),
        "context": (1, 0, 0),
        "teams": (3, 0, 0),
        "memberships": (2, 0, 0),
        "strategies": (2, 0, 0),
        "goals": (3, 0, 0),
        "decisions": (2, 0, 0),
        "measures": (2, 0, 0),
        "initiatives": (2, 0, 0),
        "links": (3, 0, 0),
        "support": (1, 0, 0),
    }
    sales = Goal.objects.get(key="sales")
    assert [goal.key for goal in Goal.objects.above(sales)] == ["growth"]
    assert sales.strategy is None
    assert str(Link.objects.get(goal=sales).share) == "0.250000"


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year.name)
def test_whole_organisation_is_imported(year: Year, db, tmp_path: Path) -> None:
    folder = year.folder or write_folder(made_up(), tmp_path)
    result = import_bundle(folder, actor=SYSTEM, at=AT.replace(month=11, day=22))
    created = {name: counts.created for name, counts in result.tables.items()}
    assert (created["teams"], created["people"], created["goals"], created["initiatives"]) == (168, 322, 9, 76)
    assert not import_bundle(folder, actor=SYSTEM, at=AT.replace(month=12, day=1)).changed


def test_same_bundle_changes_nothing_on_a_later_day(company) -> None:
    before = exported()
    versions = list(Team.objects.order_by("id").values_list("version", flat=True))
    result = imported(dict(COMPANY), NEXT_MONTH)
    assert not result.changed
    assert exported() == before
    assert list(Team.objects.order_by("id").values_list("version", flat=True)) == versions
    assert LogEntry.objects.count() == 1
    assert Recompute.objects.count() == 1


def test_order_of_rows_does_not_matter(nothing) -> None:
    shuffled = {}
    for name, content in COMPANY.items():
        header, *rows = text(content).splitlines()
        random.Random(7).shuffle(rows)
        shuffled[name] = "\n".join([header, *rows[::-1]]) + "\n"
    imported(shuffled)
    backwards = exported()
    assert not imported(dict(COMPANY)).changed
    assert exported() == backwards


def test_missing_column_leaves_rows_alone_and_gives_new_ones_the_default(company) -> None:
    assert counted({"teams": "key,name\nshop,Store\nnew,New\n"}) == {"teams": (1, 1, 0)}
    shop, new = Team.objects.get(key="shop"), Team.objects.get(key="new")
    assert (shop.name, shop.parent.key, shop.stance, shop.stance_until) == (
        "Store",
        "home",
        "spotlight",
        dt.date(2026, 12, 31),
    )
    assert (new.parent, new.mission, new.stance, new.stance_reason, new.stance_until) == (None, "", "core", "", None)
    assert shop.version == 2


def test_required_column_may_be_missing_where_nothing_is_new(company) -> None:
    assert counted({"initiatives": "key,effort\ncheckout,4\n"}) == {"initiatives": (0, 1, 0)}


def test_blank_cell_sets_the_default_or_clears(company) -> None:
    imported(
        {
            "goals": "key,why,kind,weight,ends_on,owner,visibility,meaning_changed_on\ngrowth, ,,,,,,\n",
            "measures": "key,unit,baseline,current\ndays,,,\n",
            "initiatives": "key,effort,status,url,problem,origin\ncheckout,,,,,\n",
        }
    )
    goal = Goal.objects.get(key="growth")
    assert (goal.why, goal.weight, goal.ends_on, goal.owner, goal.meaning_changed_on) == ("", 1, None, None, None)
    measure = Measure.objects.get(key="days")
    assert (measure.unit, measure.baseline, measure.current) == ("", 0, 0)
    initiative = Initiative.objects.get(key="checkout")
    assert (initiative.effort, initiative.status, initiative.url, initiative.origin) == (None, "proposed", "", "team")


def test_current_of_a_measure_is_its_baseline_where_nothing_is_said(company) -> None:
    imported({"measures": "key,goal,title,baseline,target\nnew,sales,New,7,9\n"})
    assert Measure.objects.get(key="new").current == 7


def test_days_of_touch_stay_when_blank_and_start_with_the_import(company) -> None:
    imported(
        {
            "initiatives": "key,team,title,touched_on\ncheckout,shop,Checkout,\nfresh,home,Fresh,\n",
            "links": "initiative,goal,confirmed_on\ncheckout,growth,\nfresh,sales,\n",
            "support": "initiative,team,asked_on\ncheckout,depot,\nfresh,shop,\n",
        },
        NEXT_MONTH,
    )
    day, before = NEXT_MONTH.date(), dt.date.fromisoformat(TODAY)
    assert list(Initiative.objects.order_by("key").values_list("touched_on", flat=True)) == [
        dt.date(2026, 6, 1),
        day,
        before,
    ]
    assert Link.objects.get(initiative__key="checkout", goal__key="growth").confirmed_on == dt.date(2026, 5, 1)
    assert Link.objects.get(initiative__key="fresh").confirmed_on == day
    assert [ask.asked_on for ask in Support.objects.order_by("asked_on")] == [dt.date(2026, 5, 5), day]


def test_day_that_changes_brings_its_instant_along_and_any_other_keeps_it(company) -> None:
    """A confirmation is the last thing of its day that is known: at the instant of the import; a change of what a goal
    means is at no instant that is known."""
    Goal.objects.filter(key__in=("growth", "sales")).update(meaning_changed_at=AT)
    imported(
        {
            "goals": "key,meaning_changed_on\ngrowth,2026-03-01\nsales,\n",
            "links": "initiative,goal,confirmed_on\ncheckout,growth,2026-06-20\ncheckout,sales,\n",
        },
        NEXT_MONTH,
    )
    assert dict(Goal.objects.exclude(team__key="depot").values_list("key", "meaning_changed_at")) == {
        "growth": None,
        "sales": AT,
    }
    links = Link.objects.filter(initiative__key="checkout")
    assert dict(links.values_list("goal__key", "confirmed_at")) == {"growth": NEXT_MONTH, "sales": AT}


def test_today_is_the_companys_in_the_zone_of_the_bundle(company) -> None:
    late = dt.datetime(2026, 6, 15, 23, tzinfo=dt.UTC)
    files = {"company": "setting,value\ntimezone,Asia/Tokyo\n", "initiatives": "key,touched_on\ncheckout,2026-06-16\n"}
    assert counted(files, late) == {"company": (0, 1, 0), "initiatives": (0, 1, 0)}
    assert not imported(files, late).changed


def test_sets_are_replaced_when_their_column_is_there(company) -> None:
    assert counted({"teams": "key,mission_goals,personas\nhome,sales;repair,clerk;buyer\ndepot,,\n"}) == {
        "teams": (0, 1, 1)
    }
    assert lines_of("teams")[2].split(",")[4:6] == ["repair;sales", "buyer;clerk"]
    assert Team.objects.get(key="home").version == 2
    assert counted({"teams": "key,name\nhome,Home\n"}) == {"teams": (0, 0, 1)}
    assert counted({"teams": "key,name,personas\nhome,House,\n"}) == {"teams": (0, 1, 0)}
    assert Team.objects.get(key="home").version == 3
    assert Team.objects.get(key="home").personas.count() == 0


def test_parent_and_child_change_places(company) -> None:
    imported(
        {
            "goals": "key,strategy,parent,team,title\nsales,plan,,,Sell\ngrowth,,sales,,Grow\n",
            "links": "initiative,goal,measure,expected_change\ncheckout,growth,,\n",
        }
    )
    growth = Goal.objects.get(key="growth")
    assert [goal.key for goal in Goal.objects.above(growth)] == ["sales"]
    assert growth.strategy is None
    assert Goal.objects.get(key="sales").path == [growth.parent_id]


def assert_paths_are_true() -> None:
    """A path is always the parent's path and the row itself."""
    paths = {team.id: (team.parent_id, team.path) for team in Team.objects.all()}
    for node, (parent, path) in paths.items():
        assert path == [*(paths[parent][1] if parent else []), node]


@pytest.mark.parametrize("step", [1, -1])
def test_what_stays_below_a_moved_team_goes_along_with_it(company, step: int) -> None:
    """Every team of a chain moves to one place, and each has one below it that the bundle does not name."""
    chain = [f"t{number},T,{f't{number - 1}' if number else 'home'}" for number in range(8)][::step]
    leaves = [f"leaf{number},L,t{number}" for number in range(8)]
    imported({"teams": "\n".join(["key,name,parent", *chain, *leaves]) + "\n"})
    imported({"teams": "key,parent\n" + "".join(f"t{number},shop\n" for number in range(8))})
    assert_paths_are_true()
    assert len(Team.objects.below(Team.objects.get(key="shop"))) == 17


@pytest.mark.parametrize("seed", range(10))
def test_many_moves_at_once_leave_true_paths(company, seed: int) -> None:
    draw = random.Random(seed)

    def trees(keys: list[str]) -> str:
        order = draw.sample(keys, len(keys))
        parents = {key: draw.choice(["", *order[:place]]) for place, key in enumerate(order)}
        return "key,name,parent\n" + "".join(f"{key},T,{parents[key]}\n" for key in draw.sample(keys, len(keys)))

    keys = [f"t{number}" for number in range(25)]
    imported({"teams": trees(keys[:18])})
    imported({"teams": trees(keys)})
    assert_paths_are_true()


def test_shares_may_move_from_one_link_to_another(company) -> None:
    imported({"links": "initiative,goal,share\ncheckout,repair,0.75\ncheckout,growth,0.2\ncheckout,sales,0.05\n"})
    assert sum(link.share for link in Link.objects.filter(initiative__key="checkout")) == 1


def test_administrators_may_hand_over(company) -> None:
    assert counted({"people": "email,name,role\nada@example.org,Ada,leader\nnew@example.org,New,admin\n"}) == {
        "people": (1, 1, 0)
    }


def test_people_come_without_password_or_mail(company) -> None:
    ada, grace = Person.objects.order_by("email")
    assert not is_password_usable(ada.password)
    assert ada.password != grace.password
    assert ada.is_active
    assert (ada.invited_at, ada.joined_at, ada.timezone, grace.timezone) == (None, None, "", "Asia/Tokyo")
    assert mail.outbox == []


def test_addresses_compare_without_case_and_are_stored_in_lower_case(company) -> None:
    files = {
        "people": "email,name\nADA@Example.ORG,Ada L\nNew@Example.org,New\n",
        "context": "key,owner\nwho-buys,NEW@example.org\n",
    }
    assert counted(
        {"people": "email,name\nADA@Example.ORG,Ada L\nNew@Example.org,New\n", "context": files["context"]}
    ) == {
        "people": (1, 1, 0),
        "context": (0, 1, 0),
    }
    assert set(Person.objects.values_list("email", flat=True)) == {
        "ada@example.org",
        "grace@example.org",
        "new@example.org",
    }


def test_zone_of_the_company_is_not_a_choice_of_ones_own(company) -> None:
    imported({"people": "email,timezone\nada@example.org,UTC\ngrace@example.org,UTC\n"})
    assert set(Person.objects.values_list("timezone", flat=True)) == {""}
    imported({"company": "setting,value\ntimezone,Europe/Lisbon\n"})
    assert lines_of("people")[1:] == [
        "ada@example.org,Ada,admin,Europe/Lisbon,yes,yes,no,,,yes",
        "grace@example.org,Grace,leader,Europe/Lisbon,yes,yes,no,,,yes",
    ]


def test_chosen_zone_stays_when_it_is_the_companys_too(company) -> None:
    imported({"company": "setting,value\ntimezone,Asia/Tokyo\n"})
    assert not imported(
        {"people": "email,timezone\nada@example.org,Asia/Tokyo\ngrace@example.org,Asia/Tokyo\n"}
    ).changed
    assert Person.objects.get(email="grace@example.org").timezone == "Asia/Tokyo"


def test_settings_are_stored_and_counted(company) -> None:
    files = {"company": "setting,value\nname,Acme\ngrace_days,007\ncore.coverage_floor,0.750\nsilent_days,28\n"}
    assert counted(files) == {"company": (0, 3, 1)}
    assert not imported(files).changed
    assert (Company.objects.get().name, Company.objects.get().grace_days) == ("Acme", 7)
    assert "core.coverage_floor,0.75" in lines_of("company")


def test_lines_end_in_line_feeds_and_the_rest_is_verbatim(company) -> None:
    cell = ' a\r\nb\rc\nd \t\\N \\ "q" é, '
    quoted = cell.replace('"', '""')
    imported({"strategies": f'title,narrative,key\r\nT,"{quoted}",a\r\n'})
    stored = exported()["strategies.csv"]
    assert '" a\nb\nc\nd \t\\N \\ ""q"" é, "' in stored
    assert "\r" not in stored


def test_bom_and_blank_lines_at_the_end_mean_nothing(company) -> None:
    assert counted({"teams": b"\xef\xbb\xbfkey,name\r\nnew,New\r\n\r\n\r\n"}) == {"teams": (1, 0, 0)}


def test_dry_run_counts_and_changes_nothing(company) -> None:
    before, log = exported(), LogEntry.objects.count()
    result = imported({"teams": "key,name\nshop,Store\nnew,New\n"}, dry_run=True)
    assert result.changed
    assert exported() == before
    assert LogEntry.objects.count() == log
    assert imported({"teams": "key,name\nshop,Store\nnew,New\n"}).tables == result.tables


def test_import_is_logged_with_its_counts_and_recomputed(company) -> None:
    entry = LogEntry.objects.get()
    assert (entry.action, entry.at, entry.actor) == ("company.imported", AT, None)
    assert entry.note["tables"]["goals"] == {"created": 3, "updated": 0}
    recomputed = Recompute.objects.get()
    assert (recomputed.cause, recomputed.as_of) == (entry, dt.date.fromisoformat(TODAY))


def test_nothing_is_inferred_from_a_new_why(company) -> None:
    imported({"goals": "key,why\ngrowth,Another reason\n"})
    assert Goal.objects.get(key="growth").meaning_changed_on == dt.date(2026, 2, 1)


def test_child_may_name_the_strategy_of_its_root(company) -> None:
    assert not imported({"goals": "key,strategy\nsales,plan\n"}).changed


def test_root_that_comes_to_hang_below_another_gives_its_strategy_up(company) -> None:
    imported({"goals": "key,title,strategy\nhelp,Help,plan\n"})
    assert counted({"goals": "key,parent\nhelp,growth\n"}) == {"goals": (0, 1, 0)}
    assert Goal.objects.get(key="help").strategy is None


def test_folder_of_headers_alone_changes_nothing(company, tmp_path: Path) -> None:
    headers = {name: content.split("\n")[1].strip() + "\n" for name, content in COMPANY.items()}
    assert not import_bundle(write(tmp_path, headers), actor=SYSTEM, at=AT).changed
