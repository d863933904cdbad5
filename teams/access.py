"""How a page or the API comes to a person, a team, or its work: one function an object.

Each returns the one row that `person` may see, of `rows` where these carry more than the row itself, and raises Http404
otherwise: whether there is none or it is not for them is the same.
"""

from __future__ import annotations

from typing import Any

from lib.http.access import visible_or_404
from teams.models import Initiative, Membership, Person, Support, Team


def person_for(person: Person, pk: int) -> Person:
    return visible_or_404(Person.objects, person, pk=pk)


def team_for(person: Person, key: str, *, rows: Any = None) -> Any:
    return visible_or_404(Team.objects if rows is None else rows, person, key=key)


def membership_for(person: Person, team: Team, pk: int) -> Membership:
    """With the person who is on the team."""
    return visible_or_404(Membership.objects.filter(team=team).select_related("person"), person, pk=pk)


def initiative_for(person: Person, *, rows: Any = None, **lookup: Any) -> Any:
    """`lookup` is its key or its pk. With its team and its owner."""
    found = Initiative.objects.select_related("team", "owner") if rows is None else rows
    return visible_or_404(found, person, **lookup)


def support_for(person: Person, pk: int) -> Support:
    """With the team that is asked, the initiative and its team."""
    return visible_or_404(Support.objects.select_related("initiative__team", "team"), person, pk=pk)
