"""Numbers as people write them, in the countries they write in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.text.numbers import plain, typable
from lib.text.typed import NotANumberError, TwoReadingsError, readings, typed_number

WRITTEN = [
    ("0,25", "0.25"), ("0.25", "0.25"), ("12", "12"), ("-12,5", "-12.5"), ("−12.5", "-12.5"), ("+3", "3"),
    ("- 5", "-5"), (" 7 ", "7"), (",5", "0.5"), (".5", "0.5"), ("5.", "5"), ("007", "7"), ("-0", "0"),
    ("1 250", "1250"), ("1\u00a0250,5", "1250.5"), ("1\u202f250.5", "1250.5"), ("1\u2009234\u2009567", "1234567"),
    ("1'250", "1250"), ("1’250.75", "1250.75"), ("1.234.567", "1234567"), ("1,234,567", "1234567"),
    ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("1.234,567", "1234.567"), ("1,234.567", "1234.567"),
    ("1 234,567", "1234.567"), ("1 234.567", "1234.567"), ("1.234.567,89", "1234567.89"), ("12,34,567", "1234567"),
    ("12,34,567.5", "1234567.5"), ("0.125", "0.125"), ("0,125", "0.125"), ("1234.567", "1234.567"), ("1.2340", "1.234"),
    ("1,2340", "1.234"), ("1.50", "1.5"), ("\u0661٢\u066b\u0665", "12.5"), ("\u0661٬٢٣٤", "1234"),
    ("۱۲", "12"), ("१२.५", "12.5"),
    ("\uff11\uff12\uff0e\uff15", "12.5"), ("\u200f12\u200f", "12"), ("\uff0d3", "-3"),
    ("999999999999999.999999", "999999999999999.999999"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), WRITTEN)
def test_number_is_read_as_it_is_meant(text: str, value: str) -> None:
    assert str(typed_number(text)) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", ".", ",", "much", "1e3", "NaN", "Infinity", "0x1", "1 2", "1 23", "12 34", "1,5,0", "1.2.3",
     "1,23.4", "1.234,5,6", "1,234.5.6", "1,234'567.5", "1--2", "5-", "½", "²", "1_000", "d5", "1\0", "9" * 101,
     "1.234 567", "1.5 0", "\u066b"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotANumberError):
        typed_number(text)


@pytest.mark.parametrize(
    ("text", "whole", "part"),
    [
        ("1.234", "1234", "1.234"), ("1,234", "1234", "1.234"), ("150.000", "150000", "150.000"),
        ("-12,500", "-12500", "-12.500"), ("\u0664,\u0665\u0666\u0667", "4567", "4.567"),
    ],
)  # fmt: skip
def test_what_may_be_two_numbers_is_not_guessed(text: str, whole: str, part: str) -> None:
    with pytest.raises(TwoReadingsError) as asked:
        typed_number(text)
    assert (str(asked.value.whole), str(asked.value.part)) == (whole, part)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (6, "This is 1\u00a0234 or 1.234: write 1234 for the first, 1.2340 for the second."),
        (2, "This is 1\u00a0234 or 1.234: write 1234 for the first, 1.23 for the second."),
    ],
)
def test_question_says_how_to_write_either(places: int, said: str) -> None:
    assert readings(TwoReadingsError(Decimal(1234), Decimal("1.234")), places) == said
    assert [typed_number(text) for text in ("1234", "1.2340")] == [Decimal(1234), Decimal("1.234")]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_what_a_form_shows_is_read_back_as_it_was(value: Decimal) -> None:
    assert typed_number(typable(value)) == value
    assert typed_number(typable(value).replace(".", ",")) == value


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from([3, 4]))
def test_decimals_of_three_and_four_places_are_read_back(number: int, places: int) -> None:
    value = Decimal(number).scaleb(-places)
    assert typed_number(typable(value)) == value
    assert plain(value) in typable(value)
