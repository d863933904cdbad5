"""What goals cite: the customers they are for, and the pages of the business context that they rest on."""

from __future__ import annotations

import pytest

from strategy.models import Edition
from strategy.selectors.citations import cited_by_goal
from strategy.services.citations import cite_for_goal
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW
from tests.html import page_text, source_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_goal_cites_what_it_is_told_to_and_makes_no_edition_of_it():
    goal, persona, page = make.GoalFactory(), make.PersonaFactory(), make.ContextPageFactory()
    row = cite_for_goal(goal, actor=make.LeaderFactory(), at=NOW, version=1, pages=[page], personas=[persona])
    found = cited_by_goal(row)
    assert (found.pages, found.personas, row.version) == ([page], [persona], 2)
    assert LogEntry.objects.latest("id").changes == {"pages": [[], [page.pk]], "personas": [[], [persona.pk]]}
    assert not Edition.objects.exists()
    again = cite_for_goal(row, actor=make.LeaderFactory(), at=NOW, version=2, pages=[page], personas=[persona])
    assert again.version == 2


def test_goal_without_a_customer_says_so_to_whoever_may_edit_it():
    goal = make.GoalFactory()
    leader, member = signed_in(make.LeaderFactory()), signed_in(make.PersonFactory())
    address = f"/goals/{goal.key}/"
    assert "It names no customer" in page_text(leader.get(address))
    assert "It names no customer" not in page_text(member.get(address))
    make.GoalPersonaFactory(goal=goal, persona__name="Shop owner")
    assert "It names no customer" not in page_text(leader.get(address))
    assert "Customers Shop owner" in page_text(member.get(address))


def test_goal_says_whom_it_is_for_on_its_form():
    goal, persona = make.GoalFactory(), make.PersonaFactory(key="shop-owner")
    page = make.ContextPageFactory(key="prices")
    client, address = signed_in(make.LeaderFactory()), f"/goals/{goal.key}/citations/"
    client.post(address, {"version": "1", "personas": ["shop-owner"], "pages": ["prices"]})
    assert (cited_by_goal(goal).pages, cited_by_goal(goal).personas) == ([page], [persona])
    wrong = client.post(address, {"version": "2", "personas": ["gone"]})
    assert "Something you chose is no longer here" in page_text(wrong, 422)


def test_page_and_persona_name_what_rests_on_them_as_far_as_one_may_see_it():
    page, persona = make.ContextPageFactory(key="prices"), make.PersonaFactory(key="shop-owner")
    goal, secret = make.GoalFactory(title="Sell more"), make.GoalFactory(title="Sell the firm", visibility="leaders")
    for each in (goal, secret):
        make.GoalPageFactory(goal=each, page=page)
        make.GoalPersonaFactory(goal=each, persona=persona)
    for row in (make.DecidedFactory(title="Dearer"), make.DecisionFactory(title="Cheaper")):
        make.DecisionPageFactory(decision=row, page=page)
    client = signed_in(make.PersonFactory())
    shown, personas = client.get("/context/prices/"), client.get("/personas/")
    assert "What rests on it Sell more Dearer" in page_text(shown)
    assert "Goals that are for them: Sell more" in page_text(personas)
    for hidden in ("Sell the firm", "Cheaper"):
        assert hidden not in source_of(shown) + source_of(personas)
