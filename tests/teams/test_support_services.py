"""What teams ask of each other, and answer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from alignment.enums import FlagCode
from alignment.models import Flag
from alignment.refresh.recompute import recompute_alignment
from lib.services import changes
from lib.services.errors import RefusedError, StaleError
from teams.models import Initiative, LogEntry, Support
from teams.services.support import (
    answer_support,
    ask_again,
    ask_support,
    deliver_support,
    restore_support,
    withdraw_support,
)
from teams.services.undo import undo
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
BEFORE = DAY - dt.timedelta(days=20)


@pytest.fixture
def announced(monkeypatch):
    heard = []
    monkeypatch.setattr(changes, "_listeners", [lambda told, cause, at: heard.append((list(told.initiatives), cause))])
    return heard


@pytest.fixture
def by():
    return {"actor": make.LeaderFactory(), "at": NOW}


@pytest.fixture
def ask():
    return make.SupportFactory(ask="An index", size="small", asked_on=BEFORE)


def fields(error) -> set[str]:
    return set(error.value.error_dict)


def last_entry() -> LogEntry:
    return LogEntry.objects.latest("id")


def test_team_is_asked(by, announced):
    work, team = make.InitiativeFactory(), make.TeamFactory()
    row = ask_support(work, **by, team=team, ask=" An index ", size="large")

    row.refresh_from_db()
    assert (row.ask, row.size, row.status, row.asked_on) == ("An index", "large", "asked", DAY)
    entry = last_entry()
    assert (entry.action, entry.subject_id, entry.changes["initiative"][1]) == ("support.asked", row.pk, work.pk)
    assert announced == [([work.pk], entry.pk)]


def test_team_is_asked_once_and_never_itself(ask, by):
    for team in (ask.team, ask.initiative.team):
        with pytest.raises(ValidationError) as error:
            ask_support(ask.initiative, **by, team=team, ask="An index", size="small")
        assert fields(error) == {"team"}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [({"ask": " "}, {"ask"}), ({"ask": "two\nlines"}, {"ask"}), ({"size": "huge"}, {"size"})],
)
def test_ask_that_lacks_something_says_what(by, values, wrong):
    with pytest.raises(ValidationError) as error:
        ask_support(
            make.InitiativeFactory(), **by, team=make.TeamFactory(), **{"ask": "An index", "size": "small", **values}
        )
    assert fields(error) == wrong


@pytest.mark.parametrize(("status", "answer"), [("pledged", ""), ("pledged", "In May"), ("declined", "No room")])
def test_ask_is_answered(ask, by, announced, status, answer):
    row = answer_support(ask, **by, version=1, status=status, answer=answer)

    row.refresh_from_db()
    assert (row.status, row.answer, row.version) == (status, answer, 2)
    assert last_entry().action == "support.answered"
    assert last_entry().changes["status"] == ["asked", status]
    assert announced == [([ask.initiative_id], last_entry().pk)]


def test_declining_needs_words_and_an_answer_is_one_of_two(ask, by):
    with pytest.raises(ValidationError) as error:
        answer_support(ask, **by, version=1, status="declined", answer=" ")
    assert fields(error) == {"answer"}
    with pytest.raises(ValidationError) as error:
        answer_support(ask, **by, version=1, status="delivered", answer="Done")
    assert fields(error) == {"status"}


def test_answer_is_changed_until_it_is_delivered(ask, by):
    answer_support(ask, **by, version=1, status="declined", answer="No room")
    answer_support(ask, **by, version=2, status="pledged")
    row = deliver_support(ask, **by, version=3)
    assert row.status == "delivered"

    with pytest.raises(RefusedError, match="delivered already"):
        answer_support(ask, **by, version=4, status="declined", answer="No")


def test_what_was_declined_is_not_delivered(by):
    with pytest.raises(RefusedError, match="declined"):
        deliver_support(make.SupportFactory(status="declined"), **by, version=1)


def test_asking_again_waits_from_today_where_it_was_answered(by, announced):
    row = ask_again(
        make.SupportFactory(status="declined", answer="No", asked_on=BEFORE, ask="Old"),
        **by,
        version=1,
        ask="Less",
        size="small",
    )
    row.refresh_from_db()
    assert (row.status, row.answer, row.asked_on, row.ask) == ("asked", "", DAY, "Less")
    assert announced == [([row.initiative_id], last_entry().pk)]


def test_ask_that_still_waits_is_changed_and_keeps_its_day(ask, by, announced):
    assert ask_again(ask, **by, version=1, ask="An index", size="small").version == 1
    assert announced == []
    row = ask_again(ask, **by, version=1, ask="Two indexes", size="small")

    assert (row.ask, row.asked_on) == ("Two indexes", BEFORE)


def test_what_is_pledged_is_not_asked_anew(by):
    with pytest.raises(RefusedError, match="pledged"):
        ask_again(make.SupportFactory(status="pledged"), **by, version=1, ask="More", size="small")


def test_stale_answer_changes_nothing(ask, by):
    answer_support(ask, **by, version=1, status="pledged")
    for service in (
        lambda: answer_support(ask, **by, version=1, status="declined", answer="No"),
        lambda: ask_again(ask, **by, version=1, ask="More", size="small"),
        lambda: deliver_support(ask, **by, version=1),
        lambda: withdraw_support(ask, **by, version=1),
    ):
        with pytest.raises(StaleError):
            service()
    ask.refresh_from_db()
    assert ask.status == "pledged"


def test_withdrawn_ask_is_gone_before_it_is_announced_and_comes_back_as_it_was(by, monkeypatch):
    ask = make.SupportFactory(ask="An index", size="small", asked_on=BEFORE, status="declined", answer="No room")
    left = []
    monkeypatch.setattr(changes, "_listeners", [lambda told, cause, at: left.append(Support.objects.count())])
    withdraw_support(ask, **by, version=1)
    assert left == [0]

    row = restore_support(ask.initiative, **by, withdrawn=ask.pk)
    row.refresh_from_db()
    assert (row.team, row.ask, row.size, row.status, row.answer, row.asked_on) == (
        ask.team,
        "An index",
        "small",
        "declined",
        "No room",
        BEFORE,
    )
    with pytest.raises(RefusedError, match="changed since"):
        restore_support(ask.initiative, **by, withdrawn=ask.pk)


def test_flag_of_the_team_follows_what_is_answered(by):
    """A team in the spotlight that is declined support (spec/alignment.md, `unsupported`)."""
    work = make.InitiativeFactory(team__stance="spotlight")
    recompute_alignment(as_of=DAY, at=NOW)
    flags = Flag.objects.open().filter(team=work.team, code=FlagCode.UNSUPPORTED)
    ask = ask_support(work, **by, team=make.TeamFactory(), ask="An index", size="small")
    assert not flags.exists()

    ask = answer_support(ask, **by, version=ask.version, status="declined", answer="No room")
    assert flags.exists()
    ask = undo(ask, **by, version=ask.version)
    assert not flags.exists()
    ask = answer_support(ask, **by, version=ask.version, status="declined", answer="No room")
    withdraw_support(ask, **by, version=ask.version)
    assert not flags.exists()
    restore_support(work, **by, withdrawn=ask.pk)
    assert flags.exists()


def test_nothing_is_brought_back_that_was_not_withdrawn_from_here(ask, by):
    withdraw_support(ask, **by, version=1)
    for initiative, withdrawn in ((make.InitiativeFactory(), ask.pk), (ask.initiative, ask.pk + 1)):
        with pytest.raises(RefusedError, match="nothing to bring back"):
            restore_support(initiative, **by, withdrawn=withdrawn)


def test_nothing_is_brought_back_to_the_team_that_does_the_work_now(ask, by):
    withdraw_support(ask, **by, version=1)
    Initiative.objects.filter(pk=ask.initiative_id).update(team=ask.team)
    with pytest.raises(RefusedError, match="changed since"):
        restore_support(ask.initiative, **by, withdrawn=ask.pk)
    assert not Support.objects.exists()


def test_what_somebody_did_to_an_ask_only_they_undo(ask, by):
    row = answer_support(ask, **by, version=1, status="pledged", answer="In May")
    with pytest.raises(RefusedError, match="no longer be undone"):
        undo(ask, actor=make.LeaderFactory(), at=NOW, version=row.version)

    row = undo(ask, **by, version=row.version)
    assert (row.status, row.answer) == ("asked", "")
    with pytest.raises(StaleError):
        undo(ask, **by, version=2)


def test_asking_again_is_taken_back_with_its_day(by):
    ask = make.SupportFactory(status="declined", answer="No", asked_on=BEFORE, ask="Old")
    row = ask_again(ask, **by, version=1, ask="Less", size="small")
    row = undo(ask, **by, version=row.version)

    row.refresh_from_db()
    assert (row.status, row.answer, row.asked_on, row.ask, row.size) == ("declined", "No", BEFORE, "Old", "medium")
