"""Work that was written down by mistake is removed, and brought back, while nobody but its maker had to do with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from alignment.history.past import explained, figures_on
from alignment.models import Flag
from alignment.narrative.causes import told_as
from alignment.refresh.recompute import recompute_alignment
from alignment.services.links import make_link, remove_link
from alignment.services.removal import remove_initiative, restore_initiative
from lib.services.errors import RefusedError, StaleError
from teams.models import Initiative, LogEntry, Person, Team
from teams.services.initiatives import create_initiative, edit_initiative
from teams.services.support import ask_support, withdraw_support
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import fields_of, form_to, message_of, page_text, undo_of

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(days=7)
LATER = DAY + WEEK


@dataclass
class Given:
    maker: Person
    colleague: Person
    team: Team
    work: Initiative


@pytest.fixture
def given() -> Given:
    recompute_alignment(as_of=DAY, at=NOW)
    team = make.TeamFactory(key="crew", name="Crew")
    maker, colleague = (make.MembershipFactory(team=team).person for _ in range(2))
    work = create_initiative(team, actor=maker, at=NOW, title="A mistake", problem="None.", owner=maker)
    return Given(maker, colleague, team, work)


def gone(given: Given, actor: Person | None = None, *, at: dt.datetime = NOW) -> LogEntry:
    work = Initiative.objects.get(pk=given.work.pk)
    return remove_initiative(work, actor=actor or given.maker, at=at, version=work.version)


def refused(given: Given, match: str, actor: Person | None = None) -> None:
    with pytest.raises(RefusedError, match=match):
        gone(given, actor)
    assert Initiative.objects.filter(pk=given.work.pk).exists()


def test_maker_removes_it_and_brings_it_back_as_it_was(given):
    before = Initiative.objects.filter(pk=given.work.pk).values().get()
    entry = gone(given)
    assert not Initiative.objects.exists()

    row = restore_initiative(entry, actor=given.maker, at=NOW)
    assert Initiative.objects.filter(pk=row.pk).values().get() == {**before, "version": before["version"] + 1}
    assert LogEntry.objects.filter(action="initiative.restored").count() == 1
    with pytest.raises(RefusedError, match="back already"):
        restore_initiative(entry, actor=given.maker, at=NOW)


def test_lead_removes_it_too_and_a_colleague_does_not(given):
    refused(given, "Somebody else wrote it down", given.colleague)
    with pytest.raises(PermissionDenied):
        gone(given, make.PersonFactory())
    gone(given, make.MembershipFactory(team=given.team, role="lead").person)


def test_work_that_others_touched_stays(given):
    edit_initiative(given.work, actor=given.colleague, at=NOW, version=1, title="A find")
    refused(given, "Others have had to do with it")


def test_work_with_links_or_asks_stays_until_its_maker_took_them_away(given):
    goal = make.GoalFactory(strategy=make.StrategyFactory())
    link = make_link(given.work, actor=given.maker, at=NOW, goal=goal, rationale="Because.")
    refused(given, "It is linked to goals")
    remove_link(link, actor=given.maker, at=NOW, version=link.version)
    ask = ask_support(given.work, actor=given.maker, at=NOW, team=make.TeamFactory(), ask="Help.", size="small")
    refused(given, "It asks other teams for support")
    withdraw_support(ask, actor=given.maker, at=NOW, version=ask.version)
    gone(given)


def test_figures_of_the_days_on_which_it_counted_stay(given):
    given.work = create_initiative(
        given.team, actor=given.maker, at=NOW, title="Active", problem="None.", status="active", effort=Decimal(3)
    )
    recompute_alignment(as_of=LATER, at=NOW + WEEK)

    entry = gone(given, at=NOW + WEEK)
    assert [figures_on(day, given.team).orphaned for day in (DAY, LATER)] == [3, 0]
    (cause,) = explained(DAY, LATER, given.team).causes
    assert (cause.entry, cause.change.effort) == (entry, -3)
    assert told_as(entry).one == "Removing work that was a mistake"
    assert recompute_alignment(as_of=LATER, at=NOW + WEEK).initiatives == 0

    restore_initiative(entry, actor=given.maker, at=NOW + WEEK)
    assert [figures_on(day, given.team).orphaned for day in (DAY, LATER)] == [3, 3]


def test_imported_work_stays(given):
    given.work = make.InitiativeFactory(team=given.team)
    refused(given, "It was imported")


def test_stale_button_removes_nothing(given):
    with pytest.raises(StaleError):
        remove_initiative(given.work, actor=given.maker, at=NOW, version=9)


def test_it_does_not_come_back_to_an_archived_team(given):
    entry = gone(given)
    Team.objects.filter(pk=given.team.pk).update(archived_on=DAY)
    with pytest.raises(RefusedError, match="Crew is archived"):
        restore_initiative(entry, actor=given.maker, at=NOW)


def test_flags_go_with_it(given):
    make.FlagFactory(initiative=given.work)
    gone(given)
    assert not Flag.objects.filter(initiative=given.work.pk).exists()


def test_page_removes_it_and_its_message_brings_it_back(given, client):
    client.force_login(given.maker)
    assert "It was written down by mistake: remove it" in page_text(client.get("/initiatives/a-mistake/status/"))
    address = "/initiatives/a-mistake/removal/"
    page = client.post(address, fields_of(form_to(client.get(address), "")))
    page = client.get(page["location"])
    assert message_of(page) == "“A mistake” is removed. Undo"

    page = client.post(undo_of(page), follow=True)
    assert message_of(page) == "“A mistake” is back."
    assert Initiative.objects.get().key == "a-mistake"


def test_page_says_what_is_in_the_way_instead_of_a_button(given, client):
    edit_initiative(given.work, actor=given.colleague, at=NOW, version=1, title="A find")
    client.force_login(given.maker)
    text = page_text(client.get("/initiatives/a-mistake/removal/"))
    assert "Others have had to do with it since" in text
    assert "Remove it" not in text
