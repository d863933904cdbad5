"""The engine against hand-worked companies and against the naive implementation, on columns made without a database."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.engine import Alignment, Change, Company, changed, compute
from alignment.engine.model import day_number
from alignment.engine.trees import Forest
from alignment.enums import Subject
from alignment.selectors.report import report_of
from strategy.enums import GoalStatus
from tests.alignment.columns import company_of
from tests.alignment.companies import Bundle, Drawn, companies
from tests.alignment.naive import report as naive_report
from tests.alignment.reports import approximately, plain
from tests.alignment.worked import WORKED, Worked, differences
from tests.examples import examples


def keys_of(bundle: Bundle) -> dict[Subject, list[str]]:
    tables = {
        Subject.INITIATIVE: "initiatives",
        Subject.GOAL: "goals",
        Subject.STRATEGY: "strategies",
        Subject.TEAM: "teams",
    }
    return {subject: [row["key"] for row in bundle.get(table, [])] for subject, table in tables.items()}


def engine_report(bundle: Bundle, alignment: Alignment, on: Any) -> dict[str, Any]:
    return report_of(alignment, keys_of(bundle), np.ones(len(alignment.company.goals.id), dtype=bool), on)


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case.name)
def test_report_worked_by_hand(case: Worked):
    alignment = compute(company_of(case.bundle, case.imported_on), day_number(case.as_of))
    assert differences(case, engine_report(case.bundle, alignment, case.as_of)) == []


@settings(max_examples=examples(100), deadline=None)
@given(companies())
def test_report_equals_naive(drawn: Drawn):
    alignment = compute(company_of(drawn.bundle, drawn.today), day_number(drawn.as_of))
    expected = naive_report(drawn.bundle, drawn.as_of, drawn.today)
    assert plain(engine_report(drawn.bundle, alignment, drawn.as_of)) == approximately(plain(expected))


@settings(max_examples=examples(30), deadline=None)
@given(companies())
def test_compute_changes_nothing(drawn: Drawn):
    company = company_of(drawn.bundle, drawn.today)
    for table in ("strategies", "goals", "teams", "initiatives", "links", "missions", "asks"):
        for column in vars(getattr(company, table)).values():
            column.setflags(write=False)
    compute(company, day_number(drawn.as_of)).flags  # noqa: B018 -- a write to a column would raise


@settings(max_examples=examples(40), deadline=None)
@given(companies(), st.data())
def test_hypothetical_company_equals_the_company_so_edited(drawn: Drawn, data: st.DataObject):
    """A goal that closes and an initiative that grows, as changes on top and as a bundle that says so."""
    bundle, changes = {name: [dict(row) for row in rows] for name, rows in drawn.bundle.items()}, []
    if bundle.get("goals"):
        at = data.draw(st.integers(0, len(bundle["goals"]) - 1))
        bundle["goals"][at]["status"] = "dropped"
        changes.append(Change("goals", at + 1, "status", tuple(GoalStatus).index(GoalStatus.DROPPED)))
    if bundle.get("initiatives"):
        at = data.draw(st.integers(0, len(bundle["initiatives"]) - 1))
        bundle["initiatives"][at]["effort"] = "7.25"
        changes.append(Change("initiatives", at + 1, "effort", 7.25))
    before = company_of(drawn.bundle, drawn.today)
    alignment = compute(changed(before, changes), day_number(drawn.as_of))
    expected = naive_report(bundle, drawn.as_of, drawn.today)
    assert plain(engine_report(bundle, alignment, drawn.as_of)) == approximately(plain(expected))


def test_changed_refuses_what_is_not_there():
    company = company_of({"goals": [], "teams": [{"key": "a", "name": "A"}]}, WORKED[0].as_of)
    for change in (Change("teams", 9, "stance", 1), Change("teams", 1, "colour", 1), Change("teams", 1, "id", 2)):
        with pytest.raises(LookupError):
            changed(company, [change])


def few(company: Company, initiatives: np.ndarray) -> Company:
    """Only these initiatives with all their links; everything they refer to stays."""
    from dataclasses import replace

    place = np.full(len(company.initiatives.id), -1)
    place[initiatives] = np.arange(len(initiatives))
    kept, asked = place[company.links.initiative] >= 0, place[company.asks.initiative] >= 0
    rows = {name: column[initiatives] for name, column in vars(company.initiatives).items()}
    links = {name: column[kept] for name, column in vars(company.links).items()}
    asks = {name: column[asked] for name, column in vars(company.asks).items()}
    return replace(
        company,
        initiatives=replace(company.initiatives, **rows),
        links=replace(company.links, **links | {"initiative": place[links["initiative"]]}),
        asks=replace(company.asks, **asks | {"initiative": place[asks["initiative"]]}),
    )


@settings(max_examples=examples(40), deadline=None)
@given(companies(), st.data())
def test_few_rows_say_the_same_as_all(drawn: Drawn, data: st.DataObject):
    company, on = company_of(drawn.bundle, drawn.today), day_number(drawn.as_of)
    count = len(company.initiatives.id)
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, count - 1)))) if count else [], dtype=np.int64)
    whole, part = compute(company, on), compute(few(company, chosen), on)
    for name in vars(whole.parts):
        np.testing.assert_array_equal(getattr(part.parts, name), getattr(whole.parts, name)[chosen])
    for one, other in zip(part.flags, whole.flags, strict=True):
        if one.subject is Subject.INITIATIVE:
            assert chosen[one.at].tolist() == [at for at in other.at.tolist() if at in chosen]


forests = st.integers(0, 25).flatmap(
    lambda n: st.tuples(*(st.integers(-1, at - 1) for at in range(n))).flatmap(
        lambda parents: st.permutations(range(len(parents))).map(
            lambda order: [order[parents[at]] if parents[at] >= 0 else -1 for at in np.argsort(order).tolist()]
        )
    )
)


@settings(max_examples=examples(80), deadline=None)
@given(forests, st.data())
def test_forest_equals_walking_it(parents: list[int], data: st.DataObject):
    forest = Forest(np.array(parents, dtype=np.int64))
    above = []
    for node in range(len(parents)):
        line = [node]
        while parents[line[-1]] >= 0:
            line.append(parents[line[-1]])
        above.append(line)
    pairs = (
        data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, len(parents) - 1)), max_size=20))
        if parents
        else []
    )
    things, nodes = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    subtrees = [{at for at in range(len(parents)) if node in above[at]} for node in range(len(parents))]
    values = np.arange(1.0, len(parents) + 1)

    assert forest.root.tolist() == [line[-1] for line in above]
    assert forest.depth.tolist() == [len(line) - 1 for line in above]
    assert forest.sum_up(values).tolist() == [sum(at + 1 for at in tree) for tree in subtrees]
    assert forest.any_up(values % 3 == 0).tolist() == [any((at + 1) % 3 == 0 for at in tree) for tree in subtrees]
    assert forest.count_distinct(things, nodes).tolist() == [
        len({t for t, at in pairs if at in tree}) for tree in subtrees
    ]
    for node, tree in enumerate(subtrees):
        places = sorted(forest.preorder[list(tree)].tolist())
        assert places == list(range(forest.preorder[node], forest.preorder[node] + len(tree)))


def test_forest_with_a_cycle_is_refused():
    with pytest.raises(ValueError, match="below itself"):
        Forest(np.array([1, 0, -1]))
