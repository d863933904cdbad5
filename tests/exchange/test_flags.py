"""Flags are computed; since when they are there, and how they are snoozed, is in the export and comes back from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from accounts.services.leaving import deactivate_person, erase_person
from alignment.models import Flag
from exchange.bundle.counts import Counts
from strategy.models import Goal
from teams.models import LogEntry, Person
from tests.exchange import bundles
from tests.exchange.bundles import AT, exported, imported, lines_of, places, refused, undone

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
COMPANY = {name: text.replace(",no\n", ",yes\n") if name == "teams" else text for name, text in bundles.COMPANY.items()}
"""All teams are here, so that all work can have flags."""
HEADER = "code,about,first_seen_on,snoozed_until,snooze_reason,snoozed_by\n"
REASON = 'Not before the "launch", =1+1'
UNSIZED = ("unsized", "robots")
CHECKED_DAY = dt.date(2026, 3, 2)


def flag(code: str, about: str) -> Flag:
    named = {"initiative__key": "checkout robots", "goal__key": "growth sales repair", "team__key": "home shop depot"}
    (field,) = [field for field, keys in named.items() if about in keys.split()]
    return Flag.objects.open().get(code=code, **{field: about})


def changed(code: str, about: str, days: int, **fields: Any) -> None:
    """The flag is so many days older, and has these fields."""
    row = flag(code, about)
    Flag.objects.filter(pk=row.pk).update(first_seen=row.first_seen - days * DAY, **fields)


def company_that_snoozed() -> None:
    imported(dict(COMPANY))
    ada, grace = Person.objects.get(name="Ada"), Person.objects.get(name="Grace")
    snooze: dict[str, Any] = {"snoozed_until": AT.date() + 365 * DAY, "snooze_reason": REASON, "snoozed_by": ada}
    changed(*UNSIZED, 105, **snooze)
    changed("unexplained", "sales", 75, snoozed_until=dt.date(2026, 5, 1), snooze_reason="It was short.")
    changed("no_mission", "shop", 7, snoozed_until=AT.date(), snooze_reason="Sie schläft.", snoozed_by=grace)
    changed("unreasoned", "checkout", 400)


def stored() -> set[tuple[object, ...]]:
    return set(
        Flag.objects.open().values_list(
            *("code", "initiative__key", "goal__key", "strategy__key", "team__key"),
            *("first_seen", "snoozed_until", "snooze_reason", "snoozed_by__name"),
        )
    )


def test_ages_and_snoozes_survive_the_round_trip() -> None:
    with undone():
        company_that_snoozed()
        before, flags = exported(), stored()
    lines = before["flags.csv"].splitlines()
    assert f"{lines[0]}\n" == HEADER
    assert 'unsized,robots,2026-03-02,2027-06-15,"Not before the ""launch"", =1+1",ada@example.org' in lines
    assert "unexplained,sales,2026-04-01,2026-05-01,It was short.," in lines
    assert "no_mission,shop,2026-06-08,2026-06-15,Sie schläft.,grace@example.org" in lines
    assert "unreasoned,checkout,2025-05-11,,," in lines
    assert "no_mission,depot,2026-06-15,,," in lines
    assert lines[1:] == sorted(lines[1:])

    result = imported(dict(before))

    assert result.notices == ()
    assert result.tables["flags"] == Counts(updated=4, unchanged=len(lines) - 5)
    assert (exported(), stored()) == (before, flags)
    assert not imported(dict(before)).changed
    assert not imported(dict(before), AT + 40 * DAY).changed


def test_who_is_erased_is_named_by_the_address_of_afterwards() -> None:
    with undone():
        company_that_snoozed()
        ada, grace = Person.objects.get(name="Ada"), Person.objects.get(name="Grace")
        deactivate_person(grace, actor=ada, at=AT)
        address = erase_person(grace, actor=ada, at=AT).email
        before = exported()
    assert "grace@" not in "".join(before.values())
    assert f"no_mission,shop,2026-06-08,2026-06-15,Sie schläft.,{address}" in before["flags.csv"].splitlines()

    imported(dict(before))

    assert exported() == before
    assert flag("no_mission", "shop").snoozed_by == Person.objects.get(email=address)


def test_flag_that_is_resolved_is_not_written() -> None:
    company_that_snoozed()
    imported({"initiatives": "key,effort\nrobots,3\n"})
    assert not [line for line in lines_of("flags") if line.startswith("unsized,robots")]


def test_bundle_without_flags_leaves_them_as_they_are() -> None:
    company_that_snoozed()
    before = stored()
    imported({"personas": "key,name\nclerk,Clara\n"})
    assert stored() == before


def test_columns_that_are_missing_and_days_that_are_blank_leave_what_is_there() -> None:
    company_that_snoozed()
    before = stored()
    assert not imported({"flags": "code,about\nunsized,robots\n"}).changed
    assert not imported({"flags": "code,about,first_seen_on\nunsized,robots,\n"}).changed
    assert stored() == before
    imported({"flags": "code,about,first_seen_on\nunsized,robots,2026-01-01\n"})
    row = flag(*UNSIZED)
    assert (row.first_seen, row.snooze_reason, row.version) == (dt.date(2026, 1, 1), REASON, 2)


def test_who_snoozed_stays_known_while_the_snooze_is_the_same() -> None:
    company_that_snoozed()
    columns = "code,about,snoozed_until,snooze_reason"
    cells = '"Not before the ""launch"", =1+1"'
    assert not imported({"flags": f"{columns}\nunsized,robots,2027-06-15,{cells}\n"}).changed
    imported({"flags": f"{columns}\nunsized,robots,2027-06-14,{cells}\n"})
    row = flag(*UNSIZED)
    assert (row.snoozed_until, row.snoozed_by, row.version) == (dt.date(2027, 6, 14), None, 3)


def test_snooze_that_is_blank_wakes_the_flag() -> None:
    company_that_snoozed()
    assert imported({"flags": f"{HEADER}unsized,robots,,,,\n"}).tables["flags"] == Counts(updated=1)
    row = flag(*UNSIZED)
    assert (row.snoozed_until, row.snooze_reason, row.snoozed_by) == (None, "", None)
    assert row.first_seen == CHECKED_DAY


def test_flags_come_with_the_work_that_they_are_about() -> None:
    imported(dict(COMPANY))
    result = imported(
        {
            "initiatives": "key,team,title,status\nnew,shop,New,active\nlater,shop,Later,proposed\n",
            "flags": f"{HEADER}orphan,new,2026-05-01,2026-09-01,Wait.,grace@example.org\norphan,later,2026-05-01,,,\n",
        }
    )
    assert result.tables["flags"] == Counts(updated=1)
    row = Flag.objects.open().get(code="orphan", initiative__key="new")
    assert (row.first_seen, row.snooze_reason, row.cause) == (dt.date(2026, 5, 1), "Wait.", None)
    assert [notice.line for notice in result.notices] == [3]


def test_flag_that_a_bundle_makes_older_is_no_news_and_another_is() -> None:
    imported(dict(COMPANY))
    first = LogEntry.objects.get()
    assert flag(*UNSIZED).was_opened_since(first.pk - 1)
    imported({"flags": "code,about,first_seen_on\nunsized,robots,2026-06-14\nno_mission,shop,2026-06-15\n"})
    assert not flag(*UNSIZED).was_opened_since(0)
    assert flag("no_mission", "shop").cause == first


def test_rows_without_an_open_flag_are_mentioned_once_and_do_nothing() -> None:
    imported(dict(COMPANY))
    before, logged = exported(), LogEntry.objects.count()
    rows = "orphan,checkout,2026-01-01,,,\norphan,robots,2026-01-01,,,\nending,plan,2026-01-01,2026-07-01,Wait.,\n"
    result = imported({"flags": HEADER + rows})

    assert (result.changed, exported(), LogEntry.objects.count()) == (False, before, logged)
    assert result.tables["flags"] == Counts()
    assert [str(notice) for notice in result.notices] == [
        'flags.csv line 2, column about: the flag orphan of "checkout" is not open here; it was passed over, as flags '
        'are computed. 3 like this; the others: line 3 orphan of "robots", line 4 ending of "plan"'
    ]


def test_rows_without_an_open_flag_are_counted_however_many_they_are() -> None:
    imported(dict(COMPANY))
    keys = [f"work-{number}" for number in range(3_000)]
    work = "".join(f"{key},shop,Work\n" for key in keys)
    rows = "".join(f"orphan,{key}\n" for key in keys)
    (notice,) = imported({"initiatives": f"key,team,title\n{work}", "flags": f"code,about\n{rows}"}).notices
    assert (notice.times, len(notice.more)) == (3_000, 5)


def test_key_of_before_a_publication_finds_its_goal() -> None:
    imported(dict(COMPANY))
    Goal.objects.filter(key="sales").update(first_key="goal-8f2c")
    imported({"flags": "code,about,first_seen_on\nunexplained,goal-8f2c,2026-02-02\n"})
    assert flag("unexplained", "sales").first_seen == dt.date(2026, 2, 2)


def test_import_of_flags_is_logged_with_its_count() -> None:
    company_that_snoozed()
    imported({"flags": f"{HEADER}unsized,robots,2026-06-01,,,\nno_mission,depot,2026-06-14,,,\n"})
    entry = LogEntry.objects.order_by("id").last()
    assert entry is not None
    assert (entry.action, entry.note, entry.at) == ("company.flags_imported", {"updated": 2}, AT)


def test_dry_run_says_of_flags_what_the_import_does() -> None:
    company_that_snoozed()
    before = exported()
    files = {
        "initiatives": "key,team,title,status\nnew,shop,New,active\n",
        "flags": f"{HEADER}orphan,new,2026-05-01,,,\nunsized,checkout,2026-05-01,,,\n",
    }
    said = imported(dict(files), dry_run=True)
    assert exported() == before
    assert said == imported(dict(files))
    assert said.tables["flags"] == Counts(updated=1)


WRONG = {
    "no such code": ("lost,robots,,,,", "code", '"lost" is not one of the words for it; use one of orphan, '),
    "no code": (",robots,,,,", "code", "this is blank; give a code"),
    "no work": ("unsized,no-such,,,,", "about", 'there is no initiative "no-such"; use the key of an initiative'),
    "a title": ("unsized,Try robots,,,,", "about", 'there is no initiative "Try robots"; write robots'),
    "a key of something else": ("unsized,sales,,,,", "about", 'there is no initiative "sales"'),
    "no goal": ("unexplained,robots,,,,", "about", 'there is no goal "robots"'),
    "no strategy": ("ending,robots,,,,", "about", 'there is no strategy "robots"'),
    "no team": ("no_mission,robots,,,,", "about", 'there is no team "robots"'),
    "nothing": ("unsized,,,,,", "about", "this is blank; give the key of the initiative"),
    "a long key": (f"unsized,{'k' * 300},,,,", "about", "300 characters; give the key of the init"),
    "tomorrow": ("unsized,robots,2026-06-16,,,", "first_seen_on", "2026-06-16 is after today; use 2026-06-15 at the l"),
    "no day": ("unsized,robots,2026-02-30,,,", "first_seen_on", '"2026-02-30" is no day: there is no 30 February 2026'),
    "no other day": ("unsized,robots,,2026-13-01,Wait.,", "snoozed_until", '"2026-13-01" is no day: there is no month'),
    "too long": (
        "unsized,robots,,2027-06-16,Wait.,",
        "snoozed_until",
        "2027-06-16 is more than a year ahead; snooze it until 2027-06-15 at the latest",
    ),
    "no reason": ("unsized,robots,,2026-07-01,,", "snooze_reason", "a snooze without a reason; say why it can wait"),
    "a reason for nothing": (
        "unsized,robots,,,Wait.,",
        "snooze_reason",
        "this is of a snooze, and there is no day; give the day in snoozed_until, or empty this",
    ),
    "somebody for nothing": ("unsized,robots,,,,ada@example.org", "snoozed_by", "this is of a snooze, and there is no"),
    "two lines": ('unsized,robots,,2026-07-01,"a\nb",', "snooze_reason", "a line break or another control character"),
    "a stranger": ("unsized,robots,,2026-07-01,Wait.,x@example.org", "snoozed_by", '"x@example.org" is not among the'),
    "a name": (
        "unsized,robots,,2026-07-01,Wait.,Ada",
        "snoozed_by",
        '"Ada" is a name, and an e-mail address belongs here; write ada@example.org',
    ),
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", WRONG)
def test_flag_that_cannot_be_is_named(what: str) -> None:
    row, column, said = WRONG[what]
    found = refused({"flags": f"{HEADER}{row}\n"})
    assert places(found) == [("flags.csv", 2, column)]
    assert said in str(found[0])


@pytest.mark.usefixtures("company")
def test_rules_between_cells_hold_where_columns_are_missing() -> None:
    for files, column in (
        ("code,about,snoozed_until\nunsized,robots,2026-07-01\n", "snoozed_until"),
        ("code,about,snooze_reason\nunsized,robots,Wait.\n", "snooze_reason"),
        ("code,about,snoozed_by\nunsized,robots,ada@example.org\n", "snoozed_by"),
    ):
        assert places(refused({"flags": files})) == [("flags.csv", 2, column)]
    assert places(refused({"flags": "code,first_seen_on\nunsized,2026-06-01\n"})) == [("flags.csv", 1, "about")]


@pytest.mark.usefixtures("company")
def test_flag_is_in_a_bundle_once() -> None:
    rows = "unsized,robots\nunreasoned,checkout\nunsized,robots\n"
    assert places(refused({"flags": f"code,about\n{rows}"})) == [("flags.csv", 4, "about")]


@pytest.mark.usefixtures("company")
def test_work_that_is_wrong_itself_is_not_reported_for_its_flag() -> None:
    files = {"initiatives": "key,team,title\nnew,no-such,New\n", "flags": "code,about\nunsized,new\n"}
    assert places(refused(files)) == [("initiatives.csv", 2, "team")]
