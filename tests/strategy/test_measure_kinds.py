"""Measures of each kind: what each needs, what it refuses and what it says of itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from lib.text.numbers import SPACE
from strategy.models import CheckIn, Measure
from strategy.narrative import attainment_text, wanted_text
from strategy.services.measures import check_in, create_measure, edit_measure
from teams.models import LogEntry
from tests import factories as make
from tests.html import fields_of, form_to, message_of, text_of, value_of
from tests.strategy.conftest import signed_in
from web.measures.progress import progress_of

pytestmark = pytest.mark.django_db
AT = make.NOW
FORM = {"title": "Answered in an hour", "kind": "at_least", "unit": "%", "target": "95", "current": "91.5"}


@pytest.fixture
def leader():
    return make.LeaderFactory(name="Leo Leader")


def new(company: Any, leader: Any, **values: Any) -> Measure:
    return create_measure(company.quality, actor=leader, at=AT, **{"title": "Bugs", **values})


def edited(measure: Measure, leader: Any, **values: Any) -> Measure:
    measure.refresh_from_db()
    return edit_measure(measure, actor=leader, at=AT, version=measure.version, **values)


def wrong(company: Any, leader: Any, **values: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        new(company, leader, **values)
    assert company.quality.measures.count() == 0
    return error.value.message_dict


def test_number_that_goes_down_is_one_to_reach(company, leader):
    made = new(company, leader, baseline=Decimal(90), target=Decimal(10))

    assert (made.kind, made.current, progress_of(made).share) == ("target", 90, f"0{SPACE}%")


def test_what_is_kept_at_a_limit_begins_where_it_stands(company, leader):
    made = new(company, leader, kind="at_most", baseline=None, target=Decimal(400), current=Decimal(420))

    assert (made.baseline, made.target, made.current) == (420, 400, 420)
    assert attainment_text(made) == "At 420, 20 above the 400 that it should not exceed."
    assert wanted_text(made) == "at most 400"
    entry = LogEntry.objects.get(action="measure.created")
    assert entry.changes["kind"] == [None, "at_most"]


def test_milestone_needs_a_title_alone(company, leader):
    made = new(company, leader, kind="milestone", baseline=None)

    assert (made.baseline, made.target, made.current, made.unit) == (0, 1, 0, "")
    assert (attainment_text(made), wanted_text(made)) == ("Not reached yet.", "reached")
    assert new(company, leader, kind="milestone", current=Decimal(1)).current == 1


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"target": Decimal(5), "baseline": Decimal(5)}, {"target": "begin and end at 5"}),
    ({"target": None, "baseline": None}, {"target": "when the goal is reached", "baseline": "when the goal began"}),
    ({"kind": "at_least", "target": None, "current": Decimal(1)}, {"target": "limit"}),
    ({"kind": "at_most", "target": Decimal(1), "baseline": None}, {"current": "where it stands now"}),
    ({"kind": "milestone", "unit": "%"}, {"unit": "has no numbers"}),
    ({"kind": "milestone", "target": Decimal(3)}, {"target": "has no numbers"}),
    ({"kind": "milestone", "baseline": Decimal(3)}, {"baseline": "has no numbers"}),
    ({"kind": "milestone", "current": Decimal("0.5")}, {"current": "give 1 or 0"}),
    ({"kind": "feeling", "target": Decimal(3)}, {"kind": "one of the four"}),
]


@pytest.mark.parametrize(("values", "fields"), WRONG)
def test_what_a_kind_has_not_is_refused_with_what_would_be_right(company, leader, values, fields):
    found = wrong(company, leader, **values)

    assert set(found) == set(fields)
    assert all(words in found[name][0] for name, words in fields.items())


def test_kind_changes_while_its_check_ins_still_mean_something(company, leader):
    made = new(company, leader, baseline=Decimal(80), target=Decimal(95))
    check_in(made, actor=leader, at=AT, version=1, value=Decimal(90))

    kept = edited(made, leader, kind="at_least", target=Decimal(85))
    assert (kept.kind, kept.current, kept.baseline) == ("at_least", 90, 80)
    with pytest.raises(ValidationError, match="which a milestone has not"):
        edited(made, leader, kind="milestone", baseline=None, target=None, unit="")


def test_milestone_that_was_checked_in_stays_one(company, leader):
    made = new(company, leader, kind="milestone")
    check_in(made, actor=leader, at=AT, version=1, value=Decimal(1))

    with pytest.raises(ValidationError, match="as reached or not"):
        edited(made, leader, kind="target", baseline=Decimal(0), target=Decimal(9))


def test_kind_of_what_nobody_has_checked_in_changes_with_its_numbers(company, leader):
    made = new(company, leader, baseline=Decimal(80), target=Decimal(95))

    reached = edited(made, leader, kind="milestone", unit="", baseline=None, target=None)
    assert (reached.baseline, reached.target, reached.current) == (0, 1, 0)
    again = edited(made, leader, kind="target", baseline=Decimal(7), target=Decimal(9))
    assert (again.baseline, again.target, again.current) == (7, 9, 7)


def test_measure_without_a_way_from_before_keeps_it_until_its_numbers_change(company, leader):
    """An import may bring one; its other fields can be edited."""
    made = make.MeasureFactory(goal=company.quality, baseline=5, target=5, current=5)

    assert edited(made, leader, title="Other").title == "Other"
    with pytest.raises(ValidationError, match="no way to go"):
        edited(made, leader, baseline=Decimal(6), target=Decimal(6))


def test_milestone_is_checked_in_as_reached_or_not(company, leader):
    made = new(company, leader, kind="milestone")

    with pytest.raises(ValidationError, match="1 or 0"), transaction.atomic():
        check_in(made, actor=leader, at=AT, version=1, value=Decimal(2))
    check_in(made, actor=leader, at=AT, version=1, value=Decimal(1))
    made.refresh_from_db()
    assert attainment_text(made) == "Reached."


SAID = [
    (("at_least", 0, "99.95", "99.9"), "At 99.95, kept at or above 99.9.", "kept"),
    (("at_least", 0, "99.5", "99.9"), "At 99.5, 0.4 below the 99.9 that it should not fall below.", "0.4 short"),
    (("at_most", 0, "350", "400"), "At 350, kept at or below 400.", "kept"),
    (("at_most", 0, "420", "400"), "At 420, 20 above the 400 that it should not exceed.", "20 short"),
    (("milestone", 0, "0", "1"), "Not reached yet.", "not yet"),
    (("milestone", 0, "1", "1"), "Reached.", "reached"),
]


@pytest.mark.parametrize(("values", "words", "share"), SAID)
def test_each_kind_says_where_it_stands_in_words_of_its_own(values, words, share):
    kind, baseline, current, target = values
    measure = Measure(kind=kind, baseline=Decimal(baseline), current=Decimal(current), target=Decimal(target))
    progress = progress_of(measure)

    assert (progress.words, progress.share, progress.at) == (words, share, "")


# Pages


def test_new_measure_of_a_kind_is_made_in_the_browser(company, leader):
    client, address = signed_in(leader), reverse("measure_new", args=["quality"])
    made = client.post(address, FORM, follow=True)

    assert "“Answered in an hour” is a measure of this goal now." in message_of(made)
    row = company.quality.measures.get()
    assert (row.kind, row.baseline, row.current) == ("at_least", Decimal("91.5"), Decimal("91.5"))
    page = text_of(client.get(reverse("goal_detail", args=["quality"])))
    assert "– 91.5 at least 95" in page
    assert "3.5 short" in page


def test_form_says_beside_each_field_what_its_kind_needs(company, leader):
    client, address = signed_in(leader), reverse("measure_new", args=["quality"])
    blank = client.post(address, {"title": "Open", "kind": "target"})

    assert blank.status_code == 422
    assert "Say where it stood when the goal began." in text_of(blank)
    assert "Say where it stands when the goal is reached." in text_of(blank)
    made = client.post(address, {"title": "Open", "kind": "milestone"}, follow=True)
    assert "“Open” is a measure of this goal now." in message_of(made)


def test_milestone_is_edited_without_numbers_and_checked_in_by_a_choice(company, leader):
    made, client = new(company, leader, kind="milestone", title="Open"), signed_in(leader)
    edit = reverse("measure_edit", args=[made.key])
    page = client.get(edit)
    assert (value_of(page, "baseline"), value_of(page, "target")) == ("", "")
    typed = fields_of(form_to(page, "")) | {"title": "The shop is open", "because": "In plainer words."}
    assert "“The shop is open” is saved." in message_of(client.post(edit, typed, follow=True))

    address = reverse("measure_check_in", args=[made.key])
    typed = fields_of(form_to(client.get(address), "")) | {"current": "1"}
    assert "“The shop is open” is reached." in message_of(client.post(address, typed, follow=True))
    assert CheckIn.objects.get().value == 1


def test_check_in_asks_how_sure_one_is(company, leader):
    made, client = new(company, leader, target=Decimal(9)), signed_in(leader)
    address = reverse("measure_check_in", args=[made.key])
    refused = client.post(address, {"current": "4", "version": 1})

    assert refused.status_code == 422
    assert "Say how sure you are of it: on track, at risk or off track." in text_of(refused)
    client.post(address, {"current": "4", "confidence": "off_track", "version": 1})
    assert CheckIn.objects.get().confidence == "off_track"
