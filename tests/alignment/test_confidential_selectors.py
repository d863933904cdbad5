"""What each selector with a reader says of a goal that is for leaders alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from alignment.enums import FlagCode
from alignment.models import Flag
from alignment.selectors.flags import Findings, flag_links, flag_page, open_flags
from alignment.selectors.goals import TreeGoal, goal_trees, goals_below, priorities, strategy_flags
from alignment.selectors.initiatives import AlignedWork, aligned_work, goal_options
from alignment.selectors.line_of_sight import lines_of_sight
from alignment.selectors.links import measure_options
from alignment.selectors.missions import mission_options
from alignment.selectors.people.own import own_work
from alignment.selectors.report import alignment_report
from alignment.selectors.shares import shares_of
from alignment.selectors.suggestions import found_goals, suggested_goals
from alignment.selectors.teams import team_pages
from alignment.waiting.lists import waiting_for
from api.v1.resources import goal_resources, team_resources
from strategy.models import Goal
from teams.models import Company, Initiative, Person
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import SECRET, Firm
from web.links.lines import line_of_sight

Reads = Callable[[Firm, Person], Any]

HIDDEN = ("Hidden gap", "Hidden measure", "Hidden wish of Product", SECRET, "hidden")
"""Titles and keys of what is for leaders alone: a goal without work below “Growth”, its measure, a team's own goal, and
the top goal that “Hush” is linked to."""


@pytest.fixture
def firm(firm):
    gap = make.GoalFactory(title="Hidden gap", key="hidden-gap", parent=firm.growth, visibility="leaders")
    make.MeasureFactory(goal=gap, title="Hidden measure")
    make.GoalFactory(title="Hidden wish of Product", key="hidden-wish", team=firm.product, visibility="leaders")
    make.MissionGoalFactory(team=firm.product, goal=firm.secret)
    firm.compute()
    return firm


def titles(goals: Iterable[Any]) -> list[str]:
    return [goal.title for goal in goals if goal is not None]


def of_trees(trees: Iterable[TreeGoal]) -> list[str]:
    return [title for each in trees for title in (each.goal.title, *of_trees(each.children))]


def of_flags(flags: Iterable[Any]) -> list[str]:
    return titles(flag.goal for flag in flags)


def owned(firm: Firm, reader: Person) -> Any:
    Initiative.objects.filter(key="hush").update(owner=reader)
    return own_work(reader, limit=5)


def links_of_a_flag(firm: Firm, reader: Person) -> list[str]:
    found = flag_links([Flag(initiative=firm.work["hush"], code=FlagCode.RECONFIRM)], reader)
    return titles(link.goal for of in found.values() for link in of.counting)


def broken_links_of_a_flag(firm: Firm, reader: Person) -> list[str]:
    Goal.objects.filter(pk=firm.secret.pk).update(status="draft")
    firm.compute()
    found = flag_links([Flag(initiative=firm.work["hush"], code=FlagCode.DISCONNECTED)], reader)
    return titles(broken.goal for of in found.values() for broken in of.broken)


READ: dict[str, Reads] = {
    "goals_below": lambda firm, reader: titles(goals_below(reader, firm.growth)),
    "goal_trees": lambda firm, reader: of_trees(goal_trees(reader, [firm.strategy.pk], depth=3)[firm.strategy.pk]),
    "priorities": lambda _firm, reader: [(root.title, root.key) for root in priorities(reader).roots],
    "strategy_flags": lambda firm, reader: of_flags(
        strategy_flags(reader, [firm.growth.pk], each=5, on=DAY).oldest,
    ),
    "mission_options": lambda firm, reader: titles(mission_options(firm.search, reader, chosen=[])),
    "mission_options of those that are served": lambda firm, reader: titles(
        mission_options(firm.product, reader, chosen=[])
    ),
    "mission_options of those that are chosen": lambda firm, reader: titles(
        mission_options(firm.quiet, reader, chosen=["hidden-wish"])
    ),
    "mission_options of those that are found": lambda firm, reader: titles(
        mission_options(firm.quiet, reader, chosen=[], search="wish")
    ),
    "goal_options": lambda _firm, reader: titles(goal_options(reader)),
    "goal_options of the one that is selected": lambda _firm, reader: titles(goal_options(reader, "hidden-gap")),
    "suggested_goals": lambda firm, reader: titles(
        each.goal for each in suggested_goals(firm.work["half"], reader, limit=20)
    ),
    "found_goals": lambda firm, reader: titles(each.goal for each in found_goals(firm.work["half"], reader, "hidden")),
    "measure_options": lambda firm, reader: [row.title for row, _seen in measure_options(firm.growth, reader, None)],
    "lines_of_sight": lambda firm, reader: [
        [step["label"] for step in line_of_sight(firm.work["hush"], sight, Company())["line"]["steps"]]
        for sight in lines_of_sight(firm.work["hush"], reader, effort=2).rows
    ],
    "shares_of": lambda firm, reader: titles(share.goal for share in shares_of(firm.work["hush"], reader)),
    "team_pages": lambda firm, reader: team_pages(reader).get(pk=firm.product.pk).own_goals,  # type: ignore[attr-defined]
    "open_flags": lambda _firm, reader: of_flags(open_flags(FlagCode.UNCOVERED, Findings(on=DAY), reader)),
    "flag_page": lambda _firm, reader: of_flags(flag_page(FlagCode.UNMEASURED, Findings(on=DAY), reader, {}).rows),
    "waiting_for": lambda firm, reader: [
        firm.secret.title
        for entry in waiting_for(reader, Company.objects.get(), as_of=DAY, at=NOW).entries
        if entry.thing == ("goal", firm.secret.pk)
    ],
    "flag_links": links_of_a_flag,
    "flag_links that do not count": broken_links_of_a_flag,
    "own_work": owned,
    "goal_resources": lambda _firm, reader: titles(goal_resources(reader)),
    "team_resources": lambda _firm, reader: [vars(team)["mission_goal_keys"] for team in team_resources(reader)],
    "alignment_report": lambda _firm, reader: alignment_report(on=DAY, person=reader)["goals"],
    "aligned_work": lambda firm, reader: [
        "hidden" for _work in aligned_work(AlignedWork(goal=firm.secret), reader)
    ],  # that something is linked to it
}


@pytest.mark.parametrize("name", READ)
def test_goal_for_leaders_is_read_by_leaders_alone(firm, name):
    def said(reader: Person) -> bool:
        text = str(READ[name](firm, reader))
        return any(hidden in text for hidden in HIDDEN)

    assert not said(firm.member)
    assert said(firm.leader)
