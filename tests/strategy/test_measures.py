"""Measures: the services, what they leave in the log, and their pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.models import Flag
from lib.services.errors import RefusedError, StaleError
from lib.text.numbers import SPACE
from strategy.models import CheckIn, Goal, Measure
from strategy.services.measures import (
    TAKEN_BACK,
    check_in,
    create_measure,
    edit_measure,
    remove_measure,
    undo_check_in,
)
from teams.enums import TeamRole
from teams.models import LogEntry
from tests import factories as make
from tests.html import links_named, parsed, source_of, text_of, undo_of, value_of
from tests.strategy.conftest import close, hide, signed_in
from web.measures.progress import progress_of
from web.measures.views import SIZE

pytestmark = pytest.mark.django_db

AT = make.NOW
FORM = {"title": "Orders", "kind": "target", "unit": "a week", "baseline": "10", "target": "1 250.5"}

SURE = {"confidence": "on_track"}


@pytest.fixture
def leader():
    return make.LeaderFactory(name="Leo Leader")


@pytest.fixture
def customers(company):
    """From 1,000 to 2,000 customers a month; 1,250.5 now."""
    return company.growth.measures.get()


def unmeasured(goal: Goal) -> bool:
    return Flag.objects.open().filter(goal=goal, code="unmeasured").exists()


def post(person, name, key, follow=True, **data):
    return signed_in(person).post(reverse(name, args=[key]), data, follow=follow)


def checked_in(measure, actor, value, note=""):
    measure.refresh_from_db()
    return check_in(measure, actor=actor, at=AT, version=measure.version, value=Decimal(value), note=note)


# Services


def test_measure_starts_at_its_baseline_with_a_key_of_its_own(company, leader):
    first = create_measure(company.quality, actor=leader, at=AT, title=" Bugs ", baseline=Decimal(9), target=Decimal(0))
    second = create_measure(company.quality, actor=leader, at=AT, title="Bugs", target=Decimal(1), current=Decimal(5))

    assert (first.key, first.title, first.current) == ("bugs", "Bugs", 9)
    assert (second.key, second.baseline, second.current) == ("bugs-2", 0, 5)
    entry = LogEntry.objects.get(action="measure.created", subject_id=first.pk)
    assert (entry.actor, entry.changes["title"]) == (leader, [None, "Bugs"])
    assert entry in LogEntry.objects.about("goal", company.quality.pk)


def test_measure_answers_the_goal_that_had_none_and_its_removal_asks_again(company, leader):
    assert unmeasured(company.quality)

    made = create_measure(company.quality, actor=leader, at=AT, title="Bugs", target=Decimal(1))
    assert not unmeasured(company.quality)

    remove_measure(made, actor=leader, at=AT, version=made.version)
    assert unmeasured(company.quality)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"title": " "}, "title"), ({"unit": "x" * 41}, "unit"), ({"target": Decimal("1e16")}, "target")],
)
def test_measure_refuses_what_the_table_would(company, leader, values, field):
    given = {"title": "Bugs", "target": Decimal(1), **values}

    with pytest.raises(ValidationError) as wrong:
        create_measure(company.quality, actor=leader, at=AT, **given)

    assert set(wrong.value.error_dict) == {field}
    assert company.quality.measures.count() == 0


def test_closed_goal_takes_no_measure_and_no_check_in(company, customers, leader):
    close(company.growth)

    with pytest.raises(RefusedError, match="Reopen it"):
        create_measure(company.growth, actor=leader, at=AT, title="Bugs", target=Decimal(1))
    with pytest.raises(RefusedError, match="Reopen it"):
        checked_in(customers, leader, 5)
    assert not CheckIn.objects.exists()


def test_edit_saves_and_logs_only_what_differs(customers, leader):
    said: dict[str, Any] = {"title": "Customers", "unit": "a month", "baseline": Decimal(1000)}
    edited = edit_measure(customers, actor=leader, at=AT, version=1, **said, target=Decimal(3000))

    assert (edited.version, edited.current) == (2, Decimal("1250.5"))
    assert set(LogEntry.objects.get(action="measure.edited").changes) == {"target"}

    edit_measure(edited, actor=leader, at=AT, version=2, **said, target=Decimal(3000))
    assert LogEntry.objects.filter(action="measure.edited").count() == 1


def test_edit_of_the_baseline_takes_along_what_nobody_has_checked_in(leader):
    made = create_measure(make.GoalFactory(), actor=leader, at=AT, title="Bugs", target=Decimal(1))
    said: dict[str, Any] = {"title": "Bugs", "unit": "", "target": Decimal(1)}

    edited = edit_measure(made, actor=leader, at=AT, version=1, **said, baseline=Decimal(8))
    assert edited.current == 8

    checked_in(edited, leader, 8)
    edited = edit_measure(edited, actor=leader, at=AT, version=2, **said, baseline=Decimal(9))
    assert edited.current == 8


def test_edit_that_is_stale_changes_nothing(customers, leader):
    checked_in(customers, leader, 1300)
    with pytest.raises(StaleError) as stale:
        edit_measure(
            customers, actor=leader, at=AT, version=1, title="X", unit="", baseline=Decimal(0), target=Decimal(1)
        )

    assert stale.value.current.current == 1300
    assert Measure.objects.get(pk=customers.pk).title == "Customers"


def test_removal_leaves_links_without_the_measure_and_the_change_expected_of_it(company, customers, leader):
    link = make.LinkFactory(goal=company.growth, measure=customers, expected_change=50)
    other = make.LinkFactory(goal=company.growth)

    remove_measure(customers, actor=leader, at=AT, version=1)

    link.refresh_from_db()
    assert (link.measure, link.expected_change, link.version) == (None, None, 2)
    other.refresh_from_db()
    assert other.version == 1
    entry = LogEntry.objects.get(action="measure.removed")
    assert (entry.note["links"], entry.changes["key"]) == ([link.pk], [customers.key, None])


def test_removal_is_refused_once_somebody_has_checked_in(customers, leader):
    checked_in(customers, leader, 1300)
    customers.refresh_from_db()

    with pytest.raises(RefusedError, match="kept for ever"):
        remove_measure(customers, actor=leader, at=AT, version=customers.version)
    assert Measure.objects.filter(pk=customers.pk).exists()


def test_check_in_is_kept_and_moves_the_measure(customers, leader):
    made = checked_in(customers, leader, "1500.25", "Spring came.\r\nAt last. ")

    customers.refresh_from_db()
    assert customers.current == made.value == Decimal("1500.25")
    assert (made.note, made.person, made.at) == ("Spring came.\nAt last.", leader, AT)
    entry = LogEntry.objects.get(action="measure.checked_in")
    assert (entry.changes, entry.note) == ({"current": ["1250.5", "1500.25"]}, {"check_in": made.pk})


def test_check_in_of_the_same_value_says_that_it_still_stands_there(customers, leader):
    checked_in(customers, leader, "1250.5")

    assert customers.check_ins.count() == 1


def test_check_in_that_is_stale_is_not_kept(customers, leader):
    checked_in(customers, leader, 1300)

    with pytest.raises(StaleError):
        check_in(customers, actor=leader, at=AT, version=1, value=Decimal(1))
    assert customers.check_ins.count() == 1


def test_undo_is_another_check_in_with_the_value_before(customers, leader):
    made = checked_in(customers, leader, 9)
    again = undo_check_in(made, actor=leader, at=AT)

    customers.refresh_from_db()
    assert customers.current == again.value == Decimal("1250.5")
    assert [row.note for row in customers.check_ins.order_by("id")] == ["", TAKEN_BACK]


def test_undo_of_what_is_not_the_last_is_refused(customers, leader):
    made = checked_in(customers, leader, 9)
    checked_in(customers, leader, 10)

    with pytest.raises(RefusedError, match="since"):
        undo_check_in(made, actor=leader, at=AT)
    assert customers.check_ins.count() == 2


@pytest.mark.parametrize(
    ("baseline", "current", "target", "at", "share", "words"),
    [
        (0, 2, 8, "25.00%", "25.0 %", "At 2, 25.0 % of the way from 0 to 8."),
        (8, 6, 0, "25.00%", "25.0 %", "At 6, 25.0 % of the way from 8 to 0."),
        (0, 0, 8, "0.00%", "0 %", "At 0, where it began, on the way to 8."),
        (0, 8, 8, "100.00%", "100 %", "At 8, as wanted."),
        (0, 12, 8, "100.00%", "150.0 %", "At 12, past the 8 that was wanted."),
        (4, 2, 8, "0.00%", "−50.0 %", "At 2, further from 8 than where it began, at 4."),
        (5, 4, 5, "", "–", "At 4; it should stay at 5."),
    ],
)
def test_progress_in_words_and_as_a_line(baseline, current, target, at, share, words):
    values = {"baseline": Decimal(baseline), "current": Decimal(current), "target": Decimal(target)}
    progress = progress_of(Measure(**values))
    said = (progress.at, progress.share.replace(SPACE, " "), progress.words.replace(SPACE, " "))

    assert said == (at, share, words)


# Pages


def test_goal_page_shows_progress_and_the_day_of_the_last_check_in(company, customers, leader):
    client, address = signed_in(leader), reverse("goal_detail", args=["growth"])
    assert "Nobody has checked in yet" in text_of(client.get(address))

    check_in(customers, actor=leader, at=dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC), version=1, value=Decimal(1500))
    response = client.get(address)

    assert "12 Mar 2026" in text_of(response)
    labels = [" ".join(str(image["aria-label"]).split()) for image in parsed(response).select("[role=img]")]
    assert "At 1 500, 50.0 % of the way from 1 000 to 2 000." in labels
    assert "Remove: Customers" not in source_of(response)


@pytest.mark.parametrize("role", [make.ViewerFactory, make.PersonFactory])
def test_goal_page_offers_nothing_to_those_who_may_not(company, customers, role):
    response = signed_in(role()).get(reverse("goal_detail", args=["growth"]))
    html = text_of(response)

    assert "Customers" in html
    assert "Add a measure" not in html
    assert reverse("measure_edit", args=[customers.key]) not in source_of(response)


def test_goal_page_of_a_closed_goal_offers_no_new_measure_and_no_check_in(company, customers, leader):
    close(company.growth)
    response = signed_in(leader).get(reverse("goal_detail", args=["growth"]))

    assert "Add a measure" not in text_of(response)
    assert links_named(response, "Check in") == []


@pytest.mark.parametrize("who", ["owner", "lead"])
def test_owner_and_lead_write_measures_of_their_goals(company, who):
    person = make.PersonFactory()
    if who == "owner":
        Goal.objects.filter(pk=company.own.pk).update(owner=person)
    else:
        make.MembershipFactory(team=company.team, person=person, role=TeamRole.LEAD)

    response = post(person, "measure_new", "own", **FORM, current="")

    assert response.redirect_chain[-1] == (reverse("goal_detail", args=["own"]) + "#measures", 302)
    assert "“Orders” is a measure of this goal now." in text_of(response)
    made = company.own.measures.get()
    assert (made.baseline, made.target, made.current) == (10, Decimal("1250.5"), 10)
    assert post(person, "measure_new", "growth", **FORM).status_code == 403


def test_new_measure_keeps_what_was_typed_and_says_what_would_be_right(company, leader):
    response = post(leader, "measure_new", "quality", **FORM | {"target": "lots", "baseline": "1.1234567"})

    assert response.status_code == 422
    for words in ("Give a number, written like 1250.5.", "6 decimal places"):
        assert words in text_of(response)
    assert (value_of(response, "target"), value_of(response, "title")) == ("lots", "Orders")


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e40", ""])
def test_check_in_refuses_what_is_no_number(customers, leader, typed):
    response = post(leader, "measure_check_in", customers.key, current=typed, version=1)

    assert response.status_code == 422
    assert not CheckIn.objects.exists()


def test_new_measure_of_a_closed_goal_is_refused_in_words(company, leader):
    close(company.quality)
    response = post(leader, "measure_new", "quality", **FORM)

    assert response.status_code == 422
    assert "This goal is closed, so it takes no new measure." in text_of(response)


def test_edit_opens_with_what_is_there_and_saves(customers, leader):
    page = signed_in(leader).get(reverse("measure_edit", args=[customers.key]))
    assert value_of(page, "baseline") == "1000"

    response = post(leader, "measure_edit", customers.key, **FORM, version=1)

    assert "“Orders” is saved." in text_of(response)
    customers.refresh_from_db()
    assert (customers.title, customers.target, customers.current) == ("Orders", Decimal("1250.5"), Decimal("1250.5"))


def test_edit_that_is_stale_shows_both_texts_and_then_lets_through(customers, leader):
    Measure.objects.filter(pk=customers.pk).update(title="Clients")
    response = post(leader, "measure_edit", customers.key, **FORM, version=1)

    assert response.status_code == 409
    assert "Clients" in text_of(response)
    assert value_of(response, "version") == "2"
    assert post(leader, "measure_edit", customers.key, follow=False, **FORM, version=2).status_code == 302


def test_removal_says_what_goes_with_it(company, customers, leader):
    address = reverse("measure_removal", args=[customers.key])
    assert "no link names it" in text_of(signed_in(leader).get(address))

    make.LinkFactory(goal=company.growth, measure=customers, expected_change=50)
    assert "1 link names it" in text_of(signed_in(leader).get(address))

    response = post(leader, "measure_removal", customers.key, version=1)
    assert "“Customers” is removed." in text_of(response)
    assert not Measure.objects.filter(pk=customers.pk).exists()


def test_removal_of_what_was_checked_in_leads_to_its_check_ins(customers, leader):
    checked_in(customers, leader, 1300)
    for response in (
        signed_in(leader).get(reverse("measure_removal", args=[customers.key]), follow=True),
        post(leader, "measure_removal", customers.key, version=2),
    ):
        assert response.redirect_chain[-1][0] == reverse("measure_check_in", args=[customers.key])
        assert "kept for ever" in text_of(response)


def test_removal_that_is_stale_says_so(customers, leader):
    Measure.objects.filter(pk=customers.pk).update(title="Clients")
    response = post(leader, "measure_removal", customers.key, version=1)

    assert "Somebody else saved this" in text_of(response)
    assert Measure.objects.filter(pk=customers.pk).exists()


def test_check_in_can_be_undone_from_the_message_that_says_so(customers, leader):
    response = post(leader, "measure_check_in", customers.key, current="1 500", **SURE, note="Going well", version=1)
    made = customers.check_ins.get()
    undo = reverse("check_in_undoing", args=[customers.key, made.pk])

    html = text_of(response)
    for words in ("“Customers” stands at 1 500 now.", "Going well", "Leo Leader"):
        assert words in html
    assert undo_of(response) == undo

    html = text_of(signed_in(leader).post(undo, follow=True))
    assert "“Customers” stands at 1 250.5 again." in html
    assert TAKEN_BACK in html
    assert "Somebody has checked in since" in text_of(signed_in(leader).post(undo, follow=True))
    assert customers.check_ins.count() == 2


def test_undo_of_another_measures_check_in_is_missing(customers, leader):
    made = checked_in(make.MeasureFactory(), leader, 5)

    assert signed_in(leader).post(reverse("check_in_undoing", args=[customers.key, made.pk])).status_code == 404


def test_check_in_that_is_stale_shows_both_values(customers, leader):
    checked_in(customers, leader, 1300, "Mine")
    response = post(leader, "measure_check_in", customers.key, current="1400", **SURE, note="Yours", version=1)

    assert response.status_code == 409
    html = text_of(response)
    for words in ("Saved by somebody else", "1300", "1400", "Yours"):
        assert words in html
    assert value_of(response, "version") == "2"


def test_check_in_page_of_a_closed_goal_has_no_form_and_says_why(company, customers, leader):
    close(company.growth)
    page = signed_in(leader).get(reverse("measure_check_in", args=[customers.key]))
    refused = post(leader, "measure_check_in", customers.key, current="5", **SURE, version=1)

    assert "The goal is closed, so its measures stay as they are." in text_of(page)
    assert parsed(page).select("[name=current]") == []
    assert refused.status_code == 422
    assert "Reopen it to check in again." in text_of(refused)


def test_check_in_page_is_read_by_everybody_who_sees_the_goal(company, customers, leader):
    checked_in(customers, leader, 1300, "So far so good")
    viewer = make.ViewerFactory()
    page = signed_in(viewer).get(reverse("measure_check_in", args=[customers.key]))

    assert "So far so good" in text_of(page)
    assert parsed(page).select("[name=current]") == []
    assert post(viewer, "measure_check_in", customers.key, current="5", **SURE, version=1).status_code == 403


@pytest.mark.parametrize("name", ["measure_edit", "measure_removal", "measure_check_in"])
def test_measure_of_a_goal_that_is_hidden_is_missing(company, customers, name):
    hide(company.growth)
    address = reverse(name, args=[customers.key])
    client = signed_in(make.PersonFactory())

    assert client.get(address).status_code == client.post(address).status_code == 404


def test_check_ins_come_in_pages(customers, leader):
    for value in range(SIZE + 5):
        checked_in(customers, leader, value)
    client, address = signed_in(leader), reverse("measure_check_in", args=[customers.key])
    first = client.get(address).context
    following = client.get(address + first["past"].next_url).context

    assert [row.check_in.value for row in first["check_ins"]] == [*range(SIZE + 4, 4, -1)]
    assert [row.check_in.value for row in following["check_ins"]] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("name", "number"),
    [("measure_new", 5), ("measure_edit", 5), ("measure_removal", 7), ("measure_check_in", 6)],
)
def test_page_asks_the_same_number_of_queries_however_much_there_is(company, customers, leader, name, number):
    from django.db import connection

    client = signed_in(leader)
    address = reverse(name, args=["growth" if name == "measure_new" else customers.key])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    assert queries() == number
    for value in range(30):
        make.MeasureFactory(goal=company.growth)
        make.LinkFactory(goal=company.growth, measure=customers)
        if name != "measure_removal":
            checked_in(customers, make.LeaderFactory(), value)
    assert queries() == number
