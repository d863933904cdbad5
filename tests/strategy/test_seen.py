"""Who sees which goal, asked for many at once, is what is asked for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategy.enums import GoalStatus, StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from strategy.selectors.seen import confidential
from teams.enums import Role, TeamRole
from teams.models import Person, Team
from tests import factories as make
from tests.examples import examples

pytestmark = pytest.mark.django_db


def people() -> list[Person]:
    """Two of each role, and a leader who has left."""
    both = [make.PersonFactory(role=role) for role in Role for _ in range(2)]
    return [*sorted(both, key=lambda person: person.sees_everything), make.LeaderFactory(is_active=False)]


def hidden(person: Person) -> set[str]:
    seen = confidential()
    return {goal.key for goal in Goal.objects.all() if seen.hides(person, goal.path, goal.owner_id)}


def is_hidden(person: Person, goal: Goal) -> bool:
    """The rule (DESIGN.md, *Visibility*), goal by goal from the top."""
    line = [Goal.objects.get(pk=pk) for pk in goal.path]
    if person.sees_everything or goal.owner == person:
        return False
    strategy, draft = line[0].strategy, False
    if strategy is not None and strategy.status == StrategyStatus.DRAFT:
        draft = True
        if strategy.owner != person:
            return True
    for each in line:
        marked = each.visibility == Visibility.LEADERS
        if marked and each.owner != person:
            return True
        if each.status == GoalStatus.DRAFT and not draft:
            draft = True
            if each.owner != person and (marked or not is_of(person, each.team)):
                return True
    return False


def is_of(person: Person, team: Team | None) -> bool:
    if team is None:
        return False
    lead = person.memberships.filter(role=TeamRole.LEAD, team__in=team.path)
    return lead.exists() or person.memberships.filter(team=team).exists()


OWNERS = st.one_of(st.none(), st.integers(0, 2 * len(Role)))
GOALS = st.tuples(
    st.integers(-4, 9),
    st.sampled_from(Visibility),
    st.sampled_from([GoalStatus.ACTIVE, GoalStatus.DRAFT, GoalStatus.MISSED]),
    OWNERS,
    st.booleans(),
)
"""What it hangs below, of the goals before it, or else where it is a root; who sees it; its status; whose it is; and
whether it is a team's own."""


@pytest.mark.slow
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(GOALS, min_size=1, max_size=10), st.tuples(OWNERS, OWNERS, OWNERS))
def test_one_and_many_ask_alike_and_as_the_rule_says(drawn: list[tuple[Any, ...]], owners: tuple[Any, ...]) -> None:
    with transaction.atomic():
        persons, goals = people(), planted(drawn, owners)
        for person in persons:
            seen = set(Goal.objects.visible_to(person).values_list("key", flat=True))
            assert hidden(person) == {goal.key for goal in goals} - seen
            assert {goal.key for goal in goals if is_hidden(person, goal)} == hidden(person)
        transaction.set_rollback(True)


def planted(drawn: list[tuple[Any, ...]], owners: tuple[Any, ...]) -> list[Goal]:
    """Goals as drawn, of the people that are there and of a team below another one; each team has two of them."""
    owned = dict(enumerate(Person.objects.order_by("pk")))
    above = make.TeamFactory()
    team = make.TeamFactory(parent=above)
    for place, (on, role) in enumerate([(above, "lead"), (above, "member"), (team, "lead"), (team, "member")]):
        make.MembershipFactory(team=on, person=owned[place], role=role)
    roots: list[dict[str, Any]] = [
        {"strategy": make.StrategyFactory(status=status, owner=owned.get(owner))}
        for status, owner in zip(StrategyStatus, owners, strict=True)
    ]
    roots.append({"team": team})
    goals: list[Goal] = []
    for at, visibility, status, owner, of_team in drawn:
        if goals and at >= 0:
            where = {"parent": goals[at % len(goals)]} | ({"team": team} if of_team else {})
        else:
            where = roots[at % len(roots)]
        goals.append(make.GoalFactory(**where, visibility=visibility, status=status, owner=owned.get(owner)))
    return goals


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


def test_draft_goal_in_a_published_strategy_is_for_leaders_its_owner_and_its_team() -> None:
    top, owner = make.GoalFactory(key="top"), make.PersonFactory()
    draft = make.GoalFactory(key="draft", parent=top, status=GoalStatus.DRAFT, owner=owner)
    make.GoalFactory(key="below", parent=draft)
    of_team = make.GoalFactory(key="of-team", parent=top, status=GoalStatus.DRAFT, team=make.TeamFactory())
    on = make.MembershipFactory(team=of_team.team).person
    assert hidden(owner) == {"of-team"}
    assert hidden(on) == {"draft", "below"}
    assert hidden(make.ViewerFactory()) == hidden(make.PersonFactory()) == {"draft", "below", "of-team"}
    assert hidden(make.LeaderFactory()) == hidden(make.AdminFactory()) == set()


def hidden_by(*keys: str) -> list[list[str]]:
    """What hides each of these goals, as keys."""
    name = dict(Goal.objects.values_list("pk", "key"))
    return [[name[pk] for pk in Goal.objects.get(key=key).hidden_by] for key in keys]


def test_hidden_by_follows_whatever_is_written() -> None:
    strategy = make.StrategyFactory(status=StrategyStatus.DRAFT)
    root = make.GoalFactory(key="root", strategy=strategy, status=GoalStatus.DRAFT)
    below = make.GoalFactory(key="below", parent=root, status=GoalStatus.DRAFT)
    make.GoalFactory(key="marked", parent=below, visibility=Visibility.LEADERS)
    all_three = ("root", "below", "marked")
    assert hidden_by(*all_three) == [["root"], ["root"], ["root", "marked"]]
    Strategy.objects.update(status=StrategyStatus.PUBLISHED)
    assert hidden_by(*all_three) == [["root"], ["root"], ["root", "marked"]]
    Goal.objects.filter(key="root").update(status=GoalStatus.ACTIVE)
    assert hidden_by(*all_three) == [[], ["below"], ["below", "marked"]]
    Goal.objects.filter(key="below").update(status=GoalStatus.ACTIVE)
    assert hidden_by(*all_three) == [[], [], ["marked"]]
    Goal.objects.filter(key="marked").update(visibility=Visibility.COMPANY)
    assert hidden_by(*all_three) == [[], [], []]
    elsewhere = make.GoalFactory(key="elsewhere", visibility=Visibility.LEADERS)
    Goal.objects.filter(key="below").update(parent=elsewhere)
    assert hidden_by(*all_three) == [[], ["elsewhere"], ["elsewhere"]]
    Strategy.objects.update(status=StrategyStatus.DRAFT)
    assert hidden_by("root", "elsewhere", "marked") == [["root"], ["elsewhere"], ["elsewhere"]]
    assert Goal.objects.get(key="marked").version == 2, "the database's own changes are no new version"


def test_hidden_by_is_what_the_database_says() -> None:
    goal = make.GoalFactory(status=GoalStatus.DRAFT)
    Goal.objects.update(hidden_by=[])
    assert Goal.objects.get().hidden_by == [goal.pk]
