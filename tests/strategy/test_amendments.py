"""Amendments: what several people plan of a published strategy, and what publishing it does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from alignment import edition_effects
from lib.services.errors import RefusedError, StaleError
from strategy.enums import EditKind
from strategy.models import Amendment, AmendmentEdit, Goal, Measure
from strategy.selectors.amendments import (
    amendment_for_goal,
    amendment_version,
    edits_of,
    open_amendment_of,
    planned,
    planned_for,
    version_of,
)
from strategy.selectors.differences import difference
from strategy.selectors.prepared import prepared
from strategy.selectors.snapshots import snapshot_of
from strategy.services import goals, measures, strategies
from strategy.services.preparing import amendments
from strategy.services.preparing.amending import meaning_by_default
from teams.enums import Role
from teams.models import LogEntry, Person
from tests import factories as make
from tests.factories import NOW
from tests.strategy.editions import assert_differences_add_up, assert_editions_are_up_to_date

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
    """Published: Growth with a measure, Retention below it, and Quality."""
    made = {"actor": leader, "at": NOW}
    draft = strategies.create_strategy(title="The plan", narrative="Less paper.", **made)
    growth = goals.create_goal(title="Growth", why="We must.", strategy=draft, **made)
    goals.create_goal(title="Retention", parent=growth, **made)
    goals.create_goal(title="Quality", strategy=draft, **made)
    measures.create_measure(growth, title="Customers", target=Decimal(20), unit="a month", **made)
    return strategies.publish_strategy(draft, version=draft.version, **made)


@pytest.fixture
def amendment(plan, by):
    return amendments.open_amendment(plan, **by)


def goal(title: str) -> Goal:
    return Goal.objects.get(title=title)


def plans(
    amendment: Amendment, kind: EditKind, by: dict, *, of: Goal | Measure | None = None, **values
) -> AmendmentEdit:
    """Plans it as somebody who has just opened the form."""
    about: dict[str, Any] = {}
    if isinstance(of, Measure):
        about = {"measure": of, "goal": of.goal}
    elif of is not None:
        about = {"goal": of}
    edit = None if kind == EditKind.NEW_MEASURE else planned_for(amendment, kind, **about)
    version = version_of(of or amendment.strategy, edit)
    return amendments.plan_edit(amendment, step=kind, version=version, **about, **values, **by)


def publish(amendment: Amendment, by: dict, because: str = "We learned.") -> Amendment:
    version = amendment_version(Amendment.objects.get(pk=amendment.pk))
    return amendments.publish_amendment(amendment, version=version, because=because, **by)


def whole(amendment: Amendment, by: dict) -> None:
    """An edit of each kind."""
    draft = goals.create_goal(title="Reach", parent=goal("Quality"), **by)
    plans(amendment, EditKind.STRATEGY, by, narrative="Less paper, and fewer forms.")
    plans(amendment, EditKind.GOAL, by, of=goal("Growth"), weight=Decimal(3), visibility="company")
    plans(amendment, EditKind.GOAL, by, of=goal("Quality"), title="Fewer faults")
    plans(amendment, EditKind.MOVE, by, of=goal("Growth"), parent=goal("Quality"))
    plans(amendment, EditKind.CLOSING, by, of=goal("Retention"), status="dropped", reason="They stay anyway.")
    plans(amendment, EditKind.ACTIVATION, by, of=draft)
    plans(
        amendment, EditKind.NEW_MEASURE, by, of=goal("Quality"), title="Faults", target=Decimal(1), baseline=Decimal(9)
    )
    plans(amendment, EditKind.MEASURE, by, of=Measure.objects.get(title="Customers"), target=Decimal(30))


def test_publishing_does_all_of_it_in_one_edition(plan, amendment, by):
    whole(amendment, by)
    assert plan.editions.count() == 1
    assert goal("Growth").weight == 1
    publish(amendment, by, because="  We learned.\n")

    edition = plan.editions.get(number=2)
    assert (edition.kind, edition.because, edition.person) == ("amended", "We learned.", by["actor"])
    assert edition.entry.action == "strategy.amended"
    assert edition.goals.count() == 4
    quality = goal("Fewer faults")
    assert (goal("Growth").weight, goal("Growth").parent) == (3, quality)
    assert (goal("Retention").status, goal("Retention").closing_reason) == ("dropped", "They stay anyway.")
    assert (goal("Reach").status, goal("Reach").parent) == ("active", quality)
    assert quality.measures.get().target == 1
    assert goal("Growth").measures.get().target == 30
    assert_differences_add_up(plan)
    assert_editions_are_up_to_date()
    amendment.refresh_from_db()
    assert (amendment.state, amendment.because, amendment.ended_by) == ("published", "We learned.", by["actor"])


def test_what_it_would_change_is_what_its_edition_tells(plan, amendment, by):
    whole(amendment, by)
    before = snapshot_of(plan.editions.get(number=1))
    shown = prepared(plan, planned(plan, edits_of(amendment)))
    publish(amendment, by)
    told = difference(before, snapshot_of(plan.editions.get(number=2)))

    assert shown.fields == told.fields
    assert [change.pk for change in shown.goals] == [change.pk for change in told.goals]
    for mine, theirs in zip(shown.goals, told.goals, strict=True):
        assert (mine.fields, mine.is_moved) == (theirs.fields, theirs.is_moved)
        assert [(each.title, each.fields) for each in mine.measures] == [
            (each.title, each.fields) for each in theirs.measures
        ]


def test_dropping_leaves_what_is_published_and_the_drafts(plan, amendment, by):
    whole(amendment, by)
    amendments.drop_amendment(amendment, version=amendment_version(amendment), **by)

    assert plan.editions.count() == 1
    assert (goal("Reach").status, goal("Quality").title) == ("draft", "Quality")
    assert open_amendment_of(plan) is None
    with pytest.raises(RefusedError, match="dropped already"):
        plans(amendment, EditKind.STRATEGY, by, title="Another")


def test_closing_says_what_was_learned_and_what_takes_its_place(plan, amendment, by):
    said = {"status": "missed", "reason": "Too late.", "learned": "Begin with the price."}
    edit = plans(amendment, EditKind.CLOSING, by, of=goal("Retention"), successors=[goal("Quality")], **said)
    assert edit.changes["successors"] == [[], [goal("Quality").pk]]
    (row,) = planned(plan, [edit])
    assert (row.is_open, row.left) == (False, edit.changes)
    publish(amendment, by)

    closed = goal("Retention")
    assert (closed.status, closed.learned) == ("missed", "Begin with the price.")
    assert [*closed.successors.all()] == [goal("Quality")]
    assert not planned(plan, [edit])[0].left


def test_goals_may_change_places(plan, amendment, by):
    """Growth goes below Retention, which is below it until it has gone to the top."""
    plans(amendment, EditKind.MOVE, by, of=goal("Retention"), strategy=plan)
    plans(amendment, EditKind.MOVE, by, of=goal("Growth"), parent=goal("Retention"))
    publish(amendment, by)

    assert (goal("Retention").parent, goal("Growth").parent) == (None, goal("Retention"))


def test_an_edit_is_refused_as_its_service_refuses_it(amendment, by):
    with pytest.raises(RefusedError, match="cannot go below “Retention"):
        plans(amendment, EditKind.MOVE, by, of=goal("Growth"), parent=goal("Retention"))
    with pytest.raises(ValidationError, match="above 0"):
        plans(amendment, EditKind.GOAL, by, of=goal("Growth"), weight=Decimal(0))
    with pytest.raises(ValidationError, match="Say why"):
        plans(amendment, EditKind.CLOSING, by, of=goal("Growth"), status="missed", reason=" ")
    assert not AmendmentEdit.objects.exists()


def test_what_is_in_no_edition_is_not_planned(amendment, by):
    own = make.GoalFactory(title="Ours", team=make.TeamFactory(), strategy=None, parent=goal("Growth"))
    elsewhere = make.GoalFactory(title="Elsewhere", strategy=make.StrategyFactory())
    draft = goals.create_goal(title="Reach", parent=goal("Quality"), **by)

    with pytest.raises(RefusedError, match="team’s own goal"):
        plans(amendment, EditKind.GOAL, by, of=own, title="Theirs")
    with pytest.raises(RefusedError, match="not in this strategy"):
        plans(amendment, EditKind.GOAL, by, of=elsewhere, title="Here")
    with pytest.raises(RefusedError, match="is a draft"):
        plans(amendment, EditKind.GOAL, by, of=draft, title="Far reach")
    with pytest.raises(RefusedError, match="is active already"):
        plans(amendment, EditKind.ACTIVATION, by, of=goal("Growth"))
    with pytest.raises(ValidationError, match="changes at once") as refused:
        plans(amendment, EditKind.GOAL, by, of=goal("Growth"), title="Larger", owner=by["actor"])
    assert [*refused.value.error_dict] == ["owner"]


def test_a_stale_plan_is_not_saved(amendment, by):
    """Neither over what somebody else planned, nor over what somebody else published."""
    growth = goal("Growth")
    opened = version_of(growth, None)
    plans(amendment, EditKind.GOAL, by, of=growth, title="Larger")
    with pytest.raises(StaleError):
        amendments.plan_edit(amendment, step=EditKind.GOAL, goal=growth, version=opened, title="Smaller", **by)

    quality = goal("Quality")
    opened = version_of(quality, None)
    goals.edit_goal(quality, version=quality.version, weight=2, because="So it is.", **by)
    with pytest.raises(StaleError):
        amendments.plan_edit(amendment, step=EditKind.GOAL, goal=quality, version=opened, title="Faults", **by)


def test_planning_again_is_one_edit_and_saying_what_is_so_takes_it_out(amendment, by):
    growth = goal("Growth")
    plans(amendment, EditKind.GOAL, by, of=growth, title="Larger", why="We must.")
    edit = plans(amendment, EditKind.GOAL, by, of=growth, title="Large", why="We want to.")
    assert [each.changes for each in edits_of(amendment)] == [
        {"title": ["Growth", "Large"], "why": ["We must.", "We want to."]}
    ]
    version = edit.version
    edit = plans(amendment, EditKind.GOAL, by, of=growth, title="Growth", why="We must.")
    assert not edits_of(amendment)
    assert edit.version > version


@pytest.mark.parametrize(("keeps", "title"), [(True, "Larger"), (False, "Smaller")])
def test_what_somebody_else_changed_meanwhile_is_decided_about(plan, amendment, by, keeps, title):
    edit = plans(amendment, EditKind.GOAL, by, of=goal("Growth"), title="Larger", weight=Decimal(3))
    growth = goal("Growth")
    goals.edit_goal(growth, version=growth.version, title="Smaller", meaning_changed=False, because="So.", **by)
    (row,) = planned(plan, [edit])
    assert [(each.field, each.before, each.planned, each.now) for each in row.conflicts] == [
        ("title", "Growth", "Larger", "Smaller")
    ]
    with pytest.raises(RefusedError, match="Decide about “Smaller” first"):
        publish(amendment, by)
    with pytest.raises(RefusedError, match="Decide about"):
        edition_effects.amending(amendment, reader=by["actor"], at=LATER)

    assert row.row is not None
    version = version_of(row.row, row.edit)
    amendments.settle_conflict(edit, version=version, field="title", keeps=keeps, **by)
    publish(amendment, by)
    assert (goal(title).pk, goal(title).weight) == (growth.pk, 3)


def test_planning_again_decides_nothing_that_somebody_else_changed_meanwhile(plan, amendment, by):
    """Who plans 6 now may not have seen that it is 4."""
    plans(amendment, EditKind.GOAL, by, of=goal("Growth"), weight=Decimal(5))
    growth = goal("Growth")
    goals.edit_goal(growth, version=growth.version, weight=Decimal(4), because="At once.", **by)
    edit = plans(amendment, EditKind.GOAL, by, of=goal("Growth"), weight=Decimal(6))

    assert edit.changes == {"weight": ["1", "6"]}
    with pytest.raises(RefusedError, match="Decide about “Growth” first"):
        publish(amendment, by)


def test_step_that_is_done_as_a_whole_is_decided_about_at_once(plan, amendment, by):
    """Somebody else changed two things of the measure that was to go."""
    measure = Measure.objects.get()
    edit = plans(amendment, EditKind.NO_MEASURE, by, of=measure)
    measures.edit_measure(measure, version=measure.version, title="Clients", target=Decimal(9), because="So.", **by)
    (row,) = planned(plan, [edit])
    assert {each.field for each in row.conflicts} == {"title", "target"}
    version = version_of(row.row or plan, row.edit)
    amendments.settle_conflict(edit, version=version, field="title", keeps=True, **by)

    publish(amendment, by)
    assert not Measure.objects.exists()


def test_what_somebody_else_took_away_or_ended_is_taken_out(plan, amendment, by):
    edit = plans(amendment, EditKind.CLOSING, by, of=goal("Growth"), status="missed", reason="No.")
    customers = Measure.objects.get()
    gone = plans(amendment, EditKind.MEASURE, by, of=customers, target=Decimal(30))
    goals.close_goal(goal("Growth"), version=goal("Growth").version, status="achieved", reason="Yes.", **by)
    measures.remove_measure(customers, version=customers.version, because="No.", **by)

    rows = planned(plan, edits_of(amendment))
    assert [(row.is_open, row.may_be_kept) for row in rows] == [(True, False), (True, False)]
    with pytest.raises(RefusedError, match="Decide about"):
        publish(amendment, by)
    for each in (edit, gone):
        amendments.withdraw_edit(each, version=each.version, **by)
    with pytest.raises(RefusedError, match="plans nothing"):
        publish(amendment, by)


def test_what_is_refused_when_it_is_published_names_its_goal(amendment, by):
    plans(amendment, EditKind.NEW_MEASURE, by, of=goal("Growth"), title="New", target=Decimal(1))
    goals.close_goal(goal("Growth"), version=goal("Growth").version, status="achieved", reason="Yes.", **by)

    with pytest.raises(RefusedError, match="“Growth”: This goal is closed"):
        publish(amendment, by)
    assert not Measure.objects.filter(title="New").exists()


def test_nothing_is_planned_or_published_of_what_was_archived_meanwhile(plan, amendment, by):
    plans(amendment, EditKind.GOAL, by, of=goal("Growth"), weight=Decimal(5))
    strategies.archive_strategy(plan, version=plan.version, **by)
    for step in (
        lambda: publish(amendment, by),
        lambda: plans(amendment, EditKind.GOAL, by, of=goal("Quality"), weight=Decimal(5)),
    ):
        with pytest.raises(RefusedError, match="“The plan” is archived"):
            step()


def test_publishing_needs_a_reason_and_what_was_on_view(amendment, by):
    plans(amendment, EditKind.GOAL, by, of=goal("Growth"), title="Larger")
    with pytest.raises(ValidationError, match="Say what changed, and why"):
        publish(amendment, by, because=" ")
    opened = amendment_version(amendment)
    plans(amendment, EditKind.GOAL, by, of=goal("Quality"), title="Less")
    with pytest.raises(StaleError):
        amendments.publish_amendment(amendment, version=opened, because="So.", **by)


def test_meaning_is_asked_once_a_goal(plan, amendment, by):
    long = "We want customers who come back, as those cost us less than new ones do, and tell others about us."
    cases: list[Any] = [
        ({"why": [long, long.replace("cost us less", "cost less")]}, False),
        ({"why": [long, "They pay more."]}, True),
        ({"kind": ["committed", "aspirational"]}, True),
        ({"ends_on": [None, "2026-12-31"]}, True),
        ({"weight": ["1", "2"]}, False),
    ]
    assert [meaning_by_default(changes) for changes, _meant in cases] == [meant for _changes, meant in cases]

    edit = plans(amendment, EditKind.GOAL, by, of=goal("Growth"), title="Otherwise")
    assert edit.meaning_changed is None
    amendments.say_meaning(edit, version=edit.version, meaning_changed=False, **by)
    plans(amendment, EditKind.GOAL, by, of=goal("Quality"), title="Also otherwise")
    publish(amendment, by)
    assert goal("Otherwise").meaning_changed_on is None
    assert goal("Also otherwise").meaning_changed_on == LATER.date()


def test_a_strategy_has_one_amendment_for_those_who_may(plan, amendment, by):
    with pytest.raises(RefusedError, match="has an open amendment already"):
        amendments.open_amendment(plan, **by)
    with pytest.raises(RefusedError, match="Only a published strategy is amended"):
        amendments.open_amendment(make.StrategyFactory(status="draft"), **by)

    owner, member = make.PersonFactory(), make.PersonFactory()
    strategies.edit_strategy(plan, version=plan.version, owner=owner, **by)
    seen = {person: Amendment.objects.visible_to(person).exists() for person in (by["actor"], owner, member)}
    assert seen == {by["actor"]: True, owner: True, member: False}
    plan.refresh_from_db()
    amendment.refresh_from_db()
    plans(amendment, EditKind.STRATEGY, by, title="Of the owner")
    with pytest.raises(PermissionDenied):
        plans(amendment, EditKind.STRATEGY, {"actor": member, "at": LATER}, title="Mine")
    with pytest.raises(PermissionDenied):
        publish(amendment, {"actor": owner, "at": LATER})


def test_who_only_reads_sees_the_amendment_of_what_they_own_and_plans_nothing_in_it(plan, amendment, by):
    owner = make.PersonFactory()
    strategies.edit_strategy(plan, version=plan.version, owner=owner, **by)
    assert amendment_for_goal(owner, goal("Growth")) == amendment

    Person.objects.filter(pk=owner.pk).update(role=Role.VIEWER)
    viewer = Person.objects.get(pk=owner.pk)
    assert Amendment.objects.visible_to(viewer).exists()
    assert amendment_for_goal(viewer, goal("Growth")) is None


def test_the_log_says_who_did_what(plan, amendment, by):
    edit = plans(amendment, EditKind.GOAL, by, of=goal("Growth"), title="Larger")
    amendments.withdraw_edit(edit, version=edit.version, **by)
    version = amendment_version(amendment)
    amendments.explain_amendment(amendment, version=version, because="So.", **by)
    plans(amendment, EditKind.GOAL, by, of=goal("Growth"), title="Large")
    publish(amendment, by)

    told = LogEntry.objects.filter(subject_kind="amendment").order_by("id")
    assert [entry.action.partition(".")[2] for entry in told] == [
        *("opened", "planned", "withdrawn", "explained", "planned", "published")
    ]
    assert {(ref.kind, ref.object_id) for ref in told[1].refs.all()} == {
        ("amendment", amendment.pk),
        ("strategy", plan.pk),
    }
    amended, edited, _published = LogEntry.objects.order_by("-id")[:3][::-1]
    assert (amended.action, amended.note, edited.action) == (
        "strategy.amended",
        {"amendment": amendment.pk},
        "goal.edited",
    )
