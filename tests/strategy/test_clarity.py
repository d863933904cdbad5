"""What leaders owe the company, counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from strategy.models import EditionRead
from strategy.selectors.clarity import Clarity, Clear, Lack, clarity_counts, clarity_of, company_goals_now
from teams.models import Company
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_of, page_text, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


def clarity() -> Clarity:
    return clarity_of(Company.objects.annotate(**clarity_counts(DAY)).get())


@pytest.fixture
def plan():
    """Five active company goals in what is published, of which one is for leaders; and others that do not count."""
    plan = make.StrategyFactory(key="plan", title="The plan")
    leader = make.LeaderFactory(name="Lea")
    whole = make.GoalFactory(title="Whole", strategy=plan, owner=leader)
    make.MeasureFactory.create_batch(2, goal=whole)
    make.GoalFactory(title="No measure", parent=whole, owner=leader)
    make.GoalFactory(title="No why", strategy=plan, why="", owner=leader)
    make.GoalFactory(title="Owner left", strategy=plan, owner=make.PersonFactory(is_active=False))
    make.GoalFactory(title="For leaders", strategy=plan, visibility="leaders", why="")
    make.GoalFactory(title="Draft", strategy=plan, status="draft", why="")
    make.GoalFactory(title="Closed", strategy=plan, status="missed", why="")
    make.GoalFactory(title="A team's", parent=whole, team=make.TeamFactory(), why="")
    make.GoalFactory(title="Archived", strategy__status="archived", why="")
    return plan


def test_goals_are_counted_by_what_they_have(plan):
    assert clarity().goals == {Lack.WHY: Clear(3, 5), Lack.MEASURE: Clear(1, 5), Lack.OWNER: Clear(3, 5)}


def test_each_figure_opens_to_the_goals_that_are_missing(plan):
    def lacking(person, lack):
        return {goal.title for goal in company_goals_now(person, lacks=lack)}

    leader, member = make.LeaderFactory(), make.PersonFactory()
    assert lacking(leader, Lack.WHY) == {"No why", "For leaders"}
    assert lacking(member, Lack.WHY) == {"No why"}
    assert lacking(member, Lack.MEASURE) == {"No measure", "No why", "Owner left"}
    assert lacking(member, Lack.OWNER) == {"Owner left"}
    page = signed_in(member).get("/goals/?lacks=owner")
    assert texts_of(page, "#results tbody th") == ["Owner left"]


def test_context_counts_pages_that_say_something_and_were_confirmed_lately():
    for days, body in ((180, "Dear."), (181, "Cheap."), (0, "")):
        make.ContextPageFactory(body=body, confirmed_on=DAY - dt.timedelta(days=days))
    assert clarity().pages == Clear(1, 2)


def test_reading_is_counted_of_the_last_edition_that_asks_and_of_enough_people(plan):
    says = {"title": "The plan", "narrative": "Two things.", "starts_on": None, "ends_on": None}
    edition = make.EditionFactory(strategy=plan, says=says)
    make.EditionFactory(strategy=plan, number=2, kind="closed", says=says)
    assert clarity().edition is None  # one person is here
    people = make.PersonFactory.create_batch(4)
    EditionRead.objects.create(edition=edition, person=people[0], at=NOW)
    assert (clarity().edition, clarity().read) == (("plan", 1), Clear(1, 5))


def test_who_read_an_edition_and_left_is_counted_no_more(plan):
    edition = make.EditionFactory(strategy=plan, says={"title": "The plan", "narrative": "Two things."})
    people = [*make.PersonFactory.create_batch(4), make.PersonFactory(is_active=False)]
    for person in people[2:]:
        EditionRead.objects.create(edition=edition, person=person, at=NOW)
    assert clarity().read == Clear(2, 5)


def test_leaders_read_on_their_home_how_many_have_read_the_last_edition(plan):
    leader, *others = make.LeaderFactory(), *make.PersonFactory.create_batch(4)
    edition = make.EditionFactory(strategy=plan, says={"title": "The plan", "narrative": "Two things."})
    EditionRead.objects.create(edition=edition, person=others[0], at=NOW)
    page = signed_in(leader).get("/")
    assert "People who read the last edition 1 of 6" in page_text(page)
    assert "/strategies/plan/editions/1/#readership" in links_of(page)


def test_leaders_and_administrators_have_it_on_their_home(plan):
    make.ContextPageFactory(body="Dear.")
    for person in (make.LeaderFactory(), make.AdminFactory()):
        text = page_text(signed_in(person).get("/"))
        assert "Goals that say why 3 of 5 Goals with a measure 1 of 5 Goals with an owner 3 of 5" in text
        assert "Business context confirmed lately 0 of 1" in text
    assert "Goals that say why" not in page_text(signed_in(make.PersonFactory()).get("/"))
    assert "Nobody has said that this is still true" in page_text(
        signed_in(make.PersonFactory()).get("/context/?old=yes")
    )
