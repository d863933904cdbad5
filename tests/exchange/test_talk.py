"""Threads in bundles: they come back with all that was said, and none that is there is changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings

from accounts.services.leaving import deactivate_person, erase_person
from alignment.models import Link
from alignment.services.links import dispute_link, remove_link
from conversations.kinds import thread_kinds
from conversations.models import Following, Mention, Message, Thread
from conversations.services.messages import edit_message, remove_text
from conversations.services.threads import end_thread, open_thread, pin_answer, write_message
from conversations.topics import topics
from exchange.bundle.format.talk import WORDS
from strategy.models import ContextPage, Decision, Goal, Strategy
from teams.models import Company, Initiative, Person, Support, Team
from teams.services.support import ask_again, ask_support
from tests import factories as make
from tests.exchange.bundles import AT, COMPANY, counted, exported, imported, lines_of, places, refused, undone

pytestmark = pytest.mark.django_db

THREADS = (
    "key,kind,about_kind,about,aspect,asker,answers_kind,answers,"
    "opened_at,turn,turned_at,due_on,outcome,closed_at,last_at\n"
)
MESSAGES = "thread,number,author,at,text,pinned,edited_at,removed_at,removed_by\n"
ASKED = "2026-06-10T08:00:00.000000Z"
OPENED = f"ask,question,goal,sales,,ada@example.org,goal,sales,{ASKED},answers,{ASKED},2026-06-17,,,{ASKED}\n"
SAID = f"ask,1,ada@example.org,{ASKED},Why?,no,,,\n"
FILES = {"threads": THREADS + OPENED, "messages": MESSAGES + SAID}


def ask(row: Any, *, by: str, text: str = "Why?", aspect: str = "", at: dt.datetime = AT) -> Thread:
    about = (row._meta.model_name, row.pk)
    return open_thread(actor=person(by), at=at, kind="question", about=about, text=text, aspect=aspect)


def person(name: str) -> Person:
    return Person.objects.get(name=name)


def say(thread: Thread, text: str, *, by: str, at: dt.datetime) -> Message:
    return write_message(thread, actor=person(by), at=at, text=text)


def conversations() -> None:
    """A thread about each kind of thing, one of them answered, pinned and ended, with a message that was taken away."""
    at, minute = AT - dt.timedelta(days=2), dt.timedelta(minutes=1)
    thread = ask(Goal.objects.get(key="growth"), by="Grace", text="@Ada, why “now”?\n\n=1+1", at=at)
    answer = say(thread, "Because @Shop and @grace@example.org wait.", by="Ada", at=at + minute)
    edit_message(
        answer, actor=person("Ada"), at=at + 2 * minute, version=answer.version, text=f"{answer.text} And so on."
    )
    secret = say(thread, "The password is 1234.", by="Grace", at=at + 3 * minute)
    remove_text(secret, actor=person("Ada"), at=at + 4 * minute, version=secret.version)
    thread.refresh_from_db()
    thread = pin_answer(thread, answer, actor=person("Grace"), at=at + 5 * minute, version=thread.version)
    end_thread(thread, actor=person("Grace"), at=at + 6 * minute, version=thread.version, outcome="answered")
    late = ask(Initiative.objects.get(key="robots"), by="Grace", aspect="orphan")
    say(late, "A remark.\nIn two lines.", by="Grace", at=AT)  # at the same instant
    for row in (
        *(Company.objects.get(), Team.objects.get(key="home"), Strategy.objects.get(key="plan")),
        *(ContextPage.objects.get(), Decision.objects.get(key="later"), Link.objects.get(goal__key="sales")),
    ):
        ask(row, by="Grace")
    Support.objects.update(status="asked")
    pack, ada = Support.objects.get(), person("Ada")
    ask_again(pack, actor=ada, at=AT, version=pack.version, ask="Pack it, @Grace", size="small")
    ask_support(pack.initiative, actor=ada, at=AT, team=pack.team, ask="Send it", size="small")


def test_conversations_survive_the_round_trip() -> None:
    with undone():
        make.PersonFactory.create_batch(3)  # so that people have other numbers elsewhere
        Person.objects.filter(name__startswith="Person").delete()
        imported(dict(COMPANY))
        conversations()
        before = exported()
        seen = state()
    assert before["threads.csv"].count("\n") == 11
    for about in ("checkout:depot", "checkout:depot:send-it"):
        assert f"support,support,{about},,ada@example.org,support,{about}," in before["threads.csv"]
    assert "[@Ada](/people/ada@example.org/)" in before["messages.csv"]
    make.PersonFactory(email="x@example.org")
    imported(dict(before))
    after = exported()
    assert (after["threads.csv"], after["messages.csv"]) == (before["threads.csv"], before["messages.csv"])
    again = imported(dict(before), AT + dt.timedelta(days=40))
    assert (again.tables["threads"].unchanged, again.tables["messages"].unchanged, again.changed) == (10, 13, False)
    assert state() == seen
    thread = Thread.objects.get(about_kind="goal")
    assert (thread.pinned_id, thread.version) == (thread.messages.order_by("id")[1].pk, 1)
    assert Message.objects.filter(text__contains=f"[@Ada](/people/{person('Ada').pk}/)").exists()


def state() -> set[Any]:
    """Who follows what, and who is mentioned where, by name."""
    follow = Following.objects.values_list("thread__key", "person__name", "muted")
    people, teams = (dict(model.objects.values_list("pk", "name")) for model in (Person, Team))
    names = {"person": people, "team": teams}
    mention = {
        (row.message.thread.key, names[row.kind][row.object_id])
        for row in Mention.objects.select_related("message__thread")
    }
    return {*follow, *mention}


def test_every_kind_of_thing_has_its_word() -> None:
    assert {topic.kind for topic in topics()} == set(WORDS)


def test_every_kind_of_thread_and_each_of_its_outcomes_is_documented() -> None:
    written = (settings.BASE_DIR / "docs" / "bundle.md").read_text()
    for kind in thread_kinds():
        for code in (kind.code, *kind.endings, *kind.settled):
            assert f"`{code}`" in written


@pytest.mark.usefixtures("company")
def test_threads_are_lines_that_a_person_can_read() -> None:
    conversations()
    (line,) = [line for line in lines_of("threads") if "robots" in line]
    key, at, due = line.split(",")[0], "2026-06-15T12:00:00.000000Z", "2026-06-22"
    assert (
        line
        == f"{key},question,initiative,robots,orphan,grace@example.org,initiative,robots,{at},answers,{at},{due},,,{at}"
    )
    (line,) = [line for line in lines_of("threads") if "link" in line]
    assert line.split(",")[2:4] == ["link", "checkout:sales"]
    (line,) = [line for line in lines_of("threads") if ",company," in line]
    assert line.split(",")[2:4] == ["company", ""]


@pytest.mark.usefixtures("company")
def test_thread_about_what_was_removed_is_in_no_bundle() -> None:
    link = Link.objects.get(goal__key="sales")
    thread = ask(link, by="Grace")
    Thread.objects.filter(pk=thread.pk).update(about_kind="goal", about_id=Goal.objects.get(key="growth").pk)
    link.delete()
    assert lines_of("threads")[1].split(",")[6:8] == ["company", ""]  # leaders answer what nobody is there for
    Thread.objects.filter(pk=thread.pk).update(about_kind="link", about_id=thread.answers_id)
    assert lines_of("threads")[1:] == lines_of("messages")[1:] == []
    other = FILES["threads"].replace("ask,", f"{thread.key},"), FILES["messages"].replace("ask,", f"{thread.key},")
    assert places(refused({"threads": other[0], "messages": other[1]})) == [("threads.csv", 2, "key")]


@pytest.mark.usefixtures("company")
def test_people_who_were_erased_keep_what_they_said() -> None:
    gone = make.PersonFactory(name="Gone")
    thread = ask(Goal.objects.get(key="growth"), by="Gone", text="@Gone asks.")
    deactivate_person(gone, actor=person("Ada"), at=AT)
    gone.refresh_from_db()
    erase_person(gone, actor=person("Ada"), at=AT)
    gone.refresh_from_db()
    before = exported()
    assert f"[@Gone](/people/{gone.email}/) asks." in before["messages.csv"]
    thread.delete()
    imported(dict(before))
    assert exported() == before


@pytest.mark.usefixtures("company")
def test_thread_comes_in_once_and_stays() -> None:
    assert counted(dict(FILES)) == {"threads": (1, 0, 0), "messages": (1, 0, 0)}
    assert counted(dict(FILES)) == {"threads": (0, 0, 1), "messages": (0, 0, 1)}
    assert list(Following.objects.values_list("person__name", "muted")) == [("Ada", False)]
    (found,) = refused({"threads": THREADS + OPENED.replace("answers,2026", "asks,2026")})
    assert (found.column, found.wrong) == ("turn", "this differs from the thread that is there")
    (found,) = refused({"messages": MESSAGES + SAID.replace("Why?", "How?")})
    assert (found.column, found.wrong) == ("text", "this differs from the message that is there")
    more = SAID + "ask,2,ada@example.org,2026-06-11T08:00:00Z,And?,no,,,\n"
    (found,) = refused({"messages": MESSAGES + more})
    assert (found.line, found.column, found.wrong) == (3, "thread", '"ask" is there without this message')


@pytest.mark.usefixtures("company")
def test_short_rows_are_completed() -> None:
    files = {
        "threads": "key,kind,about_kind,about,asker,opened_at\n"
        f"ask,question,link,checkout:sales,ADA@example.org,{ASKED}\n",
        "messages": "thread,number,author,at,text\n"
        f"ask,1,Ada@example.org,{ASKED},See [@Ada](/people/ADA@example.org/)\n"
        "ask,2,grace@example.org,2026-06-12T08:00:00Z,And [@Nobody](/people/1/) or [@B](/people/b@x.org/)\n",
    }
    assert counted(dict(files)) == {"threads": (1, 0, 0), "messages": (2, 0, 0)}
    assert not imported(dict(files)).changed
    at, last = ASKED, "2026-06-12T08:00:00.000000Z"
    assert lines_of("threads")[1:] == [
        f"ask,question,link,checkout:sales,,ada@example.org,link,checkout:sales,{at},,{at},,,,{last}"
    ]
    assert [line.split(",")[4] for line in lines_of("messages")[1:]] == [
        "See [@Ada](/people/ada@example.org/)",
        "And [@Nobody](/people/0/) or [@B](/people/b@x.org/)",
    ]
    assert Mention.objects.count() == 1


@pytest.mark.usefixtures("company")
def test_thread_that_comes_back_on_a_day_keeps_the_day() -> None:
    cells = {"kind": "counter", "turn": "", "outcome": "committed", "closed_at": ASKED, "due_on": "2026-09-01"}
    imported(FILES | {"threads": thread_row(**cells)})
    assert Thread.objects.get().due_on == dt.date(2026, 9, 1)
    assert lines_of("threads")[1:] == thread_row(**cells).splitlines()[1:]


@pytest.mark.usefixtures("company")
def test_dispute_of_a_link_that_went_is_about_its_work() -> None:
    Goal.objects.filter(key="growth").update(owner=person("Grace"))
    link = Link.objects.get(goal__key="growth")
    link = dispute_link(link, actor=person("Grace"), at=AT, version=link.version, note="I doubt it.")
    remove_link(link, actor=person("Ada"), at=AT, version=link.version)
    before = exported()
    assert ",removed," in before["threads.csv"]
    assert before["threads.csv"].splitlines()[1].split(",")[1:4] == ["dispute", "initiative", "checkout"]
    Thread.objects.all().delete()
    imported(dict(before))
    assert exported() == before


@pytest.mark.usefixtures("company")
def test_thread_finds_people_and_things_that_come_with_it() -> None:
    files = FILES | {
        "people": "email,name\nnew@example.org,New\n",
        "goals": "key,title,strategy\nlater-on,Later on,plan\n",
        "links": "initiative,goal\nrobots,later-on\n",
        "threads": THREADS + OPENED.replace("goal,sales", "link,robots:later-on").replace("ada@", "new@"),
        "messages": MESSAGES + SAID.replace("ada@", "new@").replace("Why?", "[@New](/people/new@example.org/)"),
    }
    imported(dict(files))
    new = person("New")
    assert Message.objects.get().text == f"[@New](/people/{new.pk}/)"
    assert Mention.objects.get().object_id == new.pk


@pytest.mark.usefixtures("company")
def test_thread_finds_the_ask_that_comes_with_it() -> None:
    asked = {"support": "initiative,team,key\nrobots,shop,\nrobots,shop,more\n"}
    of = [f"support,robots:shop{key},,ada@example.org,support,robots:shop{key}" for key in ("", ":more")]
    rows = [
        OPENED.replace("goal,sales,,ada@example.org,goal,sales", each).replace("question", "support") for each in of
    ]
    rows[1] = rows[1].replace("ask,", "two,")
    files = asked | {"threads": THREADS + "".join(rows), "messages": f"{MESSAGES}{SAID}{SAID.replace('ask,', 'two,')}"}
    imported(dict(files))
    about = dict(Thread.objects.values_list("key", "about_id"))
    assert about == {"ask": Support.objects.get(key="", team__key="shop").pk, "two": Support.objects.get(key="more").pk}
    less = {name: files[name].replace("two,", "three,").replace(":more", ":less") for name in ("threads", "messages")}
    (problem,) = refused(less)
    assert problem.wrong == 'there is no ask "robots:shop:less"'


@pytest.mark.usefixtures("company")
def test_key_of_before_a_publication_finds_what_a_thread_is_about() -> None:
    imported(dict(FILES))
    Goal.objects.filter(key="sales").update(first_key="goal-8f2c")
    imported({"threads": THREADS + OPENED.replace("sales", "goal-8f2c")})
    link = {
        name: text.replace("ask,", "two,").replace("goal,sales", "link,checkout:goal-8f2c")
        for name, text in FILES.items()
    }
    imported(dict(link))
    assert Thread.objects.get(key="two").about_id == Link.objects.get(goal__key="sales").pk


def thread_row(**changed: str) -> str:
    names = THREADS.strip().split(",")
    return THREADS + ",".join((dict(zip(names, OPENED.strip().split(","), strict=True)) | changed).values()) + "\n"


def message_row(**changed: str) -> str:
    names = MESSAGES.strip().split(",")
    return MESSAGES + ",".join((dict(zip(names, SAID.strip().split(","), strict=True)) | changed).values()) + "\n"


WRONG_THREADS: dict[str, tuple[dict[str, str], str, str]] = {
    "no such kind": ({"kind": "chat"}, "kind", '"chat" is not one of the words for it; use one of question'),
    "about nothing of ours": ({"about_kind": "person"}, "about_kind", '"person" is not one of the words for it'),
    "a dispute about a goal": ({"kind": "dispute"}, "about_kind", "a dispute is about no goal; use one of link"),
    "a back-brief of an edition": (
        {
            "kind": "back_brief",
            "about_kind": "strategy",
            "about": "plan",
            "aspect": "edition-x",
            "answers_kind": "team",
            "answers": "shop",
        },
        "aspect",
        '"edition-x" is nothing to ask about there',
    ),
    "no such goal": ({"about": "no-such"}, "about", 'there is no goal "no-such"'),
    "no such link": ({"about_kind": "link", "about": "robots:sales"}, "about", 'there is no link "robots:sales"'),
    "about a goal that is blank": ({"about": ""}, "about", "this is blank; give the key of the goal"),
    "about a company with a key": ({"about_kind": "company"}, "about", "the company has no key; leave this blank"),
    "no such aspect": ({"aspect": "coverage"}, "aspect", '"coverage" is nothing to ask about there; use one of'),
    "a stranger": ({"asker": "x@example.org"}, "asker", '"x@example.org" is not among the people'),
    "a name": ({"asker": "Ada"}, "asker", "write ada@example.org"),
    "answered by nothing": ({"answers": "no-such"}, "answers", 'there is no goal "no-such"'),
    "opened later": ({"opened_at": "2026-06-16T08:00:00Z"}, "opened_at", "this is after now"),
    "turned before": ({"turned_at": "2026-06-09T08:00:00Z"}, "opened_at", "something in this row is before it"),
    "no such side": ({"turn": "leaders"}, "turn", "use one of asks, answers"),
    "ended, and in turn": ({"outcome": "answered", "closed_at": ASKED, "due_on": ""}, "turn", "this has ended"),
    "due for nobody": ({"turn": ""}, "due_on", "nobody is in turn until then"),
    "ended in no way": (
        {"outcome": "won", "closed_at": ASKED, "due_on": "", "turn": ""},
        "outcome",
        "use one of answered",
    ),
    "ended at no time": ({"outcome": "answered", "due_on": "", "turn": ""}, "closed_at", "give both, or leave both"),
    "closed and open": ({"closed_at": ASKED}, "closed_at", "give both, or leave both blank"),
}
WRONG_MESSAGES: dict[str, tuple[dict[str, str], str, str]] = {
    "of no thread": ({"thread": "other"}, "thread", 'there is no thread "other"; add it to threads.csv'),
    "a gap": ({"number": "2"}, "number", "there is no message 1 of this thread"),
    "a stranger": ({"author": "x@example.org"}, "author", '"x@example.org" is not among the people'),
    "tomorrow": ({"at": "2026-06-16T08:00:00Z"}, "at", "this is after now"),
    "nothing": ({"text": ""}, "text", "this is blank; give what was said"),
    "too much": ({"text": "x" * 10_001}, "text", "10,001 characters; use at most 10,000"),
    "taken away and there": ({"removed_at": ASKED}, "text", "this was taken away; leave it or removed_at blank"),
    "taken away by somebody": ({"removed_by": "ada@example.org"}, "removed_by", "nothing was taken away"),
    "edited before": ({"edited_at": "2026-06-09T08:00:00Z"}, "edited_at", "this is before it was written"),
    "pinned without a text": ({"text": "", "removed_at": ASKED, "pinned": "yes"}, "pinned", "what was taken away"),
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", WRONG_THREADS)
def test_thread_that_cannot_be_is_named(what: str) -> None:
    changed, column, said = WRONG_THREADS[what]
    found = refused(FILES | {"threads": thread_row(**changed)})
    assert places(found) == [("threads.csv", 2, column)]
    assert said in str(found[0])


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("what", WRONG_MESSAGES)
def test_message_that_cannot_be_is_named(what: str) -> None:
    changed, column, said = WRONG_MESSAGES[what]
    found = [each for each in refused(FILES | {"messages": message_row(**changed)}) if each.file == "messages.csv"]
    assert places(found) == [("messages.csv", 2, column)]
    assert said in str(found[0])


@pytest.mark.usefixtures("company")
def test_messages_of_a_thread_fit_each_other() -> None:
    second = SAID.replace("ask,1", "ask,2")
    before = second.replace("T08", "T07")
    assert places(refused(FILES | {"messages": MESSAGES + SAID + before})) == [("messages.csv", 3, "number")]
    pinned = (SAID + second).replace(",no,", ",yes,")
    assert places(refused(FILES | {"messages": MESSAGES + pinned})) == [("messages.csv", 3, "pinned")]
    assert places(refused(FILES | {"messages": MESSAGES + SAID + SAID})) == [("messages.csv", 3, "number")]
    for files in ({"threads": THREADS + OPENED}, FILES | {"messages": MESSAGES}):
        assert places(refused(dict(files))) == [("threads.csv", 2, "key")]
    assert places(refused({"messages": MESSAGES + SAID})) == [("messages.csv", 2, "thread")]
    columns = {"threads": "key,asker\nask,ada@example.org\n", "messages": "thread,number\nask,1\n"}
    assert {column for _file, line, column in places(refused(columns)) if line == 1} == {
        *("kind", "about_kind", "opened_at", "author", "at")
    }


@pytest.mark.usefixtures("company")
def test_what_is_wrong_itself_is_not_reported_for_its_thread() -> None:
    files = FILES | {
        "initiatives": "key,team,title\nnew,no-such,New\n",
        "threads": thread_row(about_kind="initiative", about="new", answers_kind="", answers=""),
    }
    assert places(refused(files)) == [("initiatives.csv", 2, "team")]
