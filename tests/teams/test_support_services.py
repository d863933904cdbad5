"""What teams ask of each other, and answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alignment.enums import FlagCode
from alignment.models import Flag
from alignment.refresh.recompute import recompute_alignment
from lib.services import changes
from lib.services.errors import RefusedError, StaleError
from teams.models import Initiative, LogEntry, Support
from teams.services.offers import end_offer, offer_support
from teams.services.pledges import accept_terms, answer_support, confirm_support, deliver_support, thank_support
from teams.services.support import ask_again, ask_support, restore_support, withdraw_support
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
    return LogEntry.objects.filter(subject_kind="support").latest("id")


def test_team_is_asked(by, announced):
    work, team = make.InitiativeFactory(), make.TeamFactory()
    row = ask_support(work, **by, team=team, ask=" An index ", size="large")

    row.refresh_from_db()
    assert (row.ask, row.size, row.status, row.asked_on) == ("An index", "large", "asked", DAY)
    entry = last_entry()
    assert (entry.action, entry.subject_id, entry.changes["initiative"][1]) == ("support.asked", row.pk, work.pk)
    assert announced == [([work.pk], entry.pk)]


def test_team_is_never_asked_by_itself(ask, by):
    with pytest.raises(ValidationError) as error:
        ask_support(ask.initiative, **by, team=ask.initiative.team, ask="An index", size="small")
    assert fields(error) == {"team"}


def test_team_is_asked_for_several_things_each_with_a_key_but_the_first(ask, by):
    """A key is made of the words; the place of a first one that was withdrawn is free again."""
    texts = ("A box!", "A box", "!")
    keys = [ask_support(ask.initiative, **by, team=ask.team, ask=text, size="small").key for text in texts]
    assert keys == ["a-box", "a-box-2", "ask"]
    withdraw_support(ask, **by, version=1)
    assert ask_support(ask.initiative, **by, team=ask.team, ask="More", size="small").key == ""
    with pytest.raises(RefusedError, match="changed since"):
        restore_support(ask.initiative, **by, withdrawn=ask.pk)


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
    row = answer_support(ask, **by, version=1, status=status, answer=answer, due_on=DAY)

    row.refresh_from_db()
    assert (row.status, row.answer, row.version) == (status, answer, 2)
    assert row.due_on == (DAY if status == "pledged" else None)
    assert last_entry().action == "support.answered"
    assert last_entry().changes["status"] == ["asked", status]
    assert announced == [([ask.initiative_id], last_entry().pk)]


def test_declining_needs_words_and_an_answer_is_one_of_two(ask, by):
    with pytest.raises(ValidationError) as error:
        answer_support(ask, **by, version=1, status="declined", answer=" ")
    assert fields(error) == {"answer"}
    with pytest.raises(ValidationError) as error:
        answer_support(ask, **by, version=1, status="delivered", answer="Done", due_on=DAY)
    assert fields(error) == {"status"}


def test_answer_is_changed_until_it_is_delivered(ask, by):
    answer_support(ask, **by, version=1, status="declined", answer="No room")
    answer_support(ask, **by, version=2, status="pledged", due_on=DAY)
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
    answer_support(ask, **by, version=1, status="pledged", due_on=DAY)
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
    row = answer_support(ask, **by, version=1, status="pledged", answer="In May", due_on=DAY)
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


# The life of an ask


@pytest.fixture
def sides(ask):
    """One person of each of its two teams."""
    people = {"asking": make.PersonFactory(), "asked": make.PersonFactory()}
    make.MembershipFactory(team=ask.initiative.team, person=people["asking"])
    make.MembershipFactory(team=ask.team, person=people["asked"])
    return {side: {"actor": person, "at": NOW} for side, person in people.items()}


def test_pledges_and_terms_are_for_a_day_still_to_come(ask, by):
    for status in ("pledged", "asked"):
        for day in (None, DAY - dt.timedelta(days=1)):
            with pytest.raises(ValidationError) as error:
                answer_support(ask, **by, version=1, status=status, answer="If you come", due_on=day)
            assert fields(error) == {"due_on"}
    with pytest.raises(ValidationError) as error:
        answer_support(ask, **by, version=1, status="asked", answer=" ", due_on=DAY)
    assert fields(error) == {"answer"}


def test_late_promise_keeps_its_day_while_its_words_change(by):
    late = make.SupportFactory(status="pledged", due_on=BEFORE)
    row = answer_support(late, **by, version=1, status="pledged", answer="Soon", due_on=BEFORE)
    assert row.is_late(DAY)
    assert not row.is_late(BEFORE)
    with pytest.raises(ValidationError):
        answer_support(late, **by, version=2, status="pledged", due_on=BEFORE + dt.timedelta(days=1))


def test_terms_are_accepted_delivered_confirmed_and_thanked_for(ask, sides):
    asked, asking = sides["asked"], sides["asking"]
    assert ask.turn == "asked"
    row = answer_support(ask, **asked, version=1, status="asked", answer="If you come over", due_on=DAY)
    assert (row.status, row.turn) == ("asked", "asking")
    assert Support.objects.waits_for_asking().get() == row
    row = accept_terms(row, **asking, version=2)
    assert (row.status, row.turn, row.due_on) == ("pledged", "", DAY)
    row = deliver_support(row, **asked, version=3)
    assert (row.status, row.unconfirmed, row.turn) == ("delivered", True, "asking")
    row = confirm_support(row, **asking, version=4)
    assert (row.unconfirmed, row.turn) == (False, "")
    row = thank_support(row, **asking, version=5, thanks=" You saved our week. ")
    assert row.thanks == "You saved our week."


def test_each_side_has_its_own_steps(ask, sides):
    asked, asking = sides["asked"], sides["asking"]
    with pytest.raises(PermissionDenied):
        answer_support(ask, **asking, version=1, status="pledged", due_on=DAY)
    row = answer_support(ask, **asked, version=1, status="asked", answer="If you come over", due_on=DAY)
    for service in (accept_terms, withdraw_support):
        with pytest.raises(PermissionDenied):
            service(row, **asked, version=2)
    assert deliver_support(accept_terms(row, **asking, version=2), **asking, version=3).unconfirmed is False


def test_terms_are_answered_by_asking_otherwise(by, ask):
    row = answer_support(ask, **by, version=1, status="asked", answer="If you come over", due_on=DAY)
    row = ask_again(row, **by, version=2, ask="Half an index", size="small")
    assert (row.status, row.answer, row.due_on, row.turn, row.asked_on) == ("asked", "", None, "asked", BEFORE)


def test_what_is_missing_is_asked_for_from_today_on(by):
    row = make.SupportFactory(status="delivered", unconfirmed=True, answer="By May", due_on=BEFORE, asked_on=BEFORE)
    row = ask_again(row, **by, version=1, ask="The other half", size="small")
    assert (row.status, row.unconfirmed, row.answer, row.due_on, row.asked_on) == ("asked", False, "", None, DAY)


def test_terms_of_a_day_that_passed_and_what_is_no_terms_are_not_accepted(by):
    passed = make.SupportFactory(answer="If you come", due_on=BEFORE)
    for row, why in ((passed, "has passed"), (make.SupportFactory(), "nothing to accept")):
        with pytest.raises(RefusedError, match=why):
            accept_terms(row, **by, version=1)
    early: list[tuple[Any, dict[str, Any]]] = [(confirm_support, {}), (thank_support, {"thanks": "Thank you."})]
    for service, values in early:
        with pytest.raises(RefusedError, match="not delivered"):
            service(passed, **by, version=1, **values)


def test_help_is_offered_unasked_and_becomes_a_promise(sides, ask):
    other = make.TeamFactory()
    make.MembershipFactory(team=other, person=sides["asked"]["actor"])
    offered: dict[str, Any] = {"answer": "Two of us for a week", "size": "small", "due_on": DAY}
    row = offer_support(other, **sides["asked"], initiative=ask.initiative, **offered)
    assert (row.ask, row.status, row.turn, row.is_open_offer) == ("", "asked", "asking", True)
    early: list[tuple[Any, dict[str, Any]]] = [
        (answer_support, {"status": "pledged", "due_on": DAY}),
        (deliver_support, {}),
    ]
    for service, values in early:
        with pytest.raises(RefusedError, match="not accepted"):
            service(row, **sides["asked"], version=1, **values)
    with pytest.raises(RefusedError, match="what they offer"):
        withdraw_support(row, **sides["asking"], version=1)
    assert accept_terms(row, **sides["asking"], version=1).status == "pledged"


def test_offer_is_of_another_team_that_one_is_on_for_work_that_goes_on(sides, ask):
    offered: dict[str, Any] = {"answer": "Two of us", "size": "small", "due_on": DAY}
    with pytest.raises(PermissionDenied):
        offer_support(make.TeamFactory(), **sides["asked"], initiative=ask.initiative, **offered)
    with pytest.raises(ValidationError) as error:
        offer_support(ask.initiative.team, **sides["asking"], initiative=ask.initiative, **offered)
    assert fields(error) == {"team"}
    Initiative.objects.update(status="done")
    with pytest.raises(RefusedError, match="over"):
        offer_support(ask.team, **sides["asked"], initiative=ask.initiative, **offered)


def test_declined_offer_is_gone_and_no_flag(by):
    """A team in the spotlight that is offered help for 15 days, and does without, has asked for nothing."""
    work = make.InitiativeFactory(team__stance="spotlight")
    recompute_alignment(as_of=DAY, at=NOW)
    row = offer_support(make.TeamFactory(), **by, initiative=work, answer="Two of us", size="small", due_on=DAY)
    Support.objects.update(asked_on=BEFORE)
    recompute_alignment(as_of=DAY, at=NOW)
    row.refresh_from_db()
    row = answer_support(row, **by, version=row.version, status="asked", answer="Three of us", due_on=DAY)
    assert not Flag.objects.filter(team=work.team, code=FlagCode.UNSUPPORTED).exists()

    end_offer(row, **by, version=row.version, reason="We manage. Thank you.")
    assert not Support.objects.exists()
    assert last_entry().note == {"reason": "We manage. Thank you."}
    assert restore_support(work, **by, withdrawn=row.pk).answer == "Three of us"
