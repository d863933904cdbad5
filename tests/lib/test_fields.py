"""What a field takes, at its limit and one beyond, as forms and services ask it (`clean_fields`); what the database
takes is in tests/database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from alignment.models import Link
from strategy.models import Goal, Measure, Strategy
from teams.models import Initiative, Person, Support, Team

ONE_LINE = "Keep this on one line, without control characters."
A_KEY = "Use lower-case letters, digits and hyphens, starting with a letter or digit."

TAKEN: list[tuple[Any, str, Any]] = [
    *((Team, "key", key) for key in ("a", "7", "a-b-", "0-", "a" * 80)),
    (Team, "name", "a" * 200),
    (Team, "stance_reason", "a" * 1_000),
    (Team, "stance_reason", ""),
    (Team, "mission", "a" * 2_000),
    (Team, "mission", "two\nlines"),
    (Strategy, "narrative", "a" * 50_000),
    (Goal, "why", "a" * 50_000),
    (Goal, "situation", "a" * 50_000),
    (Goal, "boundaries", "a" * 50_000),
    (Goal, "closing_reason", "a" * 2_000),
    (Goal, "learned", "a" * 2_000),
    (Goal, "weight", Decimal("9999.9999")),
    (Initiative, "title", "caf\u00e9 \u202f\U0001f600"),
    (Initiative, "problem", "a" * 50_000),
    (Initiative, "declaration", "a" * 2_000),
    (Initiative, "effort", Decimal("99999.99")),
    (Initiative, "url", "https://example.com/" + "a" * 1_980),
    (Initiative, "url", "http://example.com"),
    (Support, "ask", "a" * 1_000),
    (Support, "answer", "a" * 1_000),
    (Link, "share", Decimal("0.000001")),
    (Link, "share", Decimal(1)),
    (Link, "rationale", "a" * 2_000),
    (Link, "evidence", "a" * 1_000),
    (Link, "note", "a" * 2_000),
    (Measure, "unit", "a" * 40),
    (Measure, "target", Decimal("999999999999999.999999")),
    (Measure, "target", Decimal("-999999999999999.999999")),
    (Person, "email", "a" * 64 + "@" + ".".join(["b" * 61] * 3) + ".com"),
]
REFUSED: list[tuple[Any, str, Any]] = [
    *((Team, "key", key) for key in ("", "-a", "A", "a b", "a_b", "\u00e9", "a\n", "a" * 81)),
    *(
        (Team, "name", name)
        for name in (
            "\u200b\u200b",
            "\u2060 \ufe0f",
            "\u3164",
            "a\u202eb",
            "\u2066a\u2069",
            "",
            "a" * 201,
            "a\nb",
            "a\x1fb",
            "\x7f",
            "a\x85",
            "a\x9fb",
            "\t",
        )
    ),
    (Team, "stance_reason", "a" * 1_001),
    (Team, "mission", "a" * 2_001),
    (Team, "mission", "two\nlines\u202e"),
    (Strategy, "narrative", "a" * 50_001),
    (Goal, "why", "a" * 50_001),
    (Goal, "situation", "a" * 50_001),
    (Goal, "boundaries", "a" * 50_001),
    (Goal, "closing_reason", "a" * 2_001),
    (Goal, "learned", "a" * 2_001),
    (Goal, "weight", Decimal("10000")),
    (Goal, "weight", Decimal("1.00001")),
    (Initiative, "title", "a\x80b"),
    (Initiative, "problem", "a" * 50_001),
    (Initiative, "declaration", "a" * 2_001),
    (Initiative, "effort", Decimal("100000")),
    (Initiative, "effort", Decimal("0.001")),
    (Initiative, "url", "https://example.com/" + "a" * 1_981),
    (Initiative, "url", "ftp://example.com"),
    (Initiative, "url", "javascript:alert(1)"),
    (Support, "ask", "a" * 1_001),
    (Support, "answer", "a\nb"),
    (Link, "share", Decimal("-0.000001")),
    (Link, "share", Decimal("1.000001")),
    (Link, "share", Decimal("0.0000001")),
    (Link, "rationale", "a" * 2_001),
    (Link, "evidence", "a" * 1_001),
    (Link, "note", "a" * 2_001),
    (Measure, "unit", "a" * 41),
    (Measure, "unit", "a\nb"),
    (Measure, "target", Decimal("1000000000000000")),
    (Measure, "target", Decimal("0.0000001")),
    (Person, "email", "a" * 64 + "@" + ".".join(["b" * 62] * 3) + ".com"),
]


def clean(model: Any, name: str, value: Any) -> None:
    row = model(**{name: value})
    row.clean_fields(exclude={field.name for field in model._meta.fields} - {name})


def told(case: Any) -> str:
    return case.__name__ if isinstance(case, type) else repr(case)[:30]


@pytest.mark.parametrize(("model", "name", "value"), TAKEN, ids=told)
def test_field_takes_what_is_within_its_limit(model: Any, name: str, value: Any) -> None:
    clean(model, name, value)


@pytest.mark.parametrize(("model", "name", "value"), REFUSED, ids=told)
def test_field_refuses_what_is_beyond_it(model: Any, name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        clean(model, name, value)
    assert list(refused.value.error_dict) == [name]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("key", "A", [A_KEY]),
        ("name", "two\nlines", [ONE_LINE]),
        ("name", "a" * 201, ["Ensure this value has at most 200 characters (it has 201)."]),
        ("mission", "a" * 2_001, ["Ensure this value has at most 2000 characters (it has 2001)."]),
    ],
)
def test_refusal_says_what_would_be_right(name: str, value: str, said: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        clean(Team, name, value)
    assert refused.value.message_dict == {name: said}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Initiative(starts_on="2026-03-02", ends_on="2026-03-01"), "The end must not be before the start."),
        (Initiative(title=" "), "Give a title."),
        (Initiative(problem="a" * 50_001), "Use at most 50,000 characters."),
        (Initiative(ends_on="2101-01-01"), "Give a day of the years 1970 to 2100."),
        (Initiative(key="A"), A_KEY),
        (Initiative(title="two\nlines"), ONE_LINE),
        (Initiative(kind="explore"), "An exploration needs an end: give the day it stops."),
    ],
)
def test_constraint_says_what_would_be_right(row: Initiative, said: str) -> None:
    messages = []
    for constraint in Initiative._meta.constraints:
        try:
            constraint.validate(Initiative, row, exclude={"team"} | ({"title"} if row.title == "" else set()))
        except ValidationError as error:
            messages += error.messages
    assert said in messages
