"""What services refuse, and in which words: the refusals that no story of its own tells of."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from lib.services.errors import RefusedError
from strategy.enums import AmendmentState, EditKind, MeasureKind
from strategy.models import Amendment
from strategy.services import goal_rules
from strategy.services.archiving import archive_team
from strategy.services.decisions import conclude_decision, reopen_decision
from strategy.services.goals import activate_goal, close_goal, create_goal, move_goal, remove_goal, reopen_goal
from strategy.services.measures import check_in, create_measure
from strategy.services.preparing import amendments
from teams.models import Person
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


def amendment_of(leader: Person, **values: Any) -> Amendment:
    row = amendments.open_amendment(make.StrategyFactory(), actor=leader, at=NOW)
    if values:
        Amendment.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    return row


def closing(**values: Any) -> Callable[..., Any]:
    return lambda by: close_goal(goal := make.GoalFactory(**values), version=goal.version, status="missed", **by)


REFUSED: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "archive an archived team": (
        lambda by: archive_team(team := make.TeamFactory(name="Crew", archived_on=DAY), version=team.version, **by),
        "Crew is archived already.",
    ),
    "conclude what is decided": (
        lambda by: conclude_decision(row := make.DecidedFactory(title="Sell"), version=row.version, **by),
        "“Sell” is decided already.",
    ),
    "reopen a draft of a decision": (
        lambda by: reopen_decision(
            row := make.DecisionFactory(title="Sell", status="draft"), version=row.version, **by
        ),
        "“Sell” is a draft already.",
    ),
    "activate a goal of a draft strategy": (
        lambda by: activate_goal(
            goal := make.GoalFactory(strategy=make.StrategyFactory(title="Plan", status="draft"), status="draft"),
            version=goal.version,
            **by,
        ),
        "“Plan” is a draft. Publish it, and its goals become active with it.",
    ),
    "close a draft": (
        lambda by: closing(title="Grow", status="draft")({**by, "reason": "Over."}),
        "“Grow” is a draft. Remove it, if it is not wanted.",
    ),
    "close without a reason": (
        lambda by: closing(title="Grow")({**by, "reason": " \n"}),
        "Say why: the teams that worked on it will read it.",
    ),
    "reopen a draft": (
        lambda by: reopen_goal(goal := make.GoalFactory(title="Grow", status="draft"), version=goal.version, **by),
        "“Grow” is not closed: it is a draft.",
    ),
    "reopen what is active": (
        lambda by: reopen_goal(goal := make.GoalFactory(title="Grow"), version=goal.version, **by),
        "“Grow” is not closed: it is active.",
    ),
    "remove an active goal that was imported": (
        lambda by: remove_goal(
            goal := make.GoalFactory(title="Grow", team=make.TeamFactory()), version=goal.version, **by
        ),
        "“Grow” was imported, so others know of it elsewhere. Close it instead.",
    ),
    "a milestone that is half reached": (
        lambda by: create_measure(
            make.GoalFactory(), title="Opened", kind=MeasureKind.MILESTONE, current=Decimal("0.5"), **by
        ),
        "A milestone is reached or not: give 1 or 0.",
    ),
    "check in a milestone as half reached": (
        lambda by: check_in(
            row := make.MeasureFactory(kind=MeasureKind.MILESTONE, baseline=0, target=1, current=0),
            version=row.version,
            value=Decimal("0.5"),
            **by,
        ),
        "A milestone is reached or not: give 1 or 0.",
    ),
    "plan a team's own goal": (
        lambda by: amendments.plan_edit(
            amendment_of(by["actor"]),
            step=EditKind.GOAL,
            version=0,
            goal=make.GoalFactory(title="Ours", team=make.TeamFactory()),
            title="Theirs",
            **by,
        ),
        "“Ours” is a team’s own goal, which is in no edition. Change it at once.",
    ),
    "drop what was published": (
        lambda by: amendments.drop_amendment(
            row := amendment_of(by["actor"], state=AmendmentState.PUBLISHED, ended_at=NOW), version=row.version, **by
        ),
        "This amendment is published already. Begin another one.",
    ),
    "explain what was dropped": (
        lambda by: amendments.explain_amendment(
            row := amendment_of(by["actor"], state=AmendmentState.DROPPED, ended_at=NOW),
            version=row.version,
            because="Why.",
            **by,
        ),
        "This amendment is dropped already. Begin another one.",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_in_words(what: str) -> None:
    call, words = REFUSED[what]
    with pytest.raises((RefusedError, ValidationError)) as refused:
        call({"actor": make.LeaderFactory(), "at": NOW})
    error = refused.value
    assert words in (error.messages[0] if isinstance(error, ValidationError) else str(error))


def test_goals_are_as_deep_as_the_limit_and_no_deeper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three levels here: a goal with one below it fits below a root, and not below what is below that."""
    monkeypatch.setattr(goal_rules, "TREE_DEPTH_LIMIT", 3)
    by: dict[str, Any] = {"actor": make.LeaderFactory(), "at": NOW}
    root = make.GoalFactory()
    second = make.GoalFactory(parent=root)
    third = create_goal(title="Third", parent=second, **by)
    with pytest.raises(RefusedError, match="Choose a place further up"):
        create_goal(title="Fourth", parent=third, **by)

    moved = make.GoalFactory()
    make.GoalFactory(parent=moved)
    with pytest.raises(RefusedError, match="Choose a place further up"):
        move_goal(moved, version=moved.version, parent=second, strategy=None, because="", **by)
    assert (
        move_goal(moved, version=moved.version, parent=root, strategy=None, because="It fits.", **by).path[0] == root.pk
    )
