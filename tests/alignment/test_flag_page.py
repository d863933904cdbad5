"""/flags/: questions by code, the teams' apart from the leaders'; housekeeping folded."""

from __future__ import annotations

import pytest

from alignment.enums import FlagCode
from strategy.models import Goal
from tests import factories as make
from tests.firm import SECRET
from tests.html import page_text, source_of, texts_of

PAGE = "/flags/"


@pytest.fixture
def as_member(firm, client):
    client.force_login(firm.member)
    return client


def test_overview_asks_by_code_with_counts(as_member):
    response = as_member.get(PAGE)
    page = page_text(response)

    assert "Link it, declare it an exploration, propose a goal for it, or stop it?" in page
    assert [group["label"] for group in response.context["team_side"]][:2] == [
        "Reaches nothing",
        "Linked, and reaches nothing",
    ]
    assert {group["label"] for group in response.context["leader_side"]} <= {code.label for code in FlagCode}
    assert "1 initiative is not sized" in page


@pytest.mark.parametrize(
    ("query", "number"),
    [("", 8), ("?code=disconnected", 8), ("?code=under_aligned", 7), ("?code=unsized", 7), ("?code=unmeasured", 6)],
)
def test_queries_are_as_many_for_few_rows_as_for_more(firm, as_member, query, number, django_assert_num_queries):
    with django_assert_num_queries(number):
        as_member.get(PAGE + query)
    for _number in range(5):
        work = make.InitiativeFactory(team=make.TeamFactory(), effort=None)
        make.LinkFactory(initiative=work, goal=firm.draft)
    firm.compute()
    with django_assert_num_queries(number):
        as_member.get(PAGE + query)


def test_code_opens_its_rows_with_the_day_first_seen(firm, as_member):
    Goal.objects.filter(pk=firm.draft.pk).update(owner=firm.member)
    response = as_member.get(PAGE, {"code": "disconnected"})
    page = page_text(response)

    assert "Lost" in texts_of(response, "a")
    assert "Some day: the goal is still a draft" in page
    assert "16 Mar 2026" in page


def test_team_flag_shows_the_figure_it_is_about(as_member):
    page = page_text(as_member.get(PAGE, {"code": "under_aligned"}))

    assert "50.0 %" in page


def test_confidential_goal_is_not_named_in_reasons_or_rows(firm, as_member, client):
    make.LinkFactory(initiative=firm.work["lost"], goal=firm.secret, state="disputed")
    firm.compute()

    page = as_member.get(PAGE, {"code": "disconnected"})
    assert "A confidential goal" in page_text(page)
    assert SECRET not in source_of(page)
    assert SECRET not in source_of(as_member.get(PAGE, {"code": "unmeasured"}))


def test_filters_narrow_to_a_team_and_to_mine(firm, as_member):
    [product], [ops] = (texts_of(as_member.get(PAGE, {"team": team}), "#results") for team in ("product", "ops"))
    assert "Reaches nothing" in product
    assert "Reaches nothing" not in ops
    assert "Nothing is open here" in page_text(as_member.get(PAGE, {"mine": "yes"}))


def test_subject_narrows_to_what_the_flags_are_about(as_member):
    response = as_member.get(PAGE, {"subject": "team"})

    assert {"initiative"}.isdisjoint({group["count"].split()[1] for group in response.context["team_side"]})
    assert response.context["leader_side"] == []


def test_code_of_another_subject_has_no_rows(as_member):
    assert "None with these filters." in page_text(as_member.get(PAGE, {"code": "orphan", "subject": "team"}))


@pytest.mark.parametrize(
    "query",
    ["code=nope", "team=nope", "after=garbage", "subject=%00", "code=orphan&after=WyJhIl0", "mine=maybe", "team=a%00b"],
)
def test_bad_parameters_are_left_out_calmly(as_member, query):
    page = page_text(as_member.get(f"{PAGE}?{query}"))

    assert "For teams to answer" in page or "Loose" in page


def test_empty_company_is_told_what_belongs_here(nothing, client):
    client.force_login(make.PersonFactory())

    assert "Nothing is open here." in page_text(client.get(PAGE))


def test_flags_are_only_read(as_member):
    assert as_member.post(PAGE).status_code == 405
