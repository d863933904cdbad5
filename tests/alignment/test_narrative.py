"""Sentences that several pages and the digest draw, worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.enums import FlagCode
from alignment.flags import FLAGS
from alignment.models import Flag, GoalFigures, Link
from alignment.narrative.flags import (
    counted_flags,
    flag_line,
    flags_line,
    other_meaning,
    subject_name,
    subjects_text,
    what_it_rests_on,
    why_not,
)
from alignment.narrative.work import beside_the_way, explores, way_up
from lib.text.spans import Span, words_of
from strategy.models import Goal, Strategy
from strategy.narrative import end_text
from strategy.selectors.seen import Confidential, Seers
from teams.models import Initiative, Person, Team

SEARCH = Span("Search", "/teams/search/")
READER = Person(pk=1)
GOALS = [Span(f"“{number}”") for number in range(1, 6)]


def test_flag_follows_its_subject_and_asks() -> None:
    line = flag_line(FlagCode.NO_MISSION, SEARCH)

    assert (line.text, line.detail) == (
        "Search has active work and no mission.",
        "What is the team for, in its own words?",
    )
    assert line.said[0] == SEARCH
    assert flag_line(FlagCode.NO_MISSION, SEARCH, "Since 3 March.").detail == "Since 3 March."


def test_several_subjects_of_one_flag_are_one_sentence() -> None:
    assert flags_line(FlagCode.SILENT, GOALS[:1]).text == "“1” has not been updated or confirmed for a while."
    assert flags_line(FlagCode.SILENT, GOALS[:2]).text == "“1” and “2” have not been updated or confirmed for a while."


@pytest.mark.parametrize(
    ("code", "count", "words"),
    [
        (FlagCode.UNSIZED, 1, "1 initiative is not sized"),
        (FlagCode.UNSIZED, 3, "3 initiatives are not sized"),
        (FlagCode.UNMEASURED, 2, "2 goals have no measure"),
        (FlagCode.UNTIED_MISSION, 1, "the team has a mission that serves no goal of a published strategy"),
    ],
)
def test_housekeeping_is_counted(code: FlagCode, count: int, words: str) -> None:
    assert counted_flags(code, count) == words


def test_counts_that_stopped_say_so() -> None:
    assert counted_flags(FlagCode.UNSIZED, 4, most=3) == "More than 3 initiatives are not sized"
    assert subjects_text(FlagCode.DIRECTED, 2) == "2 teams"


@pytest.mark.parametrize("code", list(FlagCode))
def test_number_of_subjects_chooses_the_words(code: FlagCode) -> None:
    kind = FLAGS[code]
    assert (kind.said(), kind.said(1), kind.said(2)) == (kind.one, kind.one, kind.many)


def test_subject_is_named_as_the_reader_may_know_it() -> None:
    goal = Goal(pk=7, title="Secret", key="secret", path=[7])
    seen, hidden = Confidential({}), Confidential({7: Seers(frozenset())})

    assert subject_name(Flag(goal=goal), READER, seen) == Span("“Secret”", "/goals/secret/")
    assert subject_name(Flag(goal=goal), READER, hidden) == Span("a confidential goal")
    assert subject_name(Flag(initiative=Initiative(title="A", key="a")), READER, hidden).text == "“A”"
    assert subject_name(Flag(strategy=Strategy(title="Plan", key="plan")), READER, hidden).text == "“Plan”"
    assert subject_name(Flag(team=Team(name="Search", key="search")), READER, hidden) == SEARCH
    with pytest.raises(ValueError, match="an initiative, a goal, a strategy or a team"):
        subject_name(Flag(), READER, seen)


def test_flag_rests_on_links() -> None:
    goal = Goal(title="Growth", meaning_changed_on=dt.date(2026, 3, 3))
    disputed = Link(goal=goal, state="disputed", confirmed_on=dt.date(2026, 3, 2))
    before, after = (Link(goal=goal, confirmed_on=dt.date(2026, 3, day)) for day in (2, 3))
    said = "“Growth”: the goal's owner disputes the link"

    assert what_it_rests_on(FlagCode.DISCONNECTED, [disputed, after]) == f"{said}."
    assert what_it_rests_on(FlagCode.DISCONNECTED, [disputed] * 3) == f"{said}; {said}."
    assert what_it_rests_on(FlagCode.DISCONNECTED, [after]) == ""
    assert what_it_rests_on(FlagCode.ORPHAN, [disputed, before]) == ""
    assert what_it_rests_on(FlagCode.RECONFIRM, [disputed, after, before]) == (
        "“Growth” means something else since 3 March 2026: does the work still move it?"
    )
    assert what_it_rests_on(FlagCode.RECONFIRM, [disputed, after]) == ""
    assert other_meaning(goal) == "Growth: means something else since 3 Mar 2026"

    goal.figures = GoalFigures(meaning_changed_on=dt.date(2026, 3, 4))
    assert what_it_rests_on(FlagCode.RECONFIRM, [after]) == (
        "A goal above “Growth” means something else since 4 March 2026: does the work still move “Growth”?"
    )
    assert other_meaning(goal) == "Growth: a goal above it means something else since 4 Mar 2026"


@pytest.mark.parametrize(
    ("days", "grace", "said"),
    [
        (-30, 14, "ends on 31 March 2026, in 30 days"),
        (-1, 14, "ends on 31 March 2026, in 1 day"),
        (0, 14, "ends today, 31 March 2026; links to its goals count until 14 April 2026"),
        (14, 14, "ended on 31 March 2026; links to its goals count until 14 April 2026"),
        (15, 14, "ended on 31 March 2026; since 15 April 2026 links to its goals do not count"),
        (0, 0, "ends today, 31 March 2026; links to its goals count until 31 March 2026"),
        (1, 0, "ended on 31 March 2026; since 1 April 2026 links to its goals do not count"),
    ],
)
def test_end_of_a_strategy_says_until_when_links_count(days: int, grace: int, said: str) -> None:
    end = dt.date(2026, 3, 31)

    assert end_text(end, end + dt.timedelta(days=days), grace) == said


def test_why_a_link_does_not_count_is_as_confidential_as_its_goal() -> None:
    assert why_not("Growth", "goal_closed") == "Growth: the goal is closed"
    assert why_not("", "goal_closed") == "A confidential goal"
    assert why_not("", "") == "A confidential goal"


def test_way_up_names_the_ends_of_a_long_line() -> None:
    work, plan = Span("“Faster”"), Span("“Plan”")

    assert words_of(way_up(work, GOALS[:2], plan)) == "“Faster” → “1” → “2” → “Plan”"
    assert words_of(way_up(work, GOALS[:4], None)) == "“Faster” → “1” → “2” → “3” → “4”"
    assert words_of(way_up(work, GOALS, plan)) == "“Faster” → “1” → “2” → … → “4” → “5” → “Plan”"


def test_what_one_way_does_not_tell() -> None:
    assert beside_the_way(others=0, is_partly_lost=False) == ""
    assert beside_the_way(others=1, is_partly_lost=False) == "It serves 1 other goal as well."
    assert beside_the_way(others=2, is_partly_lost=True) == (
        "It serves 2 other goals as well. A part of its effort reaches nothing."
    )


def test_exploration_names_its_end_where_it_has_one() -> None:
    assert explores() == " explores."
    assert explores(dt.date(2026, 3, 3)) == " explores until 3 March 2026."
