"""Links at the edges of what their services take, and what each leaves in the log."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from alignment.models import Link
from alignment.selectors.links import removed_link
from alignment.selectors.shares import shares_version
from alignment.services import link_rules
from alignment.services.links import (
    confirm_link,
    dispute_link,
    edit_link,
    endorse_link,
    make_link,
    record_outcome,
    remove_link,
    restore_link,
    set_shares,
    withdraw_judgement,
)
from lib.services.errors import RefusedError, StaleError
from teams.models import LogEntry
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=3)
THAT_DAY = DAY + dt.timedelta(days=3)
LAST_DAY = dt.date(2100, 12, 31)


@pytest.fixture
def link():
    return make.LinkFactory(initiative__touched_on=DAY)


@pytest.fixture
def by():
    return {"actor": make.LeaderFactory(), "at": LATER}


def told() -> dict:
    """What the last entry says changed, and its note."""
    entry = LogEntry.objects.latest("id")
    return {"changes": entry.changes, "note": entry.note}


def touched(link) -> dt.date:
    return type(link.initiative).objects.get(pk=link.initiative_id).touched_on


def removed_at(link, at: dt.datetime) -> LogEntry:
    return remove_link(link, actor=make.LeaderFactory(), at=at)


def test_removal_is_undone_within_a_day(link, by):
    entry = removed_at(link, LATER - dt.timedelta(days=1, seconds=1))
    with pytest.raises(RefusedError, match="too late"):
        restore_link(entry, **by)

    again = make.LinkFactory(initiative=link.initiative, goal=link.goal)
    entry = removed_at(again, LATER - dt.timedelta(days=1))
    assert restore_link(entry, **by).pk == again.pk


def test_removing_and_restoring_touch_the_work_and_are_told(link, by):
    entry = remove_link(link, **by)
    assert touched(link) == THAT_DAY
    assert entry.changes["initiative"] == [link.initiative_id, None]
    assert entry.changes["goal"] == [link.goal_id, None]
    assert (entry.row_version, entry.changes["rationale"]) == (1, [link.rationale, None])

    restore_link(entry, **by)
    assert touched(link) == DAY
    assert told()["note"] == {"undoes": entry.pk, "touched_on": ["2026-03-19", "2026-03-16"]}
    assert told()["changes"]["goal"] == [None, link.goal_id]


def test_removed_on_a_stale_page_it_stays(link, by):
    edit_link(link, version=1, evidence="Seen", **by)

    with pytest.raises(StaleError):
        remove_link(link, version=1, **by)
    assert Link.objects.filter(pk=link.pk).exists()


def test_restored_link_goes_on_without_a_measure_that_is_elsewhere_by_now(link, by):
    measure = make.MeasureFactory(goal=link.goal)
    Link.objects.filter(pk=link.pk).update(measure=measure, expected_change=2)
    entry = remove_link(link, **by)
    type(measure).objects.filter(pk=measure.pk).update(goal=make.GoalFactory())

    restored = restore_link(entry, **by)

    assert (restored.measure, restored.expected_change) == (None, None)


def test_restored_link_keeps_a_measure_of_a_goal_below(link, by):
    measure = make.MeasureFactory(goal=make.GoalFactory(parent=link.goal))
    Link.objects.filter(pk=link.pk).update(measure=measure, expected_change=2)

    restored = restore_link(remove_link(link, **by), **by)

    assert (restored.measure, restored.expected_change) == (measure, 2)


@pytest.mark.parametrize("day", [THAT_DAY, LAST_DAY])
def test_review_is_from_today_to_the_last_day_there_is(link, by, day):
    assert edit_link(link, version=1, review_on=day, **by).review_on == day
    work, goal = make.InitiativeFactory(), make.GoalFactory()
    assert make_link(work, goal, "Because.", review_on=day, **by).review_on == day


@pytest.mark.parametrize("outcome", ["held", "failed", "unclear", "untested"])
def test_review_that_is_given_with_an_outcome_is_not_past(link, by, outcome):
    yesterday = THAT_DAY - dt.timedelta(days=1)

    with pytest.raises(ValidationError) as refused:
        record_outcome(link, outcome=outcome, review_on=yesterday, **by)
    assert refused.value.message_dict == {"review_on": [link_rules.LATER]}
    assert record_outcome(link, outcome=outcome, review_on=THAT_DAY, **by).review_on == THAT_DAY


def test_outcome_on_a_stale_page_is_refused(link, by):
    edit_link(link, version=1, evidence="Seen", **by)

    with pytest.raises(StaleError) as stale:
        record_outcome(link, outcome="held", version=1, **by)
    assert stale.value.current.evidence == "Seen"


def test_outcome_is_told_with_what_it_was(link, by):
    record_outcome(link, outcome="held", note="  Seen.\r\nTwice. ", review_on=THAT_DAY, **by)

    assert touched(link) == THAT_DAY
    assert told() == {
        "changes": {
            "outcome": ["untested", "held"],
            "outcome_note": ["", "Seen.\nTwice."],
            "review_on": [None, "2026-03-19"],
        },
        "note": {"touched_on": ["2026-03-16", "2026-03-19"]},
    }


def test_confirming_is_told_with_the_day_before(link, by):
    confirmed = confirm_link(link, **by)

    assert (confirmed.confirmed_on, confirmed.version) == (THAT_DAY, 2)
    changes = {"confirmed_on": ["2026-03-16", "2026-03-19"], "confirmed_at": [None, "2026-03-19T09:00:00+00:00"]}
    assert told() == {"changes": changes, "note": {"touched_on": ["2026-03-16", "2026-03-19"]}}


def test_owner_who_judges_does_not_touch_the_work(link, by):
    for judge in (endorse_link, dispute_link):
        judge(link, note="So it is.", **by)
        withdraw_judgement(link, **by)

    assert touched(link) == DAY


@pytest.mark.parametrize("service", [endorse_link, dispute_link])
def test_what_the_owner_says_is_at_most_so_long(link, by, service):
    with pytest.raises(ValidationError) as refused:
        service(link, note="x" * 2001, **by)
    assert list(refused.value.message_dict) == ["note"]
    assert len(service(link, note="x" * 2000, **by).note) == 2000


@pytest.mark.parametrize("service", [dispute_link, withdraw_judgement])
def test_judgement_on_a_stale_page_is_refused(link, by, service):
    said = {"note": "No."} if service is dispute_link else {}
    endorse_link(link, version=1, **by)

    with pytest.raises(StaleError):
        service(link, version=1, **said, **by)
    assert service(link, version=2, **said, **by).version == 3


def test_shares_are_told_before_and_after(by):
    work = make.InitiativeFactory()
    first, second, third = (make.LinkFactory(initiative=work, share=share) for share in (Decimal("0.7"), None, None))
    shares = {first.pk: Decimal("0.250000"), second.pk: Decimal("0.5"), third.pk: None}

    set_shares(work, shares, version=shares_version([first, second, third]), **by)

    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("initiative.shares_set", "initiative", work.pk)
    assert entry.note == {
        "shares": {str(first.pk): ["0.7", "0.25"], str(second.pk): [None, "0.5"]},
        "touched_on": ["2026-03-16", "2026-03-19"],
    }
    assert entry in LogEntry.objects.about("link", second.pk)


@pytest.mark.parametrize("share", ["-0.1", "1.1"])
def test_shares_are_more_than_nothing_and_at_most_all(by, share):
    work = make.InitiativeFactory()
    link = make.LinkFactory(initiative=work)

    with pytest.raises(ValidationError):
        set_shares(work, {link.pk: Decimal(share)}, version=shares_version([link]), **by)


def test_share_of_a_link_of_other_work_is_not_there(link, by):
    work = make.InitiativeFactory()
    mine = make.LinkFactory(initiative=work)

    with pytest.raises(RefusedError):
        set_shares(work, {link.pk: Decimal("0.5")}, version=shares_version([mine]), **by)


def test_expected_change_goes_with_its_measure(link, by):
    measure = make.MeasureFactory(goal=link.goal)
    edited = edit_link(link, version=1, measure=measure, expected_change=Decimal(2), **by)

    with pytest.raises(ValidationError) as refused:
        edit_link(edited, version=2, measure=None, **by)
    assert refused.value.message_dict == {"expected_change": [link_rules.NO_MEASURE]}
    assert edit_link(edited, version=2, measure=None, expected_change=None, **by).measure is None


def test_only_a_removal_can_be_taken_back(link, by):
    edit_link(link, **by, version=1, rationale="Other words.")
    edited = LogEntry.objects.latest("id")
    removed = remove_link(link, **by, version=2)

    assert removed_link(edited.pk) is None
    assert removed_link(removed.pk) == removed
