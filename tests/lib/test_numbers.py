from __future__ import annotations

from decimal import Decimal

import pytest

from lib.text.numbers import (
    MINUS,
    NONE,
    SHARE_DECIMALS,
    SPACE,
    adding_up,
    exact_percent,
    number,
    percent,
    points,
    quantity,
    rounded_together,
    weeks,
)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, NONE), (0, "0"), (1, "1"), (0.25, "0.25"), (2.5, "2.5"), (12.55, "12.6"), (9.999, "10"), (412.5, "412"),
        (1234567, "1 234 567"), (0.001, "< 0.01"), (-0.001, f"> {MINUS}0.01"), (-3.5, f"{MINUS}3.5"),
        (100, "100"), (20.0, "20"), (0.005, "0.01"), (0.0049, "< 0.01"), (-0.005, f"{MINUS}0.01"), (9.99, "9.99"),
        (10, "10"),
        (10.04, "10"), (10.06, "10.1"), (99.94, "99.9"), (100.4, "100"), (1000, "1 000"), (-1234.5, f"{MINUS}1 234"),
    ],
)  # fmt: skip
def test_number_reads(value: float | None, text: str) -> None:
    assert plain(number(value)) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, NONE), (0, "0 %"), (1, "100 %"), (28 / 76, "36.8 %"), (0.7, "70.0 %"), (0.0001, "< 0.1 %"),
        (0.9999, "> 99.9 %"),
        (1 - 1e-12, "100 %"), (1e-12, "0 %"), (1.25, "125.0 %"), (0.0005, "0.1 %"), (0.9994, "99.9 %"),
        (0.00049, "< 0.1 %"), (2e-9, "< 0.1 %"), (1 - 2e-9, "> 99.9 %"), (0.9995, "> 99.9 %"), (1 + 1e-12, "100 %"),
        (-0.25, "-25.0 %"), (1.0004, "100.0 %"),
    ],
)  # fmt: skip
def test_percent_reads(share: float | None, text: str) -> None:
    assert plain(percent(share)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, NONE), (1, "1 person-week"), (0, "0 person-weeks"), (1.5, "1.5 person-weeks"), (0.99999, "1 person-week")],
)
def test_weeks_has_its_unit(value: float | None, text: str) -> None:
    assert plain(weeks(value)) == text


@pytest.mark.parametrize(
    ("unit", "text"), [("percent", "50.0 %"), ("weeks", "0.5 person-weeks"), ("count", "0.5"), ("ratio", "0.5")]
)
def test_quantity_follows_the_unit(unit: str, text: str) -> None:
    assert plain(quantity(0.5, unit)) == text


def test_quantity_of_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        quantity(1, "furlongs")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        ("0.5", "50 %"),
        ("1", "100 %"),
        ("0.333334", "33.3334 %"),
        ("0.12345", "12.3450 %"),
        ("0.000001", "0.0001 %"),
        ("0", "0 %"),
    ],
)
def test_exact_percent_has_every_digit(share: str, text: str) -> None:
    assert plain(exact_percent(Decimal(share))) == text


@pytest.mark.parametrize("change", [0.0321, -0.0321])
def test_points_are_the_size_of_a_change(change: float) -> None:
    assert points(change) == "3.2\N{NO-BREAK SPACE}points"


@pytest.mark.parametrize(
    ("parts", "whole", "texts"),
    [
        ([0.01 / 3] * 3, 0.01, ["0.004", "0.003", "0.003"]),
        ([9.99, 0.06], 10.05, ["9.99", "0.06"]),
        ([10 / 3] * 3, 10, ["3.34", "3.33", "3.33"]),
        ([1, 1], 2, ["1", "1"]),
        ([2, 0], 2, ["2", "0"]),
        ([0.1, 0.2], 0.1 + 0.2, ["0.1", "0.2"]),
        ([], 0, []),
        ([1200.5, 0.5], 1201, [f"1{SPACE}200.5", "0.5"]),
    ],
)
def test_parts_add_up_as_they_are_shown(parts: list[float], whole: float, texts: list[str]) -> None:
    shown = adding_up(parts, whole)
    assert [shown.text(part) for part in shown.parts] == texts
    assert sum(round(part * 10**shown.decimals) for part in shown.parts) == round(shown.whole * 10**shown.decimals)


def test_gaps_of_priority_fit_add_up_as_they_are_shown() -> None:
    assert rounded_together([1 / 3, 1 / 3, 1 / 3], 1.0, SHARE_DECIMALS) == [0.334, 0.333, 0.333]
    assert rounded_together([0.2104, 0.3406, 0.449], 1.0, SHARE_DECIMALS) == [0.21, 0.341, 0.449]
