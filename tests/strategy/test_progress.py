"""Progress of measures and goals, worked out by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from strategy.progress import (
    Attainment,
    LastCheckIn,
    Overview,
    Progress,
    attainment,
    due_on,
    is_due,
    is_over,
    overview,
    progress,
)

MAR_3, MAR_10 = dt.date(2026, 3, 3), dt.date(2026, 3, 10)


def measure(kind: str, baseline: str, current: str, target: str) -> Any:
    return SimpleNamespace(
        kind=kind, baseline=Decimal(baseline), current=Decimal(current), target=Decimal(target), title=kind
    )


ATTAINMENTS = [
    # up from 20 to 100: 44 of 80 are done, 36 are missing
    (("target", "20", "64", "100"), (Decimal("0.55"), False, 36)),
    # down from 90 to 10: 60 of 80 are done, 20 are left
    (("target", "90", "30", "10"), (Decimal("0.75"), False, 20)),
    # the wrong direction: 5 away of 20 wanted
    (("target", "40", "35", "60"), (Decimal("-0.25"), False, 25)),
    (("target", "40", "45", "20"), (Decimal("-0.25"), False, 25)),
    # beyond the target
    (("target", "0", "12", "8"), (Decimal("1.5"), True, 0)),
    (("target", "8", "-1", "0"), (Decimal("1.125"), True, 0)),
    # no way to go
    (("target", "5", "4", "5"), (None, False, 1)),
    (("target", "5", "5", "5"), (None, True, 0)),
    # kept: 99.5 of at least 99.9 is 0.4 short, the limit itself is met
    (("at_least", "99", "99.5", "99.9"), (None, False, Decimal("0.4"))),
    (("at_least", "99", "99.9", "99.9"), (None, True, 0)),
    (("at_most", "300", "420", "400"), (None, False, 20)),
    (("at_most", "300", "-5", "400"), (None, True, 0)),
    (("milestone", "0", "0", "1"), (0, False, 1)),
    (("milestone", "0", "1", "1"), (1, True, 0)),
]


@pytest.mark.parametrize(("values", "expected"), ATTAINMENTS)
def test_attainment_of_one_measure(values, expected):
    assert attainment(measure(*values)) == Attainment(*expected)


def test_a_goal_says_what_its_own_measures_say_together():
    """The mean of 0.55 and 1 (12 of 8 makes up for nothing) is 0.775; one of two limits is kept."""
    found = progress(
        [
            (measure("target", "20", "64", "100"), LastCheckIn(MAR_10, "on_track")),
            (measure("target", "0", "12", "8"), LastCheckIn(MAR_3, "at_risk")),
            (measure("at_least", "99", "99.5", "99.9"), None),
            (measure("at_most", "300", "350", "400"), LastCheckIn(MAR_10)),
        ]
    )

    assert found == Progress(
        measures=4, far=Decimal("0.775"), met=2, kept=1, to_keep=2, sure="at_risk", fresh=MAR_3, unsaid=1
    )


def test_what_goes_the_wrong_way_takes_nothing_from_another_measure():
    """0 and 0.5, not −0.25 and 0.5."""
    wrong, half = measure("target", "40", "35", "60"), measure("target", "0", "5", "10")

    assert progress([(wrong, None), (half, None)]).far == Decimal("0.25")


def test_a_milestone_that_is_reached_has_no_more_to_say():
    reached, open_ = measure("milestone", "0", "1", "1"), measure("milestone", "0", "0", "1")

    assert (is_over(reached), is_over(open_)) == (True, False)
    assert progress([(reached, LastCheckIn(MAR_3, "off_track"))]) == Progress(measures=1, far=Decimal(1), met=1)
    both = progress([(reached, LastCheckIn(MAR_3, "off_track")), (open_, LastCheckIn(MAR_10, "on_track"))])
    assert (both.far, both.sure, both.fresh, both.unsaid) == (Decimal("0.5"), "on_track", MAR_10, 0)


def test_limits_alone_have_no_way():
    assert progress([(measure("at_least", "0", "5", "5"), None)]).far is None
    assert progress([]) == Progress()


def test_goals_are_counted_side_by_side_and_not_averaged():
    sure = Progress(measures=2, far=Decimal("0.5"), met=1, sure="on_track", fresh=MAR_10)
    afraid = Progress(measures=1, far=Decimal("0.1"), sure="off_track", fresh=MAR_3, unsaid=1)
    silent = Progress(measures=1, far=Decimal(0), unsaid=1)

    assert overview([sure, afraid, silent, Progress()]) == Overview(
        goals=4,
        measured=3,
        measures=4,
        met=1,
        by_confidence={"on_track": 1, "off_track": 1},
        fresh=MAR_3,
        unsaid=2,
    )


DUE = [
    ("week", dt.date(2026, 3, 3), dt.date(2026, 3, 10)),
    ("two_weeks", dt.date(2026, 2, 20), dt.date(2026, 3, 6)),
    ("month", dt.date(2026, 3, 3), dt.date(2026, 4, 3)),
    ("month", dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
    ("month", dt.date(2028, 1, 31), dt.date(2028, 2, 29)),
    ("month", dt.date(2026, 12, 15), dt.date(2027, 1, 15)),
]


@pytest.mark.parametrize(("rhythm", "last", "due"), DUE)
def test_the_next_check_in_is_due_a_rhythm_later(rhythm, last, due):
    assert due_on(last, rhythm) == due
    assert not is_due(last, rhythm, due - dt.timedelta(days=1))
    assert is_due(last, rhythm, due)


def test_what_nobody_has_checked_in_is_due():
    assert is_due(None, "month", MAR_3)
