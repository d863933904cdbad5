"""Flags are one table: every code of the specification is in it once, the engine finds it, and nothing else says it."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from alignment.engine import Alignment, Figures, compute
from alignment.engine.flags import (
    LINK_CONDITIONS,
    Holds,
    fit_flags,
    goal_flags,
    initiative_flags,
    strategy_flags,
    team_flags,
)
from alignment.engine.model import day_number
from alignment.enums import FlagCode, Subject
from alignment.flags import (
    BY_RANK,
    FLAGS,
    GOAL_FLAGS,
    HOUSEKEEPING,
    INITIATIVE_FLAGS,
    KINDS,
    STRATEGY_FLAGS,
    TEAM_FLAGS,
    FlagKind,
)
from alignment.selectors.unanswered import CODES
from tests.alignment.columns import company_of
from tests.alignment.worked import ASKED_CODES, GOAL_CODES, INITIATIVE_CODES, STRATEGY_CODES, TEAM_CODES, WORKED
from tests.test_imports import APPS

ROOT = Path(settings.BASE_DIR)
TABLE = {"alignment/flags.py", "alignment/enums.py", "alignment/engine/flags.py"}
FEW = 2
"""So many codes together are a choice of somebody; more are a table of their own."""


def product() -> Iterator[tuple[str, ast.Module]]:
    """Every module but the table, the enum and the engine's masks."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in TABLE and "migrations" not in path.parts:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def codes_in(node: ast.AST) -> set[str]:
    return {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and getattr(each.value, "id", "") == "FlagCode" and each.attr.isupper()
    }


def sentences(kind: FlagKind) -> set[str]:
    return {kind.meaning, kind.one, kind.many, kind.prompt}


def test_every_code_of_the_specification_has_one_entry():
    assert [kind.code for kind in KINDS] == list(FlagCode) == list(FLAGS)
    assert {code.value for code in INITIATIVE_FLAGS} - ASKED_CODES == INITIATIVE_CODES
    assert {code.value for code in GOAL_FLAGS} - ASKED_CODES == GOAL_CODES
    assert {code.value for code in STRATEGY_FLAGS} - ASKED_CODES == STRATEGY_CODES
    assert {code.value for code in TEAM_FLAGS} - ASKED_CODES == TEAM_CODES
    assert {kind.code for kind in KINDS if kind.condition is None} == {*CODES.values()} == {*ASKED_CODES}
    assert {kind.public_name for kind in KINDS} == {kind.code.value for kind in KINDS} - (ASKED_CODES - {"unanswered"})


def test_housekeeping_is_that_of_the_specification():
    assert {code.value for code in HOUSEKEEPING} == {"unsized", "unreasoned", "silent", "unmeasured", "untied_mission"}


def test_every_rank_is_given_once_and_housekeeping_is_last():
    assert len({kind.rank for kind in KINDS}) == len(KINDS)
    assert set(BY_RANK[-len(HOUSEKEEPING) :]) == HOUSEKEEPING


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code.value)
def test_entry_is_whole(kind: FlagKind):
    assert all(text.endswith((".", "?")) for text in sentences(kind))
    assert kind.prompt.endswith("?")
    assert kind.meaning[0].isupper()
    assert kind.one[0].islower()
    assert kind.answers
    assert not kind.figure or hasattr(Figures, kind.figure)


def alignment_of_a_worked_company() -> Alignment:
    case = WORKED[0]
    return compute(company_of(case.bundle, case.imported_on), day_number(case.as_of or dt.date.max))


def test_the_engine_finds_each_where_its_entry_says():
    said = alignment_of_a_worked_company()
    company, goal_statuses = said.company, said.goal_statuses
    found: dict[object, Holds] = {
        initiative_flags: initiative_flags(company, said.on, said.parts, said.bets, said.goal_statuses),
        goal_flags: goal_flags(company, goal_statuses, said.covered),
        fit_flags: fit_flags(goal_statuses.company_root, company.goals.weight, said.goal_effort),
        strategy_flags: strategy_flags(company.strategies, said.on, company.rules.grace_days),
        team_flags: team_flags(company, said.on, goal_statuses, said.team_sums),
    }

    computed = [kind for kind in KINDS if kind.condition is not None]
    for kind in computed:
        assert kind.code in found[kind.condition], kind.code
    for subject in Subject:
        assert list(said.holds[subject]) == [kind.code for kind in computed if kind.subject is subject]


def test_flags_about_links_have_the_conditions_of_the_engine():
    assert {kind.code: kind.of_links for kind in KINDS if kind.of_links} == LINK_CONDITIONS
    assert list(alignment_of_a_worked_company().links_flagged) == list(LINK_CONDITIONS)
    assert all(kind.subject is Subject.INITIATIVE for kind in KINDS if kind.of_links)


def test_links_are_answered_for_where_a_flag_is_about_some():
    assert {kind.code for kind in KINDS if any(way.of_link for way in kind.answers)} == set(LINK_CONDITIONS)


def test_nothing_else_lists_codes():
    collections = (ast.Dict, ast.Set, ast.List, ast.Tuple)
    lists = [
        f"{name}:{node.lineno} {sorted(codes)}"
        for name, tree in product()
        for node in ast.walk(tree)
        if isinstance(node, collections) and len(codes := codes_in(node)) > FEW
    ]

    assert lists == []


def test_nothing_else_words_a_flag():
    """But for what it asks: the form that answers may ask the same."""
    said = set().union(*(sentences(kind) - {kind.prompt} for kind in KINDS))
    python = [
        f"{name}:{node.lineno} {node.value}"
        for name, tree in product()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip() in said
    ]
    templates = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
        for text in said
        if text in path.read_text(encoding="utf-8")
    ]

    assert python == []
    assert templates == []
