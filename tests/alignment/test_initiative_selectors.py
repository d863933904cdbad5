"""Which initiatives a list asks for, in which order, page by page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import QueryDict

from alignment.models import InitiativeFigures
from alignment.selectors.initiatives import (
    ORDERS,
    AlignedWork,
    aligned_work,
    goal_options,
    initiative_page,
    initiative_pages,
    parts_of,
    sortable,
)
from teams.enums import InitiativeKind, InitiativeStatus, Origin
from teams.models import Initiative
from teams.selectors.initiatives import ANY_STATUS
from tests import factories as make
from tests.factories import DAY
from tests.firm import SECRET


def keys(firm, reader=None, **work):
    return set(aligned_work(AlignedWork(**work), reader or firm.leader).values_list("key", flat=True))


ACTIVE = {"faster", "lost", "loose", "half", "look", "hush", "keep"}


def test_active_work_is_asked_for_unless_said_otherwise(firm):
    assert keys(firm) == ACTIVE
    assert keys(firm, status=InitiativeStatus.PAUSED) == {"later"}
    assert keys(firm, status=ANY_STATUS) == ACTIVE | {"later"}


def test_columns_narrow_the_work(firm):
    assert keys(firm, kind=InitiativeKind.EXPLORE) == {"look"}
    assert keys(firm, origin=Origin.ASSIGNED) == {"lost"}
    assert keys(firm, sized=False) == {"loose"}
    assert keys(firm, sized=True) == ACTIVE - {"loose"}


def test_team_has_its_sub_teams_unless_its_own_is_asked_for(firm):
    assert keys(firm, team=firm.product) == {"faster", "lost", "loose", "half", "look", "hush"}
    assert keys(firm, team=firm.product, own=True) == {"half", "look", "hush"}


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("aligned", {"faster", "half", "hush"}),
        ("exploring", {"look"}),
        ("sustaining", {"keep"}),
        ("orphaned", {"half", "lost", "loose"}),
    ],
)
def test_part_has_the_work_with_some_effort_in_it(firm, part, found):
    assert keys(firm, part=part) == found


def test_flag_has_the_work_with_an_open_one(firm):
    assert keys(firm, flag="disconnected") == {"lost"}

    firm.work["lost"].flags.update(resolved_on=DAY)

    assert keys(firm, flag="disconnected") == set()


def test_goal_has_the_work_linked_to_it_or_below(firm):
    assert keys(firm, goal=firm.growth) == {"faster", "half"}
    assert keys(firm, goal=firm.draft) == {"lost"}


def test_goal_leaves_out_links_below_it_that_the_reader_may_not_see(firm):
    firm.retention.visibility = "leaders"
    firm.retention.save()

    assert keys(firm, goal=firm.growth) == {"faster", "half"}
    assert keys(firm, firm.member, goal=firm.growth) == {"faster"}


def test_search_wants_every_word_in_any_case(firm):
    make.InitiativeFactory(key="both-words", title="Make the search 100% FASTER")

    assert keys(firm, search="faster") == {"faster", "both-words"}
    assert keys(firm, search="faster search") == {"both-words"}
    assert keys(firm, search="0%") == {"both-words"}
    assert keys(firm, search="_") == set()


def test_mine_is_what_i_own_and_what_my_teams_do(firm):
    make.MembershipFactory(team=firm.ops, person=firm.member)
    Initiative.objects.filter(key="loose").update(owner=firm.member)

    assert keys(firm, of=firm.member) == {"keep", "loose"}


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("size", [1, 3])
def test_pages_hold_every_row_exactly_once(firm, name, sign, size):
    """Titles, days and figures each have ties."""
    for number in range(8):
        title, day = f"Tie {number % 3}", DAY - dt.timedelta(days=number % 2)
        make.InitiativeFactory(title=title, touched_on=day, effort=1 + number % 2, team=firm.ops)
    firm.compute()
    work, seen, after = aligned_work(AlignedWork(), firm.member), [], QueryDict("")
    for _page in range(30):
        page = initiative_page(work, firm.member, sort=f"{sign}{name}", params=after, size=size, on=DAY)
        assert len(page.rows) <= size
        seen += page.rows
        after = QueryDict(page.next_url.removeprefix("?"))
        if not page.next_url:
            break

    assert sorted(row.pk for row in seen) == sorted(work.values_list("pk", flat=True))
    values = [value_of(row, name) for row in seen]
    assert values == sorted(values, reverse=bool(sign))


def value_of(row, name):
    return {
        "title": row.title,
        "touched": row.touched_on,
        "effort": row.figures.effort,
        "orphaned": row.figures.orphaned,
    }[name]


def test_orders_by_figures_are_for_active_work_only():
    assert sortable("-effort", InitiativeStatus.ACTIVE)
    assert not sortable("effort", ANY_STATUS)
    assert sortable("title", ANY_STATUS)
    assert not sortable("password", InitiativeStatus.ACTIVE)


def test_page_tells_the_goals_and_flags_of_each_row(firm, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows: dict[str, Any] = {
            row.key: row
            for row in initiative_page(aligned_work(AlignedWork(), firm.member), firm.member, params={}, on=DAY).rows
        }

    assert [goal["title"] for goal in rows["faster"].goals] == ["Retention", "Growth"]
    assert [bool(goal["seen"]) for goal in rows["faster"].goals] == [True, True]
    assert [bool(goal["seen"]) for goal in rows["hush"].goals] == [False]
    assert "disconnected" in rows["lost"].codes


def test_parts_of_work_outside_the_portfolio_do_not_exist(firm):
    assert parts_of(initiative_pages().get(key="later")) is None
    parts = parts_of(initiative_pages().get(key="half"))
    assert parts is not None
    assert (parts.effort, parts.aligned, parts.orphaned) == (2, 1, 1)


def test_initiative_names_its_team_and_those_above(firm):
    page: Any = initiative_pages().get(key="faster")
    assert [row["name"] for row in page.chain] == ["Product", "Search"]


def test_goal_options_are_top_goals_the_reader_sees_and_the_one_selected(firm):
    assert [goal.title for goal in goal_options(firm.leader)] == ["Growth", SECRET, "Some day"]
    assert [goal.title for goal in goal_options(firm.member, "retention")] == ["Growth", "Retention"]
    assert "hidden" not in [goal.key for goal in goal_options(firm.member, "hidden")]


def test_figures_of_the_firm_are_as_its_docstring_says(firm):
    total = sum(InitiativeFigures.objects.values_list("effort", flat=True))

    assert total == 8 + 6 + 5
