"""What links cite: the customers they are about, and the pages of the business context that they rest on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from alignment.models import Link
from alignment.selectors.citations import citable_by_link
from alignment.services.links import edit_link, make_link, remove_link, restore_link
from lib.services.errors import StaleError
from strategy.services.personas import remove_persona
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW
from tests.html import page_text, parsed, source_of, text_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def by(leader):
    return {"actor": leader, "at": NOW}


@pytest.fixture
def page():
    return make.ContextPageFactory(key="prices", title="Prices")


@pytest.fixture
def persona():
    return make.PersonaFactory(key="shop-owner", name="Shop owner")


@pytest.fixture
def link(by, page, persona):
    work, goal = make.InitiativeFactory(key="work", title="Work"), make.GoalFactory(key="growth", title="Growth")
    return make_link(work, goal, "It helps.", pages=[page], personas=[persona], **by)


def cited(link, leader):
    return citable_by_link(leader, Link.objects.get(pk=link.pk)).cited


def test_link_cites_what_it_is_told_to(link, leader, page, persona):
    assert cited(link, leader) == {"pages": ["prices"], "personas": ["shop-owner"]}
    changes = LogEntry.objects.latest("id").changes
    assert (changes["pages"], changes["personas"]) == ([[], [page.pk]], [[], [persona.pk]])


def test_edit_changes_what_it_cites_alone_and_is_noticed(link, by, leader, page):
    edited = edit_link(link, version=link.version, pages=[page], personas=[], **by)
    assert (edited.version, cited(link, leader)) == (2, {"pages": ["prices"], "personas": []})
    entry = LogEntry.objects.latest("id")
    assert (entry.action, entry.row_version, entry.changes.keys()) == ("link.edited", 2, {"personas"})
    assert edit_link(edited, version=2, pages=[page], personas=[], **by).version == 2
    assert LogEntry.objects.latest("id") == entry
    assert cited(edit_link(edited, version=2, evidence="More.", **by), leader)["pages"] == ["prices"]
    with pytest.raises(StaleError):
        edit_link(link, version=1, pages=[], **by)


def test_what_is_gone_cannot_be_cited(link, by, leader, persona):
    remove_persona(persona, version=persona.version, **by)
    assert cited(link, leader)["personas"] == []
    with pytest.raises(ValidationError) as refused:
        edit_link(link, version=link.version, personas=[persona], **by)
    assert "personas" in refused.value.message_dict


def test_link_that_is_brought_back_cites_what_is_still_there(link, by, leader, persona):
    gone = remove_link(link, version=link.version, **by)
    remove_persona(persona, version=persona.version, **by)
    restore_link(gone, actor=leader, at=NOW + dt.timedelta(minutes=1))
    assert cited(link, leader) == {"pages": ["prices"], "personas": []}


def test_form_of_a_new_link_offers_both_folded(leader, page, persona):
    work = make.InitiativeFactory(key="work", owner=leader)
    goal = make.GoalFactory(key="growth", title="Growth")
    make.MembershipFactory(person=leader, team=work.team)
    client = signed_in(leader)
    shown = client.get("/initiatives/work/links/new/?goal=growth")
    (folded,) = [each for each in parsed(shown).find_all("details") if "rests on" in each.text]
    assert not folded.has_attr("open")
    sent = {"goal": "growth", "rationale": "It helps.", "pages": ["prices"], "personas": ["shop-owner"]}
    client.post("/initiatives/work/links/new/", sent)
    link = Link.objects.get(goal=goal)
    assert cited(link, leader) == {"pages": ["prices"], "personas": ["shop-owner"]}


def test_form_of_a_link_begins_with_what_it_cites(link, leader):
    client = signed_in(leader)
    address = f"/links/{link.pk}/edit/"
    boxes = parsed(client.get(address)).find_all("input", checked=True)
    assert [box["value"] for box in boxes] == ["shop-owner", "prices"]
    client.post(address, {"version": "1", "rationale": "It helps.", "pages": ["prices"]})
    assert cited(link, leader) == {"pages": ["prices"], "personas": []}
    wrong = client.post(address, {"version": "2", "rationale": "It helps.", "pages": ["gone"]})
    assert "Something you chose is no longer here" in page_text(wrong, 422)


def test_line_of_a_link_names_what_it_rests_on_and_leads_there(link, leader):
    shown = signed_in(leader).get("/initiatives/work/")
    assert "Customers Shop owner" in page_text(shown)
    assert "Business context Prices" in page_text(shown)
    assert "/context/prices/" in source_of(shown)


def test_page_and_persona_name_the_work_as_far_as_one_may_see_it(link, by, page, persona):
    secret = make.GoalFactory(title="Sell the firm", visibility="leaders")
    hidden = make.InitiativeFactory(title="Find a buyer")
    make_link(hidden, secret, "It helps.", pages=[page], personas=[persona], **by)
    client = signed_in(make.PersonFactory())
    for address, words in (("/context/prices/", "Work for “Growth”"), ("/personas/", "Work that is for them: Work")):
        said = text_of(client.get(address))
        assert words in said
        assert "Find a buyer" not in said
