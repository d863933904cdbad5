"""The teams that a person works on."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lib.db.triggers import subtree
from teams.enums import TeamRole
from teams.models import Person, Team


def teams_worked_on(person: Person) -> QuerySet[Team]:
    """As teams.rules.works_on: the person's teams and all teams below those they lead; for leaders every team. Without
    archived ones.
    """
    if person.sees_everything:
        return Team.objects.current()
    wanted = Q(pk__in=person.team_roles)
    led = [team for team, role in person.team_roles.items() if role == TeamRole.LEAD]
    for path in Team.objects.filter(pk__in=led).values_list("path", flat=True):
        wanted |= subtree(path)
    return Team.objects.current().filter(wanted)
