"""Figures in words: each with its own numbers, and with the rows that it is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alignment.engine import Figures
from lib.text.numbers import SPACE
from web.figures.figures import NO_WORK, NOTHING_TO_COVER, Explained, goal_effort, priority_fit, strategy_coverage

SOME = Figures(
    effort=40,
    aligned=12,
    reasoned=9,
    endorsed=4.8,
    exploring=6,
    sustaining=16,
    orphaned=6,
    own_choice=18,
    own_choice_aligned=3,
    initiatives=20,
    unsized=3,
)
"""24 of 40 person-weeks are discretionary."""


def explained(figures: Figures, default_effort: float = 1) -> Explained:
    return Explained(figures, {"team": "one"}, default_effort)


def plain(text: str) -> str:
    return text.replace(SPACE, " ")


@pytest.mark.parametrize(
    ("name", "value", "worked", "rows"),
    [
        ("coverage", 0.5, "12 ÷ 24 = 50.0 %", "part=aligned"),
        ("reasoned_coverage", 0.375, "9 ÷ 24 = 37.5 %", "part=aligned"),
        ("endorsed_coverage", 0.2, "4.8 ÷ 24 = 20.0 %", "part=aligned"),
        ("autonomy", 0.75, "18 ÷ 24 = 75.0 %", "origin=team"),
        ("aligned_autonomy", 0.125, "3 ÷ 24 = 12.5 %", "origin=team&part=aligned"),
        ("exploring_share", 0.25, "6 ÷ 24 = 25.0 %", "part=exploring"),
        ("sustaining_share", 0.4, "16 ÷ 40 = 40.0 %", "part=sustaining"),
        ("orphaned", 6, "6 person-weeks of 40 person-weeks", "part=orphaned"),
    ],
)
def test_figure_is_worked_with_its_own_numbers_and_leads_to_its_rows(name, value, worked, rows):
    figure = getattr(explained(SOME), name)

    assert figure.value == pytest.approx(value)
    assert plain(figure.worked) == worked
    assert figure.rows_url == f"/initiatives/?team=one&{rows}"
    assert figure.note == "3 of 20 not sized, counted as 1 week each"


def test_work_that_is_not_sized_is_told_where_there_is_any():
    assert explained(SOME, 0.5).coverage.note == "3 of 20 not sized, counted as 0.5 weeks each"
    assert explained(replace(SOME, unsized=0)).coverage.note == ""


def test_figure_that_does_not_exist_says_why():
    upkeep = explained(Figures(effort=5, sustaining=5, initiatives=1))
    for name in ("coverage", "reasoned_coverage", "endorsed_coverage", "autonomy", "aligned_autonomy"):
        figure = getattr(upkeep, name)
        assert (figure.value, figure.worked, figure.missing) == (None, "", NOTHING_TO_COVER)
    assert upkeep.sustaining_share.value == 1

    nothing = explained(Figures()).sustaining_share
    assert (nothing.value, nothing.worked, nothing.missing) == (None, "", NO_WORK)


def test_strategy_coverage_leads_to_the_goals_without_work_as_long_as_there_are_any():
    some, every, none = strategy_coverage(3, 4), strategy_coverage(4, 4), strategy_coverage(0, 0)

    assert (some.value, plain(some.worked)) == (0.75, "3 ÷ 4 = 75.0 %")
    assert (some.rows_url, some.rows_label) == ("/flags/?code=uncovered", "The goals nobody works on")
    assert (every.value, every.rows_label) == (1, "The goals")
    assert every.rows_url != some.rows_url
    assert (none.value, none.worked) == (None, "")


def test_priority_fit_adds_up_the_gaps_and_names_six_of_them():
    two = [("A", 0.5, 0.3), ("B", 0.5, 0.7)]
    assert plain(priority_fit(0.8, two).worked) == "1 − ½ × (20.0 % + 20.0 %) = 1 − ½ × 40.0 % = 80.0 %"
    assert priority_fit(None, two).worked == ""

    even = [(str(at), 0.1, 0.2) for at in range(7)]
    assert plain(priority_fit(0.7, even[:6]).worked).count("10.0 %") == 6
    assert "…" not in priority_fit(0.7, even[:6]).worked
    more = plain(priority_fit(0.65, even).worked)
    assert more.count("10.0 %") == 6
    assert "10.0 % + …) = 1 − ½ × 70.0 %" in more


def test_effort_of_a_goal_exists_where_its_links_count():
    def of(effort: float, *, anchored: bool, initiatives: int, unsized: int):
        return goal_effort(
            effort, key="growth", anchored=anchored, initiatives=initiatives, unsized=unsized, default_effort=1
        )

    two, one, none = (
        of(5, anchored=True, initiatives=2, unsized=1),
        of(1, anchored=True, initiatives=1, unsized=0),
        of(5, anchored=False, initiatives=2, unsized=0),
    )
    assert (two.value, plain(two.worked)) == (5, "5 person-weeks from 2 initiatives")
    assert (two.note, two.rows_url) == ("1 of 2 not sized, counted as 1 week each", "/initiatives/?goal=growth")
    assert (one.value, plain(one.worked), one.note) == (1, "1 person-week from 1 initiative", "")
    assert (none.value, none.worked, none.missing) == (None, "", "Links to this goal do not count.")
