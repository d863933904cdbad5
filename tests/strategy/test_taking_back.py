"""A published edition is taken back: what it changed is as before, while nobody works by it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alignment.services.links import confirm_link, make_link
from lib.services.errors import RefusedError
from strategy.enums import EditionKind, EditKind, GoalStatus
from strategy.models import Amendment, Edition, Goal, Measure, Strategy
from strategy.selectors import taking_back as words
from strategy.selectors.amendments import amendment_version, planned_for, version_of
from strategy.selectors.changes import Became, changes_since
from strategy.selectors.reading import to_read
from strategy.services import goals, measures, strategies
from strategy.services.preparing.amendments import open_amendment, plan_edit, publish_amendment
from strategy.services.preparing.taking_back import SAY_WHY, take_back_edition
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW
from tests.strategy.editions import assert_differences_add_up, assert_editions_are_up_to_date, last_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SOON, LATER = NOW + HOUR, NOW + 2 * HOUR


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def plan(leader):
    """Published, with a goal, and one below it with a measure."""
    by = {"actor": leader, "at": NOW}
    draft = strategies.create_strategy(title="The plan", narrative="Less paper.", **by)
    growth = goals.create_goal(title="Growth", why="We must.", strategy=draft, **by)
    below = goals.create_goal(title="Retention", parent=growth, **by)
    measures.create_measure(below, title="Churn", target=Decimal(1), baseline=Decimal(9), unit="%", **by)
    return strategies.publish_strategy(draft, version=draft.version, **by)


def goal(title: str) -> Goal:
    return Goal.objects.get(title=title)


def plan_one(amendment: Amendment, kind: EditKind, of: dict[str, Any], values: dict[str, Any], by: Any) -> None:
    row: Any = of.get("measure") or of.get("goal") or amendment.strategy
    edit = None if kind == EditKind.NEW_MEASURE else planned_for(amendment, kind, **of)
    plan_edit(amendment, step=kind, version=version_of(row, edit), **of, **values, **by)


def amend(plan: Strategy, leader: Any, *edits: tuple[EditKind, dict[str, Any], dict[str, Any]]) -> Any:
    by = {"actor": leader, "at": SOON}
    amendment = open_amendment(plan, **by)
    for kind, of, values in edits:
        plan_one(amendment, kind, of, values, by)
    amendment.refresh_from_db()
    publish_amendment(amendment, version=amendment_version(amendment), because="We learned.", **by)
    return last_of(plan)


def all_of_them(plan: Strategy, leader: Any) -> Any:
    """An amendment with an edit of each kind."""
    below, measure = goal("Retention"), Measure.objects.get()
    goals.create_goal(title="Not yet", strategy=plan, actor=leader, at=NOW)
    return amend(
        plan,
        leader,
        (EditKind.STRATEGY, {}, {"narrative": "No paper.", "ends_on": dt.date(2027, 1, 1)}),
        (EditKind.ACTIVATION, {"goal": goal("Not yet")}, {}),
        (EditKind.MOVE, {"goal": below}, {"parent": None, "strategy": plan}),
        (EditKind.GOAL, {"goal": below}, {"title": "They stay", "meaning_changed": True}),
        (EditKind.NO_MEASURE, {"goal": below, "measure": measure}, {}),
        (EditKind.NEW_MEASURE, {"goal": goal("Growth")}, {"title": "Customers", "target": Decimal(20)}),
        (EditKind.CLOSING, {"goal": goal("Growth")}, {"status": "missed", "reason": "Too late.", "learned": ""}),
    )


def take_back(edition: Any, leader: Any, at: dt.datetime = LATER) -> Strategy:
    return take_back_edition(edition, actor=leader, at=at, because="It was too early.")


def test_every_edit_of_an_amendment_is_undone(plan, leader):
    measure = Measure.objects.get()
    named = make.LinkFactory(goal=goal("Retention"), measure=measure, expected_change=Decimal(3))
    rows = {row.pk: vars(row).copy() for row in Goal.objects.all()}
    edition = all_of_them(plan, leader)
    assert (edition.number, edition.kind) == (2, "amended")

    take_back(edition, leader)

    made = last_of(plan)
    assert (made.number, made.kind, made.because, made.person) == (3, "reverted", "It was too early.", leader)
    told = made.entry
    assert (told.action, told.note) == ("strategy.edition_taken_back", {"edition": 2})
    assert Strategy.objects.get().narrative == "Less paper."
    now = {row.title: row for row in Goal.objects.all()}
    assert now.keys() == {"Growth", "Retention", "Not yet"}
    assert (now["Not yet"].status, now["Growth"].status, now["Growth"].closed_on) == ("draft", "active", None)
    assert now["Retention"].parent == now["Growth"]
    assert now["Retention"].meaning_changed_at is None
    left_out = {"version", "_state", "key", "path", "hidden_by"}
    for row in (now["Growth"], now["Retention"]):
        assert {k: v for k, v in vars(row).items() if k not in left_out} == {
            k: v for k, v in rows[row.pk].items() if k not in left_out
        }
    (again,) = Measure.objects.all()
    assert (again.pk, again.title, again.target, again.unit) == (measure.pk, "Churn", Decimal(1), "%")
    named.refresh_from_db()
    assert (named.measure, named.expected_change) == (again, Decimal(3))
    assert_editions_are_up_to_date()
    assert_differences_add_up(plan)


def test_edit_that_was_published_at_once_is_undone(plan, leader):
    row = goal("Growth")
    goals.edit_goal(
        row, version=row.version, actor=leader, at=SOON, weight=3, owner=leader, meaning_changed=False, because="More."
    )
    take_back(last_of(plan), leader)

    row.refresh_from_db()
    assert (row.weight, row.owner) == (1, leader), "an owner is in no edition"
    assert last_of(plan).kind == "reverted"
    assert_editions_are_up_to_date()


def test_first_publication_becomes_a_draft_again(plan, leader):
    assert take_back(last_of(plan), leader, SOON).status == "draft"
    assert (last_of(plan).kind, last_of(plan).because) == ("taken_back", "It was too early.")
    assert {row.status for row in Goal.objects.all()} == {GoalStatus.DRAFT}


def test_move_to_another_strategy_is_undone_in_both(plan, leader):
    by = {"actor": leader, "at": NOW}
    other = strategies.create_strategy(title="Another", **by)
    goals.create_goal(title="Else", strategy=other, **by)
    other = strategies.publish_strategy(other, version=other.version, **by)
    row = goal("Retention")
    goals.move_goal(row, version=row.version, actor=leader, at=SOON, strategy=other, because="It belongs there.")
    take_back(last_of(other), leader)

    assert goal("Retention").parent == goal("Growth")
    assert (last_of(plan).kind, last_of(other).kind) == ("reverted", "reverted")
    assert_editions_are_up_to_date()


def refused(edition: Any, leader: Any, at: dt.datetime = LATER) -> str:
    before = LogEntry.objects.count()
    with pytest.raises(RefusedError) as refusal:
        take_back(edition, leader, at)
    assert LogEntry.objects.count() == before
    return str(refusal.value)


def test_it_stays_after_a_day(plan, leader):
    edition = all_of_them(plan, leader)
    assert refused(edition, leader, SOON + dt.timedelta(days=1, seconds=1)) == words.TOO_LATE
    assert take_back(edition, leader, SOON + dt.timedelta(days=1))


def test_it_stays_once_another_follows(plan, leader):
    edition = all_of_them(plan, leader)
    row = goal("They stay")
    by = {"actor": leader, "at": LATER}
    goals.edit_goal(row, version=row.version, why="So that.", meaning_changed=False, because="Clearer.", **by)
    assert refused(edition, leader) == words.FOLLOWED


def test_it_stays_once_work_is_linked_to_what_it_added(plan, leader):
    edition = all_of_them(plan, leader)
    make_link(make.InitiativeFactory(), goal=goal("Not yet"), rationale="It helps.", actor=leader, at=LATER)
    assert refused(edition, leader) == words.LINKED


def test_it_stays_once_a_link_below_a_new_meaning_is_confirmed(plan, leader):
    link = make.LinkFactory(goal=make.GoalFactory(parent=goal("Retention"), team=make.TeamFactory()))
    edition = all_of_them(plan, leader)
    link.refresh_from_db()
    confirm_link(link, actor=leader, at=LATER, version=link.version)
    assert refused(edition, leader) == words.LINKED


def test_links_to_what_it_left_alone_do_not_matter(plan, leader):
    make_link(make.InitiativeFactory(), goal=goal("Retention"), rationale="It helps.", actor=leader, at=NOW)
    row = goal("Growth")
    goals.edit_goal(row, version=row.version, actor=leader, at=SOON, weight=3, because="More.")
    make_link(make.InitiativeFactory(), goal=goal("Retention"), rationale="It helps.", actor=leader, at=LATER)
    take_back(last_of(plan), leader)
    assert goal("Growth").weight == 1


def test_it_stays_once_a_team_has_a_goal_below(plan, leader):
    edition = all_of_them(plan, leader)
    make.GoalFactory(parent=goal("Not yet"), team=make.TeamFactory())
    assert refused(edition, leader) == words.SERVED


def test_it_stays_once_its_measure_was_checked_in(plan, leader):
    edition = amend(
        plan, leader, (EditKind.NEW_MEASURE, {"goal": goal("Growth")}, {"title": "Customers", "target": Decimal(20)})
    )
    new = Measure.objects.get(title="Customers")
    measures.check_in(new, version=new.version, value=Decimal(3), actor=leader, at=LATER)
    assert "has checked in on “Customers”" in refused(edition, leader)


@pytest.mark.parametrize("kind", ["closed", "undone", "imported", "begun", "reverted"])
def test_only_what_was_published_or_amended_is_taken_back(kind, leader):
    edition = make.EditionFactory(kind=kind, strategy__status="published")
    assert refused(edition, leader) == words.OF_ANOTHER_KIND


def test_it_needs_a_reason_and_somebody_who_publishes(plan, leader):
    edition = all_of_them(plan, leader)
    with pytest.raises(ValidationError) as refusal:
        take_back_edition(edition, actor=leader, at=LATER, because=" ")
    assert refusal.value.message_dict == {"because": [SAY_WHY]}
    with pytest.raises(PermissionDenied):
        take_back_edition(edition, actor=make.PersonFactory(), at=LATER, because="No.")


def test_nothing_of_it_is_told_as_a_change(plan, leader):
    mark = LogEntry.objects.latest("pk").pk
    edition = all_of_them(plan, leader)
    assert {each.became for each in changes_since(mark).goals} == {Became.CLOSED, Became.CHANGED}
    take_back(edition, leader)
    assert not changes_since(mark).goal_ids


def test_publication_that_was_taken_back_hides_the_editions_of_its_own_strategy_alone():
    """Published, taken back, and published again; beside it another strategy with as many editions."""
    back, other = make.StrategyFactory(), make.StrategyFactory()
    kinds = (EditionKind.PUBLISHED, EditionKind.TAKEN_BACK, EditionKind.PUBLISHED)
    for number, kind in enumerate(kinds, 1):
        make.EditionFactory(strategy=back, number=number, kind=kind)
        make.EditionFactory(strategy=other, number=number, kind=EditionKind.PUBLISHED)
    shown = Edition.objects.visible_to(make.PersonFactory()).order_by("strategy", "number")

    assert [(row.strategy, row.number) for row in shown] == [(back, 3), (other, 1), (other, 2), (other, 3)]
    assert Edition.objects.visible_to(make.LeaderFactory()).count() == 6


def test_edition_that_was_taken_back_asks_nobody_to_read_it(plan, leader):
    """The one before it does again."""
    reader = make.PersonFactory()
    assert [each.number for each in to_read(reader)] == [1]
    edition = all_of_them(plan, leader)
    assert [each.number for each in to_read(reader)] == [2]
    take_back(edition, leader)
    assert [each.number for each in to_read(reader)] == [1]
