"""Initiatives and support, written in the browser."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lib.services.dates import now
from teams.enums import Role, TeamRole
from teams.models import Initiative, LogEntry, Support
from tests import factories as make
from tests.html import fields_of, form_to, links_of, source_of, text_of, undo_of
from tests.queries import counted

TODAY = now().date()
SOON = TODAY + dt.timedelta(days=30)


@pytest.fixture
def firm(firm):
    make.MembershipFactory(team=firm.search, person=firm.member)
    return firm


@pytest.fixture
def member(firm):
    """Of Search."""
    client = Client()
    client.force_login(firm.member)
    return client


@pytest.fixture
def ops_lead(firm):
    person = make.PersonFactory(name="Olga Ops")
    make.MembershipFactory(team=firm.ops, person=person, role=TeamRole.LEAD)
    client = Client()
    client.force_login(person)
    return client


def posted(client, address, data, status=200):
    response = client.post(address, data, follow=True)
    assert response.status_code == status, text_of(response)
    return response


# Making


NEW = {"title": "A new index", "kind": "goal", "status": "active", "effort": "2.5"}


def test_member_makes_an_initiative_for_their_team(firm, member):
    page = posted(member, "/teams/search/initiatives/new/", {**NEW, "owner": "mia", "url": "example.com/plan"})

    assert page.redirect_chain == [("/initiatives/a-new-index/", 302)]
    assert "A new index is there. Say next which goal it moves." in text_of(page)
    row = Initiative.objects.get(key="a-new-index")
    assert (row.team, row.owner, row.effort, row.url) == (firm.search, firm.member, 2.5, "https://example.com/plan")


def test_new_form_offers_its_reader_as_owner_and_nothing_for_leaders(firm, member):
    page = member.get("/teams/search/initiatives/new/")

    assert page.context["form"].initial["owner"] == f"Mia Member <{firm.member.email}>"
    assert "Where it came from" not in text_of(page)


def test_leader_says_that_work_is_assigned(firm, client):
    client.force_login(firm.leader)
    posted(client, "/teams/search/initiatives/new/", {**NEW, "origin": "assigned"})

    assert Initiative.objects.get(key="a-new-index").origin == "assigned"


def test_member_cannot_slip_in_that_work_is_assigned(member):
    posted(member, "/teams/search/initiatives/new/", {**NEW, "origin": "assigned"})

    assert Initiative.objects.get(key="a-new-index").origin == "team"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "Give it a title."),
        ({"kind": "explore"}, "Say which question it explores"),
        ({"kind": "explore", "declaration": "Why?"}, "An exploration needs an end"),
        ({"kind": "sustain"}, "Say why it is needed"),
        ({"effort": "0"}, "greater than or equal to 0.01"),
        ({"effort": "1,234"}, "This is 1 234 or 1.234: write 1234 for the first, 1.23 for the second."),
        ({"effort": "a lot"}, "Give a number, written like 1250.5."),
        ({"starts_on": "2026-13-01"}, "Give a day, written like 2026-03-31."),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "It starts on 2 May 2026."),
        ({"owner": "nobody like it"}, "Nobody active here has this name"),
        ({"owner": "twin"}, "Several people fit"),
        ({"url": "not an address"}, "Give an address that starts with"),
    ],
)
def test_form_says_what_is_wrong_and_keeps_what_was_typed(member, values, said):
    make.PersonFactory.create_batch(2, name="Twin")
    page = posted(member, "/teams/search/initiatives/new/", {**NEW, "problem": "Typed at length", **values}, status=422)

    assert said in text_of(page)
    assert "Typed at length" in text_of(page)
    assert not Initiative.objects.filter(key="a-new-index").exists()


@pytest.mark.parametrize(("typed", "effort"), [("0,25", "0.25"), ("1 234,5", "1234.5"), ("٢", "2")])
def test_effort_is_read_as_its_writer_means_it(member, typed, effort):
    posted(member, "/teams/search/initiatives/new/", {**NEW, "effort": typed})

    assert Initiative.objects.get(key="a-new-index").effort == Decimal(effort)


def test_start_goes_on_at_once_for_whoever_is_on_one_team(member):
    assert member.get("/initiatives/new/").url == "/teams/search/initiatives/new/"


def test_start_asks_for_which_team_and_finds_it(firm, member, client):
    make.MembershipFactory(team=firm.product, person=firm.member, role=TeamRole.LEAD)
    page = member.get("/initiatives/new/")
    assert [team.name for team, _above in page.context["rows"]] == ["Product", "Quiet", "Search"]
    assert not page.context["searches"]

    client.force_login(firm.leader)
    assert [team.name for team, _above in client.get("/initiatives/new/").context["rows"]] == [
        "Ops",
        "Product",
        "Quiet",
        "Search",
    ]
    found = client.get("/initiatives/new/", {"q": "sear"})
    assert [(team.name, above) for team, above in found.context["rows"]] == [("Search", "Product")]
    assert "None of your teams is called so." in text_of(client.get("/initiatives/new/", {"q": "zz"}))


@pytest.mark.django_db
def test_start_of_an_initiative_without_a_team_leads_to_the_first_team(nothing, client):
    client.force_login(make.PersonFactory(role=Role.LEADER))

    page = client.get("/initiatives/new/")

    assert "Work belongs to a team, and there is none yet." in text_of(page)
    assert "/teams/new/" in links_of(page)
    assert "For which team?" not in text_of(page)


# Editing


def form_of(client, address) -> dict[str, str]:
    """What a browser would send of the form as it is."""
    form = client.get(address).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in shown.items()}


def test_edit_is_saved_and_undone(firm, member):
    values = form_of(member, "/initiatives/faster/edit/")
    assert values["effort"] == "4"
    page = posted(member, "/initiatives/faster/edit/", {**values, "title": "Faster still", "effort": "6"})
    assert "Saved." in text_of(page)
    assert "6 person-weeks" in text_of(page)

    page = posted(member, undo_of(page), {})

    assert "Undone." in text_of(page)
    firm.work["faster"].refresh_from_db()
    assert (firm.work["faster"].title, firm.work["faster"].effort) == ("Faster", 4)


def test_owner_who_has_left_stays_until_another_is_named(firm, member):
    gone = make.PersonFactory(name="Gone", is_active=False)
    Initiative.objects.filter(key="faster").update(owner=gone)
    values = form_of(member, "/initiatives/faster/edit/")
    posted(member, "/initiatives/faster/edit/", {**values, "title": "Other"})
    row = Initiative.objects.get(key="faster")
    assert (row.title, row.owner) == ("Other", gone)

    values = form_of(member, "/initiatives/faster/edit/")
    posted(member, "/initiatives/faster/edit/", {**values, "owner": "Mia Member"})
    assert Initiative.objects.get(key="faster").owner == firm.member
    page = posted(member, "/initiatives/faster/edit/", {**values, "version": 4}, status=422)
    assert "Nobody active here has this name" in text_of(page)


def test_edit_without_a_change_says_so(member):
    page = posted(member, "/initiatives/faster/edit/", form_of(member, "/initiatives/faster/edit/"))

    assert "Nothing was changed." in text_of(page)
    assert "Undo" not in text_of(page)


def test_stale_edit_shows_both_texts_and_can_be_saved_again(firm, member):
    first, second = (form_of(member, "/initiatives/faster/edit/") for _ in range(2))
    posted(member, "/initiatives/faster/edit/", {**first, "title": "Theirs", "owner": firm.member.email})

    page = posted(member, "/initiatives/faster/edit/", {**second, "title": "Yours"}, status=409)
    assert {(row.label, row.now, row.yours) for row in page.context["page"].differences} == {
        ("Title", "Theirs", "Yours"),
    }

    posted(member, "/initiatives/faster/edit/", fields_of(form_to(page, "")))
    row = Initiative.objects.get(key="faster")
    assert (row.title, row.owner) == ("Yours", firm.member)


def test_undo_after_a_later_edit_says_that_it_is_too_late(member):
    values = form_of(member, "/initiatives/faster/edit/")
    page = posted(member, "/initiatives/faster/edit/", {**values, "title": "First"})
    posted(member, "/initiatives/faster/edit/", {**form_of(member, "/initiatives/faster/edit/"), "title": "Second"})

    assert "so nothing was undone" in text_of(posted(member, undo_of(page), {}))
    for address in ("/initiatives/faster/undo/", "/initiatives/faster/undo/?version=²"):
        assert "The button did not say" in text_of(posted(member, address, {}, status=400))
    assert Initiative.objects.get(key="faster").title == "Second"


def test_initiative_moves_between_teams_of_its_reader(firm, member):
    assert "team" not in form_of(member, "/initiatives/faster/edit/")
    make.MembershipFactory(team=firm.quiet, person=firm.member)
    values = form_of(member, "/initiatives/faster/edit/")
    assert values["team"] == "search"

    page = posted(member, "/initiatives/faster/edit/", {**values, "team": "quiet"})
    assert Initiative.objects.get(key="faster").team == firm.quiet
    posted(member, undo_of(page), {})
    assert Initiative.objects.get(key="faster").team == firm.search
    assert posted(member, "/initiatives/faster/edit/", {**values, "team": "ops"}, status=422)


def test_owner_who_is_not_on_the_team_is_not_offered_to_move_it(firm, member):
    """Mia may edit what she owns, and is on Search: the work is for the people of Ops to give away."""
    Initiative.objects.filter(key="keep").update(owner=firm.member)

    assert "title" in (values := form_of(member, "/initiatives/keep/edit/"))
    assert "team" not in values


def test_leader_looks_for_the_team_to_move_it_to(firm, client):
    client.force_login(firm.leader)
    deep = make.TeamFactory(key="deep", name="Deep sea", parent=firm.search)
    values = form_of(client, "/initiatives/faster/edit/")
    page = client.post("/initiatives/faster/edit/", {**values, "title": "Typed", "find": "sea"})
    assert page.status_code == 200
    assert "2 teams found for “sea”." in text_of(page)
    assert page.context["form"]["title"].value() == "Typed"

    posted(client, "/initiatives/faster/edit/", {**values, "team": "deep", "find": ""})
    assert Initiative.objects.get(key="faster").team == deep


# Kind and status


def test_exploration_is_declared_after_what_was_missing(firm, member):
    values = {**form_of(member, "/initiatives/loose/kind/"), "kind": "explore", "ends_on": SOON.isoformat()}
    page = posted(member, "/initiatives/loose/kind/", values, status=422)
    assert "Say which question it explores" in text_of(page)
    assert page.context["form"]["ends_on"].value() == SOON.isoformat()

    page = posted(member, "/initiatives/loose/kind/", {**values, "declaration": "Do they **look**?"})
    assert "It is declared: exploration." in text_of(page)
    assert "The question it explores" in text_of(page)
    assert "Do they **look**?" in text_of(page)

    posted(member, undo_of(page), {})
    row = Initiative.objects.get(key="loose")
    assert (row.kind, row.declaration, row.ends_on) == ("goal", "", None)


def test_upkeep_says_why_it_is_needed(member):
    values = {**form_of(member, "/initiatives/loose/kind/"), "kind": "sustain", "declaration": "It would stop."}
    page = posted(member, "/initiatives/loose/kind/", values)

    assert "Why it is needed It would stop." in text_of(page)


def test_stale_kind_shows_both(firm, member):
    values = {**form_of(member, "/initiatives/loose/kind/"), "kind": "sustain", "declaration": "Mine"}
    posted(member, "/initiatives/loose/kind/", {**values, "declaration": "Theirs"})
    page = posted(member, "/initiatives/loose/kind/", values, status=409)

    assert [(row.now, row.yours) for row in page.context["page"].differences] == [("Theirs", "Mine")]


def test_paused_work_leaves_the_figures_and_comes_back_by_undoing(member):
    page = member.get("/initiatives/faster/")
    assert "Pause, finish or drop it" in text_of(page)
    values = form_of(member, "/initiatives/faster/status/")
    page = posted(member, "/initiatives/faster/status/", {**values, "status": "paused"})
    assert "Faster is paused now." in text_of(page)
    assert "Resume, finish or drop it" in text_of(page)

    assert "Undone." in text_of(posted(member, undo_of(page), {}))
    assert Initiative.objects.get(key="faster").status == "active"


def test_work_says_why_it_was_dropped_until_it_goes_on(member):
    address = "/initiatives/faster/status/"
    sent = {**form_of(member, address), "status": "dropped", "reason": "Nobody <b>asks</b>.\n\nNot now."}
    assert "Why it is dropped Nobody <b>asks</b>. Not now." in text_of(posted(member, address, sent))

    assert "Why it is" not in text_of(posted(member, address, {**form_of(member, address), "status": "active"}))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Choose one of these."),
        ({"status": "proposed"}, "It cannot go there from where it is."),
        ({"status": "dropped"}, "Say why it is dropped"),
    ],
)
def test_status_that_is_not_possible_is_refused(member, values, said):
    sent = {**form_of(member, "/initiatives/faster/status/"), **values}

    assert said in text_of(posted(member, "/initiatives/faster/status/", sent, status=422))


def test_work_is_confirmed_as_still_true(firm, member):
    page = posted(member, "/initiatives/faster/confirmation/", {"version": "1"})

    assert "it is confirmed as of today" in text_of(page)
    assert Initiative.objects.get(key="faster").touched_on == TODAY


def test_confirmation_without_what_was_on_view_is_refused(firm, member):
    page = posted(member, "/initiatives/faster/confirmation/", {}, status=400)

    assert "The button did not say what it was pressed on." in text_of(page)
    assert Initiative.objects.get(key="faster").touched_on != TODAY


def test_work_that_was_edited_meanwhile_is_not_confirmed_unseen(firm, member):
    Initiative.objects.filter(key="faster").update(title="Quicker")

    page = posted(member, "/initiatives/faster/confirmation/", {"version": "1"})

    assert "It has changed since this page was drawn" in text_of(page)
    assert Initiative.objects.get(key="faster").touched_on != TODAY


# Support


ASK = {"team": "ops", "ask": "A machine for the index", "size": "small"}
PLEDGED = "2100-05-01"


def asked(client) -> Support:
    posted(client, "/initiatives/faster/support/new/", ASK)
    return Support.objects.get(initiative__key="faster")


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("asked", {"edit", "removal"}),
        ("pledged", {"delivery", "removal"}),
        ("declined", {"edit", "removal"}),
        ("delivered", {"edit", "thanks"}),
    ],
)
def test_asking_team_is_offered_what_it_may_do_with_each_ask(firm, member, status, steps):
    answer = {"answer": "So we say."} if status == "declined" else {}
    ask = make.SupportFactory(initiative=firm.work["faster"], team=firm.ops, status=status, **answer)
    page = source_of(member.get("/initiatives/faster/"))

    assert {
        step for step in ("edit", "delivery", "removal", "answer", "thanks") if f"/support/{ask.pk}/{step}/" in page
    } == steps


def test_support_is_asked_pledged_and_delivered(member, ops_lead):
    support = asked(member)
    assert "A machine for the index" in text_of(ops_lead.get("/teams/ops/"))
    address = f"/support/{support.pk}/answer/"
    assert "For “Faster” Search asks Ops: A machine for the index" in text_of(ops_lead.get(address))

    page = posted(
        ops_lead, address, {**form_of(ops_lead, address), "status": "pledged", "due_on": PLEDGED, "answer": "In May"}
    )
    assert "Ops answered: In May" in text_of(page)
    support.refresh_from_db()
    page = posted(member, f"/support/{support.pk}/delivery/", {"version": support.version})
    assert "Delivered by Ops." in text_of(page)

    assert "Undone." in text_of(posted(member, undo_of(page), {}))
    support.refresh_from_db()
    assert support.status == "pledged"


def test_answer_that_says_the_same_offers_no_undo(member, ops_lead):
    address = f"/support/{asked(member).pk}/answer/"
    posted(ops_lead, address, {**form_of(ops_lead, address), "status": "pledged", "due_on": PLEDGED})
    page = posted(ops_lead, address, form_of(ops_lead, address))

    assert "Nothing was changed." in text_of(page)
    assert "undo" not in source_of(page)


def test_declining_without_words_is_refused_and_keeps_the_choice(member, ops_lead):
    address = f"/support/{asked(member).pk}/answer/"
    page = posted(ops_lead, address, {**form_of(ops_lead, address), "status": "declined"}, status=422)

    assert "Say why not" in text_of(page)
    assert page.context["form"]["status"].value() == "declined"


def test_declined_support_is_asked_for_again(member, ops_lead):
    support = asked(member)
    address = f"/support/{support.pk}/answer/"
    posted(ops_lead, address, {**form_of(ops_lead, address), "status": "declined", "answer": "No room"})
    assert "Ask again" in text_of(member.get("/initiatives/faster/"))

    address = f"/support/{support.pk}/edit/"
    page = member.get(address)
    assert "Ops answered: No room" in text_of(page)
    posted(member, address, {**form_of(member, address), "ask": "A smaller one"})

    support.refresh_from_db()
    assert (support.status, support.ask, support.answer) == ("asked", "A smaller one", "")


def test_ask_is_withdrawn_and_brought_back(member):
    support = asked(member)
    page = posted(member, f"/support/{support.pk}/removal/", {"version": "1"})
    assert "Ops is no longer asked." in text_of(page)
    assert not Support.objects.exists()

    address = undo_of(page)
    assert "A machine for the index" in text_of(posted(member, address, {}))
    assert "Things have changed since" in text_of(posted(member, address, {}))
    assert "nothing to bring back" in text_of(
        posted(member, "/initiatives/faster/support/restoration/?withdrawn=x", {})
    )


def test_stale_click_does_nothing_and_says_so(member):
    support = asked(member)
    for action in ("delivery", "removal"):
        page = posted(member, f"/support/{support.pk}/{action}/", {"version": "7"})
        assert "It has changed since this page was drawn" in text_of(page)
    assert Support.objects.get().status == "asked"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"team": ""}, "Choose the team whose support it needs."),
        ({"team": "search"}, "There is no such team to choose."),
        ({"team": "quiet", "ask": ""}, "Say what you ask of them"),
        ({"needed_on": "soon"}, "Give a day, written like"),
    ],
)
def test_bad_ask_is_refused_and_keeps_what_was_typed(firm, member, values, said):
    make.SupportFactory(initiative=firm.work["faster"], team=firm.ops)
    page = posted(member, "/initiatives/faster/support/new/", {**ASK, **values}, status=422)

    assert said in text_of(page)
    assert page.context["form"]["size"].value() == "small"


def test_team_further_down_is_found_and_asked(firm, member):
    make.TeamFactory(key="deep", name="Deep sea", parent=firm.search)
    page = member.post("/initiatives/faster/support/new/", {**ASK, "team": "", "find": "sea"})
    assert "1 team found for “sea”." in text_of(page)

    posted(member, "/initiatives/faster/support/new/", {**ASK, "team": "deep", "find": ""})
    assert Support.objects.get().team.key == "deep"


# Who sees what


ACTIONS = ("Still going on", "What kind of work is it?", "Pause, finish or drop it", "Ask another team")


def test_actions_are_shown_to_those_who_may(firm, member, client):
    make.SupportFactory(initiative=firm.work["faster"], team=firm.ops, ask="An ask")
    for said in (*ACTIONS, "Change it", "Withdraw"):
        assert said in text_of(member.get("/initiatives/faster/"))
    assert "Answer" not in text_of(member.get("/initiatives/faster/"))
    assert "New initiative" in text_of(member.get("/teams/search/"))
    assert "New initiative" in text_of(member.get("/initiatives/"))

    client.force_login(make.ViewerFactory())
    for address in ("/initiatives/faster/", "/teams/search/", "/teams/ops/", "/initiatives/"):
        page = client.get(address)
        for said in (*ACTIONS, "Change it", "Withdraw", "Answer", "New initiative"):
            assert said not in text_of(page)


def test_team_that_is_asked_answers_from_its_page_and_from_the_initiative(firm, ops_lead):
    support = make.SupportFactory(initiative=firm.work["faster"], team=firm.ops)
    for address in ("/teams/ops/", "/initiatives/faster/"):
        page = ops_lead.get(address)
        assert any(address.endswith(f"/support/{support.pk}/answer/") for address in links_of(page))
        assert f"/support/{support.pk}/removal/" not in source_of(page)


@pytest.mark.parametrize("address", ["/initiatives/faster/", "/teams/search/", "/teams/ops/"])
def test_pages_with_actions_take_twelve_queries_at_most(firm, member, address, django_assert_max_num_queries):
    for team in make.TeamFactory.create_batch(5):
        make.SupportFactory(initiative=firm.work["faster"], team=team)
        make.SupportFactory(initiative=make.InitiativeFactory(team=team), team=firm.ops)
    with django_assert_max_num_queries(12):
        member.get(address)


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/teams/search/initiatives/new/", 5),
        ("/initiatives/faster/edit/", 9),
        ("/initiatives/faster/kind/", 3),
        ("/initiatives/faster/status/", 3),
        ("/initiatives/faster/support/new/", 5),
    ],
)
def test_forms_take_as_many_queries_however_many_there_are(firm, member, address, queries, django_assert_num_queries):
    make.MembershipFactory(team=firm.product, person=firm.member, role=TeamRole.LEAD)
    make.MembershipFactory.create_batch(5, team=firm.search)
    make.TeamFactory.create_batch(5, parent=firm.product)
    with django_assert_num_queries(queries):
        assert member.get(address).status_code == 200


def test_what_is_not_there_is_not_found(firm, member):
    for address in ("/initiatives/none/edit/", "/initiatives/none/kind/", "/support/999999/answer/"):
        assert member.get(address).status_code == 404
    assert member.post("/support/999999999999999999999/removal/").status_code == 404
    assert LogEntry.objects.filter(action__startswith="support.").count() == 0


# What an edit would do


def button(response, label: str) -> bool:
    return f">{label}</button>" in source_of(response)


@pytest.mark.parametrize(
    ("key", "step", "typed"),
    [
        ("faster", "edit", {"title": "Faster", "effort": "40"}),
        ("faster", "status", {"status": "done"}),
        ("loose", "kind", {"kind": "sustain", "declaration": "It has to run."}),
    ],
)
def test_edit_says_what_it_would_do_and_saves_nothing(firm, member, key, step, typed):
    address, row = f"/initiatives/{key}/{step}/", Initiative.objects.get(key=key)
    opened = member.get(address)
    assert button(opened, "See what it would do")
    assert "What this would do" not in text_of(opened)

    with CaptureQueriesContext(connection) as seen:
        shown = member.post(address, {**typed, "version": row.version, "weighed": "yes"})

    assert shown.status_code == 200
    assert counted(seen) <= 14
    assert any(figure.moves for figure in shown.context["page"].effect.figures)
    assert shown.context["page"].effect.sentences[0] in source_of(shown).replace("&nbsp;", "\N{NO-BREAK SPACE}")
    assert {name: shown.context["form"][name].value() for name in typed} == typed
    assert Initiative.objects.get(key=key).version == row.version
    assert not LogEntry.objects.filter(subject_id=row.pk).exists()
    posted(member, address, {**typed, "version": row.version})
    assert Initiative.objects.get(key=key).version == row.version + 1


def test_edit_that_is_wrong_says_so_before_what_it_would_do(firm, member):
    wrong = member.post("/initiatives/faster/edit/", {"title": "", "version": 1, "weighed": "yes"})

    assert wrong.status_code == 422
    assert wrong.context["page"].effect is None
