"""Charts: where things stand in the plot, worked out by hand."""

from __future__ import annotations

import datetime as dt

from lib.charts.lines import Band, Chart, Sparkline, Spot, Value, Wanted, chart, sparkline

JAN_1, JAN_11, JAN_21, FEB_10 = (dt.date(2026, 1, 1) + dt.timedelta(days=days) for days in (0, 10, 20, 40))


def drawn(*values: Value, wanted: Wanted, today: dt.date = JAN_21) -> Chart:
    found = chart(values, wanted, label="In words", first=JAN_1, last=FEB_10, today=today)
    assert found is not None
    return found


def test_chart_has_values_against_baseline_target_and_time():
    """40 days between the edges at 1.5 and 98.5: a day is 2.425 of a hundred. From 20 (90 % down) to 100 (10 %): a unit
    is one of a hundred.
    """
    wanted = Wanted(20, 100, "Wanted: 100", base=20, base_label="From 20")
    found = drawn(Value(JAN_1, 20), Value(JAN_11, 60, "60", "at_risk"), Value(JAN_21, 50), wanted=wanted)

    assert found.points == [
        Spot("1.50%", "90.00%"),
        Spot("25.75%", "50.00%", "60", "at_risk"),
        Spot("50.00%", "60.00%"),
    ]
    assert [(line.start, line.end) for line in found.lines] == [
        (found.points[0], found.points[1]),
        (found.points[1], found.points[2]),
    ]
    assert (found.wanted.start, found.wanted.end) == (Spot("1.50%", "90.00%"), Spot("98.50%", "10.00%"))
    assert found.base is not None
    assert (found.base.start.y, found.base.end.y) == ("90.00%", "90.00%")
    assert (found.first, found.last, found.today, found.band) == (JAN_1, FEB_10, "50.00%", None)


def test_chart_of_a_limit_has_the_zone_in_which_values_are_to_stay():
    """From 90 (90 % down) to 100 (10 %), the limit at 95 is in the middle."""
    above = drawn(Value(JAN_1, 90), Value(JAN_11, 100), wanted=Wanted(95, 95, "At least 95", stays="above"))
    below = drawn(Value(JAN_1, 90), Value(JAN_11, 100), wanted=Wanted(95, 95, "At most 95", stays="below"))

    assert (above.band, below.band) == (Band("0%", "50.00%"), Band("50.00%", "50.00%"))
    assert above.base is None


def test_chart_widens_for_what_is_outside_of_its_days_and_has_no_today_beyond_them():
    late = FEB_10 + dt.timedelta(days=10)
    found = drawn(Value(JAN_1 - dt.timedelta(days=10), 1), Value(late, 2), wanted=Wanted(1, 2, ""), today=late)

    assert (found.first, found.last, found.today) == (dt.date(2025, 12, 22), late, "")


def test_values_that_are_all_the_same_are_in_the_middle():
    found = drawn(Value(JAN_1, 5), Value(JAN_1, 5), wanted=Wanted(5, 5, ""))

    assert {point.y for point in found.points} == {"50.00%"}


def test_one_value_is_no_line():
    assert chart([Value(JAN_1, 5)], Wanted(5, 6, ""), label="", first=JAN_1, last=FEB_10, today=JAN_1) is None
    assert sparkline([Value(JAN_1, 5)], label="") is None


def test_sparkline_goes_from_its_first_value_to_its_last():
    """The edges are at 5 and 95: the middle is at 50. From 1 (90 % down) to 3 (10 %)."""
    found = sparkline([Value(JAN_1, 1), Value(JAN_11, 3), Value(JAN_21, 2)], label="In words")

    assert isinstance(found, Sparkline)
    assert (found.label, found.last) == ("In words", Spot("95.00%", "50.00%"))
    assert [(line.start.x, line.start.y) for line in found.lines] == [("5.00%", "90.00%"), ("50.00%", "10.00%")]


def test_sparkline_of_one_day_still_has_its_last_value():
    found = sparkline([Value(JAN_1, 1), Value(JAN_1, 3)], label="")

    assert found is not None
    assert found.last == Spot("95.00%", "10.00%")
