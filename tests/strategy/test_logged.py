"""Who did what to what, and when: the log's word of each service about strategies, goals and their context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from strategy.selectors.goals import goals_at
from strategy.services.citations import cite_for_goal
from strategy.services.context import (
    confirm_context_page,
    create_context_page,
    edit_context_page,
    remove_context_page,
    restore_context_page,
)
from strategy.services.decisions import (
    conclude_decision,
    create_decision,
    edit_decision,
    relate_decision,
    remove_decision,
    reopen_decision,
)
from strategy.services.goals import (
    activate_goal,
    close_goal,
    create_goal,
    edit_goal,
    move_goal,
    remove_goal,
    reopen_goal,
)
from strategy.services.measures import (
    check_in,
    correct_check_in,
    create_measure,
    edit_measure,
    remove_measure,
    undo_check_in,
)
from strategy.services.missions import set_mission
from strategy.services.ordering import order_goals
from strategy.services.personas import create_persona, edit_persona, remove_persona, set_personas
from strategy.services.strategies import (
    archive_strategy,
    create_strategy,
    edit_strategy,
    publish_strategy,
    remove_strategy,
    restore_strategy,
    unpublish_strategy,
)
from teams.models import LogEntry
from teams.services.undo import undo
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

AT = NOW + dt.timedelta(hours=3)
Does = Callable[[dict[str, Any]], tuple[str, int | None]]
"""Does it as somebody at some time; returns the kind and the id of what was done something to."""
CLOSED = {"status": "achieved", "closed_on": DAY, "closing_reason": "It is done."}


def of(row: Any, service: Any, by: dict[str, Any], **values: Any) -> tuple[str, int | None]:
    kind, pk = type(row).__name__.lower(), row.pk
    service(row, **by, version=row.version, **values)
    return kind, pk


def a_draft() -> Any:
    return make.GoalFactory(status="draft", strategy=make.StrategyFactory(status="draft")).strategy


def unpublished(by: dict[str, Any]) -> tuple[str, int | None]:
    row = publish_strategy(a_draft(), actor=make.LeaderFactory(), at=NOW, version=1)
    return "strategy", unpublish_strategy(row, **by).pk


def checked_in(by: dict[str, Any]) -> tuple[str, int | None]:
    return of(make.MeasureFactory(), check_in, by, value=Decimal(5))


def check_in_undone(by: dict[str, Any]) -> tuple[str, int | None]:
    made = check_in(make.MeasureFactory(), actor=make.LeaderFactory(), at=NOW, version=1, value=Decimal(5))
    return "measure", undo_check_in(made, **by).measure_id


def check_in_corrected(by: dict[str, Any]) -> tuple[str, int | None]:
    made = check_in(make.MeasureFactory(), actor=make.LeaderFactory(), at=NOW, version=1, value=Decimal(5))
    return "measure", correct_check_in(made, **by, version=2, value=Decimal(6)).measure_id


def page_restored(by: dict[str, Any]) -> tuple[str, int | None]:
    page = make.ContextPageFactory()
    pk = page.pk
    entry = remove_context_page(page, actor=make.LeaderFactory(), at=NOW, version=1)
    restore_context_page(entry, **by)
    return "contextpage", pk


def ordered(kind: str, by: dict[str, Any]) -> tuple[str, int | None]:
    above = make.GoalFactory(strategy=make.StrategyFactory())
    place: Any = above if kind == "goal" else above.strategy
    beside = {"parent": above} if kind == "goal" else {"strategy": above.strategy}
    make.GoalFactory.create_batch(2, **beside)
    seen = [goal.pk for goal in goals_at(place)]
    order_goals(place, **by, seen=seen, goals=seen[::-1])
    return kind, place.pk


def team_undone(by: dict[str, Any]) -> tuple[str, int | None]:
    team = make.TeamFactory()
    row = set_mission(team, actor=by["actor"], at=NOW, version=1, mission="New words", goals=[])
    return "team", undo(row, **by, version=2).pk


def related() -> dict[str, Any]:
    return {"goals": [make.GoalFactory()], "pages": [], "personas": []}


MEASURE: dict[str, Any] = {"title": "Orders", "unit": "", "baseline": Decimal(0), "target": Decimal(7)}
DONE: list[tuple[str, Does]] = [
    ("strategy.created", lambda by: ("strategy", create_strategy(**by, title="New").pk)),
    ("strategy.edited", lambda by: of(make.StrategyFactory(), edit_strategy, by, title="Other")),
    ("strategy.published", lambda by: of(a_draft(), publish_strategy, by)),
    ("strategy.unpublished", unpublished),
    ("strategy.archived", lambda by: of(make.StrategyFactory(), archive_strategy, by)),
    ("strategy.restored", lambda by: of(make.StrategyFactory(status="archived"), restore_strategy, by)),
    ("strategy.removed", lambda by: of(a_draft(), remove_strategy, by)),
    ("goal.created", lambda by: ("goal", create_goal(**by, title="New", strategy=make.StrategyFactory()).pk)),
    ("goal.edited", lambda by: of(make.GoalFactory(), edit_goal, by, weight=Decimal(2))),
    ("goal.activated", lambda by: of(make.GoalFactory(status="draft"), activate_goal, by)),
    ("goal.closed", lambda by: of(make.GoalFactory(), close_goal, by, status="missed", reason="Too late.")),
    ("goal.reopened", lambda by: of(make.GoalFactory(**CLOSED), reopen_goal, by)),
    ("goal.moved", lambda by: of(make.GoalFactory(), move_goal, by, parent=make.GoalFactory())),
    ("strategy.goals_ordered", lambda by: ordered("strategy", by)),
    ("goal.goals_ordered", lambda by: ordered("goal", by)),
    (
        "goal.related",
        lambda by: of(make.GoalFactory(), cite_for_goal, by, pages=[make.ContextPageFactory()], personas=[]),
    ),
    ("goal.removed", lambda by: of(make.GoalFactory(status="draft"), remove_goal, by)),
    ("measure.created", lambda by: ("measure", create_measure(make.GoalFactory(), **by, **MEASURE).pk)),
    ("measure.edited", lambda by: of(make.MeasureFactory(), edit_measure, by, **MEASURE)),
    ("measure.removed", lambda by: of(make.MeasureFactory(), remove_measure, by)),
    ("measure.checked_in", checked_in),
    ("measure.checked_in", check_in_undone),
    ("measure.corrected", check_in_corrected),
    ("team.mission_set", lambda by: of(make.TeamFactory(), set_mission, by, mission="New words", goals=[])),
    ("team.mission_set", team_undone),
    ("team.personas_set", lambda by: of(make.TeamFactory(), set_personas, by, personas=[make.PersonaFactory()])),
    ("persona.created", lambda by: ("persona", create_persona(**by, name="New", problem="").pk)),
    ("persona.edited", lambda by: of(make.PersonaFactory(), edit_persona, by, name="Other", problem="")),
    ("persona.removed", lambda by: of(make.PersonaFactory(), remove_persona, by)),
    ("context_page.created", lambda by: ("contextpage", create_context_page(**by, lens="product", title="New").pk)),
    ("context_page.edited", lambda by: of(make.ContextPageFactory(), edit_context_page, by, title="Other")),
    ("context_page.confirmed", lambda by: of(make.ContextPageFactory(), confirm_context_page, by)),
    ("context_page.removed", lambda by: of(make.ContextPageFactory(), remove_context_page, by)),
    ("context_page.restored", page_restored),
    ("decision.created", lambda by: ("decision", create_decision(**by, title="New").pk)),
    ("decision.edited", lambda by: of(make.DecisionFactory(), edit_decision, by, title="Other")),
    ("decision.related", lambda by: of(make.DecisionFactory(), relate_decision, by, **related())),
    ("decision.concluded", lambda by: of(make.DecisionFactory(choice="It.", reasons="So."), conclude_decision, by)),
    ("decision.reopened", lambda by: of(make.DecidedFactory(), reopen_decision, by)),
    ("decision.removed", lambda by: of(make.DecisionFactory(), remove_decision, by)),
]


@pytest.mark.parametrize(("action", "does"), DONE)
def test_log_says_who_did_what_to_what_and_when(action, does):
    by = {"actor": make.LeaderFactory(), "at": AT}
    kind, pk = does(by)
    entry = LogEntry.objects.latest("id")

    assert (entry.action, entry.subject_kind, entry.subject_id) == (action, kind, pk)
    assert (entry.actor, entry.at) == (by["actor"], AT)
