"""Coverage by week as the pages draw it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.template.loader import render_to_string

from alignment.engine import Figures
from alignment.history.weeks import Week
from alignment.refresh.recompute import recompute_alignment
from alignment.refresh.weeks import snapshot_when_due
from lib.text.numbers import SPACE
from teams.models import Initiative, Team
from tests.factories import DAY
from tests.html import page_text, parsed, text_of, texts_of
from web.figures.trends import NOT_KEPT, NOTHING_DRAWN, TOO_FEW, Trend, trend

WEEK = dt.timedelta(weeks=1)
HALF = Figures(effort=4, aligned=2, orphaned=2)
UPKEEP = Figures(effort=4, sustaining=4)


def kept(*weeks: int, figures: Figures = HALF) -> list[Week]:
    """So many weeks before that of DAY."""
    return [Week(DAY - back * WEEK, DAY - back * WEEK, figures) for back in weeks]


def drawn(given: Trend) -> str:
    return render_to_string("components/_trend.html", {"trend": given, "title": "Coverage"})


def test_now_stands_for_its_week():
    now = Figures(effort=4, aligned=4)
    given = trend(kept(1, 0), now, DAY + dt.timedelta(days=3))

    assert [(point.day, point.now, point.coverage.value) for point in given.points] == [
        (DAY - WEEK, False, 0.5),
        (DAY, True, 1),
    ]
    assert [(point.x, point.y) for point in given.points] == [("1.50%", "50.00%"), ("98.50%", "6.00%")]
    assert given.label.replace(SPACE, " ") == "Coverage by week: 50.0 % in the week of 9 Mar 2026, 100 % now"


def test_twelve_weeks_are_shown():
    given = trend(kept(*reversed(range(1, 30))), HALF, DAY)

    assert [given.points[0].day, given.points[-1].day, len(given.points)] == [DAY - 11 * WEEK, DAY, 12]
    assert len(given.lines) == 11


def test_week_without_discretionary_work_is_a_gap():
    given = trend([*kept(4, 3), *kept(2, figures=UPKEEP), *kept(1)], HALF, DAY)
    html = drawn(given)

    assert [bool(point.y) for point in given.points] == [True, True, False, True, True]
    assert len(given.lines) == 2
    assert len(parsed(html).select("circle")) == 4
    assert "None: There is no discretionary work" in text_of(html)


def test_week_that_was_not_kept_is_a_gap():
    given = trend(kept(3, 1), HALF, DAY)

    assert [point.figures for point in given.points] == [HALF, None, HALF, HALF]
    assert f"None: {NOT_KEPT}" in text_of(drawn(given))


def test_fewer_than_two_weeks_are_a_sentence():
    for given in (trend([], HALF, DAY), trend(kept(0), HALF, DAY), trend([], Figures(), None)):
        html = drawn(given)
        assert TOO_FEW in text_of(html)
        assert parsed(html).select("svg, details") == []


def test_weeks_without_two_points_are_a_sentence_with_the_figures():
    html = drawn(trend(kept(2, 1, figures=UPKEEP), HALF, DAY))

    assert NOTHING_DRAWN in text_of(html)
    assert parsed(html).select("svg") == []
    assert len(parsed(html).select("tr")) == 4


def test_line_is_drawn_by_attributes_and_has_its_figures_as_text():
    html = drawn(trend(kept(2, 1), HALF, DAY))
    [line] = parsed(html).select("[role=img]")

    assert parsed(html).select("[style]") == []
    assert str(line["aria-label"]).replace(SPACE, " ").startswith("Coverage by week: 50.0 %")
    assert texts_of(line, "title") == [" ".join(str(line["aria-label"]).split())]
    assert text_of(html).count("50.0 %") == 5  # three rows, and twice (first and last) in the title
    assert "Now" in texts_of(html, "th[scope=row]")


@pytest.fixture
def firm(firm):
    """Two weeks kept, of coverage 50 % and, for Search, 57.1 % (4 of 7)."""
    at = dt.datetime.combine(DAY, dt.time(3), dt.UTC)
    snapshot_when_due(as_of=DAY, at=at)
    Initiative.objects.filter(key="lost").update(effort=2)
    recompute_alignment(as_of=DAY + WEEK, at=at + WEEK)
    snapshot_when_due(as_of=DAY + WEEK, at=at + WEEK)
    recompute_alignment(as_of=DAY + 2 * WEEK, at=at + 2 * WEEK)
    return firm


def page(client, person, address: str) -> str:
    client.force_login(person)
    return page_text(client.get(address))


def test_home_shows_the_company_by_week(firm, client, django_assert_num_queries):
    client.force_login(firm.leader)
    with django_assert_num_queries(12):
        client.get("/")

    assert "Coverage by week: 50.0 % in the week of 16 Mar 2026, 53.8 % now" in page(client, firm.leader, "/")


def test_team_page_shows_its_own_work_and_that_of_its_sub_teams_by_week(firm, client, django_assert_num_queries):
    client.force_login(firm.member)
    with django_assert_num_queries(12):
        client.get("/teams/product/")
    product, search = page(client, firm.member, "/teams/product/"), page(client, firm.member, "/teams/search/")

    assert "Coverage by week: 50.0 % in the week of 16 Mar 2026, 50.0 % now" in product
    assert "Coverage by week: 50.0 % in the week of 16 Mar 2026, 53.8 % now" in product
    assert "Coverage by week: 50.0 % in the week of 16 Mar 2026, 57.1 % now" in search
    assert "Coverage with its sub-teams" not in search


def test_team_was_its_own_work_before_it_had_sub_teams(firm, client):
    Team.objects.filter(key="quiet").update(parent=firm.search)
    recompute_alignment(as_of=DAY + 2 * WEEK, at=dt.datetime.combine(DAY + 2 * WEEK, dt.time(5), dt.UTC))
    search = page(client, firm.member, "/teams/search/").split("Coverage with its sub-teams")[1]

    assert "Coverage by week: 50.0 % in the week of 16 Mar 2026, 57.1 % now" in search


def test_team_without_work_shows_no_trend(firm, client):
    assert "week by week" not in page(client, firm.member, "/teams/quiet/")
