"""What a bet is asked with, and whether the bets on a measure add up. Worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from alignment.models import Link
from alignment.narrative.bets import bets_text
from alignment.selectors.bets import with_bets
from strategy.models import Measure
from tests import factories as make
from tests.factories import NOW
from tests.firm import SECRET, build_firm
from tests.html import page_text, source_of, texts_of
from web.goals.briefs import brief_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return build_firm()


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member(firm) -> Client:
    make.MembershipFactory(team=firm.search, person=firm.member)
    client = Client()
    client.force_login(firm.member)
    return client


def measure(**values) -> Measure:
    made: Measure = make.MeasureFactory.build(
        **{"baseline": 10, "target": 20, "current": 12, "kind": "target", **values}
    )
    for name in ("baseline", "target", "current"):
        setattr(made, name, Decimal(getattr(made, name)))
    return made


@pytest.mark.parametrize(
    ("values", "bets", "change", "said"),
    [
        ({}, 0, "0", "No bet says by how much it would move it."),
        ({}, 1, "3", "1 bet expects +3: 12 would be 15, 5 short of 20."),
        ({}, 2, "8", "2 bets expect +8 in all: 12 would be 20, which reaches 20."),
        ({"target": 5}, 2, "-4.5", "2 bets expect −4.5 in all: 12 would be 7.5, 2.5 short of 5."),
        ({"target": 5}, 1, "-9", "1 bet expects −9: 12 would be 3, which reaches 5."),
        (
            {"kind": "at_most", "baseline": 0, "target": 11},
            1,
            "-0.5",
            "1 bet expects −0.5: 12 would be 11.5, 0.5 short of 11.",
        ),
        (
            {"kind": "at_least", "baseline": 0, "target": 11},
            1,
            "-1",
            "1 bet expects −1: 12 would be 11, which keeps 11.",
        ),
        ({"kind": "milestone"}, 1, "1", ""),
    ],
)
def test_bets_on_a_measure_are_set_beside_what_is_wanted(values, bets, change, said):
    assert bets_text(measure(**values), bets=bets, change=Decimal(change)) == said


def test_bets_count_while_their_work_goes_on_and_they_are_not_tested(firm):
    row = make.MeasureFactory(goal=firm.growth)
    other = make.MeasureFactory(goal=firm.growth)
    for number, (status, outcome, change) in enumerate(
        [
            ("active", "untested", "2.5"),
            ("proposed", "untested", "-1"),
            ("paused", "untested", "4"),
            ("active", "untested", None),
            ("active", "held", "16"),
            ("done", "untested", "32"),
            ("dropped", "untested", "64"),
        ]
    ):
        work = make.InitiativeFactory(title=f"Work {number}", status=status)
        make.LinkFactory(initiative=work, goal=firm.growth, measure=row, expected_change=change, outcome=outcome)

    found = {each.pk: (each.bets, each.bets_change) for each in with_bets(Measure.objects.all())}

    assert found == {row.pk: (3, Decimal("5.5")), other.pk: (0, 0)}


def test_goal_says_whether_its_bets_add_up_until_it_is_closed(firm, member):
    row = make.MeasureFactory(goal=firm.growth, baseline=10, current=10, target=20)
    make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth, measure=row, expected_change=4)
    said = "1 bet expects +4: 10 would be 14, 6 short of 20."

    assert said in page_text(member.get("/goals/growth/"))
    type(firm.growth).objects.filter(pk=firm.growth.pk).update(status="missed", closed_on=make.DAY)
    assert said not in page_text(member.get("/goals/growth/"))


def test_goals_to_bet_on_show_their_why_their_measures_and_whom_they_are_for(firm, member):
    type(firm.growth).objects.filter(pk=firm.growth.pk).update(why="**Shops** leave us when they cannot find things.")
    for number in range(4):
        make.MeasureFactory(goal=firm.growth, title=f"Found {number}", baseline=0, current=5, target=10)
    make.GoalPersonaFactory(goal=firm.growth, persona__name="Buyer")
    make.GoalPageFactory(goal=firm.growth, page__title="How we sell")

    firm.growth.refresh_from_db()
    told = brief_texts([firm.growth, firm.retention])

    assert told[firm.growth.pk].why == "Shops leave us when they cannot find things."
    assert told[firm.growth.pk].measures.count("At 5, 50.0\N{NO-BREAK SPACE}% of the way from 0 to 10.") == 3
    assert told[firm.growth.pk].measures.endswith("And 1 more.")
    assert told[firm.growth.pk].about == "For Buyer. See How we sell."
    assert told[firm.retention.pk].lines() == (firm.retention.why,)
    assert brief_texts([]) == {}
    for address in ("/initiatives/loose/links/new/", "/initiatives/loose/links/new/?goal=growth"):
        page = page_text(member.get(address))
        assert "Shops leave us when they cannot find things." in page
        assert "For Buyer. See How we sell." in page


def test_measures_to_choose_are_of_the_goals_on_offer_and_below_them(firm, member):
    namesake = make.GoalFactory(title=firm.growth.title, strategy=firm.strategy)
    below = make.GoalFactory(parent=firm.growth, team=firm.search, title="Found at once")
    for goal, title in (
        (firm.growth, "Sign-ups"),
        (below, "Found"),
        (firm.retention, "Returns"),
        (namesake, "Orders"),
        (firm.secret, SECRET),
    ):
        make.MeasureFactory(goal=goal, title=title, unit="")

    page = member.get("/initiatives/loose/links/new/?goal=growth&q=growth")

    assert {"Sign-ups", "Found", "Orders"} <= set(texts_of(page, "#id_measure option"))
    assert SECRET not in source_of(page)


def test_bet_is_made_with_its_measure_and_nothing_of_it_is_required(firm, member):
    row = make.MeasureFactory(goal=firm.growth)
    other = make.MeasureFactory()
    address = "/initiatives/loose/links/new/"

    wrong = member.post(address, {"goal": "growth", "measure": other.pk})
    assert "It is no measure of this goal, or of one below it." in page_text(wrong, 422)
    loose = member.post(address, {"goal": "growth", "expected_change": "5"})
    assert "Say which measure this change is of." in page_text(loose, 422)
    member.post(address, {"goal": "growth", "measure": row.pk, "expected_change": "2,5"})
    member.post(address, {"goal": "retention"})

    bet, bare = Link.objects.filter(initiative=firm.work["loose"]).order_by("pk")
    assert (bet.measure, bet.expected_change, bet.rationale) == (row, Decimal("2.5"), "")
    assert (bare.goal, bare.rationale, bare.measure) == (firm.retention, "", None)
