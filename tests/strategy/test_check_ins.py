"""Check-ins: corrections, keepers, what is due, and the page of all that somebody keeps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.services.errors import RefusedError, StaleError
from strategy.models import CheckIn, Goal, Measure, Strategy
from strategy.selectors.measures import going_on, kept_measures, points_of, with_points
from strategy.services.measures import (
    CORRECTED,
    SAYS_SO,
    check_in,
    correct_check_in,
    create_measure,
    edit_measure,
    undo_check_in,
)
from teams.models import Company, LogEntry
from tests import factories as make
from tests.html import fields_of, form_to, links_named, message_of, parsed, text_of, texts_of, value_of
from tests.strategy.conftest import close, hide, signed_in

pytestmark = pytest.mark.django_db
AT, DAY = make.NOW, make.DAY
LIST = "/check-ins/"


@pytest.fixture
def leader():
    return make.LeaderFactory(name="Leo Leader")


@pytest.fixture
def keeper():
    return make.PersonFactory(name="Kim Keeper")


@pytest.fixture
def customers(company):
    """From 1,000 to 2,000 customers a month; 1,250.5 now."""
    return company.growth.measures.get()


def said(measure: Measure, actor: Any, value: Any, days: int = 0, **values: Any) -> CheckIn:
    measure.refresh_from_db()
    at = AT + dt.timedelta(days=days)
    return check_in(measure, actor=actor, at=at, version=measure.version, value=Decimal(value), **values)


def corrected(made: CheckIn, actor: Any, value: Any, days: int = 5, **values: Any) -> CheckIn:
    given = {"version": Measure.objects.get(pk=made.measure_id).version, **values}
    return correct_check_in(made, actor=actor, at=AT + dt.timedelta(days=days), value=Decimal(value), **given)


def points(measure: Measure) -> list[tuple[dt.date, float, str]]:
    row = with_points(Measure.objects.filter(pk=measure.pk)).get()
    return [(point.at.date(), point.value, point.confidence) for point in points_of(row)]


def later(days: int) -> dt.date:
    return AT.date() + dt.timedelta(days=days)


# Corrections


def test_correction_of_the_last_word_takes_its_place_and_moves_the_measure(customers, leader):
    said(customers, leader, 1300, confidence="on_track")
    wrong = said(customers, leader, 14000, days=1, confidence="on_track")
    right = corrected(wrong, leader, 1400, confidence="at_risk", note="A zero too many.")

    customers.refresh_from_db()
    assert customers.current == 1400
    assert points(customers) == [(later(0), 1300, "on_track"), (later(1), 1400, "at_risk")]
    assert (right.corrects, right.at) == (wrong.at, AT + dt.timedelta(days=5))
    assert customers.check_ins.count() == 3
    entry = LogEntry.objects.get(action="measure.corrected")
    assert entry.changes == {"current": ["14000", "1400"]}
    assert entry.note == {"check_in": right.pk, "corrects": wrong.pk}
    assert entry in LogEntry.objects.about("checkin", wrong.pk)


def test_correction_of_an_earlier_word_leaves_where_the_measure_stands(customers, leader):
    wrong = said(customers, leader, 13000)
    said(customers, leader, 1400, days=1)
    corrected(wrong, leader, 1300)

    customers.refresh_from_db()
    assert customers.current == 1400
    assert [value for _on, value, _sure in points(customers)] == [1300, 1400]
    assert LogEntry.objects.get(action="measure.corrected").changes == {}


def test_correction_of_an_earlier_word_of_the_same_value_leaves_where_the_measure_stands(customers, leader):
    first = said(customers, leader, 1300)
    said(customers, leader, 1300, 1)
    corrected(first, leader, 1100)

    customers.refresh_from_db()
    assert customers.current == 1300


def test_correction_is_corrected_in_its_turn_and_what_was_corrected_is_not(customers, leader):
    first = said(customers, leader, 1)
    second = corrected(first, leader, 2)
    third = corrected(second, leader, 3, days=6)

    assert {second.corrects, third.corrects} == {first.at}
    assert points(customers) == [(later(0), 3, "")]
    for old in (first, second):
        with pytest.raises(RefusedError) as refused:
            corrected(old, leader, 4, days=7)
        assert str(refused.value) == CORRECTED


def test_correction_with_an_old_version_is_not_kept(customers, leader):
    made = said(customers, leader, 5)
    said(customers, leader, 6, days=1)

    with pytest.raises(StaleError):
        corrected(made, leader, 4, version=1)
    assert CheckIn.objects.count() == 2


def test_correction_that_says_the_same_is_refused(customers, leader):
    made = said(customers, leader, 5, confidence="at_risk", note="So.")

    with pytest.raises(RefusedError) as refused:
        corrected(made, leader, 5, confidence="at_risk", note=" So. ")
    assert str(refused.value) == SAYS_SO
    corrected(made, leader, 5, confidence="off_track", note="So.")
    assert points(customers) == [(later(0), 5, "off_track")]


def test_correction_is_for_those_who_may_check_in_and_not_for_closed_goals(company, customers, leader, keeper):
    made = said(customers, leader, 5)

    with pytest.raises(PermissionDenied):
        corrected(made, keeper, 6)
    close(company.growth)
    with pytest.raises(RefusedError, match="Reopen it"):
        corrected(CheckIn.objects.get(), leader, 6)
    assert CheckIn.objects.count() == 1


def test_what_was_taken_back_is_no_point_of_a_chart(customers, leader):
    """It stands at 1,300 on both days, as sure as on the first."""
    said(customers, leader, 1300, confidence="at_risk")
    undo_check_in(said(customers, leader, 9000, days=1), actor=leader, at=AT + dt.timedelta(days=1, hours=1))

    customers.refresh_from_db()
    assert customers.current == 1300
    assert points(customers) == [(later(0), 1300, "at_risk"), (later(1), 1300, "at_risk")]


def test_page_shows_what_was_corrected_and_offers_to_correct_what_holds(customers, leader):
    wrong = said(customers, leader, 14000, note="Too many.")
    said(customers, leader, 1500, days=1)
    client, address = signed_in(leader), reverse("measure_check_in", args=[customers.key])
    (correct, _other) = links_named(client.get(address), "Correct")[::-1]

    page = client.get(correct)
    assert (value_of(page, "current"), value_of(page, "note")) == ("14000", "Too many.")
    typed = fields_of(form_to(page, "")) | {"current": "1400", "confidence": "on_track"}
    done = client.post(correct, typed, follow=True)

    assert message_of(done) == "It is corrected to 1 400."
    assert "corrected later" in text_of(done)
    assert "corrects 16 Mar 2026" in text_of(done)
    assert texts_of(done, "s") == ["14 000"]
    assert reverse("check_in_correction", args=[wrong.pk]) not in links_named(done, "Correct")


# Keepers


def test_keeper_checks_in_and_edits_nothing(customers, leader, keeper):
    edited = edit_measure(customers, actor=leader, at=AT, version=1, keeper=keeper)
    assert LogEntry.objects.get(action="measure.edited").changes == {"keeper": [None, keeper.pk]}

    assert said(edited, keeper, 1300).person == keeper
    with pytest.raises(PermissionDenied):
        edit_measure(edited, actor=keeper, at=AT, version=2, title="Mine")


def test_keeper_is_somebody_who_is_here_and_may_write(company, leader):
    gone, viewer = make.PersonFactory(is_active=False, name="Gil Gone"), make.ViewerFactory(name="Vi Viewer")
    for person, words in ((gone, "no longer active here"), (viewer, "viewers check nothing in")):
        with pytest.raises(ValidationError, match=words) as wrong:
            create_measure(company.quality, actor=leader, at=AT, title="Bugs", target=Decimal(1), keeper=person)
        assert set(wrong.value.error_dict) == {"keeper"}


def test_keeper_who_has_left_may_stay(customers, leader, keeper):
    edit_measure(customers, actor=leader, at=AT, version=1, keeper=keeper)
    keeper.is_active = False
    keeper.save()

    assert edit_measure(customers, actor=leader, at=AT, version=2, title="Clients").keeper_id == keeper.pk


def test_keeper_is_picked_by_name_and_shown_on_the_goal_and_their_page(customers, leader, keeper):
    client = signed_in(leader)
    page = client.get(reverse("measure_edit", args=[customers.key]))
    typed = fields_of(form_to(page, "")) | {"keeper": "Kim Keeper"}
    done = client.post(reverse("measure_edit", args=[customers.key]), typed, follow=True)

    assert "kept by Kim Keeper" in text_of(done)
    assert "Check in" in text_of(signed_in(keeper).get(reverse("goal_detail", args=["growth"])))
    own = text_of(client.get(f"/people/{keeper.pk}/"))
    assert "Measures that they keep" in own
    assert "Customers" in own


# What is due


def kept(person: Any, on: dt.date = DAY, rhythm: str = "two_weeks") -> list[tuple[str, bool]]:
    rows = kept_measures([person.pk], on=on, by=on, rhythm=rhythm, timezone="UTC")
    return [(row.measure.title, row.is_due) for row in rows]


def test_measure_is_its_keepers_and_otherwise_its_goals_owners(company, customers, leader, keeper):
    assert (kept(leader), kept(keeper)) == ([], [])
    Goal.objects.filter(pk=company.growth.pk).update(owner=leader)
    assert kept(leader) == [("Customers", True)]

    Measure.objects.update(keeper=keeper)
    assert (kept(leader), kept(keeper)) == ([], [("Customers", True)])
    keeper.is_active = False
    keeper.save()
    assert kept(leader) == [("Customers", True)]


@pytest.mark.parametrize(("rhythm", "days"), [("week", 7), ("two_weeks", 14), ("month", 31)])
def test_measure_is_due_a_rhythm_after_its_last_check_in(customers, leader, keeper, rhythm, days):
    """From 16 March, a month later is 16 April."""
    Measure.objects.update(keeper=keeper)
    said(customers, leader, 1300)

    assert kept(keeper, later(days - 1), rhythm) == [("Customers", False)]
    assert kept(keeper, later(days), rhythm) == [("Customers", True)]


NOTHING_DUE: dict[str, Any] = {
    "a draft": lambda goal: Goal.objects.filter(pk=goal.pk).update(status="draft"),
    "a closed goal": lambda goal: Goal.objects.filter(pk=goal.pk).update(status="missed"),
    "a goal of the past": lambda goal: Goal.objects.filter(pk=goal.pk).update(ends_on=later(-1)),
    "a goal to come": lambda goal: Goal.objects.filter(pk=goal.pk).update(starts_on=later(1)),
    "a strategy that is a draft": lambda goal: Strategy.objects.filter(pk=goal.strategy_id).update(status="draft"),
    "a strategy that is over": lambda goal: Strategy.objects.filter(pk=goal.strategy_id).update(ends_on=later(-1)),
    "an archived strategy": lambda goal: Strategy.objects.filter(pk=goal.strategy_id).update(status="archived"),
    "a milestone that is reached": lambda _goal: Measure.objects.update(
        kind="milestone", unit="", baseline=0, target=1, current=1
    ),
}


@pytest.mark.parametrize("what", NOTHING_DUE)
def test_nothing_is_due_of(company, customers, keeper, what):
    Measure.objects.update(keeper=keeper)
    assert kept(keeper, later(0)) == [("Customers", True)]

    NOTHING_DUE[what](company.growth)
    assert kept(keeper, later(0)) == []


def test_goals_of_teams_that_are_not_here_ask_nothing(company, keeper):
    make.MeasureFactory(goal=company.own, title="Ours", keeper=keeper)
    below = make.GoalFactory(parent=company.growth, team=company.team)
    make.MeasureFactory(goal=below, title="Below", keeper=keeper)
    assert {title for title, _due in kept(keeper)} == {"Ours", "Below"}

    company.team.is_here = False
    company.team.save()
    assert kept(keeper) == []


def test_measures_that_go_on_are_found_in_one_query(company, customers, keeper, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [row.pk for row in going_on(later(0))] == [customers.pk]


# The page of all that one keeps


def test_page_has_all_that_one_keeps_those_that_are_due_first(company, customers, leader, keeper, time_machine):
    time_machine.move_to(AT + dt.timedelta(days=1), tick=False)
    Measure.objects.update(keeper=keeper)
    said(customers, leader, 1300)
    make.MeasureFactory(goal=company.quality, title="Bugs", unit="a week", keeper=keeper)
    make.MeasureFactory(goal=company.quality, title="Open", kind="milestone", target=1, current=0, keeper=keeper)
    page = signed_in(keeper).get(LIST)

    assert texts_of(page, "main h2") == ["Bugs", "Open", "Customers"]
    words = text_of(page)
    assert "Nobody has checked it in yet. For Quality" in words
    assert "Checked in 16 Mar 2026, due on 30 Mar 2026." in words
    assert len(texts_of(page, ".chip")) == 2


def test_several_are_checked_in_at_once_and_the_rest_is_left_alone(company, customers, keeper):
    bugs = make.MeasureFactory(key="bugs", goal=company.quality, keeper=keeper)
    gate = make.MeasureFactory(key="gate", goal=company.quality, kind="milestone", target=1, current=0, keeper=keeper)
    Measure.objects.update(keeper=keeper)
    client = signed_in(keeper)
    typed = fields_of(form_to(client.get(LIST), "")) | {
        "current-bugs": "7",
        "confidence-bugs": "at_risk",
        "note-bugs": "Fewer hands.",
        "current-gate": "1",
    }
    done = client.post(LIST, typed, follow=True)

    assert message_of(done) == "2 measures are checked in."
    bugs.refresh_from_db()
    gate.refresh_from_db()
    assert (bugs.current, gate.current, customers.check_ins.count()) == (7, 1, 0)
    made = bugs.check_ins.get()
    assert (made.confidence, made.note, made.person) == ("at_risk", "Fewer hands.", keeper)


def test_value_that_stays_is_checked_in_by_saying_how_sure_one_is(customers, keeper):
    Measure.objects.update(keeper=keeper)
    client = signed_in(keeper)
    typed = fields_of(form_to(client.get(LIST), "")) | {f"confidence-{customers.key}": "on_track"}
    client.post(LIST, typed)

    assert customers.check_ins.get().value == Decimal("1250.5")


def test_page_says_what_is_missing_and_saves_none(company, customers, keeper):
    make.MeasureFactory(key="bugs", goal=company.quality, keeper=keeper)
    Measure.objects.update(keeper=keeper)
    client = signed_in(keeper)
    typed = fields_of(form_to(client.get(LIST), "")) | {
        "current-bugs": "7",
        f"confidence-{customers.key}": "on_track",
    }
    refused = client.post(LIST, typed)

    assert refused.status_code == 422
    assert "Say how sure you are of it" in text_of(refused)
    assert value_of(refused, "current-bugs") == "7"
    assert not CheckIn.objects.exists()


def test_what_somebody_else_checked_in_meanwhile_is_not_overwritten_unseen(customers, leader, keeper):
    Measure.objects.update(keeper=keeper)
    client, key = signed_in(keeper), customers.key
    typed = fields_of(form_to(client.get(LIST), "")) | {f"current-{key}": "1600", f"confidence-{key}": "on_track"}
    said(customers, leader, 1500)
    refused = client.post(LIST, typed)

    assert refused.status_code == 422
    assert "it stands at 1 500 now. Save again if yours is right." in text_of(refused)
    client.post(LIST, fields_of(form_to(refused, "")))
    customers.refresh_from_db()
    assert customers.current == 1600


def test_page_with_nothing_said_changes_nothing(customers, keeper):
    Measure.objects.update(keeper=keeper)
    client = signed_in(keeper)
    done = client.post(LIST, fields_of(form_to(client.get(LIST), "")), follow=True)

    assert message_of(done) == "Nothing was changed."
    assert not CheckIn.objects.exists()


def test_page_has_nothing_that_its_reader_may_not_see_or_check_in(company, customers, keeper):
    Measure.objects.update(keeper=keeper)
    hide(company.growth)
    assert parsed(signed_in(keeper).get(LIST)).select("main h2") == []

    viewer = make.ViewerFactory()
    Goal.objects.filter(pk=company.quality.pk).update(owner=viewer)
    make.MeasureFactory(goal=company.quality)
    assert parsed(signed_in(viewer).get(LIST)).select("main h2") == []


def test_page_asks_the_same_number_of_queries_however_much_there_is(company, customers, leader, keeper):
    Measure.objects.update(keeper=keeper)
    client = signed_in(keeper)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(LIST).status_code == 200
        return len(seen)

    assert queries() == 4
    for _number in range(12):
        make.MeasureFactory(goal=company.quality, keeper=keeper)
    for value in range(5):
        said(customers, leader, value, days=value)
    assert queries() == 4


def test_rhythm_of_the_company_says_what_is_due(customers, leader, keeper, time_machine):
    time_machine.move_to(AT + dt.timedelta(days=8), tick=False)
    Measure.objects.update(keeper=keeper)
    said(customers, leader, 1300)
    client = signed_in(keeper)
    assert texts_of(client.get(LIST), ".chip") == []

    Company.objects.update(check_in_rhythm="week")
    page = client.get(LIST)
    assert texts_of(page, ".chip") == ["Check-in: Due"]
    assert "due since 23 Mar 2026" in text_of(page)
