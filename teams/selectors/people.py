"""People, for the people page and for fields that name one."""

from __future__ import annotations

import re

from django.db.models import Count, Prefetch, Q, QuerySet

from lib.db.folding import folded
from lib.db.search import has_words
from teams.models import Membership, Person, Team


def people(reader: Person, *, search: str = "", role: str = "", state: str = "") -> QuerySet[Person]:
    """The people whom `reader` may see; one further query fetches their teams, by name.

    Each word of `search` is part of the name or the address; `state` is `joined`, `invited` (not joined yet),
    `not_invited` or `left`. Without it, those who have left are not among them.
    """
    rows = Person.objects.visible_to(reader).filter(is_active=state != LEFT)
    for word in search.split():
        rows = rows.filter(has_words("name", word) | has_words("email", word))
    if role:
        rows = rows.filter(role=role)
    if state in _STATES:
        rows = rows.filter(_STATES[state])
    memberships = Membership.objects.select_related("team").order_by("team__name__folded", "team_id")
    return rows.prefetch_related(Prefetch("memberships", queryset=memberships))


LEFT = "left"
_STATES = {
    "joined": Q(joined_at__isnull=False),
    "invited": Q(joined_at__isnull=True, invited_at__isnull=False),
    "not_invited": Q(joined_at__isnull=True, invited_at__isnull=True),
}


def people_counts() -> dict[str, int]:
    """The number of active people in each state of `people`, and of those with a refused address as `refused`. One
    query.
    """
    states = {**_STATES, "refused": Q(refused_at__isnull=False)}
    counts = {name: Count("pk", filter=state) for name, state in states.items()}
    return Person.objects.filter(is_active=True).aggregate(**counts)


def memberships_of(person: Person, reader: Person) -> QuerySet[Membership]:
    """The places of `person` on teams that `reader` may see, with the teams."""
    return Membership.objects.visible_to(reader).filter(person=person).select_related("team")


def named(person: Person) -> str:
    """A person as typed into a field: `Name <e-mail>`."""
    return f"{person.name} <{person.email}>"


def people_called(text: str, *, limit: int) -> list[Person]:
    """Active people whom `text` may mean, by name: the one with the address at its end, those with exactly this name,
    or else those whose name or address contains every word of it.
    """
    active = Person.objects.filter(is_active=True)
    addressed = _ADDRESS.search(text.strip())
    if addressed:
        return list(Person.objects.with_email(addressed["email"]).filter(is_active=True))
    exact = list(active.filter(name__folded=folded(text.strip()))[:limit])
    if exact or not text.strip():
        return exact
    for word in text.split():
        active = active.filter(has_words("name", word) | has_words("email", word))
    return list(active[:limit])


def people_to_add(team: Team, *, limit: int) -> list[Person]:
    """Active people who are not on the team, by name."""
    return list(Person.objects.filter(is_active=True).exclude(memberships__team=team)[:limit])


_ADDRESS = re.compile(r"(?:^|<)(?P<email>[^<>\s]+@[^<>\s]+)>?$")


def active_person(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk, is_active=True).first()
