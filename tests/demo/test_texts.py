"""What the story says: nothing of it is of a certain year, and what digests say moves."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator

import pytest

from demo.building import BUNDLE_WEEK_1, COMPANY
from demo.shifting import told, within

YEAR = re.compile(r"\b(19|20)\d\d\b")
STORY = COMPANY.parent / "story"
PEOPLE_WRITE = {
    *(
        "name",
        "title",
        "problem",
        "body",
        "narrative",
        "why",
        "mission",
        "stance_reason",
        "rationale",
        "evidence",
        "ask",
    ),
}


def written() -> Iterator[str]:
    for path in sorted(COMPANY.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row[name] for row in csv.DictReader(file) for name in PEOPLE_WRITE & row.keys())
    for path in sorted(STORY.glob("week*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_no_text_names_a_year() -> None:
    texts = list(written())
    assert len(texts) > 500
    dated = [text for text in texts if YEAR.search(text) and not text.startswith(("https://", "2000-01-01T"))]
    assert dated == []


def test_first_week_of_the_bundle_begins_on_a_monday() -> None:
    assert BUNDLE_WEEK_1.weekday() == 0


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("2026-12-28", "2027-01-11"),
        ("2026-W52", "2027-W01"),
        ("/digests/2026-W52/", "/digests/2027-W01/"),
        ("Asked on 28 December 2026.", "Asked on 11 January 2027."),
        ("Since 1 March 2026, until 3 May 2026", "Since 15 March 2026, until 17 May 2026"),
        ("31 February 2026 is no day", "31 February 2026 is no day"),
        ("12 Angry 2026 men", "12 Angry 2026 men"),
        ("2026-13-45", "2026-13-45"),
        ("2100-12-30", "2100-12-31"),
        ("1,100 claims from 20 practices", "1,100 claims from 20 practices"),
    ],
)
def test_days_in_a_text_are_two_weeks_later(text: str, moved: str) -> None:
    assert within(text, 2) == moved


def test_texts_are_found_wherever_they_are_in_json() -> None:
    kept = {"a": ["x", {"b": "y"}], "c": None, "d": 3, "e": True}
    assert told(kept, str.upper) == {"a": ["X", {"b": "Y"}], "c": None, "d": 3, "e": True}
