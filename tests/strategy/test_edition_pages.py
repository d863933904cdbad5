"""Pages of editions: the list, one of them, what changed between two, and how a goal came to be."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from strategy.enums import Visibility
from strategy.models import Goal, Measure
from strategy.selectors.snapshots import snapshots
from strategy.services import goals, measures, strategies
from strategy.services.editions import SAY_WHY
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import links_named, parsed, text_of
from tests.strategy.conftest import hide, signed_in
from tests.strategy.editions import add_edition, begin_editions

pytestmark = pytest.mark.django_db

LIST_QUERIES, DETAIL_QUERIES, CHANGES_QUERIES = 4, 11, 9
"""Session and user included."""
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def leader():
    return make.LeaderFactory(name="Lea Leader")


@pytest.fixture
def member():
    return make.PersonFactory()


@pytest.fixture
def by(leader):
    return {"actor": leader, "at": LATER}


@pytest.fixture
def plan(company):
    """The plan, with its first edition."""
    begin_editions()
    return company.strategy


def address(name: str, number: int | None = None, query: str = "") -> str:
    return reverse(name, args=["plan"] if number is None else ["plan", number]) + query


def page(person, name: str, number: int | None = None, query: str = ""):
    response = signed_in(person).get(address(name, number, query))
    assert response.status_code == 200
    return response


def edited(key: str, by, because: str = "So it is.", **values):
    row = Goal.objects.get(key=key)
    return goals.edit_goal(row, version=row.version, meaning_changed=False, because=because, **values, **by)


def test_list_says_who_changed_what_and_why(plan, by, member):
    edited("growth", by, "Growth is dear.", weight=2)
    edited("quality", by, "Quality is dearer.", weight=5)

    said = text_of(page(member, "edition_list"))
    assert said.index("Edition 3") < said.index("Edition 2") < said.index("Edition 1")
    assert "Lea Leader" in said
    assert "Growth is dear." in said
    links = [link["href"] for link in parsed(page(member, "edition_list")).select("main td a, main th a")]
    assert address("edition_detail", 2) in links
    assert address("edition_changes", 2) in links
    assert address("edition_changes", 1) not in links


def test_list_of_a_draft_teaches(leader):
    url = reverse("edition_list", args=[make.StrategyFactory(key="draft", status="draft").key])

    assert "Here stands each edition" in text_of(signed_in(leader).get(url))
    assert signed_in(make.PersonFactory()).get(url).status_code == 404


def test_edition_is_as_it_was_read(plan, by, member):
    edited("growth", by, title="Growth of another kind", why="**Other** reasons.", weight=1, kind="aspirational")
    row = Measure.objects.get()
    measures.edit_measure(
        row,
        version=row.version,
        title="Clients",
        unit="",
        baseline=Decimal(1),
        target=Decimal(2),
        because="More.",
        **by,
    )
    strategies.edit_strategy(plan, version=plan.version, title="Another plan", because="A new name.", **by)

    first, last = (text_of(page(member, "edition_detail", number)) for number in (1, 4))
    for words in ("The plan", "We want two things.", "Growth", "weight 3", "from 1 000 to 2 000 a month"):
        assert words in first
    for words in ("Growth of another kind", "Clients"):
        assert words not in first
        assert words in last
    assert "Another plan" in last
    assert "Retention" in first
    assert "below Growth" in first
    goal = parsed(page(member, "edition_detail", 1)).select_one(".prose strong")
    assert goal.text == "two"


def test_edition_has_the_whole_brief_of_a_goal(plan, by, member):
    edited("growth", by, situation="Others grow.", boundaries="No debts.")

    said = text_of(page(member, "edition_detail", 2))
    assert "The situation Others grow. Why Because customers ask for it. What is not wanted No debts." in said
    before = text_of(page(member, "edition_detail", 1))
    assert "Because customers ask for it." in before
    assert not [word for word in ("The situation", "Why Because", "What is not wanted") if word in before]


def test_edition_has_why_a_goal_was_closed_and_what_was_learned(plan, by, member):
    row = Goal.objects.get(key="quality")
    goals.close_goal(row, version=row.version, status="missed", reason="It was too dear.", learned="Ask first.", **by)

    said = text_of(page(member, "edition_detail", 2))
    assert "Why it was closed It was too dear. What was learned Ask first." in said


def test_edition_has_the_figures_of_its_day(plan, member):
    """Coverage is 8 of 12 person-weeks; Growth has three initiatives of two teams, in the week of that day."""
    make.GoalWeekFactory(goal=Goal.objects.get(key="growth"), week=DAY, initiatives=3, teams=2)
    said = text_of(page(member, "edition_detail", 1))

    assert "66.7 %" in said
    assert "In that week: 3 initiatives of 2 teams reached it, or a goal below it." in said


def test_words_that_changed_are_marked(plan, by, member):
    Goal.objects.filter(key="growth").update(why="Orders arrive within a week.")
    add_edition(plan, _live(plan), because="Once.")
    edited("growth", by, why="Orders arrive within three days.")

    changes = parsed(page(member, "edition_changes", 3))
    text = changes.select_one(".changes__text")
    assert [node.get_text() for node in text.select("del")] == ["(removed: a week.)"]
    assert [node.get_text() for node in text.select("ins")] == ["(added: three days.)"]
    assert text.get_text().startswith("Orders arrive within ")


def _live(plan):
    return snapshots([plan])[plan.pk]


def test_changes_are_said_of_each_goal_with_the_work_on_it(plan, by, member):
    edited("growth", by, weight=2, ends_on=dt.date(2026, 12, 31))
    row = Goal.objects.get(key="silence")
    goals.move_goal(row, version=row.version, strategy=plan, because="Alone.", **by)
    row = Goal.objects.get(key="quality")
    goals.close_goal(row, version=row.version, status="achieved", reason="All is well.", **by)
    growth = Goal.objects.get(key="growth")
    measures.create_measure(growth, title="Churn", target=Decimal(2), unit="%", because="To see both.", **by)
    draft = goals.create_goal(title="New one", why="It is time.", strategy=plan, **by)
    goals.activate_goal(draft, version=draft.version, because="Now.", **by)

    said = text_of(page(member, "edition_changes", 6, "?from=1"))
    for words in (
        "From edition 1 to edition 6",
        "Its weight went from 3 to 2.",
        "Its last day went from none to 31 December 2026.",
        "It was moved to the top.",
        "It was closed: achieved. “All is well.”",
        "“Churn” became a measure of it: from 0 to 2 %.",
        "It was added at the top.",
        "(added: It is time.)",
        "Work linked to it today",
        "Grow of One",
        "Polish of Two",
    ):
        assert words in said
    assert "Retention" not in said


def test_one_reads_the_way_back_too(plan, by, member):
    edited("growth", by, weight=2)

    assert "Its weight went from 2 to 3." in text_of(page(member, "edition_changes", 1, "?from=2"))
    assert "This is the first edition" in text_of(page(member, "edition_changes", 1))


@pytest.mark.parametrize("query", ["?from=99", "?from=x", "?from=", "?from=2", "?goals_after=x", "?goals_after=999"])
def test_what_cannot_be_compared_is_compared_with_the_one_before(query, plan, by, member):
    edited("growth", by, weight=2)

    assert "What changed in edition 2" in text_of(page(member, "edition_changes", 2, query))


def test_what_is_hidden_today_or_was_hidden_then_is_in_nothing(plan, by, member, leader):
    """Silence was for leaders in the first edition, Quality is today, and Retention was below Silence."""
    snapshot = deepcopy(_live(plan))
    silence, retention = (str(Goal.objects.get(key=key).pk) for key in ("silence", "retention"))
    snapshot["goals"][silence] |= {"visibility": Visibility.LEADERS, "why": "A secret once."}
    snapshot["goals"][retention] |= {"parent": int(silence), "why": "Another secret."}
    add_edition(plan, snapshot, because="Hidden once.")
    add_edition(plan, _live(plan), because="Open now.")
    edited("quality", by, "A secret reason.", weight=2)
    hide(Goal.objects.get(key="quality"))

    everything = [
        *(text_of(page(member, "edition_detail", number)) for number in (1, 3)),
        *(text_of(page(member, "edition_changes", 3, f"?from={number}")) for number in (1, 2, 4)),
        text_of(page(member, "edition_list")),
        *(text_of(signed_in(member).get(reverse("goal_detail", args=[key]))) for key in ("silence", "retention")),
    ]
    for said in everything:
        for words in ("secret", "Quality", "Hidden once."):
            assert words not in said
    assert signed_in(member).get(address("edition_detail", 2)).status_code == 404
    assert signed_in(member).get(address("edition_changes", 4)).status_code == 404
    assert "Quality" in text_of(page(leader, "edition_detail", 1))
    assert "A secret once." in text_of(page(leader, "edition_changes", 2))


def test_goal_says_how_it_came_to_be(plan, by, member):
    edited("retention", by, "Few came back.", why="They return.")
    row = Goal.objects.get(key="retention")
    moved = goals.move_goal(
        row, version=row.version, parent=Goal.objects.get(key="quality"), because="It is quality.", **by
    )
    closed = goals.close_goal(moved, version=moved.version, status="missed", reason="They did not.", **by)
    goals.reopen_goal(closed, version=closed.version, undoes=True, **by)

    history = parsed(signed_in(member).get(reverse("goal_detail", args=["retention"]))).select_one(".history")
    events = [" ".join(item.get_text().split()) for item in history.find_all("li", recursive=False)]
    assert len(events) == 5
    for event, words in zip(
        events,
        (
            ("Edition 5", "Change undone", "It was opened again."),
            ("Edition 4", "They did not.", "It was closed: missed."),
            ("Edition 3", "It is quality.", "It was moved below “Quality”."),
            ("Edition 2", "Lea Leader", "Few came back.", "(added: They return.)"),
            ("Edition 1", "It was added below “Growth”."),
        ),
        strict=True,
    ):
        assert [each for each in words if each not in event] == []
    assert [link["href"] for link in history.select("a") if "/editions/" in link["href"]] == [
        address("edition_detail", number) for number in (5, 4, 3, 2, 1)
    ]


def test_place_that_one_may_not_see_is_not_named(plan, by, member):
    row = Goal.objects.get(key="retention")
    goals.move_goal(row, version=row.version, parent=Goal.objects.get(key="quality"), because="So.", **by)
    moved = Goal.objects.get(key="retention")
    goals.move_goal(moved, version=moved.version, strategy=plan, because="Not so.", **by)
    hide(Goal.objects.get(key="quality"))

    said = text_of(signed_in(member).get(reverse("goal_detail", args=["retention"])))
    assert "It was moved below a confidential goal." in said
    assert "Quality" not in said


def test_strategy_leads_to_its_editions(plan, by, member):
    edited("growth", by, weight=2)

    strategy = parsed(signed_in(member).get(reverse("strategy_detail", args=["plan"])))
    link = strategy.select_one(f'a[href="{address("edition_list")}"]')
    assert link.text == "2, of 17 Mar 2026"


@pytest.mark.parametrize(
    ("name", "number", "queries"),
    [
        ("edition_list", None, LIST_QUERIES),
        ("edition_detail", 2, DETAIL_QUERIES),
        ("edition_changes", 2, CHANGES_QUERIES),
    ],
)
@pytest.mark.parametrize("role", [make.PersonFactory, make.LeaderFactory])
def test_page_takes_the_same_number_of_queries_however_much_there_is(plan, by, name, number, queries, role):
    client = signed_in(role())
    edited("growth", by, weight=2)

    def asked(at: int | None) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address(name, at)).status_code == 200
        return len(seen)

    if name == "edition_detail":  # how many have read it is for leaders
        queries += role is make.LeaderFactory
    assert asked(number) == queries
    for at in range(40):
        goal = make.GoalFactory(parent=Goal.objects.get(key="growth"), title=f"More {at:02}")
        make.MeasureFactory(goal=goal)
        make.LinkFactory(goal=goal)
    edited("quality", by, weight=7)
    assert asked(None if number is None else 3) == queries


def test_long_edition_is_read_in_parts(plan, member, monkeypatch):
    monkeypatch.setattr("web.editions.views.SIZE", 2)
    first = parsed(page(member, "edition_detail", 1))
    (following,) = (str(link["href"]) for link in first.select('.pager a[rel="next"]'))

    second = parsed(page(member, "edition_detail", 1, following))
    parts = [
        [article.find(["h2", "h3", "h4"]).get_text() for article in part.select("article")] for part in (first, second)
    ]
    assert [len(part) for part in parts] == [2, 2]
    assert not {*parts[0]} & {*parts[1]}


FORMS = {
    "goal_edit": (
        "growth",
        {"title": "Growth", "kind": "committed", "weight": "9", "visibility": "company", "meaning_changed": "no"},
    ),
    "goal_position": ("silence", {}),
    "measure_new": ("growth", {"title": "Churn", "kind": "target", "baseline": "1", "target": "2"}),
    "strategy_edit": ("plan", {"title": "Another plan"}),
}


@pytest.mark.parametrize("name", FORMS)
def test_form_asks_why_and_takes_no_blank_answer(name, plan, leader):
    key, typed = FORMS[name]
    client = signed_in(leader)
    url = reverse(name, args=[key]) + ("?to=strategy:plan" if name == "goal_position" else "")
    form = parsed(client.get(url)).select_one("main form.form")
    assert form.select_one("[name=because]") is not None
    sent = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")} | typed

    refused = client.post(url, sent | {"because": " "})
    assert refused.status_code == 422
    assert SAY_WHY in text_of(refused)
    assert plan.editions.count() == 1

    assert client.post(url, sent | {"because": "It is time."}).status_code == 302
    assert plan.editions.latest("number").because == "It is time."


def test_form_does_not_ask_why_of_drafts_and_teams(company, leader):
    draft = make.GoalFactory(strategy=company.strategy, status="draft", key="draft")
    for key in (draft.key, "own"):
        page = parsed(signed_in(leader).get(reverse("goal_edit", args=[key])))
        assert page.select_one("[name=because]") is None


@pytest.fixture
def amended(plan, leader, time_machine):
    """Edition 2, made a minute ago."""
    row = Goal.objects.get(key="growth")
    goals.edit_goal(row, version=row.version, actor=leader, at=LATER, weight=7, because="More.")
    time_machine.move_to(LATER + dt.timedelta(minutes=1))


def test_last_edition_is_taken_back_beside_its_effect(amended, leader):
    client, way = signed_in(leader), address("edition_taking_back", 2)
    (found,) = links_named(page(leader, "edition_detail", 2), "Take back")
    assert found == way
    shown = client.get(way)
    assert "What this would do" in text_of(shown)

    blank = client.post(way, {"version": 2, "because": " "})
    assert (blank.status_code, Goal.objects.get(key="growth").weight) == (422, 7)
    done = client.post(way, {"version": 2, "because": "It was a slip."}, follow=True)
    assert "Edition 2 is taken back: what is published is as it was before." in text_of(done)
    assert Goal.objects.get(key="growth").weight == 3
    assert "It was taken back" in text_of(page(leader, "edition_detail", 2))
    assert "Edition taken back" in text_of(page(leader, "edition_detail", 3))


def test_edition_that_stays_says_why_and_what_else_can_be_done(amended, leader, time_machine):
    time_machine.move_to(LATER + dt.timedelta(days=2))
    assert "It cannot be taken back. It was published more than a day ago" in text_of(page(leader, "edition_detail", 2))
    shown = page(leader, "edition_taking_back", 2)
    assert "more than a day ago" in text_of(shown)
    assert links_named(shown, "Amend the strategy")
    assert links_named(shown, "Archive it")
    assert "Take it back" not in text_of(shown)


def test_members_are_not_offered_to_take_it_back(amended, member):
    said = text_of(page(member, "edition_detail", 2))
    assert "Take back" not in said
    assert "cannot be taken back" not in said


def test_message_of_an_edit_leads_to_taking_it_back(plan, leader, time_machine):
    time_machine.move_to(LATER)
    goal = Goal.objects.get(key="growth")
    form = {"title": goal.title, "why": goal.why, "kind": "committed", "visibility": "company", "version": goal.version}
    client, edit = signed_in(leader), reverse("goal_edit", args=["growth"])
    said = client.post(edit, {**form, "weight": "7", "because": "More."}, follow=True)
    assert links_named(said, "Take back") == [address("edition_taking_back", 2)]
    form |= {"weight": "7", "version": goal.version + 1, "owner": leader.email}
    said = client.post(edit, form, follow=True)
    assert "The goal is saved." in text_of(said)
