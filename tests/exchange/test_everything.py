"""What people wrote in the product is in the export, and comes back from it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from strategy.enums import GoalStatus
from strategy.models import CheckIn, Goal, Measure
from strategy.services.measures import check_in
from teams.enums import InitiativeStatus, SupportStatus
from teams.models import Company, Initiative, Person, Support
from tests import factories as make
from tests.exchange.bundles import AT, COMPANY, counted, exported, imported, lines_of, places, refused, undone

pytestmark = pytest.mark.django_db
FIRST = "measure,on,value,confidence,note,by,at,corrects\n"


def wrote(*, days: int = 0) -> None:
    """Ada checks the orders in, twice on a day."""
    at = AT - dt.timedelta(days=days)
    for minutes, value, sure, note in ((5, "12", "on_track", ""), (9, "13.25", "", "Two\nlines, “quoted”")):
        measure = Measure.objects.get(key="orders")
        check_in(
            measure, actor=Person.objects.get(name="Ada"), at=at + dt.timedelta(minutes=minutes, microseconds=7),
            version=measure.version, value=Decimal(value), confidence=sure, note=note,
        )  # fmt: skip


def company_that_wrote() -> None:
    imported(dict(COMPANY))
    wrote(days=3)
    ada = Person.objects.get(name="Ada")
    Goal.objects.filter(key="repair").update(
        status=GoalStatus.MISSED, closed_on=AT.date(), closing_reason="Too slow.\nNext year.", learned="Ask\nfirst."
    )
    make.GoalSuccessorFactory(goal=Goal.objects.get(key="repair"), successor=Goal.objects.get(key="growth"))
    Measure.objects.filter(key="days").update(carries_on=Measure.objects.get(key="orders"))
    Initiative.objects.filter(key="robots").update(
        declaration="Can robots pack?",
        status=InitiativeStatus.DROPPED,
        status_reason="They drop\nthings.",
        learned="Robots\nneed rails.",
    )
    Link.objects.filter(goal__key="growth").update(
        note="Endorsed, *but* look again.", judged_by=ada, judged_on=AT.date(), outcome_note="More orders, “a few”."
    )
    Support.objects.update(status=SupportStatus.DECLINED, answer="Not before June, =SUM(A1)")
    row = Support.objects.get()
    said = {
        "key": "pack-more",
        "answer": "Two of us",
        "offered": True,
        "asked_on": AT.date(),
        "thanks": "You saved it.",
    }
    days = {"needed_on": AT.date(), "due_on": AT.date() + dt.timedelta(days=9)}
    make.SupportFactory(initiative=row.initiative, team=row.team, status="delivered", unconfirmed=True, **said, **days)
    Person.objects.filter(name="Grace").update(is_active=False, digests=False, digests_always=True, turn_mails=False)
    Person.objects.filter(name="Ada").update(digest_weekday=7, digest_hour=0)
    Company.objects.update(check_in_rhythm="month")
    recompute_alignment(as_of=AT.date(), at=AT)


def test_company_that_wrote_survives_the_round_trip() -> None:
    with undone():
        company_that_wrote()
        before = exported()
    for words in (
        "Too slow.\nNext year.",
        "Can robots pack?",
        "They drop\nthings.",
        "Robots\nneed rails.",
        "More orders, “a few”.",
        "no,no,yes,,,no\n",
        "yes,yes,no,7,0,yes\n",
        "*but* look again",
        "Not before June, =SUM(A1)",
        "2026-06-15,Two of us,pack-more,2026-06-15,2026-06-24,yes,You saved it.,yes\n",
        "Two\nlines",
    ):
        assert words in "".join(before.values())
    imported(dict(before))
    assert exported() == before
    assert not imported(dict(before), AT + dt.timedelta(days=40)).changed
    link = Link.objects.get(goal__key="growth")
    assert (link.judged_by, link.judged_on) == (Person.objects.get(name="Ada"), AT.date())
    grace, ada = Person.objects.get(name="Grace"), Person.objects.get(name="Ada")
    assert (grace.is_active, grace.digests, grace.digests_always, grace.turn_mails) == (False, False, True, False)
    assert (ada.digest_weekday, ada.digest_hour) == (7, 0)


def test_check_ins_are_lines_in_the_order_of_their_instants() -> None:
    imported(dict(COMPANY))
    wrote()
    Company.objects.update(timezone="Pacific/Kiritimati")
    assert exported()["check_ins.csv"] == (
        f"{FIRST}orders,2026-06-16,12,on_track,,ada@example.org,2026-06-15T12:05:00.000007Z,\n"
        'orders,2026-06-16,13.25,,"Two\nlines, “quoted”",ada@example.org,2026-06-15T12:09:00.000007Z,\n'
    )


@pytest.mark.usefixtures("company")
def test_check_in_without_an_instant_is_at_the_start_of_its_day() -> None:
    files = {
        "company": "setting,value\ntimezone,Europe/Berlin\n",
        "check_ins": "measure,on,value,note\norders,2026-06-02,11,\ndays,2026-06-01,3,Slow\norders,2026-06-01,10.5,\n",
    }
    assert counted(dict(files)) == {"company": (0, 1, 0), "check_ins": (3, 0, 0)}
    assert not imported(dict(files)).changed
    assert lines_of("check_ins")[1:] == [
        "days,2026-06-01,3,,Slow,,2026-05-31T22:00:00.000000Z,",
        "orders,2026-06-01,10.5,,,,2026-05-31T22:00:00.000000Z,",
        "orders,2026-06-02,11,,,,2026-06-01T22:00:00.000000Z,",
    ]
    first, last = CheckIn.objects.filter(measure__key="orders").order_by("id")
    assert (first.value, last.value) == (Decimal("10.5"), 11)
    assert Measure.objects.get(key="orders").current == 10


@pytest.mark.usefixtures("company")
def test_check_in_that_differs_from_what_is_there_is_refused() -> None:
    imported({"check_ins": "measure,on,value,note,by\norders,2026-06-01,1,Note,ada@example.org\n"})
    for row, column in (("2,Note,ada@example.org", "value"), ("1,Other,ada@example.org", "note"), ("1,Note,", "by")):
        (found,) = refused({"check_ins": f"measure,on,value,note,by\norders,2026-06-01,{row}\n"})
        assert (found.line, found.column) == (2, column)
        assert found.wrong == "this differs from the check-in that is there"
    assert not imported({"check_ins": "measure,on,value\norders,2026-06-01,1\n"}).changed


WRONG = {
    "no value": ("orders,2026-06-01,,,,,,", "value"),
    "no measure": ("no-such,2026-06-01,1,,,,,", "measure"),
    "no day": ("orders,,1,,,,,", "on"),
    "tomorrow": ("orders,2026-06-16,1,,,,,", "on"),
    "later today": ("orders,2026-06-15,1,,,,2026-06-15T12:00:01Z,", "at"),
    "another day": ("orders,2026-06-10,1,,,,2026-06-12T12:00:00Z,", "at"),
    "no instant": ("orders,2026-06-10,1,,,,noon,", "at"),
    "a stranger": ("orders,2026-06-10,1,,,x@example.org,,", "by"),
    "no judgement": ("orders,2026-06-10,1,certain,,,,", "confidence"),
    "a correction of nothing": ("orders,2026-06-10,1,,,,,2026-06-09T00:00:00Z", "corrects"),
    "a correction of what is later": ("orders,2026-06-10,1,,,,,2026-06-11T00:00:00Z", "corrects"),
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", WRONG)
def test_check_in_that_cannot_be_is_named(what: str) -> None:
    row, column = WRONG[what]
    assert places(refused({"check_ins": f"{FIRST}{row}\n"})) == [("check_ins.csv", 2, column)]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("at", ["2026-06-09T23:59:59Z", "2026-06-11T12:00:00Z"])
def test_check_in_may_be_of_the_day_that_it_was_elsewhere(at: str) -> None:
    assert counted({"check_ins": f"{FIRST}orders,2026-06-10,1,,,,{at},\n"}) == {"check_ins": (1, 0, 0)}


@pytest.mark.usefixtures("company")
def test_check_ins_of_one_instant_are_told_apart_by_their_order() -> None:
    content = "measure,on,value\norders,2026-06-01,2\norders,2026-06-01,1\n"
    assert counted({"check_ins": content}) == {"check_ins": (2, 0, 0)}
    assert counted({"check_ins": f"{content}orders,2026-06-01,1\n"}) == {"check_ins": (1, 0, 2)}
    assert [line.split(",")[2] for line in lines_of("check_ins")[1:]] == ["2", "1", "1"]
    swapped = "measure,on,value\norders,2026-06-01,1\norders,2026-06-01,2\n"
    assert places(refused({"check_ins": swapped})) == [("check_ins.csv", 2, "value"), ("check_ins.csv", 3, "value")]


@pytest.mark.usefixtures("company")
def test_correction_is_brought_in_with_what_it_corrects_and_goes_out_again() -> None:
    """In either order in the file: the correction is the last word on the first of June, of which it speaks."""
    first = "orders,2026-06-01,12,at_risk,Too much,ada@example.org,2026-06-01T08:00:00.000000Z,"
    other = (
        "orders,2026-06-02,11,on_track,Right,ada@example.org,2026-06-02T09:00:00.000000Z,2026-06-01T08:00:00.000000Z"
    )
    assert counted({"check_ins": f"{FIRST}{other}\n{first}\n"}) == {"check_ins": (2, 0, 0)}
    assert lines_of("check_ins")[1:] == [first, other]
    (last,) = CheckIn.objects.uncorrected()
    assert (last.value, last.moment) == (11, dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC))
    again = "orders,2026-06-03,10,,,,,2026-06-02T09:00:00Z"
    assert places(refused({"check_ins": f"{FIRST}{again}\n"})) == [("check_ins.csv", 2, "corrects")]


MILESTONES = {
    "a target of its own": ("gate,sales,Open,,,2,,milestone", "target"),
    "a baseline of its own": ("gate,sales,Open,,5,1,0,milestone", "baseline"),
    "half of it": ("gate,sales,Open,,,1,0.5,milestone", "current"),
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", MILESTONES)
def test_milestone_has_no_other_numbers_than_zero_and_one(what: str) -> None:
    row, column = MILESTONES[what]
    header = "key,goal,title,unit,baseline,target,current,kind\n"
    assert places(refused({"measures": f"{header}{row}\n"})) == [("measures.csv", 2, column)]


@pytest.mark.usefixtures("company")
def test_milestone_is_checked_in_with_zero_or_one() -> None:
    gate = "key,goal,title,target,kind\ngate,sales,Open,1,milestone\n"
    files = {"measures": gate, "check_ins": "measure,on,value\ngate,2026-06-01,3\n"}
    assert places(refused(dict(files))) == [("check_ins.csv", 2, "value")]
    files["check_ins"] = "measure,on,value\ngate,2026-06-01,1\norders,2026-06-01,3\n"
    assert counted(dict(files)) == {"measures": (1, 0, 0), "check_ins": (2, 0, 0)}
    found = refused({"measures": "key,baseline,target,current,kind\norders,0,1,1,milestone\n"})
    assert places(found) == [("measures.csv", 2, "kind")]


@pytest.mark.usefixtures("company")
def test_last_administrator_stays_active() -> None:
    assert places(refused({"people": "email,active\nada@example.org,no\n"})) == [("people.csv", 2, "role")]
    imported({"people": "email,active\ngrace@example.org,no\n"})
    assert not Person.objects.get(name="Grace").is_active
    assert counted({"people": "email,active\ngrace@example.org,\n"}) == {"people": (0, 1, 0)}
    assert Person.objects.get(name="Grace").is_active
