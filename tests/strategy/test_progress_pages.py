"""Progress beside coverage: on the pages of strategies, goals and teams, and on the home page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from strategy.models import CheckIn, Goal, Measure
from strategy.narrative import overview_text, progress_text
from strategy.progress import Overview, Progress
from tests import factories as make
from tests.html import parsed, text_of, texts_of
from tests.strategy.conftest import hide, signed_in
from web.measures.charts import Timeline, chart_of

pytestmark = pytest.mark.django_db
AT, MAR_3 = make.NOW, dt.date(2026, 3, 3)


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def customers(company):
    """From 1,000 to 2,000 customers a month; 1,250.5 now."""
    return company.growth.measures.get()


def said(measure: Measure, value: Any, days: int = 0, confidence: str = "at_risk") -> CheckIn:
    at = AT + dt.timedelta(days=days)
    Measure.objects.filter(pk=measure.pk).update(current=value)
    return CheckIn.objects.create(measure=measure, at=at, value=Decimal(value), confidence=confidence)


WORDS = [
    (Progress(), ""),
    (
        Progress(measures=1, far=Decimal("0.48"), sure="at_risk", fresh=MAR_3),
        "48.0 % of the way · at risk · checked in 3 Mar 2026",
    ),
    (Progress(measures=1, far=Decimal(0), unsaid=1), "0 % of the way · nobody has checked in yet"),
    (Progress(measures=1, to_keep=1, kept=1, met=1, fresh=MAR_3), "kept · checked in 3 Mar 2026"),
    (Progress(measures=1, to_keep=1), "not kept"),
    (
        Progress(measures=3, far=Decimal("0.5"), to_keep=2, kept=1, sure="off_track", fresh=MAR_3),
        "50.0 % of the way · 1 of 2 kept · off track · all checked in since 3 Mar 2026",
    ),
    (
        Progress(measures=2, far=Decimal(1), fresh=MAR_3, unsaid=1),
        "100 % of the way · checked in since 3 Mar 2026, 1 never",
    ),
]


@pytest.mark.parametrize(("goal", "words"), WORDS)
def test_a_goal_says_how_far_how_sure_and_how_fresh(goal, words):
    assert progress_text(goal).replace("\N{NO-BREAK SPACE}", " ") == words


def test_goals_side_by_side_are_counted():
    goals = Overview(4, 3, 7, 2, {"on_track": 1, "off_track": 2}, MAR_3, 0)

    assert overview_text(goals) == (
        "2 of 7 measures reached or kept · goals: 1 on track, 2 off track · all checked in since 3 Mar 2026"
    )
    assert overview_text(Overview(2, 0, 0, 0, {}, None, 0)) == ""


def test_strategy_pages_show_each_goal_with_what_its_own_measures_say(company, customers, leader):
    """Half of the way, and nothing of it at the goal above or below."""
    said(customers, 1500)
    client = signed_in(leader)
    for address in (reverse("strategy_list"), reverse("strategy_detail", args=["plan"])):
        page = client.get(address)
        rows = [row for row in texts_of(page, ".tree__row") if "of the way" in row]

        assert len(rows) == 1
        assert rows[0].startswith("Growth")
        assert "50.0 % of the way · at risk · checked in 16 Mar 2026" in rows[0]
        assert "0 of 1 measure reached or kept · goals: 1 at risk · checked in 16 Mar 2026" in text_of(page)


def test_goal_page_shows_goals_below_with_what_is_theirs(company, customers, leader):
    below = make.MeasureFactory(goal=company.retention, title="Stay", baseline=0, target=10)
    said(below, 10, confidence="on_track")
    page = signed_in(leader).get(reverse("goal_detail", args=["growth"]))

    (row,) = [row for row in texts_of(page, "#goals-below tbody tr") if "Retention" in row]
    assert "100 % of the way · on track · checked in 16 Mar 2026" in row
    measures = texts_of(page, "section[aria-labelledby=measures]")[0]
    assert "Stay" not in measures
    assert "100 %" not in measures


def test_team_page_and_home_show_it_too(company, customers, leader):
    said(customers, 1500)
    own = make.MeasureFactory(goal=company.own, baseline=0, target=10)
    said(own, 5, confidence="off_track")
    client = signed_in(leader)

    team = text_of(client.get(reverse("team_detail", args=["one"])))
    assert "A goal of our own 50.0 % of the way · off track · checked in 16 Mar 2026" in team
    assert "The plan: 0 of 1 measure reached or kept · goals: 1 at risk" in text_of(client.get("/"))
    member = signed_in(make.PersonFactory())
    assert "The plan: 0 of 1 measure reached or kept" in text_of(member.get("/"))


def test_home_counts_no_goal_that_its_reader_may_not_see(company, customers):
    said(customers, 1500)
    hide(company.growth)

    assert "reached or kept" not in text_of(signed_in(make.PersonFactory()).get("/"))
    assert "reached or kept" in text_of(signed_in(make.LeaderFactory()).get("/"))


def test_pages_take_the_same_queries_however_much_was_checked_in(company, customers, leader):
    client = signed_in(leader)
    addresses = [
        *("/", reverse("strategy_list"), reverse("strategy_detail", args=["plan"])),
        *(reverse("goal_detail", args=["growth"]), reverse("team_detail", args=["one"])),
    ]

    def queries() -> dict[str, int]:
        counts = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            counts[address] = len(seen)
        return counts

    few = queries()
    assert max(few.values()) <= 12
    for goal in (company.growth, company.retention, company.quality, company.own):
        for _number in range(3):
            row = make.MeasureFactory(goal=goal)
            for days in range(4):
                said(row, days, days)
    assert queries() == few


# Charts


def timeline(**values: Any) -> Timeline:
    given = {"starts": dt.date(2026, 3, 1), "ends": dt.date(2026, 3, 31), "today": dt.date(2026, 3, 21)}
    return Timeline(**{**given, "timezone": "UTC", **values})


def chart(measure: Measure, **values: Any) -> Any:
    from strategy.selectors.measures import points_of, with_points

    row = with_points(Measure.objects.filter(pk=measure.pk)).get()
    return chart_of(row, points_of(row), timeline(**values))


def test_chart_goes_from_where_it_began_to_today(customers):
    """1 March, 16 March and 21 March of the thirty days to 31 March; 1,000, 1,500 and 1,750 of 1,000 to 2,000."""
    said(customers, 1500)
    Measure.objects.update(current=1750)
    found = chart(customers)

    assert [(point.x, point.y) for point in found.points] == [
        ("1.50%", "90.00%"),
        ("50.00%", "50.00%"),
        ("66.17%", "30.00%"),
    ]
    assert [point.label.replace("\N{NO-BREAK SPACE}", " ") for point in found.points] == [
        "1 Mar 2026: 1 000",
        "16 Mar 2026: 1 500, at risk",
        "Now: 1 750",
    ]
    assert (found.wanted.start.y, found.wanted.end.y, found.today) == ("90.00%", "10.00%", "66.17%")


def test_chart_of_a_goal_without_days_has_what_is_wanted_as_a_line(customers):
    said(customers, 1500)
    said(customers, 1600, days=3)
    found = chart(customers, starts=None, ends=None)

    assert (found.first, found.last) == (dt.date(2026, 3, 16), dt.date(2026, 3, 21))
    assert found.wanted.start.y == found.wanted.end.y == "10.00%"


def test_nothing_is_drawn_of_a_milestone_and_of_what_did_not_move(company, customers):
    gate = make.MeasureFactory(goal=company.quality, kind="milestone", target=1, current=0)
    said(gate, 0)
    said(gate, 1, days=2)
    assert chart(gate) is None

    Measure.objects.filter(pk=customers.pk).update(current=1000)
    assert chart(customers) is None


def test_goal_page_draws_charts_and_sparklines_without_script_or_style(company, customers, leader):
    said(customers, 1500)
    said(customers, 1600, days=2)
    Goal.objects.filter(pk=company.growth.pk).update(starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31))
    page = parsed(signed_in(leader).get(reverse("goal_detail", args=["growth"])))

    (drawn,) = page.select("svg.chart__plot")
    assert " ".join(str(drawn["aria-label"]).split()) == (
        "Over time: 1 Mar 2026: 1 000; then 18 Mar 2026: 1 600, at risk. Wanted: 2 000."
    )
    titles = [" ".join(title.get_text().split()) for title in drawn.select("title")]
    assert titles == ["1 Mar 2026: 1 000", "16 Mar 2026: 1 500, at risk", "18 Mar 2026: 1 600, at risk"]
    (spark,) = page.select("svg.spark")
    assert " ".join(str(spark["aria-label"]).split()) == "1 500 on 16 Mar 2026, then 1 600 on 18 Mar 2026"
    assert page.select("main [style], main script") == []


def test_strategy_gives_its_days_to_goals_without_their_own(company, customers, leader):
    strategy = company.strategy
    strategy.starts_on, strategy.ends_on = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    strategy.save()
    said(customers, 1500)
    page = signed_in(leader).get(reverse("goal_detail", args=["growth"]))

    assert texts_of(page, ".chart__ends span") == ["1 Jan 2026", "31 Dec 2026"]
