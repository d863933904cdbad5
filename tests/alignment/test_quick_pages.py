"""Work that is written down with its first link in one step, and what is noticed of work that is called alike."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alignment.models import Link
from alignment.services.links import edit_link, make_link
from lib.services.errors import RefusedError
from teams.enums import InitiativeStatus, Role, TeamRole
from teams.models import Initiative, LogEntry
from teams.selectors.work import similar_work
from tests import factories as make
from tests.factories import NOW
from tests.firm import SECRET
from tests.html import fields_of, form_to, message_of, page_text, parsed, source_of, texts_of, undo_of, value_of
from tests.queries import counted
from web.initiatives import quick

pytestmark = pytest.mark.django_db
PAGE = "/initiatives/new/quick/"
NEW = {"title": "Ranking by intent", "team": "search", "goal": "growth", "rationale": "People stay who find things."}
QUERIES = 9  # session and user included


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def firm(firm):
    make.MembershipFactory(team=firm.search, person=firm.member)
    return firm


@pytest.fixture
def member(firm):
    return signed_in(firm.member)


@pytest.fixture
def leader(firm):
    return signed_in(firm.leader)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def goals(client, **query) -> list[str]:
    return [key for key, _label in client.get(PAGE, query).context["form"].fields["goal"].choices]


def made() -> Initiative:
    return Initiative.objects.get(title=NEW["title"])


def test_work_is_active_and_linked_in_one_step(firm, member):
    response = member.post(PAGE, NEW, follow=True)

    work, link = made(), Link.objects.get(initiative__title=NEW["title"])
    assert (work.team, work.status, link.goal, link.rationale) == (
        firm.search,
        InitiativeStatus.ACTIVE,
        firm.growth,
        NEW["rationale"],
    )
    assert "“Ranking by intent” is there, and linked to “Growth”." in page_text(response)
    assert response.redirect_chain[-1][0] == f"/initiatives/{work.key}/"


def test_undo_takes_away_the_work_and_its_link(firm, member):
    back = undo_of(member.post(PAGE, NEW, follow=True))

    response = member.post(back, follow=True)

    assert "Undone: “Ranking by intent” is removed." in page_text(response)
    assert not Initiative.objects.filter(title=NEW["title"]).exists()
    assert not Link.objects.filter(rationale=NEW["rationale"]).exists()


def _rewritten(firm, link):
    edit_link(link, actor=firm.member, at=NOW, version=link.version, rationale="Otherwise.")


def _linked_again(firm, link):
    make_link(link.initiative, firm.retention, "And that.", actor=firm.member, at=NOW)


def _touched_by_another(firm, link):
    make_link(link.initiative, firm.retention, "And that.", actor=firm.leader, at=NOW).delete()


@pytest.mark.parametrize("since", [_rewritten, _linked_again, _touched_by_another])
def test_undo_leaves_what_somebody_had_to_do_with_since(firm, member, since):
    back = undo_of(member.post(PAGE, NEW, follow=True))
    since(firm, Link.objects.get(rationale=NEW["rationale"]))

    member.post(back)

    assert made().links.count() >= 1
    assert not LogEntry.objects.filter(action__in=("link.removed", "initiative.removed")).exists()


def test_work_without_a_goal_yet_is_written_down_too(firm, member):
    response = member.post(PAGE, {**NEW, "goal": "-", "rationale": ""}, follow=True)

    assert "Say next which goal it moves, or what kind of work it is." in page_text(response)
    assert not made().links.exists()
    member.post(undo_of(response))
    assert not Initiative.objects.filter(title=NEW["title"]).exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"title": " "}, "Give it a title."),
        ({"team": ""}, "Choose the team that takes it on."),
        ({"team": "ops"}, "There is no such team to choose."),
        ({"goal": ""}, "Choose a goal, or say that it is none of them yet."),
        ({"goal": "hidden"}, "There is no such goal to choose."),
        ({"goal": "nowhere"}, "There is no such goal to choose."),
        ({"goal": "a\0b"}, "There is no such goal to choose."),
        ({"goal": "-"}, "Choose the goal that it moves because of this, or leave that blank."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(firm, member, data, said):
    page = member.post(PAGE, {**NEW, **data})

    assert said in page_text(page, 422)
    assert SECRET not in source_of(page, 422)
    kept = {name: text for name, text in NEW.items() if name not in data and name != "team"}
    assert {name: value_of(page, name) for name in kept} == kept
    assert not Initiative.objects.filter(title=NEW["title"]).exists()


def test_link_that_is_refused_leaves_no_work_behind(firm, member, monkeypatch):
    def refuse(*_args, **_given):
        raise RefusedError("That goal is gone.")

    monkeypatch.setattr(quick, "make_link", refuse)
    page = member.post(PAGE, NEW)

    assert "That goal is gone." in page_text(page, 422)
    assert value_of(page, "rationale") == NEW["rationale"]
    assert not Initiative.objects.filter(title=NEW["title"]).exists()


def test_form_that_is_sent_twice_makes_one(firm, member):
    form = fields_of(form_to(member.get(PAGE), "")) | NEW

    member.post(PAGE, form)
    again = member.post(PAGE, form, follow=True)

    assert Initiative.objects.filter(title=NEW["title"]).count() == 1
    assert "It was sent twice, and saved once." in message_of(again)


def test_own_team_is_chosen_and_goals_are_suggested_by_its_work_and_the_title(firm, member, leader):
    make.GoalFactory(key="phones", title="Phones find their owners", strategy=firm.strategy)
    firm.compute()

    page = member.get(PAGE)

    assert value_of(page, "team") == "search"
    assert {"growth", "retention"} <= {*goals(member)}
    assert "in The plan / Growth · 1 other initiative of Search serves it" in page_text(page)
    assert goals(member, title="Finding the owners of phones")[0] == "phones"
    assert goals(member, find="owners") == ["phones", "-"]
    assert value_of(leader.get(PAGE), "team") == ""
    assert value_of(leader.get(PAGE, {"team": "ops", "goal": "phones"}), "goal") == "phones"


def test_looking_for_a_goal_keeps_what_is_typed_and_saves_nothing(firm, member):
    found = member.post(PAGE, {**NEW, "goal": "", "find": "reten"})
    looked = member.post(PAGE, {**NEW, "goal": "growth", "look": "yes", "find": "reten"})

    for page in (found, looked):
        assert value_of(page, "title") == NEW["title"]
        assert "Retention" in page_text(page)
    assert value_of(looked, "goal") == "growth"
    assert not Initiative.objects.filter(title=NEW["title"]).exists()
    member.post(PAGE, {**NEW, "find": "reten"})
    assert made().links.get().goal == firm.growth


def test_whoever_is_on_no_team_is_not_led_here(firm, member):
    reader = make.PersonFactory(role=Role.VIEWER)
    make.MembershipFactory(team=firm.search, person=reader, role=TeamRole.MEMBER)

    assert parsed(member.get("/people/")).select(f'header a[href="{PAGE}"][data-key="n"]')
    assert not parsed(signed_in(reader).get("/people/")).select(f'header a[href="{PAGE}"]')
    assert signed_in(reader).get(PAGE).status_code == 403


def test_company_without_a_team_says_where_to_begin(nothing):
    page = signed_in(make.LeaderFactory()).get(PAGE)

    assert "Work belongs to a team, and there is none yet." in page_text(page)


def test_page_takes_a_fixed_number_of_queries(firm, member, leader):
    for client in (member, leader):
        client.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            client.get(PAGE, {"title": "Faster", "goal": "growth"})
        assert counted(seen) == QUERIES


def test_effect_on_the_team_and_the_company_is_shown_before_it_is_added(firm, member):
    page = member.post(PAGE, {**NEW, "weighed": "1"})

    effect = texts_of(page, "section.effect")[0]
    assert "Coverage of the company" in effect
    assert not Initiative.objects.filter(title=NEW["title"]).exists()
    assert value_of(page, "title") == NEW["title"]


# Work that is called alike


def test_similar_titles_are_found_across_teams_and_the_most_alike_first(firm):
    for title, team, status in (
        ("Checkout for guests", firm.ops, "active"),
        ("Guest checkout", firm.product, "proposed"),
        ("Guest check-out", firm.quiet, "done"),
        ("Warehouse labels", firm.ops, "active"),
    ):
        make.InitiativeFactory(title=title, team=team, status=status)
    guest = Initiative.objects.get(title="Guest checkout")

    assert [work.title for work in similar_work("guest CHECKOUT", firm.member)] == [
        "Guest checkout",
        "Checkout for guests",
    ]
    assert [work.title for work in similar_work("guest checkout", firm.member, without=guest)] == [
        "Checkout for guests"
    ]
    assert similar_work("a", firm.member) == similar_work("  ", firm.member) == similar_work("%", firm.member) == []


def test_similar_work_is_named_while_typing_and_after_saving_and_refuses_nothing(firm, member):
    make.InitiativeFactory(title="Ranking by intention", team=firm.ops)

    typed = member.get("/initiatives/new/similar/", {"title": NEW["title"]})
    assert texts_of(typed, "li") == ["Ranking by intention (in a new tab) of Ops"]
    assert texts_of(member.get("/initiatives/new/similar/", {"title": "\0"}), "li") == []
    wrong = member.post(PAGE, {**NEW, "goal": ""})
    assert texts_of(wrong, "#similar li") == ["Ranking by intention (in a new tab) of Ops"]
    done = member.post(PAGE, NEW, follow=True)
    assert "Similar work: “Ranking by intention”, of Ops." in page_text(done)


def test_long_form_names_similar_work_too(firm, member):
    make.InitiativeFactory(title="Ranking by intention", team=firm.ops)
    page = "/teams/search/initiatives/new/"
    whole = {"title": NEW["title"], "kind": "goal", "status": "active"}

    assert texts_of(member.post(page, {**whole, "effort": "x"}), "#similar li")
    done = member.post(page, whole, follow=True)

    assert "Say next which goal it moves. Similar work: “Ranking by intention”, of Ops." in page_text(done)
