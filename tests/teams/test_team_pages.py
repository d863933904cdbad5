"""/teams/ and /teams/<key>/."""

from __future__ import annotations

import datetime as dt

import pytest

from teams.enums import Role
from teams.models import Team
from teams.selectors import teams as selectors
from teams.selectors.asks import team_asks
from teams.selectors.teams import names_above, team_options, team_tree
from tests import factories as make
from tests.factories import DAY
from tests.firm import SECRET
from tests.html import links_of, page_text, parsed, source_of, text_of, texts_of


@pytest.fixture
def reader(firm, client):
    client.force_login(firm.member)
    return client


def test_tree_has_parents_before_children_and_siblings_by_name(firm, django_assert_num_queries):
    with django_assert_num_queries(2):
        part = team_tree(Team.objects.all(), params={})

    assert [team.name for team in part.roots.rows] == ["Ops", "Product"]
    assert [team.name for team in part.below] == ["Quiet", "Search"]


@pytest.mark.django_db
def test_teams_are_listed_and_found_as_people_look_for_them(nothing, client):
    for name in ("Zebra", "Łódź", "API Server", "apple", "Äpfel", "API gzip"):
        make.TeamFactory(name=name)
    ordered = ["Äpfel", "API gzip", "API Server", "apple", "Łódź", "Zebra"]
    client.force_login(make.PersonFactory(role=Role.LEADER))

    assert [team.name for team in team_tree(Team.objects.all(), params={}).roots.rows] == ordered
    assert [team.name for team in team_options()] == ordered
    assert texts_of(client.get("/initiatives/new/?q=APFEL"), ".names a") == ["Äpfel"]


def test_team_page_has_a_bar_of_its_own_work_and_one_with_its_sub_teams(firm, reader):
    """Product with its sub-teams has 14 person-weeks (tests/firm.py)."""
    bars = {
        section["aria-labelledby"]: texts_of(section, ".parts__whole")
        for section in parsed(reader.get("/teams/product/")).select("section[aria-labelledby]:has(.parts__whole)")
    }
    assert bars["together"] == ["14 person-weeks in 6 initiatives"]
    assert bars["own"] != bars["together"]


def test_tree_is_bounded(firm, monkeypatch):
    monkeypatch.setattr(selectors, "ROWS", 3)
    monkeypatch.setattr(selectors, "ROOTS", 1)
    part = team_tree(Team.objects.all(), params={})

    assert [team.name for team in part.roots.rows] == ["Ops"]
    assert part.below == []
    assert part.roots.next_url


def test_team_page_of_the_tree_links_to_what_was_not_sent(firm, reader, monkeypatch):
    monkeypatch.setattr(selectors, "ROWS", 3)

    page = page_text(reader.get("/teams/"))
    assert "All 2 teams below Product" in page


def test_options_are_high_teams_in_tree_order_and_the_selected_one(firm):
    deep = make.TeamFactory(key="deep", name="Deep", parent=firm.search)
    make.TeamFactory(key="deeper", name="Deeper", parent=deep)

    assert [team.name for team in team_options("deep")] == ["Ops", "Product", "Quiet", "Search", "Deep"]


def test_names_above_go_from_the_root_down(firm):
    deep = make.TeamFactory(parent=firm.search)

    assert names_above([deep, firm.ops]) == {deep.pk: ["Product", "Search"], firm.ops.pk: []}


def test_asks_come_from_both_sides(firm, django_assert_num_queries):
    make.SupportFactory(initiative=firm.work["faster"], team=firm.ops, ask="A faster machine")
    make.SupportFactory(initiative=firm.work["keep"], team=firm.search, ask="A search of logs")
    with django_assert_num_queries(1):
        [mine], [others] = team_asks(firm.search)
        found = [(ask.ask, ask.initiative.team.name, ask.team.name) for ask in (mine, others)]

    assert found == [("A faster machine", "Search", "Ops"), ("A search of logs", "Ops", "Search")]


def test_list_shows_the_tree_with_coverage_of_all_below(reader):
    response = reader.get("/teams/")
    page, links = page_text(response), texts_of(response, "a")

    assert links.index("Ops") < links.index("Product") < links.index("Search")
    assert "50.0 %" in page
    assert "None: There is no discretionary work" in page
    assert "4 teams" in page


def test_search_finds_by_name_with_the_teams_above(reader):
    [page] = texts_of(reader.get("/teams/", {"q": "SEAR"}), "#results")

    assert "1 team" in page
    assert "Product" in page
    assert "Ops" not in page
    assert "No team has these words" in page_text(reader.get("/teams/", {"q": "nothing like it"}))


@pytest.mark.parametrize("query", ["", "?q=e"])
def test_list_takes_six_queries_however_many_teams(reader, firm, query, django_assert_num_queries):
    with django_assert_num_queries(6):
        reader.get(f"/teams/{query}")
    for number in range(5):
        make.TeamFactory(parent=firm.search, name=f"Even more of {number}")
    with django_assert_num_queries(6):
        reader.get(f"/teams/{query}")


def test_detail_shows_own_figures_beside_what_the_stance_expects(reader):
    response = reader.get("/teams/search/")
    page = page_text(response)

    assert "4 ÷ 8 = 50.0 %" in page
    assert "Expected: at least 70 %" in page
    assert "Expected: 5 % to 30 %" in page
    assert "5 ÷ 8 = 62.5 %" in page
    assert "1 of 3 not sized, counted as 1 week each" in page
    assert "/initiatives/?team=search&own=yes&part=aligned" in links_of(response)


def test_detail_of_a_team_with_sub_teams_shows_both_sums(reader):
    page = page_text(reader.get("/teams/product/"))

    assert "With its sub-teams" in page
    assert "3 ÷ 6 = 50.0 %" in page
    assert "7 ÷ 14 = 50.0 %" in page
    assert "With its sub-teams" not in page_text(reader.get("/teams/search/"))


def test_detail_folds_sub_teams_without_active_work(reader):
    children = reader.get("/teams/product/").context["children"]

    assert [node.label for node in children["busy"]] == ["Search"]
    assert [node.label for node in children["idle"]] == ["Quiet"]
    assert children["idle_text"] == "1 sub-team without active work"


def test_detail_asks_questions_and_folds_housekeeping(reader):
    response = reader.get("/teams/search/")
    page = page_text(response)

    assert "Link it, declare it an exploration, propose a goal for it, or stop it?" in page
    assert "1 initiative is not sized" in page
    assert "/initiatives/?team=search&own=yes&flag=unsized" in links_of(response)


def test_lapsed_stance_counts_as_core(reader):
    page = page_text(reader.get("/teams/ops/"))

    assert "it counts as core" in page
    assert "Expected: at least 70 %" in page


def test_stance_in_force_sets_the_expectations(firm, reader):
    Team.objects.filter(key="ops").update(stance_until=DAY + dt.timedelta(days=1))

    assert "Expected: at least 90 %" in page_text(reader.get("/teams/ops/"))


def test_team_without_work_says_so(reader):
    [main] = parsed(reader.get("/teams/quiet/")).select("main")

    assert "No active work of its own" in text_of(main)
    assert "0 %" not in " ".join(str(main).split())  # in no label either


def test_confidential_goal_of_a_mission_is_not_named(firm, reader, client):
    make.MissionGoalFactory(team=firm.product, goal=firm.secret)

    response = reader.get("/teams/product/")
    assert "a confidential goal" in page_text(response)
    assert SECRET not in source_of(response)
    client.force_login(firm.leader)
    assert SECRET in page_text(client.get("/teams/product/"))


def test_detail_shows_support_people_and_personas(firm, reader):
    make.SupportFactory(initiative=firm.work["keep"], team=firm.search, ask="A search of logs")
    make.TeamPersonaFactory(team=firm.search, persona__name="Shoppers")
    make.MembershipFactory(team=firm.search, person__name="Lea Lead", role="lead")
    page = page_text(reader.get("/teams/search/"))

    for part in ("Others ask of it", "A search of logs", "Shoppers", "Lea Lead"):
        assert part in page


@pytest.mark.parametrize("key", ["product", "search", "quiet"])
def test_detail_takes_eleven_queries_however_much_there_is(firm, reader, key, django_assert_num_queries):
    with django_assert_num_queries(11):
        reader.get(f"/teams/{key}/")
    team = Team.objects.get(key=key)
    for work in make.InitiativeFactory.create_batch(5, team=team):
        make.LinkFactory(initiative=work, goal=firm.growth)
        make.SupportFactory(initiative=work, team=firm.ops)
    make.MembershipFactory.create_batch(3, team=team)
    make.TeamFactory.create_batch(3, parent=team)
    firm.compute()
    with django_assert_num_queries(11):
        reader.get(f"/teams/{key}/")


def test_work_of_a_team_is_paged(firm, reader):
    make.InitiativeFactory.create_batch(25, team=firm.quiet)
    page = reader.get("/teams/quiet/")

    assert len(page.context["rows"]) == 20
    assert len(reader.get(f"/teams/quiet/{page.context['page'].next_url}").context["rows"]) == 5


@pytest.mark.parametrize(
    "address", ["/teams/?after=garbage", "/teams/?q=%00", "/teams/search/?after=garbage", "/teams/?q=" + "x" * 300]
)
def test_bad_parameters_are_left_out_calmly(reader, address):
    assert page_text(reader.get(address))


def test_missing_team_is_not_found_and_pages_are_only_read(reader):
    assert reader.get("/teams/nothing/").status_code == 404
    assert reader.post("/teams/").status_code == 405
    assert reader.post("/teams/search/").status_code == 405


def test_empty_company_is_told_what_belongs_here(nothing, client):
    client.force_login(make.PersonFactory())

    assert "Here will be the teams" in page_text(client.get("/teams/"))
