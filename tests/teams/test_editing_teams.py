"""The pages on which teams are made, named, moved and removed, and on which they say what they are for."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest

from lib.forms.pages import NOTHING
from strategy.enums import Visibility
from strategy.models import Goal, MissionGoal
from teams.models import LogEntry, Membership, Person, Team
from teams.services.stance import SAY_WHY
from tests import factories as make
from tests.firm import SECRET
from tests.html import links_of, message_of, page_text, parsed, source_of, undo_of, value_of

FORMS = ("edit", "mission", "stance", "personas", "members", "position", "removal")


@pytest.fixture
def lead(firm):
    return make.MembershipFactory(team=firm.product, role="lead", person__name="Lea Lead").person


@pytest.fixture
def as_lead(lead, client):
    client.force_login(lead)
    return client


@pytest.fixture
def as_leader(firm, client):
    client.force_login(firm.leader)
    return client


def send(client, address, **data):
    return client.post(address, data, follow=True)


@pytest.mark.parametrize("page", FORMS)
def test_form_takes_eight_queries_at_most_however_much_there_is(
    firm, as_leader, page, django_assert_max_num_queries, django_assert_num_queries
):
    make.MembershipFactory(team=firm.product)
    make.MissionGoalFactory(team=firm.product, goal=firm.growth)
    with django_assert_max_num_queries(8) as few:
        page_text(as_leader.get(f"/teams/product/{page}/"))
    make.MembershipFactory.create_batch(5, team=firm.product)
    make.TeamFactory.create_batch(5, parent=firm.search)
    make.PersonFactory.create_batch(5)
    for goal in make.GoalFactory.create_batch(5, strategy=firm.strategy):
        make.MissionGoalFactory(team=firm.product, goal=goal)
    make.TeamPersonaFactory.create_batch(5, team=firm.product)
    with django_assert_num_queries(len(few)):
        page_text(as_leader.get(f"/teams/product/{page}/"))


def test_new_team_form_takes_four_queries(as_leader, django_assert_num_queries):
    with django_assert_num_queries(4):
        as_leader.get("/teams/new/?parent=search")


@pytest.mark.parametrize("page", FORMS)
def test_lead_of_a_team_above_may_write_and_a_member_may_not(firm, lead, client, page):
    leaders_only = page in {"position", "removal"}
    client.force_login(lead)
    assert client.get(f"/teams/search/{page}/").status_code == (403 if leaders_only else 200)
    assert client.get(f"/teams/ops/{page}/").status_code == 403
    client.force_login(make.MembershipFactory(team=firm.search).person)
    assert client.get(f"/teams/search/{page}/").status_code == 403


def paths(response) -> set[str]:
    return {urlsplit(address).path for address in links_of(response)}


def test_links_to_the_forms_are_for_those_who_may(firm, lead, client):
    client.force_login(lead)
    links = paths(client.get("/teams/search/"))
    assert {f"/teams/search/{name}/" for name in ("edit", "mission", "stance", "personas", "members")} <= links
    assert "/teams/search/position/" not in links
    assert "/teams/new/" not in links | paths(client.get("/teams/"))

    client.force_login(firm.leader)
    page = client.get("/teams/search/")
    assert {"/teams/search/position/", "/teams/search/removal/"} <= paths(page)
    assert "/teams/new/?parent=search" in links_of(page)
    assert "/teams/new/" in paths(client.get("/teams/"))

    client.force_login(make.MembershipFactory(team=firm.search).person)
    page = source_of(client.get("/teams/search/"))
    for name in FORMS:
        assert f"/teams/search/{name}/" not in page


def test_leader_makes_a_team_below_another(firm, as_leader):
    assert value_of(as_leader.get("/teams/new/?parent=search"), "parent") == "search"

    page = send(as_leader, "/teams/new/", name="Ranking", parent="search")

    assert page.redirect_chain[-1][0] == "/teams/ranking/"
    assert Team.objects.get(key="ranking").parent == firm.search
    assert "Ranking is there" in message_of(page)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"name": " ", "parent": ""}, "Give the team a name."),
        ({"name": "Kept", "parent": "nothing"}, "There is no such team to choose."),
        ({"name": "Kept\x07", "parent": ""}, "Keep this on one line"),
    ],
)
def test_team_that_cannot_be_made_is_told_why_and_keeps_what_was_typed(as_leader, data, reason):
    page = as_leader.post("/teams/new/", data)

    assert reason in page_text(page, 422)
    assert value_of(page, "name").strip() == data["name"].strip()
    assert Team.objects.count() == 4


def test_team_deep_down_is_found_by_its_name(firm, as_leader):
    deep = make.TeamFactory(key="deep", name="Deep sea", parent=make.TeamFactory(name="Middle", parent=firm.search))
    assert "Deep sea" not in page_text(as_leader.get("/teams/quiet/position/"))

    response = as_leader.post("/teams/quiet/position/", {"version": 1, "parent": "ops", "find": "SEA deep"})
    page = page_text(response)
    assert "Product / Search / Middle / Deep sea" in page
    assert "1 team found for “SEA deep”" in page
    assert value_of(response, "parent") == "ops"
    assert firm.quiet.parent_id == firm.product.pk

    send(as_leader, "/teams/quiet/position/", version=1, parent="deep")
    assert Team.objects.get(key="quiet").parent == deep


@pytest.mark.parametrize(
    ("find", "answer"), [("", "Type words to find teams by."), ("nowhere", "No team has “nowhere”")]
)
def test_search_that_finds_nothing_says_so(as_leader, find, answer):
    page = as_leader.post("/teams/new/", {"name": "Kept", "parent": "", "find": find, "look": "yes"})

    assert answer in page_text(page)
    assert value_of(page, "name") == "Kept"


def test_moved_team_says_where_its_work_counts(firm, as_leader):
    assert "Its work counts in the sums of Product and above" in page_text(as_leader.get("/teams/search/position/"))

    page = send(as_leader, "/teams/search/position/", version=1, parent="ops")
    assert "Search is below Ops now, and its work counts there and above." in message_of(page)
    assert [child.label for child in as_leader.get("/teams/ops/").context["children"]["busy"]] == ["Search"]

    assert "Search is at the top now" in message_of(send(as_leader, "/teams/search/position/", version=2, parent=""))
    assert "It is at the top, in no team’s sums; moved," in page_text(as_leader.get("/teams/search/position/"))


def test_team_cannot_be_put_below_its_own(firm, as_leader):
    page = as_leader.post("/teams/product/position/", {"version": 1, "parent": "search"})

    assert "There is no such team to choose." in page_text(page, 422)
    assert parsed(page).select("[value=ops]")
    assert not parsed(page).select("[value=search]")


def test_lead_renames_a_team(firm, as_lead):
    page = send(as_lead, "/teams/search/edit/", version=1, name="Finding")

    assert page.redirect_chain[-1][0] == "/teams/search/"
    assert "The team is called Finding now." in message_of(page)


@pytest.mark.parametrize(
    ("page", "data", "labels"),
    [
        ("edit", {"name": "Mine"}, ["Name"]),
        ("position", {"parent": "ops"}, ["Below"]),
        ("mission", {"mission": "Mine", "goals": ["growth"]}, ["Mission", "Goals it serves"]),
        ("stance", {"stance": "explore", "reason": "Mine"}, ["Stance", "Because"]),
        ("personas", {"personas": ["shoppers"]}, ["Whom it serves"]),
    ],
)
def test_stale_save_shows_both_texts_and_the_next_one_goes_through(firm, as_leader, page, data, labels):
    make.PersonaFactory(key="shoppers")
    Team.objects.filter(key="search").update(name="Theirs", mission="Theirs", stance_reason="Theirs", parent=None)

    stale = as_leader.post(f"/teams/search/{page}/", {"version": 1, **data})

    assert stale.status_code == 409
    assert [difference.label for difference in stale.context["page"].differences] == labels
    assert not LogEntry.objects.filter(action__startswith="team.").exists()
    again = as_leader.post(f"/teams/search/{page}/", {"version": value_of(stale, "version"), **data})
    assert again.status_code == 302


def test_both_texts_name_no_goal_that_is_hidden(firm, as_lead):
    make.MissionGoalFactory(team=firm.product, goal=firm.secret)
    Team.objects.filter(key="product").update(mission="Theirs")

    page = as_lead.post("/teams/product/mission/", {"version": 1, "mission": "Mine"})

    assert "Theirs" in page_text(page, 409)
    assert SECRET not in source_of(page, 409)


def test_team_with_work_is_not_offered_for_removal(firm, as_leader):
    response = as_leader.get("/teams/product/removal/")
    assert "Product still has 2 sub-teams and 3 initiatives, so it stays." in page_text(response)
    assert not parsed(response).select("main form")

    page = page_text(as_leader.post("/teams/product/removal/", {"version": 1}), 422)
    assert "so it stays" in page
    assert Team.objects.filter(key="product").exists()


def test_team_without_anything_is_removed(firm, as_leader):
    assert "This cannot be undone." in page_text(as_leader.get("/teams/quiet/removal/"))

    page = send(as_leader, "/teams/quiet/removal/", version=1)

    assert page.redirect_chain[-1][0] == "/teams/"
    assert "Quiet is removed." in message_of(page)
    assert as_leader.get("/teams/quiet/").status_code == 404


def test_mission_offers_the_companys_goals_that_count_and_those_it_serves(firm, lead, as_lead):
    make.MissionGoalFactory(team=firm.product, goal=firm.draft)
    Goal.objects.filter(pk=firm.draft.pk).update(owner=lead)
    make.GoalFactory(title="Of a team", team=firm.ops)
    make.GoalFactory(title="Of a team, for the company", team=firm.ops, parent=firm.growth)
    firm.compute()

    page = as_lead.get("/teams/product/mission/")

    offered = [(str(label), label.hint) for _key, label in page.context["form"].fields["goals"].choices]
    assert offered == [
        ("Some day", "Does not count now: it reaches no published strategy."),
        ("Growth", ""),
        ("Retention", ""),
    ]
    assert SECRET not in source_of(page)


def test_mission_says_where_goals_come_from_when_there_are_none(firm, as_lead):
    Goal.objects.update(status="dropped")
    firm.compute()

    assert "goals come with a strategy that leaders publish" in page_text(as_lead.get("/teams/product/mission/"))


def test_mission_offers_a_bounded_number_of_goals_and_finds_others(firm, as_lead, monkeypatch):
    monkeypatch.setattr("alignment.selectors.missions.SUGGESTED", 1)
    monkeypatch.setattr("alignment.selectors.missions.FOUND", 1)
    make.GoalFactory(title="Retention of staff", team=firm.ops)
    assert not parsed(as_lead.get("/teams/product/mission/")).select("[value=retention]")

    data = {"version": 1, "mission": "Typed so far", "goals": ["growth"], "find": "retention"}
    response = as_lead.post("/teams/product/mission/", data)
    page = page_text(response)

    assert [box["value"] for box in parsed(response).select("[name=goals]")] == ["growth", "retention"]
    assert "Typed so far" in page
    assert "1 goal found for “retention”." in page
    assert not MissionGoal.objects.exists()


def test_hidden_goal_is_neither_found_nor_chosen(firm, as_lead):
    page = page_text(as_lead.post("/teams/product/mission/", {"version": 1, "find": "hidden"}))
    assert "No goal has “hidden” in it." in page

    wrong = [
        as_lead.post("/teams/product/mission/", {"version": 1, "goals": [key]}) for key in ("hidden", "made-up", "\0")
    ]
    assert all("A goal you chose is no longer here." in page_text(page, 422) for page in wrong)
    assert not MissionGoal.objects.exists()


def test_lead_saves_the_mission_and_hidden_goals_stay(firm, as_lead):
    make.MissionGoalFactory(team=firm.product, goal=firm.secret)

    page = send(as_lead, "/teams/product/mission/", version=1, mission="We\r\nfind.", goals=["retention", "growth"])

    assert "The mission of Product is saved." in message_of(page)
    assert Team.objects.get(key="product").mission == "We\nfind."
    served = Goal.objects.filter(missions__team=firm.product)
    assert set(served) == {firm.growth, firm.retention, firm.secret}
    assert "a confidential goal" in page_text(page)


def test_line_ends_count_as_one_character_in_a_mission(firm, as_lead):
    lines = "\r\n".join(["x" * 19] * 100)  # 1,999 as stored, 2,098 as sent

    assert as_lead.post("/teams/product/mission/", {"version": 1, "mission": lines}).status_code == 302
    page = as_lead.post("/teams/product/mission/", {"version": 2, "mission": "x" * 2001})
    assert "at most 2000 characters" in page_text(page, 422)


def test_stance_says_what_each_expects(firm, as_lead):
    page = page_text(as_lead.get("/teams/search/stance/"))

    assert (
        "The company needs this team now, and others support it. Expected: coverage of at least 90 %, 0 % to 10 % "
        "exploring, at least 20 % chosen by the team, at most 40 % upkeep."
    ) in page
    assert "coverage of at least 30 %, 20 % to 70 % exploring" in page


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"stance": "explore", "until": "2020-01-01"}, "Give a day after today"),
        ({"stance": "core", "until": "2100-01-01"}, "Core is what a team counts as without an end."),
        ({"stance": "explore", "until": "soon"}, "Give a day, written like 2026-03-31."),
        ({"stance": "explore", "reason": "x" * 1001}, "at most 1000 characters"),
        ({"stance": "resting"}, "resting is not one of the available choices"),
    ],
)
def test_stance_that_cannot_be_is_told_beside_the_field_and_kept(as_lead, data, reason):
    page = as_lead.post("/teams/search/stance/", {"version": 1, "reason": "Kept", **data})

    assert reason in page_text(page, 422)
    assert value_of(page, "reason") == data.get("reason", "Kept")


def test_reason_of_one_stance_is_not_taken_over_by_another(firm, as_lead):
    Team.objects.filter(key="search").update(stance="spotlight", stance_reason="The fair")
    version = Team.objects.get(key="search").version
    page = as_lead.post("/teams/search/stance/", {"version": version, "stance": "core", "reason": "The fair"})

    assert "This was the reason for “In the spotlight”." in page_text(page, 422)
    page = as_lead.post("/teams/search/stance/", {"version": version, "stance": "core", "reason": ""})
    assert SAY_WHY in page_text(page, 422)
    send(as_lead, "/teams/search/stance/", version=version, stance="core", reason="It is over")
    assert Team.objects.get(key="search").stance_reason == "It is over"


def test_reason_of_a_stance_that_has_ended_is_not_said(firm, as_lead):
    Team.objects.filter(key="search").update(stance="spotlight", stance_reason="The fair")
    assert "Because The fair" in page_text(as_lead.get("/teams/search/"))

    Team.objects.filter(key="search").update(stance_until=dt.date(2020, 1, 1))
    assert "The fair" not in page_text(as_lead.get("/teams/search/"))


def test_lead_sets_the_stance(firm, as_lead):
    until = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()

    page = send(as_lead, "/teams/search/stance/", version=1, stance="spotlight", reason="The fair", until=until)

    assert "The stance of Search: in the spotlight." in message_of(page)
    assert "The fair" in page_text(page)


def test_lead_says_whom_the_team_serves(firm, as_lead):
    assert "Nobody has described a persona yet" in page_text(as_lead.get("/teams/search/personas/"))
    make.PersonaFactory(key="shoppers", name="Shoppers")
    make.TeamPersonaFactory(team=firm.search, persona__key="nurses", persona__name="Nurses")

    page = send(as_lead, "/teams/search/personas/", version=1, personas=["shoppers"])

    assert "Whom Search serves is saved." in message_of(page)
    assert [row["name"] for row in page.context["team"].persona_rows] == ["Shoppers"]
    wrong = as_lead.post("/teams/search/personas/", {"version": 2, "personas": ["made-up"]})
    assert "A persona you chose is no longer here." in page_text(wrong, 422)


@pytest.mark.parametrize("typed", ["Nina New <nina@example.com>", " NINA@example.com", "nina new", "nin"])
def test_member_is_added_by_name_or_address(firm, as_lead, typed):
    person = make.PersonFactory(name="Nina New", email="nina@example.com")
    make.PersonFactory(name="Nina New-Gone", email="gone@example.com", is_active=False)

    page = send(as_lead, "/teams/search/members/", person=typed, role="member")

    assert "Nina New is on the team." in message_of(page)
    assert Membership.objects.get(team=firm.search).person == person


@pytest.mark.parametrize(
    ("typed", "role", "reason"),
    [
        ("", "member", "Say whom: type a name or an e-mail address."),
        ("nobody at all", "member", "Nobody active here has this name or address."),
        ("nobody@example.com", "member", "Nobody active here has this name or address."),
        ("twin", "member", "Several people fit: Twin One"),
        ("Twin Three", "member", "Several people fit: Twin Three"),
        ("Mia Member", "captain", "captain is not one of the available choices"),
    ],
)
def test_person_who_is_not_clear_is_asked_about(firm, as_lead, typed, role, reason):
    for name in ("Twin One", "Twin Two", "Twin Three", "Twin Three"):
        make.PersonFactory(name=name)

    page = page_text(as_lead.post("/teams/search/members/", {"person": typed, "role": role}), 422)

    assert reason in page
    assert not Membership.objects.filter(team=firm.search).exists()


def test_person_on_the_team_is_not_added_again(firm, as_lead):
    make.MembershipFactory(team=firm.search, person=firm.member)

    page = as_lead.post("/teams/search/members/", {"person": "Mia Member", "role": "member"})

    assert "Mia Member is on the team already" in page_text(page, 422)


def test_member_becomes_lead_and_leaves_and_comes_back(firm, as_lead):
    one = make.MembershipFactory(team=firm.search, person=firm.member)
    page = send(as_lead, f"/teams/search/members/{one.pk}/", role="lead", version=1)
    assert "Mia Member is on the team as lead." in message_of(page)

    page = send(as_lead, f"/teams/search/members/{one.pk}/removal/", version=2)
    assert "Mia Member is no longer on the team." in message_of(page)
    assert not Membership.objects.filter(team=firm.search).exists()

    undo = undo_of(page)
    assert "Mia Member is on the team again." in message_of(as_lead.post(undo, follow=True))
    assert Membership.objects.get(team=firm.search).role == "lead"
    assert "is on the team already" in message_of(as_lead.post(undo, follow=True))


@pytest.mark.parametrize("step", ["", "removal/"])
@pytest.mark.parametrize("version", ["1", ""])
def test_member_changed_meanwhile_is_shown_as_they_are(firm, as_lead, step, version):
    one = make.MembershipFactory(team=firm.search, person=firm.member)
    Membership.objects.filter(pk=one.pk).update(role="lead")

    page = send(as_lead, f"/teams/search/members/{one.pk}/{step}", role="member", version=version)

    assert "This is how it is now." in message_of(page) or "was not" in message_of(page)
    assert Membership.objects.get(pk=one.pk).role == "lead"


def test_member_of_another_team_is_not_found(firm, as_lead):
    other = make.MembershipFactory(team=firm.ops)

    assert as_lead.post(f"/teams/search/members/{other.pk}/", {"role": "lead", "version": 1}).status_code == 404


@pytest.mark.parametrize(("step", "data"), [("", {"role": "member"}), ("removal/", {})])
def test_lead_who_steps_down_lands_on_the_teams_page(firm, lead, as_lead, step, data):
    own = lead.memberships.get()

    page = send(as_lead, f"/teams/product/members/{own.pk}/{step}", version=1, **data)

    assert page.redirect_chain[-1][0] == "/teams/product/"
    assert "restoration" not in source_of(page)


def test_team_without_people_is_told_to_begin_with_its_lead(as_leader):
    assert "Nobody is on this team yet." in page_text(as_leader.get("/teams/quiet/members/"))


def test_goal_hidden_from_everybody_but_its_owner_is_offered_to_them(firm, lead, as_lead):
    make.GoalFactory(title="My secret", strategy=firm.strategy, owner=lead, visibility=Visibility.LEADERS)
    firm.compute()

    assert "My secret" in page_text(as_lead.get("/teams/product/mission/"))


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("edit", {"name": "Other"}),
        ("position", {"parent": "ops"}),
        ("stance", {"stance": "spotlight", "reason": "Other", "until": "2100-01-01"}),
        ("mission", {"mission": "Other", "goals": ["retention"]}),
        ("mission", {"mission": "Other", "goals": ["growth"]}),
        ("personas", {"personas": []}),
    ],
)
def test_edit_is_undone_from_the_message_that_tells_of_it(firm, as_leader, page, data):
    make.MissionGoalFactory(team=firm.search, goal=firm.growth)
    make.TeamPersonaFactory(team=firm.search)

    def state():
        team = Team.objects.get(key="search")
        sets = (set(team.personas.all()), set(Goal.objects.filter(missions__team=team)))
        return (team.name, team.parent, team.mission, team.stance, team.stance_reason, team.stance_until, *sets)

    before = state()
    undo = undo_of(send(as_leader, f"/teams/search/{page}/", version=1, **data))
    assert state() != before

    assert "Undone." in message_of(as_leader.post(undo, follow=True))
    assert state() == before
    assert "nothing was undone" in message_of(as_leader.post(undo, follow=True))


def test_edit_of_somebody_else_is_not_undone(firm, lead, as_lead, client):
    undo = undo_of(send(as_lead, "/teams/search/edit/", version=1, name="Other"))
    client.force_login(firm.leader)

    assert "can no longer be undone" in message_of(client.post(undo, follow=True))
    assert client.post("/teams/search/undo/?version=x").status_code == 400
    assert Team.objects.get(key="search").name == "Other"


def test_move_is_not_undone_where_the_place_is_gone_but_a_stance_whose_end_has_passed_is(firm, as_leader):
    gone = make.TeamFactory(key="gone")
    Team.objects.filter(key="search").update(parent=gone, stance="explore", stance_until=dt.date(2020, 1, 1))
    undo = undo_of(send(as_leader, "/teams/search/position/", version=2, parent="ops"))
    gone.delete()
    assert "can no longer be undone" in message_of(as_leader.post(undo, follow=True))

    undo = undo_of(send(as_leader, "/teams/search/stance/", version=3, stance="core", reason="Over"))
    assert "Undone." in message_of(as_leader.post(undo, follow=True))
    team = Team.objects.get(key="search")
    assert (team.stance, team.stance_until) == ("explore", dt.date(2020, 1, 1))


def test_move_is_not_undone_by_somebody_who_leads_no_longer(firm, as_leader):
    undo = undo_of(send(as_leader, "/teams/search/position/", version=1, parent="ops"))
    make.MembershipFactory(team=firm.search, person=firm.leader, role="lead")
    Person.objects.filter(pk=firm.leader.pk).update(role="member")

    assert "Leaders say where a team hangs." in message_of(as_leader.post(undo, follow=True))


def test_form_saved_without_a_change_says_so(as_leader):
    page = send(as_leader, "/teams/search/edit/", version=1, name="Search")

    assert NOTHING in message_of(page)
    assert "undo" not in source_of(page)
