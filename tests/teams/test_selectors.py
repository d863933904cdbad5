"""What the selectors about teams, people and asks read, in which order, and what they leave out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from teams.models import Initiative, Person, Support, Team
from teams.selectors.asks import ASKS, awaited_asks, initiative_asks, open_asks, team_asks
from teams.selectors.initiatives import Work, initiatives
from teams.selectors.people import people, people_counts
from teams.selectors.work import teams_worked_on
from teams.services.log import record
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

ONE = dt.timedelta(days=1)


@pytest.fixture
def asking() -> Team:
    return make.TeamFactory(name="Asking")


@pytest.fixture
def asked() -> Team:
    return make.TeamFactory(name="Asked")


def ask(asking: Team, asked: Team, *, work: str = "active", **values: Any) -> Support:
    initiative = make.InitiativeFactory(team=asking, status=work)
    return make.SupportFactory(initiative=initiative, team=asked, **{"status": "asked", "asked_on": DAY, **values})


def answered(support: Support) -> Support:
    record("support.answered", actor=None, at=NOW, subject=support)
    return support


# Asks


def test_open_asks_wait_or_were_answered_since_the_oldest_first(asking, asked):
    old = answered(ask(asking, asked, status="pledged"))
    mark = make.LogEntryFactory(at=NOW).pk
    later, first = ask(asking, asked, asked_on=DAY + ONE), ask(asking, asked)
    pledged = answered(ask(asking, asked, status="pledged", asked_on=DAY + 2 * ONE))
    paused = ask(asking, asked, work="paused", asked_on=DAY + 3 * ONE)
    answered(ask(asking, asked, status="delivered"))
    ask(asking, asked, work="done")
    ask(asking, asked, work="dropped")
    answered(ask(asking, asked, status="pledged", work="done"))

    for teams in ([asking.pk], [asked.pk], [asked.pk, asking.pk]):
        assert open_asks(teams, mark, DAY) == [first, later, pledged, paused]
    assert [each.is_answered for each in open_asks([asked.pk], mark, DAY)] == [False, False, True, False]
    assert old in open_asks([asked.pk], 0, DAY)
    assert open_asks([], mark, DAY) == []


def test_open_ask_is_new_when_it_was_asked_or_asked_again_since(asking, asked):
    before = ask(asking, asked)
    record("support.asked", actor=None, at=NOW, subject=before)
    mark = make.LogEntryFactory(at=NOW).pk
    new = {action: ask(asking, asked) for action in ("support.asked", "support.asked_again", "support.restored")}
    for action, row in new.items():
        record(action, actor=None, at=NOW, subject=row)

    found = {each.pk: each.is_new for each in open_asks([asked.pk], mark, DAY)}
    assert found == {before.pk: False, **{row.pk: True for row in new.values()}}


def test_awaited_asks_are_of_work_that_goes_on_the_oldest_first(asking, asked):
    later, as_late = ask(asking, asked, asked_on=DAY + ONE), ask(asking, asked, asked_on=DAY + ONE)
    first = ask(asking, asked)
    ask(asked, asking)
    ask(asking, asked, status="pledged")
    ask(asking, asked, work="done")
    ask(make.TeamFactory(), make.TeamFactory(), asked_on=DAY - ONE)

    assert list(awaited_asks([asking.pk])) == [first, later, as_late]
    assert list(awaited_asks([])) == []


def test_asks_of_a_team_are_its_own_and_then_the_others_the_latest_first(asking, asked):
    own = [ask(asking, asked, asked_on=DAY + day * ONE).pk for day in range(ASKS + 1)]
    others = [ask(asked, asking).pk, ask(asked, asking, asked_on=DAY + ONE).pk]

    found = team_asks(asking)

    assert [[each.pk for each in side] for side in found] == [own[:0:-1], others[::-1]]


def test_asks_of_an_initiative_are_the_latest_first(asking, asked):
    older = ask(asking, asked)
    newer = make.SupportFactory(initiative=older.initiative, team=make.TeamFactory(), asked_on=DAY + ONE)
    ask(asking, asked)

    assert [each.pk for each in initiative_asks(older.initiative_id)] == [newer.pk, older.pk]


# People


def test_people_have_their_teams_by_name(asking, asked):
    person = make.PersonFactory()
    for team in (asking, asked):
        make.MembershipFactory(person=person, team=team)

    (found,) = people(person)
    assert [each.team.name for each in found.memberships.all()] == ["Asked", "Asking"]


def test_people_are_counted_by_their_state_as_long_as_they_are_here():
    for state in ("joined_at", "invited_at", "refused_at"):
        make.PersonFactory(**{"joined_at": None, "invited_at": None, state: NOW})
        make.PersonFactory(**{"joined_at": None, "invited_at": None, state: NOW}, is_active=False)
    make.PersonFactory(joined_at=NOW, invited_at=NOW)

    assert people_counts().get()["row"] == {"joined": 2, "invited": 1, "not_invited": 1, "refused": 1}


def test_teams_worked_on_are_ones_own_and_all_below_those_that_one_leads(asking, asked):
    below_led, below_own = make.TeamFactory(parent=asking), make.TeamFactory(parent=asked)
    person = make.PersonFactory()
    make.MembershipFactory(person=person, team=asking, role="lead")
    make.MembershipFactory(person=person, team=asked, role="member")

    assert set(teams_worked_on(Person.objects.get(pk=person.pk))) == {asking, below_led, asked}
    assert set(teams_worked_on(make.LeaderFactory())) == {asking, below_led, asked, below_own}


# Work


def test_work_is_narrowed_by_each_of_what_is_asked(asking, asked):
    below, owner = make.TeamFactory(parent=asking), make.PersonFactory()
    make.MembershipFactory(person=owner, team=asked)
    rows = {
        "plain": {"team": asking},
        "below": {"team": below, "effort": None},
        "kind": {"team": asking, "kind": "sustain"},
        "origin": {"team": asking, "origin": "assigned"},
        "paused": {"team": asking, "status": "paused"},
        "of team": {"team": asked},
        "own": {"team": below, "owner": owner},
    }
    for title, values in rows.items():
        make.InitiativeFactory(title=title, **values)

    def titles(**wanted: Any) -> set[str]:
        return {each.title for each in initiatives(Work(**wanted))}

    everything = set(rows)
    assert titles() == everything - {"paused"}
    assert titles(status="any") == everything
    assert titles(status="paused") == {"paused"}
    assert titles(kind="sustain") == {"kind"}
    assert titles(origin="assigned") == {"origin"}
    assert titles(sized=False) == {"below"}
    assert titles(sized=True) == everything - {"paused", "below"}
    assert titles(team=asking) == everything - {"paused", "of team"}
    assert titles(team=asking, own=True) == {"plain", "kind", "origin"}
    assert titles(of=owner) == {"of team", "own"}
    assert titles(search="plai") == {"plain"}
    assert Initiative.objects.count() == len(rows)
