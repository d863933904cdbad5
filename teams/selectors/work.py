"""The teams that a person works on, and work that is called much like other work."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lib.db.search import is_like, likeness
from lib.db.triggers import subtree
from teams.enums import GOES_ON, TeamRole
from teams.models import Initiative, Person, Team

SIMILAR = 3
"""Initiatives that are named as similar."""


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


def similar_work(title: str, reader: Person, *, without: Initiative | None = None) -> list[Initiative]:
    """At most SIMILAR open initiatives of any team whose titles are spelled much like `title`, with their teams, the
    most alike first. One query."""
    work = Initiative.objects.visible_to(reader).filter(is_like("title", title), status__in=GOES_ON)
    others = work.exclude(pk=without.pk) if without else work
    return list(others.select_related("team").order_by(likeness("title", title).desc(), "id")[:SIMILAR])
