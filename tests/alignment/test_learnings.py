"""What bets and explorations taught, where it stands and who reads it."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.enums import Outcome
from alignment.models import Link
from alignment.services.links import record_outcome, remove_link, restore_link
from teams.enums import InitiativeKind, InitiativeStatus
from teams.models import Initiative, LogEntry
from teams.services.initiatives import change_status
from teams.services.undo import undo
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import SECRET
from tests.html import links_named, links_of, parsed, text_of, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
QUERIES = 12


def page_of(reader, address="/learnings/"):
    response = signed_in(reader).get(address)
    assert response.status_code == 200
    return parsed(response)


def entries(reader, query=""):
    return texts_of(page_of(reader, f"/learnings/{query}"), ".entry")


@pytest.fixture
def learned(firm):
    """A bet of each outcome, one of them on a goal for leaders; an exploration and other work with their lessons."""
    by = {"actor": firm.leader, "at": NOW}
    make.LinkFactory(initiative=firm.work["keep"], goal=firm.growth)
    for name, goal, outcome, note in (
        ("faster", firm.growth, Outcome.HELD, "Baskets grew."),
        ("half", firm.retention, Outcome.FAILED, "Nobody stayed longer."),
        ("keep", firm.growth, Outcome.UNCLEAR, ""),
        ("hush", firm.secret, Outcome.HELD, "The hidden gain."),
    ):
        record_outcome(firm.work[name].links.get(goal=goal), outcome=outcome, note=note, **by)
    look = firm.work["look"]
    Initiative.objects.filter(pk=look.pk).update(declaration="Do they look?")
    look.refresh_from_db()
    change_status(look, version=look.version, status="done", learned="They look\nat prices.", **by)
    Initiative.objects.filter(pk=firm.work["later"].pk).update(learned="Ask the depot first.")
    return firm


def test_page_has_what_bets_came_to_and_what_work_taught_the_latest_first(learned):
    assert entries(learned.member) == [
        "Outcome: Unclear “Keep” moves “Growth” Because: Fewer steps, so more people finish. Ops · 16 Mar 2026",
        "Outcome: Failed “Half” moves “Retention” Because: Fewer steps, so more people finish."
        " What they saw: Nobody stayed longer. Product · 16 Mar 2026",
        "Outcome: Held “Faster” moves “Growth” Because: Fewer steps, so more people finish."
        " What they saw: Baskets grew. Search · 16 Mar 2026",
        "Kind: Exploration Status: Done Look The question: Do they look? What was learned: They look at prices."
        " Product · 16 Mar 2026",
        "Status: Paused Later What was learned: Ask the depot first. Ops",
    ]
    assert "/goals/growth/" in links_of(page_of(learned.member))


def test_bet_stays_to_be_read_when_its_link_is_taken_away(learned):
    by = {"actor": learned.leader, "at": NOW}
    bet, secret = learned.work["half"].links.get(), learned.work["hush"].links.get()
    for link in (bet, secret, learned.work["faster"].links.get(goal=learned.retention)):
        entry = remove_link(link, version=link.version, **by)
    said = "Outcome: Failed “Half” moves “Retention” Because: Fewer steps, so more people finish. What they saw: Nobody"

    gone = page_of(learned.member).find(id="gone-bets")
    assert [text.startswith(said) for text in texts_of(gone, ".entry")] == [True]
    assert "hidden gain" in text_of(page_of(learned.leader).find(id="gone-bets"))
    for query, found in (("?what=failed", 1), ("?what=held", 0), ("?team=search", 0), ("?goal=retention", 1)):
        assert sum(text.startswith(said) for text in entries(learned.member, query)) == found

    removal = LogEntry.objects.get(action="link.removed", subject_id=bet.pk)
    assert entry.pk != removal.pk
    restore_link(removal, **by)
    assert page_of(learned.member).find(id="gone-bets") is None


def test_bet_on_a_hidden_goal_is_read_by_those_who_see_it(learned):
    assert not any(SECRET in said or "hidden gain" in said for said in entries(learned.member))
    assert any(SECRET in said and "hidden gain" in said for said in entries(learned.leader))
    for address in ("/teams/product/", "/initiatives/hush/", "/learnings/?team=product"):
        assert "hidden gain" not in text_of(page_of(learned.member, address))
    assert "hidden gain" in text_of(page_of(learned.leader, "/teams/product/"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?what=held", ["Faster"]),
        ("?what=failed", ["Half"]),
        ("?what=unclear", ["Keep"]),
        ("?what=explorations", ["Look"]),
        ("?what=work", ["Look", "Later"]),
        ("?goal=retention", ["Half"]),
        ("?goal=growth", ["Keep", "Half", "Faster"]),
        ("?team=product", ["Half", "Faster", "Look"]),
        ("?team=ops&what=held", []),
        ("?what=luck&team=none&bets_after=x", ["Keep", "Half", "Faster", "Look", "Later"]),
    ],
)
def test_filters(query, said, learned):
    titles = texts_of(page_of(learned.member, f"/learnings/{query}"), ".entry > p > a[href^='/initiatives/']")

    assert [title.strip("“”") for title in titles] == said
    if not said:
        assert "Nothing like this was learned yet." in text_of(page_of(learned.member, f"/learnings/{query}"))


def test_page_of_nothing_says_what_belongs_there(firm):
    page = text_of(page_of(firm.member))

    assert "Here will stand what bets came to, and what explorations taught." in page
    assert "due for review" not in page


def test_bets_that_are_due_are_counted_as_far_as_they_are_seen(firm):
    late = DAY - dt.timedelta(days=1)
    Link.objects.filter(initiative__in=[firm.work["faster"], firm.work["hush"], firm.work["later"]]).update(
        review_on=late
    )

    for reader, said in ((firm.member, "2 bets of active work are due for review"), (firm.leader, "3 bets of active")):
        assert links_named(page_of(reader), said) == ["/flags/?code=review_due"]


def test_outcome_stands_on_the_goal_the_team_and_the_initiative(learned):
    goal, team = page_of(learned.member, "/goals/growth/"), page_of(learned.member, "/teams/search/")
    work = page_of(learned.member, "/initiatives/look/")

    assert "Outcome: Held" in text_of(goal)
    assert "What they saw: Baskets grew." in text_of(goal)
    assert links_named(goal, "What bets on it") == ["/learnings/?goal=growth"]
    assert "What it learned All of it Outcome: Held Faster moves Growth Baskets grew." in text_of(team)
    assert links_named(team, "All of it") == ["/learnings/?team=search"]
    assert "What was learned They look at prices." in text_of(work)
    assert "What it learned" not in text_of(page_of(learned.member, "/teams/quiet/"))


def test_what_was_learned_stays_when_the_work_goes_on_and_goes_with_an_undo(firm):
    by = {"actor": firm.leader, "at": NOW}
    work = change_status(
        firm.work["look"], version=firm.work["look"].version, status="done", learned=" It holds. ", **by
    )
    assert (work.status, work.learned) == (InitiativeStatus.DONE, "It holds.")
    assert LogEntry.objects.done_to(work).first().changes["learned"] == ["", "It holds."]

    again = change_status(work, version=work.version, status="active", **by)
    assert (again.status, again.learned) == (InitiativeStatus.ACTIVE, "It holds.")

    back = undo(again, version=again.version, **by)
    first = undo(back, version=back.version, **by)
    assert (back.status, first.status, first.learned) == (InitiativeStatus.DONE, InitiativeStatus.ACTIVE, "It holds.")


def test_form_that_ends_work_asks_what_was_learned(firm):
    client = signed_in(firm.leader)
    page = parsed(client.get("/initiatives/look/status/"))
    values = {field["name"]: field.get("value", "") for field in page.select("main form input[type=hidden]")}
    sent = client.post("/initiatives/look/status/", values | {"status": "done", "reason": "", "learned": "They look."})

    assert sent.status_code == 302
    look = Initiative.objects.get(key="look")
    assert (look.status, look.learned, look.kind) == ("done", "They look.", InitiativeKind.EXPLORE)


def test_what_was_learned_is_written_later_too(firm):
    client = signed_in(firm.leader)
    page = parsed(client.get("/initiatives/look/edit/"))
    fields = page.select("main form input:not([type=radio]), main form textarea, main form input[checked]")
    values = {field["name"]: field.get("value", field.text) for field in fields if field.get("name")}
    [team] = page.select("select[name=team] option[selected]")
    sent = client.post("/initiatives/look/edit/", values | {"team": team["value"], "learned": "They look."})

    assert sent.status_code == 302, text_of(sent)
    assert Initiative.objects.get(key="look").learned == "They look."
    assert "What was learned: They look." in text_of(page_of(firm.member, "/initiatives/look/history/"))


@pytest.mark.parametrize("query", ["", "?goal=growth&team=product"])
def test_page_takes_few_queries_however_much_there_is(query, learned, django_assert_max_num_queries):
    client = signed_in(learned.member)
    for number in (0, 25):
        for n in range(number):
            work = make.InitiativeFactory(title=f"Work {n}", team=learned.search, learned="This.")
            make.LinkFactory(initiative=work, goal=learned.growth, outcome=Outcome.HELD)
        with django_assert_max_num_queries(QUERIES):
            page = parsed(client.get(f"/learnings/{query}"))
    assert len(links_named(page, "Show the next ones")) == 2
