"""What moved coverage, in sentences that add up."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from alignment.engine import Figures
from alignment.history.movements import Moved, Movement
from alignment.models import Link
from alignment.narrative.causes import DAYS, ToldCauses, apportioned, found, told_as
from alignment.refresh.recompute import recompute_alignment
from alignment.services.links import make_link, remove_link
from digest.registry import Batch
from strategy.models import Goal
from strategy.services.goals import close_goal
from strategy.services.strategies import archive_strategy, restore_strategy
from teams.models import LogEntry
from teams.services.initiatives import change_status
from tests import factories as make
from tests.factories import NOW
from tests.firm import SECRET

LATER = NOW + dt.timedelta(days=2)


def entry(action: str, **changes) -> LogEntry:
    return LogEntry(action=action, subject_kind=action.split(".")[0], changes=changes)


def movement(*moved: tuple[str, float | None]) -> Movement:
    """Causes of these actions, by tenths of a point."""
    causes = [Moved(entry(action), None if tenths is None else tenths / 1000, 0) for action, tenths in moved]
    return Movement(Figures(), tuple(causes))


def told(movement: Movement, limit: int = 4) -> list[tuple[str, int]]:
    return [
        (reason.told.many.format(count=len(reason.entries)), reason.tenths)
        if len(reason.entries) > 1
        else (reason.told.one, reason.tenths)
        for reason in found(movement, limit)
    ]


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        ([], []),
        ([32.0, -4.0], [32, -4]),
        ([1.4, 1.4, 1.4], [2, 1, 1]),
        ([-1.4, -1.4, -1.4], [-1, -1, -2]),
        ([0.4, 0.4], [1, 0]),
        ([2.6, -2.6], [3, -3]),
    ],
)
def test_parts_add_up_to_the_whole_as_rounded(values, whole):
    found = apportioned(values)
    assert sorted(found) == sorted(whole)
    assert sum(found) == round(sum(values))


def test_largest_changes_come_first_and_what_changed_nothing_is_left_out():
    moved = movement(("link.made", 3), ("link.endorsed", 0), ("goal.closed", -8), ("link.edited", None))
    assert told(moved) == [("Closing {goal}", -8), ("Linking {work} to {goal}", 3)]


def test_days_that_passed_are_one_cause():
    moved = movement((DAYS, -2), (DAYS, 0), ("link.made", 5), (DAYS, -1))
    assert told(moved) == [("Linking {work} to {goal}", 5), ("The passing of days", -3)]


def test_many_small_changes_are_told_by_their_sort():
    moved = movement(
        ("strategy.published", 40), *[("link.made", 2)] * 9, *[("link.removed", -1)] * 3, *[("goal.closed", -1)] * 2
    )
    assert told(moved) == [
        ("Publishing {strategy}", 40),
        ("9 new links", 18),
        ("Taking away 3 links", -3),
        ("Closing 2 goals", -2),
    ]


def test_what_there_is_no_room_for_comes_last_as_one():
    moved = movement(
        ("strategy.published", 60),
        ("goal.closed", -30),
        ("link.made", 5),
        ("link.made", 4),
        ("goal.moved", 3),
        ("initiative.created", -2),
    )
    assert told(moved, limit=3) == [
        ("Publishing {strategy}", 60),
        ("Closing {goal}", -30),
        ("2 new links", 9),
        ("2 other changes", 1),
    ]


STATUS, KIND, EDITED = "initiative.status_changed", "initiative.kind_declared", "initiative.edited"


@pytest.mark.parametrize(
    ("action", "changes", "words"),
    [
        (STATUS, {"status": ["active", "paused"]}, "Pausing {work}"),
        (STATUS, {"status": ["proposed", "active"]}, "Starting {work}"),
        (STATUS, {"status": ["done", "active"]}, "Taking up {work} again"),
        (STATUS, {"status": ["done", "proposed"]}, "Putting {work} back to the proposals"),
        (KIND, {"kind": ["goal", "explore"]}, "Declaring {work} an exploration"),
        (KIND, {"declaration": ["a", "b"]}, "Editing {work}"),
        (EDITED, {"effort": ["1", "4"], "title": ["a", "b"]}, "Sizing {work} anew"),
        (EDITED, {"team": [1, 2], "effort": ["1", "4"]}, "Handing {work} to another team"),
        (EDITED, {"origin": ["team", "assigned"]}, "Editing {work}"),
        ("initiative.undone", {"effort": ["1", "4"]}, "Undoing an edit of {work}"),
        ("goal.closed", {"status": ["active", "missed"]}, "Closing {goal}"),
        ("company.tested", {}, "Another change"),
    ],
)
def test_action_is_told_by_what_it_changed(action, changes, words):
    assert told_as(entry(action, **changes)).one == words


def test_work_that_was_proposed_and_work_that_was_made_are_counted_together():
    started = entry(STATUS, status=["proposed", "active"])
    assert told_as(started) is told_as(entry("initiative.created", title=[None, "New"]))
    assert told_as(entry("goal.created")) is not told_as(entry("goal.edited"))


def lines(person, since: dt.datetime = NOW) -> list[str]:
    batch = Batch([person], since, LATER)
    moved = batch.movements.of(None, batch.company.figures)
    return [line.text for line in ToldCauses(batch, {None: moved}, limit=4).lines(None, person)]


def test_sentences_name_what_moved_coverage(firm):
    """Of 14 discretionary weeks 7 were aligned; "Loose" has 1 more, and without "Half" 8 - 1 of 12 are left."""
    make_link(firm.work["loose"], firm.growth, "It grows.", actor=firm.leader, at=LATER)
    half = firm.work["half"]
    half.refresh_from_db()
    change_status(half, actor=firm.leader, at=LATER, version=half.version, status="paused")

    assert lines(firm.leader) == [
        "Linking “Loose” to “Growth” added 7.1\N{NO-BREAK SPACE}points.",
        "Pausing “Half” added 1.2\N{NO-BREAK SPACE}points.",
    ]


def test_sentences_lead_to_what_they_name(firm):
    make_link(firm.work["loose"], firm.growth, "It grows.", actor=firm.leader, at=LATER)
    batch = Batch([firm.leader], NOW, LATER)
    [line] = ToldCauses(batch, {None: batch.movements.of(None, batch.company.figures)}, limit=4).lines(
        None, firm.leader
    )
    assert [span.path for span in line.said if span.path] == ["/initiatives/loose/", "/goals/growth/"]


def test_confidential_goal_is_not_named_to_who_may_not_see_it(firm):
    secret = Goal.objects.get(pk=firm.secret.pk)
    close_goal(secret, actor=firm.leader, at=LATER, version=secret.version, status="dropped", reason="Over.")
    batch = Batch([firm.member, firm.leader], NOW, LATER)
    reasons = ToldCauses(batch, {None: batch.movements.of(None, batch.company.figures)}, limit=4)
    to_member, to_leader = reasons.lines(None, firm.member), reasons.lines(None, firm.leader)

    assert [line.text for line in to_member] == ["Closing a confidential goal took 14.3\N{NO-BREAK SPACE}points."]
    assert [line.text for line in to_leader] == [f"Closing “{SECRET}” took 14.3\N{NO-BREAK SPACE}points."]
    kept = json.dumps([[(span.text, span.path) for span in line.said] for line in to_member])
    assert SECRET not in kept
    assert "hidden" not in kept


def test_what_is_gone_has_no_name(firm):
    link = Link.objects.get(initiative=firm.work["half"])
    remove_link(link, actor=firm.leader, at=LATER)
    assert lines(firm.leader) == ["Taking away the link of “Half” to “Retention” took 7.1\N{NO-BREAK SPACE}points."]

    loose = make_link(firm.work["loose"], make.GoalFactory(strategy=firm.strategy), "So.", actor=firm.leader, at=LATER)
    remove_link(loose, actor=firm.leader, at=LATER)
    loose.goal.delete()
    said = lines(firm.leader)
    assert "Linking “Loose” to a goal that is gone added 7.1\N{NO-BREAK SPACE}points." in said


def test_days_that_pass_say_what_they_brought(firm):
    Goal.objects.filter(pk=firm.secret.pk).update(ends_on=NOW.date() - dt.timedelta(days=14))
    recompute_alignment(as_of=LATER.date(), at=LATER)
    batch = Batch([firm.leader], NOW, LATER)
    [line] = ToldCauses(batch, {None: batch.movements.of(None, batch.company.figures)}, limit=4).lines(
        None, firm.leader
    )
    assert line.text == "The passing of days took 14.3\N{NO-BREAK SPACE}points."
    assert line.detail == "Goals or strategies began, or came to their end."


def test_what_cancels_out_is_told_on_both_sides(firm):
    firm.strategy.refresh_from_db()
    archived = archive_strategy(firm.strategy, actor=firm.leader, at=LATER, version=firm.strategy.version)
    restore_strategy(archived, actor=firm.leader, at=LATER)
    assert set(lines(firm.leader)) == {
        "Archiving “The plan” took 50.0\N{NO-BREAK SPACE}points.",
        "Restoring “The plan” added 50.0\N{NO-BREAK SPACE}points.",
    }
