"""/initiatives/ and /initiatives/<key>/."""

from __future__ import annotations

import pytest

from lib.paging.keyset import encoded
from tests import factories as make
from tests.firm import SECRET
from tests.html import page_text, parsed, source_of, texts_of


@pytest.fixture
def reader(firm, client):
    client.force_login(firm.member)
    return client


def listed(client, **query) -> list[str]:
    response = client.get("/initiatives/", query)
    assert response.status_code == 200
    return [row["initiative"].key for row in response.context["rows"]]


def test_list_shows_active_work_by_title(reader):
    assert listed(reader) == ["faster", "half", "hush", "keep", "look", "loose", "lost"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"team": "product", "own": "yes"}, ["half", "hush", "look"]),
        ({"team": "search"}, ["faster", "loose", "lost"]),
        ({"goal": "growth"}, ["faster", "half"]),
        ({"status": "paused"}, ["later"]),
        ({"status": "active", "kind": "sustain"}, ["keep"]),
        ({"origin": "assigned"}, ["lost"]),
        ({"part": "exploring"}, ["look"]),
        ({"flag": "unsized"}, ["loose"]),
        ({"sized": "no"}, ["loose"]),
        ({"q": "LO"}, ["look", "loose", "lost"]),
        ({"mine": "yes"}, []),
        ({"sort": "-effort"}, ["keep", "faster", "lost", "hush", "look", "half", "loose"]),
        ({"sort": "-orphaned", "part": "orphaned"}, ["lost", "half", "loose"]),
    ],
)
def test_filters_and_orders(reader, query, found):
    rows = listed(reader, **query)

    if query.get("sort") == "-orphaned":
        assert rows[0] == "lost"
        assert set(rows) == set(found)
    else:
        assert rows == found


def test_filter_by_a_goal_the_reader_may_not_see_is_as_an_unknown_one(reader):
    def results(goal):
        context = reader.get("/initiatives/", {"goal": goal}).context
        return context["form"].errors, context["active"], context["count_text"], context["part_hidden"]

    assert results("hidden") == results("nowhere")
    assert listed(reader, goal="hidden") == listed(reader)


def test_filters_in_force_can_be_taken_off_one_by_one(reader):
    response = reader.get("/initiatives/", {"team": "search", "sized": "no"})

    assert response.context["active"] == [("Search", "?sized=no"), ("Not sized", "?team=search")]


def test_another_order_begins_with_the_first_page_and_keeps_the_filters(reader):
    page = parsed(reader.get("/initiatives/", {"team": "search", "sort": "-effort", "after": encoded("[99,99]")}))

    addresses = {link["id"]: link["href"] for link in page.select("th a[id^='sort-']")}
    assert addresses["sort-title"] == "?team=search&sort=title"
    assert addresses["sort-effort"] == "?team=search&sort=effort"


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ({"sort": "x"}, "There is no such order"),
        ({"sort": "effort", "status": "any"}, "Only active work has figures to sort by"),
        ({"team": "nope"}, "There is no such choice, so it was left out."),
        ({"after": "garbage"}, "7 initiatives"),
        ({"after": "WzEsMl0"}, "7 initiatives"),
        ({"team": "a\0b", "q": "x\0"}, "7 initiatives"),
        ({"flag": "uncovered", "part": "whole", "sized": "7"}, "7 initiatives"),
    ],
)
def test_bad_parameters_are_left_out_calmly(reader, query, note):
    assert note in page_text(reader.get("/initiatives/", query))


def test_unsized_work_is_marked_as_counted_by_default(reader):
    assert "* not sized, counted as 1 person-week each." in page_text(reader.get("/initiatives/"))
    marked = parsed(reader.get("/initiatives/")).select('td[data-label="Weeks"] [title]')
    assert {(mark["title"], mark.get_text()) for mark in marked} == {("Not sized: counted as 1", "1* (not sized)")}
    assert "not sized, counted" not in page_text(reader.get("/initiatives/", {"sized": "yes"}))


def test_confidential_goal_stands_without_its_name(firm, reader, client):
    response = reader.get("/initiatives/")
    assert "a confidential goal" in page_text(response)
    assert SECRET not in source_of(response)

    client.force_login(firm.leader)
    assert SECRET in page_text(client.get("/initiatives/"))


@pytest.mark.parametrize(
    "query", ["", "?goal=growth&team=search&part=aligned&flag=unsized&q=a", "?sort=-effort", "?mine=yes"]
)
def test_list_takes_eight_queries_however_many_rows(firm, reader, query, django_assert_num_queries):
    with django_assert_num_queries(8):
        reader.get(f"/initiatives/{query}")
    for work in make.InitiativeFactory.create_batch(5, team=firm.search):
        make.LinkFactory(initiative=work, goal=firm.growth)
    firm.compute()
    with django_assert_num_queries(8):
        reader.get(f"/initiatives/{query}")


def test_list_goes_on_over_pages(firm, reader):
    make.InitiativeFactory.create_batch(60, team=firm.ops, title="The same title")
    first = reader.get("/initiatives/")
    second = reader.get(f"/initiatives/{first.context['page'].next_url}")

    keys = [row["initiative"].key for response in (first, second) for row in response.context["rows"]]
    assert len(keys) == len(set(keys)) == 67
    assert (
        listed(reader)[0]
        == reader.get(f"/initiatives/{second.context['page'].first_url}").context["rows"][0]["initiative"].key
    )


def test_detail_shows_line_of_sight_parts_and_questions(reader):
    response = reader.get("/initiatives/half/")
    page, links = page_text(response), texts_of(response, "a")

    assert links.index("Retention") < links.index("Growth") < links.index("The plan")
    assert "50.0 % × 2 person-weeks = 1 person-week" in page
    assert "What is the rest of the effort for?" in page


def test_broken_line_says_why(firm, client):
    client.force_login(firm.leader)
    page = page_text(client.get("/initiatives/lost/"))

    assert "This link does not count. The reason: the goal is still a draft." in page
    assert "Has the goal moved on, or has the work?" in page


def test_bet_shows_evidence_measure_and_review(firm, reader):
    measure = make.MeasureFactory(goal=firm.growth, title="Weekly visitors", unit="people")
    make.LinkFactory(
        initiative=firm.work["loose"],
        goal=firm.growth,
        evidence="More come back",
        measure=measure,
        expected_change=250,
        review_on="2026-06-30",
    )
    page = page_text(reader.get("/initiatives/loose/"))

    for part in ("More come back", "Weekly visitors: +250 people", "30 Jun 2026", "Untested"):
        assert part in page


def test_confidential_link_shows_its_effort_and_nothing_else(firm, reader, client):
    response = reader.get("/initiatives/hush/")
    page = page_text(response)
    assert "a confidential goal" in page
    assert "100 % × 2 person-weeks = 2 person-weeks" in page
    for hidden in (SECRET, "hidden reason", "/goals/hidden/"):
        assert hidden not in source_of(response)

    client.force_login(firm.leader)
    assert "The hidden reason." in page_text(client.get("/initiatives/hush/"))


def test_work_outside_the_portfolio_has_no_parts(reader):
    assert "Only active work is counted." in page_text(reader.get("/initiatives/later/"))


def test_detail_shows_support_and_the_problem_as_markdown(firm, reader):
    make.SupportFactory(initiative=firm.work["keep"], team=firm.search, ask="A search of logs")
    firm.work["keep"].problem = "It **breaks** <script>alert(1)</script>"
    firm.work["keep"].save()
    response = reader.get("/initiatives/keep/")

    assert "A search of logs" in page_text(response)
    assert "breaks" in texts_of(response, "strong")
    assert "alert(1)" in page_text(response)


@pytest.mark.parametrize("key", ["faster", "loose", "later"])
def test_detail_takes_ten_queries_however_many_links(firm, reader, key, django_assert_num_queries):
    with django_assert_num_queries(10):
        reader.get(f"/initiatives/{key}/")
    for goal in make.GoalFactory.create_batch(4, parent=firm.growth):
        make.LinkFactory(initiative=firm.work[key], goal=goal)
    with django_assert_num_queries(10):
        reader.get(f"/initiatives/{key}/")


def test_missing_initiative_is_not_found_and_pages_are_only_read(reader):
    assert reader.get("/initiatives/nothing/").status_code == 404
    assert reader.post("/initiatives/").status_code == 405
    assert reader.delete("/initiatives/faster/").status_code == 405


def test_empty_company_is_told_what_belongs_here(nothing, client):
    client.force_login(make.PersonFactory())

    assert "Here will be the work that is active" in page_text(client.get("/initiatives/"))
