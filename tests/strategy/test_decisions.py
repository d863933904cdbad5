"""Decisions: written as drafts, concluded, superseded, and read by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from lib.services.errors import RefusedError, StaleError
from strategy.enums import DecisionStatus, Visibility
from strategy.models import Decision, Goal
from strategy.selectors.citations import cited_by_decision
from strategy.selectors.decisions import IN_FORCE, SUPERSEDED, decisions, touching, with_decisions
from strategy.services.decisions import (
    NOT_WHOLE,
    conclude_decision,
    create_decision,
    edit_decision,
    relate_decision,
    remove_decision,
    reopen_decision,
)
from teams.models import LogEntry, Person
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_of, message_of, page_text, source_of, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
SAID = {"choice": "Partners only.", "reasons": "Our own sales cost more than they brought in."}


@pytest.fixture
def leader() -> Person:
    return make.LeaderFactory()


def draft(actor: Person, **values: Any) -> Decision:
    return create_decision(actor=actor, at=NOW, **{"title": "Partners sell", **SAID, **values})


def done(service: Any, row: Decision, actor: Person, **values: Any) -> Decision:
    row.refresh_from_db()
    return service(row, actor=actor, at=NOW, version=row.version, **values)


def decided(actor: Person, **values: Any) -> Decision:
    return done(conclude_decision, draft(actor, **values), actor)


def seen(person: Person, **asked: Any) -> set[str]:
    return {row.title for row in decisions(person, **asked)}


def test_page_of_a_decision_leads_to_the_form_of_the_one_that_takes_its_place(leader):
    row, client = decided(leader), signed_in(leader)
    address = f"/decisions/new/?supersedes={row.key}"
    assert address in links_of(client.get(f"/decisions/{row.key}/"))

    assert client.get(address).context["form"]["supersedes"].value() == row.key


def test_only_what_is_decided_and_for_everybody_is_read_by_others(leader):
    owner, other = make.PersonFactory(), make.PersonFactory()
    draft(leader, title="Drafted", owner=owner)
    decided(leader, title="Secret", visibility=Visibility.LEADERS)
    decided(leader, title="Open")
    assert seen(other) == {"Open"}
    assert seen(owner) == {"Open", "Drafted"}
    assert seen(leader) == seen(make.AdminFactory()) == {"Open", "Drafted", "Secret"}


def test_each_filter_of_the_list_leaves_the_others_out(leader):
    draft(leader, title="Drafted")
    first = decided(leader, title="First")
    decided(leader, title="Second", supersedes=first)

    assert seen(leader) == {"Drafted", "First", "Second"}
    assert seen(leader, state=DecisionStatus.DRAFT) == {"Drafted"}
    assert seen(leader, state=IN_FORCE) == {"Second"}
    assert seen(leader, state=SUPERSEDED) == {"First"}
    assert seen(leader, words="draft") == seen(leader, words="draft", state="draft") == {"Drafted"}
    assert seen(leader, words="draft", state=IN_FORCE) == set()


def test_key_tells_nothing_until_everybody_may_read_it(leader):
    row = draft(leader, visibility=Visibility.LEADERS)
    first = row.key
    assert first.startswith("decision-")
    row = done(conclude_decision, row, leader)
    assert row.key == first
    row = done(edit_decision, row, leader, visibility=Visibility.COMPANY)
    assert (row.key, row.first_key) == ("partners-sell", first)
    response = signed_in(make.PersonFactory()).get(f"/decisions/{first}/")
    assert (response.status_code, response["Location"]) == (301, "/decisions/partners-sell/")


def test_decision_without_choice_and_reasons_is_not_decided(leader):
    row = draft(leader, reasons="")
    with pytest.raises(RefusedError, match="for which reasons"):
        done(conclude_decision, row, leader)
    row = done(edit_decision, row, leader, reasons="Because.")
    row = done(conclude_decision, row, leader)
    assert (row.status, row.decided_on) == (DecisionStatus.DECIDED, DAY)
    with pytest.raises(ValidationError) as error:
        done(edit_decision, row, leader, reasons=" ")
    assert error.value.message_dict == {"reasons": [NOT_WHOLE]}


def test_day_of_the_decision_stays_as_it_was_given(leader):
    assert decided(leader, decided_on=dt.date(2026, 1, 5)).decided_on == dt.date(2026, 1, 5)


def test_each_decision_has_one_successor_and_no_circle(leader):
    first = decided(leader, title="First")
    second = decided(leader, title="Second", supersedes=first)
    with pytest.raises(ValidationError, match="takes the place of"):
        draft(leader, title="Third", supersedes=first)
    with pytest.raises(ValidationError, match="comes after this one"):
        done(edit_decision, first, leader, supersedes=second)
    with pytest.raises(ValidationError, match="is a draft"):
        draft(leader, supersedes=draft(leader, title="Fourth"))
    with pytest.raises(RefusedError, match="A later decision"):
        done(reopen_decision, first, leader)
    assert seen(leader, state=IN_FORCE) == {"Second"}
    assert seen(leader, state=SUPERSEDED) == {"First"}


def test_decision_is_superseded_once_the_later_one_is_decided(leader):
    first = decided(leader, title="First")
    later = draft(leader, title="Later", supersedes=first)
    assert seen(leader, state=IN_FORCE) == {"First"}
    later = done(conclude_decision, later, leader)
    assert seen(leader, state=SUPERSEDED) == {"First"}
    done(reopen_decision, later, leader)
    assert seen(leader, state=IN_FORCE) == {"First"}


def test_only_drafts_are_removed(leader):
    row = decided(leader)
    with pytest.raises(RefusedError, match="was decided"):
        done(remove_decision, row, leader)
    done(remove_decision, done(reopen_decision, row, leader), leader)
    assert not Decision.objects.exists()


def test_owner_edits_and_others_do_not(leader):
    owner = make.PersonFactory()
    row = draft(leader, owner=owner)
    row = done(edit_decision, row, owner, options="Shops, or the web.")
    with pytest.raises(PermissionDenied):
        done(edit_decision, row, make.PersonFactory(), title="Mine")
    with pytest.raises(PermissionDenied):
        draft(make.PersonFactory())


def test_who_decided_is_logged_by_id_and_counts_as_an_edit(leader):
    ada, bea = make.PersonFactory.create_batch(2)
    row = draft(leader, decided_by=[ada])
    version = row.version
    row = done(edit_decision, row, leader, decided_by=[bea])
    assert row.version == version + 1
    assert LogEntry.objects.latest("id").changes == {"decided_by": [[ada.pk], [bea.pk]]}
    with pytest.raises(StaleError):
        edit_decision(row, actor=leader, at=NOW, version=version, decided_by=[ada])


def test_goals_that_the_editor_may_not_see_stay(leader):
    owner = make.PersonFactory()
    secret, goal, other = make.GoalFactory(visibility="leaders"), *make.GoalFactory.create_batch(2)
    page, persona = make.ContextPageFactory(), make.PersonaFactory()
    row = draft(leader, owner=owner)
    row = done(relate_decision, row, leader, goals=[secret, goal], pages=[page], personas=[])
    row = done(relate_decision, row, owner, goals=[other], pages=[], personas=[persona])
    found = cited_by_decision(row, leader)
    assert ({*found.goals}, found.pages, found.personas) == ({secret, other}, [], [persona])
    with pytest.raises(ValidationError):
        done(relate_decision, row, owner, goals=[secret], pages=[], personas=[])


def test_goal_lists_what_is_in_force_before_what_is_superseded(leader):
    goal = make.GoalFactory()
    old = make.DecidedFactory(title="Old", decided_on=DAY)
    new = make.DecidedFactory(title="New", supersedes=old, decided_on=DAY - dt.timedelta(days=9))
    for row in (old, new, make.DecisionFactory(title="Drafted")):
        make.DecisionGoalFactory(decision=row, goal=goal)
    found = with_decisions(Goal.objects.all(), make.PersonFactory()).get(pk=goal.pk)
    assert [row.title for row in touching(found)] == ["New", "Old"]


def test_pages_lead_from_the_old_one_to_the_new_and_to_the_goals(leader, django_assert_max_num_queries):
    old = make.DecidedFactory(key="old", title="Own sales")
    new = make.DecidedFactory(key="later", title="Partners sell", supersedes=old, context="It **cost** too much.")
    goal, secret = make.GoalFactory(title="Grow"), make.GoalFactory(title="Sell the firm", visibility="leaders")
    for each in (goal, secret):
        make.DecisionGoalFactory(decision=new, goal=each)
    make.DecisionPersonFactory(decision=new, person__name="Ruth")
    member = signed_in(make.PersonFactory())
    assert "It is superseded by Partners sell." in page_text(member.get("/decisions/old/"))
    with django_assert_max_num_queries(12):
        page = member.get("/decisions/later/")
    text = page_text(page)
    for said in ("Takes the place of Own sales", "Goals it touches Grow", "Decided by Ruth"):
        assert said in text
    assert "Sell the firm" not in source_of(page)
    assert "Decisions that touch it Partners sell" in page_text(member.get(f"/goals/{goal.key}/"))
    listed = member.get("/decisions/?state=superseded&q=own")
    assert texts_of(listed, "#results h2") == ["Own sales Superseded"]


def test_successor_that_somebody_may_not_see_is_not_named(leader):
    old = make.DecidedFactory(key="old")
    make.DecidedFactory(title="Quiet", supersedes=old, visibility=Visibility.LEADERS)
    page = signed_in(make.PersonFactory()).get("/decisions/old/")
    assert "A later decision takes its place." in page_text(page)
    assert "Quiet" not in source_of(page)


def test_decision_is_written_concluded_and_reopened_on_its_pages(leader):
    client, ada = signed_in(leader), make.PersonFactory(name="Ada", email="ada@example.org")
    typed = {"title": "Partners sell", **SAID, "decided_by": "Ada\n", "visibility": "company", "owner": ""}
    form = client.post("/decisions/new/", {**typed, "decided_by": "Nobody at all"})
    assert "Nobody active here is “Nobody at all”" in page_text(form, 422)
    client.post("/decisions/new/", typed)
    row = Decision.objects.get()
    assert [*row.decided_by.all()] == [ada]
    response = client.post(f"/decisions/{row.key}/conclusion/", {"version": row.version}, follow=True)
    assert message_of(response).endswith("“Partners sell” is decided. Undo")
    row.refresh_from_db()
    client.post(f"/decisions/{row.key}/reopening/?version={row.version}")
    row.refresh_from_db()
    assert row.status == DecisionStatus.DRAFT
