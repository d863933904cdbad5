"""Proposed goals in bundles: each comes back with its thread and its work."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.models import Link, Proposal
from alignment.services.proposals import accept_proposal, propose_goal
from strategy.models import Amendment, Strategy
from strategy.selectors.amendments import amendment_version
from strategy.services.preparing.amendments import publish_amendment
from teams.models import Initiative, Person
from tests import factories as make
from tests.exchange.bundles import AT, COMPANY, counted, exported, imported, lines_of, places, refused, undone

pytestmark = pytest.mark.django_db
THREADS = "key,kind,about_kind,about,asker,answers_kind,answers,opened_at,turn\n"
OPENED = "found,proposal,goal,growth,grace@example.org,strategy,plan,2026-06-10T08:00:00Z,answers\n"
SAID = "thread,number,author,at,text\nfound,1,grace@example.org,2026-06-10T08:00:00Z,Half leave.\n"
COLUMNS = "thread,title,measure,because,work,goal,linked_at\n"
FILES = {
    "threads": THREADS + OPENED,
    "messages": SAID,
    "proposals": f"{COLUMNS}found,Be found,Fewer leave,They cannot name it.,robots,,\n",
}


def proposals() -> None:
    """One is talked about, one in the amendment, and one was published."""
    leader = make.AdminFactory(name="Zoe")
    plan, grace = Strategy.objects.get(key="plan"), Person.objects.get(name="Grace")
    Strategy.objects.update(owner=leader)
    Amendment.objects.all().delete()
    grace.role = "leader"
    grace.save()
    for number, title in enumerate(("Talked about", "Prepared", "Published")):
        at = AT - dt.timedelta(hours=12 - number)
        work = [Initiative.objects.get(key="robots")] if number else []
        thread = propose_goal(plan, actor=grace, at=at, title=title, text="So.", because="Robots find it.", work=work)
        if number:
            accept_proposal(
                *(thread,), actor=leader, at=at, version=thread.version, place=plan, title=title, why="So.", owner=grace
            )
        if title == "Published":
            amendment = Amendment.objects.get()
            edit = amendment.edits.get(goal__title="Prepared")
            amendment.edits.filter(pk=edit.pk).update(changes={})
            version = amendment_version(amendment)
            publish_amendment(amendment, actor=leader, at=at, version=version, because="Grace saw it.")


def test_proposals_survive_the_round_trip() -> None:
    with undone():
        imported(dict(COMPANY))
        proposals()
        before = exported()
    assert before["proposals.csv"].count("\n") == 4
    make.InitiativeFactory.create_batch(2)  # so that work has other numbers elsewhere
    Initiative.objects.all().delete()
    imported(dict(before))
    after = exported()
    assert [name for name in before if after[name] != before[name]] == ["teams.csv"]
    assert not imported(dict(before)).changed
    published = Proposal.objects.get(title="Published")
    assert Link.objects.filter(goal=published.goal, initiative__key="robots").exists()
    assert published.linked_at is not None


@pytest.mark.usefixtures("company")
def test_proposal_comes_in_once_with_its_thread() -> None:
    new = {"threads": (1, 0, 0), "messages": (1, 0, 0), "proposals": (1, 0, 0)}
    assert counted(dict(FILES)) == new
    assert counted(dict(FILES)) == dict.fromkeys(new, (0, 0, 1))
    assert lines_of("proposals")[1:] == ["found,Be found,Fewer leave,They cannot name it.,robots,,"]
    (found,) = refused({"proposals": f"{COLUMNS}found,Be lost,Fewer leave,They cannot name it.,robots,,\n"})
    assert (found.column, found.wrong) == ("title", "this differs from the proposal that is there")


WRONG = {
    "no such thread": ("other,Be found,,,,,", "thread", 'there is no thread "other"'),
    "no title": ("found,,,,,,", "title", "this is blank"),
    "no such work": ("found,Be found,,So.,robots;others,,", "work", 'there is no initiative "others"'),
    "work without a reason": ("found,Be found,,,robots,,", "because", "say how the work moves the goal"),
    "no such goal": ("found,Be found,,,,others,", "goal", 'there is no goal "others"'),
    "linked to nothing": ("found,Be found,,,,,2026-06-10T08:00:00Z", "linked_at", "no goal came of it"),
    "linked later": ("found,Be found,,,,growth,2027-06-10T08:00:00Z", "linked_at", "this is after now"),
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", WRONG)
def test_proposal_that_cannot_be_is_named(what: str) -> None:
    line, column, said = WRONG[what]
    found = refused(FILES | {"proposals": f"{COLUMNS}{line}\n"})
    assert ("proposals.csv", 2, column) in places(found)
    assert any(said in str(each) for each in found)


@pytest.mark.usefixtures("company")
def test_threads_and_proposals_fit_each_other() -> None:
    assert places(refused({**FILES, "proposals": COLUMNS})) == [("threads.csv", 2, "kind")]
    question = FILES | {"threads": (THREADS + OPENED).replace("proposal", "question")}
    assert places(refused(question)) == [("proposals.csv", 2, "thread")]
    thread = make.ThreadFactory(kind="proposal", key="kept")
    make.MessageFactory(thread=thread)
    assert places(refused({"proposals": f"{COLUMNS}kept,Be found,,,,,\n"})) == [("proposals.csv", 2, "thread")]
    two = f"{FILES['proposals']}found,Again,,,,,\n"
    assert places(refused(FILES | {"proposals": two})) == [("proposals.csv", 3, "thread")]
