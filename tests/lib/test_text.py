"""How things are counted, dated and named in a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from lib.text.counts import count_text, counted, plural
from lib.text.days import day, day_of_year, period, whole_day
from lib.text.isolation import drawn, isolated
from lib.text.names import name_of, placed, quoted, several, several_words, short, stated
from lib.text.spans import Line, Span
from strategy.models import Strategy

MARCH, APRIL = dt.date(2026, 3, 3), dt.date(2026, 4, 30)
NAMES = [Span(f"“{letter}”", f"/{letter}/") for letter in "ABCDE"]


ARABIC = 'تحسين & رضا "الموظفين" <2026>'


def test_title_from_right_to_left_is_isolated_in_a_sentence() -> None:
    strategy = Strategy(title=ARABIC)
    assert f"Edit “{strategy}”" == f"Edit “\u2068{ARABIC}\u2069”"
    assert name_of(ARABIC, "goal_detail", "g").text == f"“\u2068{ARABIC}\u2069”"
    assert isolated(isolated(ARABIC)) == f"\u2068{ARABIC}\u2069"


def test_other_titles_are_left_as_they_are() -> None:
    assert f"Edit “{Strategy(title='Plan 2026')}”" == "Edit “Plan 2026”"


def test_sentence_on_a_page_has_its_isolated_names_as_elements() -> None:
    assert drawn("A <b> “\u2068\u05d0 & <2>\u2069” b") == "A &lt;b&gt; “<bdi>\u05d0 &amp; &lt;2&gt;</bdi>” b"
    assert drawn("\u2069 alone \u2068") == "\u2069 alone \u2068"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 goals"), (1, "1 goal"), (2, "2 goals"), (1200, "1\N{NO-BREAK SPACE}200 goals")]
)
def test_count_goes_with_its_word(count: int, words: str) -> None:
    assert counted(count, "goal") == words


def test_plural_may_be_another_word() -> None:
    assert counted(1, "person waits", "people wait") == "1 person waits"
    assert counted(3, "person waits", "people wait") == "3 people wait"
    assert (plural(1, "was", "were"), plural(0, "was", "were"), plural(2, "team")) == ("was", "were", "teams")


def test_count_that_stopped_says_so() -> None:
    assert count_text(3, "goal", "goals", 3) == "3 goals"
    assert count_text(4, "goal", "goals", 3) == "More than 3 goals"


def test_days_in_words() -> None:
    assert (day(MARCH), whole_day(MARCH), day_of_year(MARCH)) == ("3 Mar 2026", "3 March 2026", "3 March")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        (MARCH, APRIL, "3 Mar 2026 to 30 Apr 2026"),
        (MARCH, None, "from 3 Mar 2026"),
        (None, APRIL, "until 30 Apr 2026"),
        (None, None, ""),
    ],
)
def test_period(starts_on: dt.date | None, ends_on: dt.date | None, words: str) -> None:
    assert period(starts_on, ends_on) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "“A”"),
        (2, "“A” and “B”"),
        (3, "“A”, “B” and “C”"),
        (4, "“A”, “B”, “C” and 1 more"),
        (5, "“A”, “B”, “C” and 2 more"),
    ],
)
def test_several_names(count: int, words: str) -> None:
    assert several_words(NAMES[:count]) == words


def test_each_of_several_leads_to_its_own_page() -> None:
    assert [span.path for span in several(NAMES[:2])] == ["/A/", "", "/B/"]
    assert several_words(NAMES, limit=1) == "“A” and 4 more"


def test_name_leads_to_its_page() -> None:
    assert name_of("Search", "team_detail", "search") == Span("“Search”", "/teams/search/")


def test_what_people_wrote_is_quoted_on_one_line() -> None:
    assert quoted(" One\n two ") == "“One two”"
    assert quoted(" \n") == ""
    assert len(quoted("word " * 100)) <= 162
    assert quoted("word " * 100).endswith(" …”")


@pytest.mark.parametrize(
    ("text", "said"),
    [("A map", "“A map”."), ("A map. ", "“A map.”"), ("Which\n map?", "“Which map?”"), (" ", "")],
)
def test_what_is_quoted_before_a_sentence_ends_one(text: str, said: str) -> None:
    assert stated(text) == said


def test_quotation_that_was_cut_has_no_full_stop() -> None:
    assert stated("word " * 100).endswith(" …”")
    assert short("word " * 100).endswith(" …")
    assert len(short("word " * 100)) <= 60


def test_text_of_a_line_is_that_of_its_spans() -> None:
    assert Line((*NAMES[:1], Span(" is new."))).text == "“A” is new."


def test_place_is_said_with_the_key_where_two_of_one_name_are_there() -> None:
    things = {"a": ("Grow", "Plan"), "b": ("grow", "Plan"), "c": ("Grow", "Next plan"), "d": ("Shrink", "Plan")}
    assert placed(things) == {"a": "Plan, a", "b": "Plan, b", "c": "Next plan", "d": "Plan"}
