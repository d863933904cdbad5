"""Companies at the edges, for what pages and digests say of figures: worked out by hand in the docstrings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from strategy.models import Goal, Strategy
from teams.enums import Role, TeamRole
from teams.models import Company, Initiative, Person, Team
from tests import factories as make
from tests.factories import DAY, NOW

AT = NOW + dt.timedelta(days=15)
"""When all of them are read: Tuesday, 31 March 2026."""
PAST = DAY - dt.timedelta(days=60)

People = dict[str, Person]


def build_empty() -> People:
    """Nothing but people."""
    return _people()


def build_idle() -> People:
    """A published strategy with a goal, and a team without work."""
    make.GoalFactory(key="goal", title="Growth", strategy=_strategy())
    return _people(_team())


def build_upkeep() -> People:
    """As `build_idle`, with 5 person-weeks of upkeep and nothing else."""
    people = build_idle()
    make.InitiativeFactory(key="work", title="Work", team=_the_team(), effort=5, kind="sustain", declaration="It is.")
    return people


def build_past() -> People:
    """36 goals of a strategy whose end has passed, and no work."""
    strategy = _strategy(starts_on=PAST, ends_on=PAST + dt.timedelta(days=30))
    _goals(strategy, 36)
    return _people(_team())


def build_outlived() -> People:
    """As `build_past`, with two initiatives of 3 person-weeks each that are still linked to its goals."""
    people = build_past()
    for number in range(2):
        work = make.InitiativeFactory(key=f"work-{number}", title=f"Work {number}", team=_the_team(), effort=3)
        make.LinkFactory(initiative=work, goal=Goal.objects.get(key=f"goal-of-{number}"))
    return people


def build_unsized() -> People:
    """76 initiatives, none of them sized: 28 reach the one goal, 4 are upkeep, 44 reach nothing. Coverage is 28 of 72;
    each counts with the default of 2 person-weeks."""
    goal, team = make.GoalFactory(key="goal", title="Growth", strategy=_strategy()), _team()
    make.GoalFactory(key="bare", title="Nobody’s", parent=goal)
    Company.objects.update(default_effort=2)
    people = _people(team)
    work = _initiatives(team, 76, effort=None)
    Initiative.objects.filter(pk__in=[each.pk for each in work[28:32]]).update(kind="sustain", declaration="It is.")
    _links(work[:28], goal)
    return people


def build_tiny() -> People:
    """One of each: of a goal, a team, and an initiative of one person-week, which is linked to it."""
    goal, team = make.GoalFactory(key="goal", title="Growth", strategy=_strategy()), _team()
    people = _people(team)
    work = make.InitiativeFactory(key="work", title="Work", team=team, owner=people["member"])
    make.LinkFactory(initiative=work, goal=goal, evidence="Orders", review_on=DAY)
    return people


def build_huge() -> People:
    """2,400 initiatives of 1,000 person-weeks each, 1,300 of them on the first of 1,201 goals; 1,100 reach nothing."""
    strategy, team = _strategy(), _team()
    root = make.GoalFactory(key="goal", title="Growth", strategy=strategy)
    _goals(strategy, 1200, parent=root)
    people = _people(team)
    work = _initiatives(team, 2400, effort=1000)
    _links(work[:1300], root)
    return people


BUILDERS: dict[str, Callable[[], People]] = {
    "empty": build_empty,
    "upkeep": build_upkeep,
    "idle": build_idle,
    "past": build_past,
    "outlived": build_outlived,
    "unsized": build_unsized,
    "tiny": build_tiny,
    "huge": build_huge,
}


def build(name: str) -> People:
    """With the figures of AT."""
    people = BUILDERS[name]()
    _analyze()
    recompute_alignment(as_of=AT.date(), at=AT)
    _analyze()
    return people


def _analyze() -> None:
    """As an import does, and autovacuum after it: a planner that takes tables for empty, as it found them with the
    company before, may take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(team: Team | None = None) -> People:
    """One of each role; `lead` and `member` are on the team, where there is one."""
    people = {
        "leader": make.LeaderFactory(name="Leo Leader"),
        "admin": make.AdminFactory(name="Ada Admin"),
        "viewer": make.ViewerFactory(name="Vera Viewer"),
        "lead": make.PersonFactory(name="Liv Lead"),
        "member": make.PersonFactory(name="Mia Member", role=Role.MEMBER),
    }
    if team is not None:
        make.MembershipFactory(team=team, person=people["lead"], role=TeamRole.LEAD)
        make.MembershipFactory(team=team, person=people["member"])
    return people


def _strategy(**values: object) -> Strategy:
    return make.StrategyFactory(key="plan", title="The plan", **values)


def _team() -> Team:
    return make.TeamFactory(key="crew", name="Crew", mission="We sail.")


def _the_team() -> Team:
    return Team.objects.get(key="crew")


def _goals(strategy: Strategy, count: int, *, parent: Goal | None = None) -> None:
    Goal.objects.bulk_create(
        Goal(
            key=f"goal-of-{number}",
            title=f"Goal of {number}",
            why="Because.",
            status="active",
            strategy=None if parent else strategy,
            parent=parent,
        )
        for number in range(count)
    )


def _initiatives(team: Team, count: int, *, effort: int | None) -> list[Initiative]:
    return Initiative.objects.bulk_create(
        Initiative(
            key=f"work-{number}",
            title=f"Work {number}",
            team=team,
            effort=effort,
            status="active",
            touched_on=AT.date(),
        )
        for number in range(count)
    )


def _links(work: list[Initiative], goal: Goal) -> None:
    Link.objects.bulk_create(Link(initiative=each, goal=goal, rationale="So.", confirmed_on=DAY) for each in work)
