"""Who has left owns nothing more: asked of each service that gives something an owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import ValidationError

from strategy.services.context import create_context_page, edit_context_page
from strategy.services.decisions import create_decision, edit_decision
from strategy.services.goals import create_goal, edit_goal
from strategy.services.strategies import create_strategy, edit_strategy
from teams.models import Person
from teams.services.initiatives import create_initiative, edit_initiative
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


class Owned(NamedTuple):
    factory: Any
    create: Callable[..., Any]
    edit: Callable[..., Any]


OWNED = {
    "strategy": Owned(make.StrategyFactory, create_strategy, edit_strategy),
    "goal": Owned(
        make.GoalFactory,
        lambda **v: create_goal(strategy=make.StrategyFactory(), **v),
        lambda goal, **v: edit_goal(goal, meaning_changed=False, **v),
    ),
    "decision": Owned(make.DecisionFactory, create_decision, edit_decision),
    "page": Owned(make.ContextPageFactory, lambda **v: create_context_page(lens="product", **v), edit_context_page),
    "initiative": Owned(
        make.InitiativeFactory, lambda **v: create_initiative(make.TeamFactory(), **v), edit_initiative
    ),
}
LEFT = "is no longer active here. Choose somebody else."


@pytest.mark.parametrize("noun", OWNED)
def test_whoever_has_left_becomes_owner_of_nothing_and_may_stay_the_owner(noun: str) -> None:
    owned, leader = OWNED[noun], make.LeaderFactory()
    gone: Person = make.PersonFactory(is_active=False)
    with pytest.raises(ValidationError, match=LEFT):
        owned.create(actor=leader, at=NOW, title="New", owner=gone)

    row = owned.factory()
    with pytest.raises(ValidationError, match=LEFT):
        owned.edit(row, actor=leader, at=NOW, version=row.version, owner=gone)

    theirs = owned.factory(owner=gone)
    owned.edit(theirs, actor=leader, at=NOW, version=theirs.version, owner=gone, title="Another title")
    theirs.refresh_from_db()
    assert (theirs.title, theirs.owner) == ("Another title", gone)
