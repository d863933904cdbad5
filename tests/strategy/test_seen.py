"""Who sees which goal, asked for many at once, is what is asked for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategy.enums import StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from strategy.selectors.seen import confidential
from teams.enums import Role
from teams.models import Person
from tests import factories as make
from tests.examples import examples

pytestmark = pytest.mark.django_db


def people() -> list[Person]:
    """Two of each role, and a leader who has left."""
    both = [make.PersonFactory(role=role) for role in Role for _ in range(2)]
    return [*both, make.LeaderFactory(is_active=False)]


def hidden(person: Person) -> set[str]:
    seen = confidential()
    return {goal.key for goal in Goal.objects.all() if seen.hides(person, goal.path, goal.owner_id)}


OWNERS = st.one_of(st.none(), st.integers(0, 2 * len(Role)))
GOALS = st.tuples(st.integers(-4, 9), st.sampled_from(Visibility), OWNERS)
"""What it hangs below, of the goals before it, or else where it is a root; who sees it; whose it is."""


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(GOALS, min_size=1, max_size=10), st.tuples(OWNERS, OWNERS, OWNERS))
def test_hides_what_visible_to_leaves_out(drawn: list[tuple[int, Visibility, Any]], owners: tuple[Any, ...]) -> None:
    with transaction.atomic():
        persons = people()
        owned = dict(enumerate(persons))
        roots: list[dict[str, Any]] = [
            {"strategy": make.StrategyFactory(status=status, owner=owned.get(owner))}
            for status, owner in zip(StrategyStatus, owners, strict=True)
        ]
        roots.append({"team": make.TeamFactory()})
        goals: list[Goal] = []
        for at, visibility, owner in drawn:
            where = {"parent": goals[at % len(goals)]} if goals and at >= 0 else roots[at % len(roots)]
            goals.append(make.GoalFactory(**where, visibility=visibility, owner=owned.get(owner)))
        for person in persons:
            seen = set(Goal.objects.visible_to(person).values_list("key", flat=True))
            assert hidden(person) == {goal.key for goal in goals} - seen
        transaction.set_rollback(True)


def test_owner_of_a_draft_does_not_see_what_is_confidential_in_it() -> None:
    owner, other = make.PersonFactory(), make.PersonFactory()
    draft = make.StrategyFactory(status=StrategyStatus.DRAFT, owner=owner)
    open_goal = make.GoalFactory(key="open", strategy=draft)
    marked = make.GoalFactory(key="marked", strategy=draft, visibility=Visibility.LEADERS, owner=other)
    make.GoalFactory(key="below-open", parent=open_goal)
    make.GoalFactory(key="below-marked", parent=marked)
    assert hidden(owner) == {"marked", "below-marked"}
    assert hidden(other) == {"open", "below-open", "below-marked"}
    assert hidden(make.LeaderFactory()) == set()


def test_one_query_whatever_there_is(django_assert_num_queries: Any) -> None:
    for _ in range(5):
        make.GoalFactory(parent=make.GoalFactory(visibility=Visibility.LEADERS))
    make.GoalFactory(strategy=make.StrategyFactory(status=StrategyStatus.DRAFT))
    assert Strategy.objects.count() == 6
    with django_assert_num_queries(1):
        assert len(confidential().ends) == 6
