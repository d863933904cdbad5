"""Editions: when one is written, what it holds, whose it is, and what the database refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test.utils import CaptureQueriesContext

from lib.services.permissions import SYSTEM
from strategy.enums import EditionKind, Visibility
from strategy.models import Edition, Goal, Measure, Strategy
from strategy.selectors.differences import difference
from strategy.selectors.snapshots import confidential_in, snapshot_of, snapshots
from strategy.services import editions, goals, measures, strategies
from strategy.services.editions import SAY_WHY
from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW
from tests.strategy.editions import add_edition, assert_differences_add_up, assert_editions_are_up_to_date

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def by(leader):
    return {"actor": leader, "at": LATER}


@pytest.fixture
def plan(leader):
    """A draft with a goal, one below it, and a measure, then published."""
    made = {"actor": leader, "at": NOW}
    draft = strategies.create_strategy(title="The plan", narrative="Less paper.", **made)
    growth = goals.create_goal(title="Growth", why="We must.", strategy=draft, **made)
    goals.create_goal(title="Retention", parent=growth, **made)
    measures.create_measure(growth, title="Customers", target=Decimal(20), unit="a month", **made)
    return strategies.publish_strategy(draft, version=draft.version, **made)


def goal(title: str) -> Goal:
    return Goal.objects.get(title=title)


def last(strategy: Strategy) -> Edition:
    return strategy.editions.latest("number")


def held(strategy: Strategy, number: int | None = None) -> dict[str, Any]:
    return snapshot_of(last(strategy) if number is None else strategy.editions.get(number=number))


def touched(edition: Edition) -> list[int]:
    return sorted(edition.goals.values_list("goal", flat=True))


def kinds(strategy: Strategy) -> list[str]:
    return list(strategy.editions.order_by("number").values_list("kind", flat=True))


def test_publishing_makes_the_first_edition(plan, leader):
    (made,) = plan.editions.all()
    growth, retention = goal("Growth"), goal("Retention")

    assert (made.number, made.kind, made.person, made.at, made.because) == (1, "published", leader, NOW, "")
    assert made.entry == LogEntry.objects.get(action="strategy.published")
    said = held(plan)
    assert {said[name] for name in ("title", "narrative")} == {"The plan", "Less paper."}
    assert said["goals"].keys() == {str(growth.pk), str(retention.pk)}
    own = said["goals"][str(growth.pk)]
    assert (own["title"], own["why"], own["weight"], own["status"]) == ("Growth", "We must.", "1", "active")
    (measure,) = own["measures"].values()
    assert (measure["title"], measure["unit"], measure["baseline"], measure["target"]) == (
        "Customers",
        "a month",
        "0",
        "20",
    )
    assert said["goals"][str(retention.pk)]["parent"] == growth.pk
    assert touched(made) == sorted([growth.pk, retention.pk])
    assert not made.goals.filter(hidden=True).exists()


def test_draft_has_no_edition(by):
    draft = strategies.create_strategy(title="Later", **by)
    row = goals.create_goal(title="Growth", strategy=draft, **by)
    goals.edit_goal(row, version=row.version, title="More growth", because="", **by)

    assert not Edition.objects.exists()


def test_edit_makes_the_next_edition_with_its_reason(plan, by, leader):
    row = goal("Growth")
    goals.edit_goal(
        row, version=row.version, why="We want to.", meaning_changed=True, because=" Nobody forces us. ", **by
    )

    made = last(plan)
    assert (made.number, made.kind, made.because, made.person) == (2, "amended", "Nobody forces us.", leader)
    assert (touched(made), made.of_strategy) == ([row.pk], False)
    (change,) = difference(held(plan, 1), held(plan, 2)).goals
    assert [(each.name, each.before, each.after) for each in change.fields] == [("why", "We must.", "We want to.")]


EDITS = {
    "a strategy's narrative": lambda plan, by: strategies.edit_strategy(
        plan, version=plan.version, narrative="No paper.", **by
    ),
    "a strategy's last day": lambda plan, by: strategies.edit_strategy(
        plan, version=plan.version, ends_on=dt.date(2027, 1, 1), **by
    ),
    "a goal's weight": lambda _plan, by: goals.edit_goal(
        goal("Growth"), version=goal("Growth").version, weight=2, **by
    ),
    "a goal that is for leaders": lambda _plan, by: goals.edit_goal(
        goal("Growth"), version=goal("Growth").version, visibility="leaders", **by
    ),
    "a goal that moves": lambda plan, by: goals.move_goal(
        goal("Retention"), version=goal("Retention").version, strategy=plan, **by
    ),
    "a new measure": lambda _plan, by: measures.create_measure(goal("Growth"), title="Churn", target=Decimal(1), **by),
    "a measure's target": lambda _plan, by: measures.edit_measure(
        Measure.objects.get(),
        version=Measure.objects.get().version,
        title="Customers",
        unit="a month",
        baseline=Decimal(0),
        target=Decimal(30),
        **by,
    ),
    "a measure that is removed": lambda _plan, by: measures.remove_measure(
        Measure.objects.get(), version=Measure.objects.get().version, **by
    ),
}


@pytest.mark.parametrize("what", EDITS)
def test_whatever_an_edition_holds_makes_one(what, plan, by):
    EDITS[what](plan, by | {"because": "So it is."})

    assert kinds(plan) == ["published", "amended"]
    assert_editions_are_up_to_date()


@pytest.mark.parametrize("what", EDITS)
def test_person_who_was_asked_has_to_say_why(what, plan, by):
    with pytest.raises(ValidationError) as refused:
        EDITS[what](plan, by | {"because": "  "})

    assert refused.value.message_dict == {"because": [SAY_WHY]}
    assert kinds(plan) == ["published"]
    assert plan.version == Strategy.objects.get(pk=plan.pk).version


def test_what_no_edition_holds_makes_none(plan, by, leader):
    row, measure, team = goal("Growth"), Measure.objects.get(), make.TeamFactory()
    goals.edit_goal(row, version=row.version, owner=leader, because="", **by)
    strategies.edit_strategy(plan, version=plan.version, owner=leader, because="", **by)
    measures.check_in(measure, version=measure.version, value=Decimal(7), **by)
    own = goals.create_goal(title="Ours", parent=row, team=team, active=True, **by)
    goals.edit_goal(own, version=own.version, title="Ours alone", meaning_changed=False, because="", **by)
    goals.create_goal(title="Not yet", strategy=plan, **by)
    row = goal("Growth")
    goals.edit_goal(row, version=row.version, title="Growth", because="", **by)

    assert kinds(plan) == ["published"]


def test_draft_goal_is_in_the_edition_from_the_day_it_is_active(plan, by):
    draft = goals.create_goal(title="Not yet", strategy=plan, **by)
    goals.activate_goal(draft, version=draft.version, because="Now is the time.", **by)

    made = last(plan)
    assert (made.number, made.kind, touched(made)) == (2, "amended", [draft.pk])


def test_goal_that_becomes_active_brings_what_is_active_below_it(plan, by):
    draft = goals.create_goal(title="Reach", strategy=plan, **by)
    below = goals.create_goal(title="Far", parent=draft, **by)
    goals.activate_goal(below, version=below.version, because="It has begun.", **by)
    assert str(below.pk) not in held(plan)["goals"]
    goals.activate_goal(draft, version=draft.version, because="So has this.", **by)

    assert touched(last(plan)) == [draft.pk, below.pk]
    assert_editions_are_up_to_date()


def test_closing_gives_its_reason_and_undoing_it_says_so(plan, by):
    row = goal("Retention")
    closed = goals.close_goal(row, version=row.version, status="missed", reason="Too late.", **by)
    goals.reopen_goal(closed, version=closed.version, undoes=True, because="", **by)

    assert kinds(plan) == ["published", "closed", "undone"]
    assert list(plan.editions.order_by("number").values_list("because", flat=True)) == ["", "Too late.", ""]
    assert held(plan, 3) == held(plan, 1)


def test_reopening_later_needs_a_reason(plan, by):
    row = goal("Retention")
    closed = goals.close_goal(row, version=row.version, status="missed", reason="Too late.", **by)
    with pytest.raises(ValidationError, match="Say what changed"):
        goals.reopen_goal(closed, version=closed.version, because="", **by)
    goals.reopen_goal(closed, version=closed.version, because="There is time after all.", **by)

    assert kinds(plan) == ["published", "closed", "amended"]


def test_moving_back_at_once_is_an_undo(plan, by):
    row, growth = goal("Retention"), goal("Growth")
    moved = goals.move_goal(row, version=row.version, strategy=plan, because="It stands alone.", **by)
    goals.move_goal(moved, version=moved.version, parent=growth, because="", **by)

    assert kinds(plan) == ["published", "amended", "undone"]


def test_goal_that_goes_to_another_strategy_makes_an_edition_of_each(plan, by):
    other = strategies.create_strategy(title="Another", **by)
    goals.create_goal(title="Else", strategy=other, **by)
    other = strategies.publish_strategy(other, version=other.version, **by)
    row = goal("Retention")
    goals.move_goal(row, version=row.version, strategy=other, because="It belongs there.", **by)

    assert (kinds(plan), kinds(other)) == (["published", "amended"], ["published", "amended"])
    assert last(plan).entry == last(other).entry
    assert str(row.pk) not in held(plan)["goals"]
    assert str(row.pk) in held(other)["goals"]


def test_publication_that_is_taken_back_stays_and_says_so(plan, by):
    draft = strategies.unpublish_strategy(plan, version=plan.version, **by)
    draft = strategies.edit_strategy(draft, version=draft.version, narrative="Still less paper.", because="", **by)
    assert kinds(plan) == ["published", "taken_back"]
    assert held(plan)["goals"] == {}

    with pytest.raises(ValidationError, match="Say what changed"):
        strategies.publish_strategy(draft, version=draft.version, because="", **by)
    strategies.publish_strategy(draft, version=draft.version, because="It was too early.", **by)
    assert kinds(plan) == ["published", "taken_back", "published"]
    assert_differences_add_up(plan)


def test_archiving_changes_nothing_that_a_strategy_says(plan, by):
    archived = strategies.archive_strategy(plan, version=plan.version, **by)
    row = strategies.edit_strategy(
        archived, version=archived.version, narrative="It is over.", because="A last word.", **by
    )
    strategies.restore_strategy(row, version=row.version, **by)

    assert kinds(plan) == ["published", "amended"]


def test_draft_that_was_published_once_can_be_removed(plan, by):
    draft = strategies.unpublish_strategy(plan, version=plan.version, **by)
    strategies.remove_strategy(draft, version=draft.version, **by)

    assert Edition.objects.count() == 2


def test_first_edition_needs_no_reason(by):
    draft = strategies.create_strategy(title="Another", **by)
    goals.create_goal(title="Else", strategy=draft, **by)
    published = strategies.publish_strategy(draft, version=draft.version, because="", **by)

    assert kinds(published) == ["published"]


def test_what_nobody_was_asked_for_needs_no_reason(plan):
    row = goal("Growth")
    system: Any = SYSTEM
    goals.edit_goal(row, actor=system, at=LATER, version=row.version, weight=3)

    made = last(plan)
    assert (made.kind, made.because, made.person) == ("amended", "", None)


def test_goals_for_leaders_are_noted(plan, by):
    growth, retention = goal("Growth"), goal("Retention")
    row = goals.edit_goal(growth, version=growth.version, visibility=Visibility.LEADERS, because="Secret.", **by)
    row = goals.edit_goal(row, version=row.version, weight=2, because="Still secret.", **by)
    goals.edit_goal(row, version=row.version, visibility=Visibility.COMPANY, because="Not any more.", **by)

    noted = [list(each.goals.values_list("goal", "hidden")) for each in plan.editions.filter(number__gt=1)]
    assert noted == [[(growth.pk, True)], [(growth.pk, True)], [(growth.pk, False)]]
    assert confidential_in(held(plan, 3)) == {growth.pk, retention.pk}
    assert confidential_in(held(plan, 4)) == set()


def test_goal_that_leaves_from_below_one_for_leaders_is_noted_as_hidden(plan, by):
    other = strategies.create_strategy(title="Another", **by)
    goals.create_goal(title="Else", strategy=other, **by)
    other = strategies.publish_strategy(other, version=other.version, **by)
    growth, row = goal("Growth"), goal("Retention")
    goals.edit_goal(growth, version=growth.version, visibility=Visibility.LEADERS, because="Secret.", **by)
    goals.move_goal(row, version=row.version, strategy=other, because="It belongs there.", **by)

    assert list(last(plan).goals.values_list("goal", "says", "hidden")) == [(row.pk, None, True)]


def test_members_see_the_editions_that_changed_something_they_see(plan, by):
    member = make.PersonFactory()
    growth = goal("Growth")
    row = goals.edit_goal(growth, version=growth.version, visibility=Visibility.LEADERS, because="Secret.", **by)
    strategies.edit_strategy(plan, version=plan.version, narrative="No paper.", because="None at all.", **by)
    assert [each.number for each in Edition.objects.visible_to(member).order_by("number")] == [1, 3]

    goals.edit_goal(row, version=row.version, visibility=Visibility.COMPANY, because="Not any more.", **by)
    assert [each.number for each in Edition.objects.visible_to(member).order_by("number")] == [1, 3, 4]
    assert Edition.objects.visible_to(by["actor"]).count() == 4


def test_what_was_taken_back_is_for_leaders(plan, by):
    member = make.PersonFactory()
    draft = strategies.unpublish_strategy(plan, version=plan.version, **by)
    assert not Edition.objects.visible_to(member).exists()
    strategies.publish_strategy(draft, version=draft.version, because="Better now.", **by)

    assert [each.number for each in Edition.objects.visible_to(member)] == [3]


@pytest.mark.parametrize(
    "write", [lambda row: row.save(), lambda row: row.delete(), lambda _row: Edition.objects.update(because="Other")]
)
def test_edition_does_not_change(write, plan):
    with pytest.raises((InternalError, DatabaseError), match="Cannot"), transaction.atomic():
        write(Edition.objects.get())


@pytest.mark.parametrize("number", [1, 3])
def test_editions_are_numbered_without_a_gap(number, plan):
    made = Edition(strategy=plan, number=number, at=NOW, kind=EditionKind.AMENDED, says={}, of_strategy=True)
    with pytest.raises(IntegrityError, match="cannot follow"), transaction.atomic():
        made.save()


def test_check_in_asks_for_no_edition(plan, by):
    """What the log tells is enough to know that none follows."""
    measure = Measure.objects.get()
    with CaptureQueriesContext(connection) as seen:
        measures.check_in(measure, version=measure.version, value=Decimal(3), **by)

    assert not [query for query in seen if "strategy_edition" in query["sql"]]


def test_edition_takes_the_same_number_of_queries_however_many_goals_there_are(plan, by):
    def asked(weight: int) -> int:
        row = goal("Growth")
        with CaptureQueriesContext(connection) as seen:
            goals.edit_goal(row, version=row.version, weight=weight, because="More.", **by)
        return len([query for query in seen if "strategy_edition" in query["sql"]])

    before = asked(2)
    for number in range(30):
        make.MeasureFactory(goal=make.GoalFactory(parent=goal("Growth"), title=f"More {number}"))
    assert asked(3) == before == 4


def test_edition_says_what_others_wrote_while_it_waited_for_its_turn(plan, by, monkeypatch):
    """Somebody else renames the strategy, whose edition is written first."""

    def others_first(_lock: object) -> None:
        Strategy.objects.update(title="Renamed")
        plan.refresh_from_db()
        add_edition(plan, snapshots([plan])[plan.pk] | {"goals": snapshot_of(last(plan))["goals"]})

    monkeypatch.setattr(editions, "lock", others_first)
    goals.edit_goal(goal("Growth"), version=goal("Growth").version, weight=3, because="More.", **by)

    made = last(plan)
    assert (made.number, made.says["title"], made.of_strategy) == (3, "Renamed", False)
