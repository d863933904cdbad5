"""Which links a flag is about: by the engine over a company, and by the same condition over the few links of a page."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings

from alignment.engine import compute
from alignment.engine.model import day_number
from alignment.enums import FlagCode
from alignment.models import GoalFigures, Link
from alignment.rules import is_about, links_about
from strategy.models import Goal
from tests.alignment.columns import company_of
from tests.alignment.companies import Drawn, Row, companies
from tests.alignment.naive import Company, cell, day
from tests.examples import examples

CODES = ("unreasoned", "reconfirm", "review_due", "belief_failed")
Pairs = dict[str, set[tuple[str, str]]]


def naive_pairs(drawn: Drawn) -> Pairs:
    """By code, the pairs of an active initiative and a goal whose link the flag is about, if its team is here."""
    company = Company(drawn.bundle, drawn.as_of, drawn.today)
    found: Pairs = {code: set() for code in CODES}
    for initiative in company.active:
        for link in company.links_of(initiative):
            for code in company.link_codes(link):
                found[code].add((initiative, link["goal"]))
    return found


@settings(max_examples=examples(100), deadline=None)
@given(companies())
def test_links_of_flags_equal_naive(drawn: Drawn):
    alignment = compute(company_of(drawn.bundle, drawn.today), day_number(drawn.as_of))
    links = [(row["initiative"], row["goal"]) for row in drawn.bundle.get("links", [])]
    marked = {code.value: mask.tolist() for code, mask in alignment.links_flagged.items()}

    found = {code: {pair for pair, is_marked in zip(links, marked[code], strict=True) if is_marked} for code in CODES}
    company = Company(drawn.bundle, drawn.as_of, drawn.today)
    here = {work for work, row in company.initiatives.items() if company.is_here(row["team"])}
    assert found == {code: {pair for pair in pairs if pair[0] in here} for code, pairs in naive_pairs(drawn).items()}


@pytest.mark.slow
def test_random_companies_have_each_flag_about_links():
    seen: set[str] = set()

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(companies())
    def look(drawn: Drawn) -> None:
        seen.update(code for code, pairs in naive_pairs(drawn).items() if pairs)

    look()
    assert seen == set(CODES)


@settings(max_examples=examples(60), deadline=None)
@given(companies())
def test_few_links_of_a_page_equal_naive(drawn: Drawn):
    company = Company(drawn.bundle, drawn.as_of, drawn.today)
    found: Pairs = {code: set() for code in CODES}
    for initiative in company.active:
        rows = [row for row in company.links_of(initiative) if company.counts(row)]
        links = [as_model(row, company) for row in rows]
        for code in CODES:
            about = links_about(code, links, drawn.as_of)
            found[code] |= {(initiative, row["goal"]) for row, link in zip(rows, links, strict=True) if link in about}

    assert found == naive_pairs(drawn)


def as_model(row: Row, company: Company) -> Link:
    line = [row["goal"], *company.ancestors(row["goal"])]
    own, *above = [day(company.goals[goal], "meaning_changed_on") for goal in line]
    last = max((changed_on for changed_on in (own, *above) if changed_on), default=None)
    goal = Goal(meaning_changed_on=own)
    goal.figures = GoalFigures(meaning_changed_on=last)
    return Link(
        pk=len(company.links) - company.links.index(row),
        goal=goal,
        rationale=cell(row, "rationale"),
        state=cell(row, "state", "claimed"),
        outcome=cell(row, "outcome", "untested"),
        confirmed_on=day(row, "confirmed_on") or company.imported_on,
        review_on=day(row, "review_on"),
    )


def test_other_flags_are_about_no_link():
    link = Link(pk=1, goal=Goal(), rationale="", confirmed_on=dt.date(2026, 3, 1))

    assert links_about(FlagCode.UNREASONED, [link], None) == [link]
    assert links_about(FlagCode.DISCONNECTED, [link], None) == []
    assert links_about(FlagCode.UNREASONED, [], None) == []


def test_before_figures_were_computed_no_review_is_due():
    link = Link(goal=Goal(), review_on=dt.date(2026, 3, 1), confirmed_on=dt.date(2026, 3, 1))

    assert not is_about(FlagCode.REVIEW_DUE, link, None)
    assert is_about(FlagCode.REVIEW_DUE, link, dt.date(2026, 3, 2))


def test_a_condition_reads_only_what_it_asks_for():
    """Digests read links without their reasons: asking for one would be a query a link."""
    link = Link(goal=Goal(meaning_changed_on=dt.date(2026, 3, 2)), confirmed_on=dt.date(2026, 3, 1))
    for name in ("rationale", "outcome", "review_on"):
        del link.__dict__[name]

    assert links_about(FlagCode.RECONFIRM, [link], None) == [link]
