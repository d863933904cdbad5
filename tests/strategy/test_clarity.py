"""What leaders owe the company, counted by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import Thread
from strategy.models import EditionRead
from strategy.selectors.clarity import (
    Asked,
    Clarity,
    Clear,
    Lack,
    clarity_counts,
    clarity_of,
    company_goals_now,
    questions,
)
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


def ask(**values: Any) -> Thread:
    """A question about a goal, asked today and due tomorrow unless `values` say otherwise."""
    return make.ThreadFactory(**{"due_on": DAY + dt.timedelta(days=1), **values})


def test_questions_of_90_days_are_counted_by_whether_they_are_answered():
    """Counted are seven: three answered, and four that wait, of which two are late."""
    day = dt.timedelta(days=1)
    over: dict[str, Any] = {"turn": "", "due_on": None, "closed_at": NOW}
    page, strategy = make.ContextPageFactory(), make.StrategyFactory()
    first = NOW.replace(hour=0) - 90 * day
    ask()
    ask(due_on=DAY, opened_at=first)
    late = ask(due_on=DAY - day, about_kind="contextpage", about_id=page.pk)
    old = ask(due_on=DAY - 80 * day, about_kind="decision", about_id=make.DecisionFactory().pk)
    ask(turn="asks", due_on=None, about_kind="strategy", about_id=strategy.pk)
    ask(turn="asks", due_on=None)
    ask(outcome="answered", **over)
    ask(outcome="withdrawn", **over)
    ask(opened_at=first - dt.timedelta(seconds=1), due_on=DAY - 80 * day)
    ask(kind="counter", due_on=DAY - day)
    ask(about_kind="team", about_id=make.TeamFactory().pk, due_on=DAY - day)
    ask(about_id=10**9, due_on=DAY - day)
    assert (clarity().answered, clarity().late) == (Clear(3, 7), Clear(2, 7))
    assert {*questions(DAY, Asked.LATE)} == {late, old}
    assert {*questions(DAY, Asked.LATE)} < {*questions(DAY, Asked.WAITING)}


def test_questions_open_to_those_that_wait():
    today = timezone.now()
    asked = ask(opened_at=today, due_on=today.date() - dt.timedelta(days=2), about_kind="strategy")
    Thread.objects.filter(pk=asked.pk).update(about_id=make.StrategyFactory(title="The plan").pk)
    ask(opened_at=today, turn="asks", due_on=None)
    client = signed_in(make.LeaderFactory())
    text = page_text(client.get("/"))
    assert "Questions answered 1 of 2 Questions that wait beyond their day 1 of 2" in text
    for wanted in ("waiting", "late"):
        page = client.get(f"/threads/?questions={wanted}")
        assert [row.thread for row, _about in page.context["listed"]] == [asked]
        assert "1 conversation" in page_text(page)


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
