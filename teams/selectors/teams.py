"""The team tree as pages show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lib.db.folding import folded
from lib.db.search import has_words
from lib.db.triggers import subtree
from lib.paging.keyset import Page, keyset_page
from teams.models import Team

BY_NAME = ("name__folded", "id")
ROOTS = 100
ROWS = 200
DEEPEST = 3
OPTIONS = 300
NEAR = 50


@dataclass(frozen=True)
class TreePart:
    """One page of roots and the teams below them: parents before children, siblings by name."""

    roots: Page[Team]
    below: list[Team]


def team_tree(teams: QuerySet[Team], *, params: Mapping[str, str]) -> TreePart:
    """Returns up to ROOTS roots by name, then lower levels one by one up to ROWS rows. Two queries."""
    roots = keyset_page(teams.filter(parent=None), order=BY_NAME, params=params, size=ROOTS)
    below = teams.filter(path__0__in=[root.pk for root in roots.rows], path__len__range=(2, DEEPEST))
    return TreePart(roots, list(below.order_by("path__len", *BY_NAME)[: ROWS - len(roots.rows)]))


def team_matches(teams: QuerySet[Team], search: str) -> QuerySet[Team]:
    """The `teams` whose name contains every word of `search`."""
    return teams.filter(has_words("name", search))


def names_above(teams: list[Team]) -> dict[int, list[str]]:
    """For each team, the names from the root down to its parent. One query."""
    above = {row for team in teams for row in team.path[:-1]}
    names = dict(Team.objects.filter(pk__in=[0, *above]).values_list("id", "name"))
    return {team.pk: [names[row] for row in team.path[:-1]] for team in teams}


def team_options(selected: str = "") -> list[Team]:
    """Teams to choose from: the two highest levels in tree order without archived teams, at most OPTIONS, and the team
    with the key `selected` at any level.
    """
    high = Team.objects.current().filter(path__len__lte=2).order_by("path__len", *BY_NAME).values("id")[:OPTIONS]
    teams = list(Team.objects.filter(Q(pk__in=high) | Q(key=selected)))
    names = {team.pk: folded(team.name) for team in teams}
    return sorted(teams, key=lambda team: [(names.get(row, ""), row) for row in team.path])


def team_places(*, search: str = "", chosen: str = "", without: Team | None = None) -> list[tuple[Team, list[str]]]:
    """Possible parents for a team, each with the names above it: the two highest levels, teams whose name contains
    every word of `search`, and the one with the key `chosen`; OPTIONS of each, in tree order. Excludes archived teams
    and the subtree of `without`.
    """
    high = Team.objects.current().filter(path__len__lte=2).order_by("path__len", *BY_NAME).values("id")[:OPTIONS]
    wanted = Q(pk__in=high) | Q(key=chosen)
    if search:
        wanted |= Q(pk__in=team_matches(Team.objects.current(), search).order_by(*BY_NAME).values("id")[:OPTIONS])
    rows = Team.objects.current().filter(wanted)
    teams = list(rows.exclude(subtree(without.path)) if without else rows)
    above = names_above(teams)
    return sorted(
        ((team, above[team.pk]) for team in teams),
        key=lambda place: [*map(folded, place[1]), folded(place[0].name)],
    )


def teams_near(team: Team, *, search: str = "", chosen: Collection[str] = ()) -> list[tuple[Team, list[str]]]:
    """Current teams that may take over work of `team`, each with the names above it, by name: those beside it, the one
    above it, teams whose name contains every word of `search`, NEAR of each, and those with the keys `chosen`.
    """
    current = Team.objects.current().exclude(pk=team.pk)
    beside = current.filter(Q(parent=team.parent_id) | Q(pk=team.parent_id)).order_by(*BY_NAME).values("id")[:NEAR]
    wanted = Q(pk__in=beside) | Q(key__in=chosen)
    if search:
        wanted |= Q(pk__in=team_matches(current, search).order_by(*BY_NAME).values("id")[:NEAR])
    teams = list(current.filter(wanted).order_by(*BY_NAME))
    above = names_above(teams)
    return [(team, above[team.pk]) for team in teams]


def is_archived(team: Team) -> bool:
    """As it is now, whenever the row was read. One query."""
    return Team.objects.filter(pk=team.pk, archived_on__isnull=False).exists()


def archived_teams(params: Mapping[str, str]) -> Page[Team]:
    """A page of the archived teams, those archived last first."""
    return keyset_page(Team.objects.exclude(archived_on=None), order=("-archived_on", "id"), params=params, size=ROWS)
