"""The teams that a person works on, and the likely owners of a team's work."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lib.db.triggers import subtree
from teams.enums import Role, TeamRole
from teams.models import Person, Team

SUGGESTED = 50


def teams_worked_on(person: Person) -> QuerySet[Team]:
    """As teams.rules.works_on: the person's teams and all teams below those they lead; for leaders every team."""
    if person.sees_everything:
        return Team.objects.all()
    wanted = Q(pk__in=person.team_roles)
    led = [team for team, role in person.team_roles.items() if role == TeamRole.LEAD]
    for path in Team.objects.filter(pk__in=led).values_list("path", flat=True):
        wanted |= subtree(path)
    return Team.objects.filter(wanted)


def likely_owners(team: Team) -> QuerySet[Person]:
    """People of a team and of the teams above it, by name, without viewers."""
    people = Person.objects.filter(is_active=True, memberships__team__in=team.path).exclude(role=Role.VIEWER)
    return people.distinct().order_by("name__folded", "id")[:SUGGESTED]
