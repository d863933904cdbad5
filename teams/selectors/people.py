"""People, for the people page and for fields that name one."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from lib.db.arrays import AnyOf
from lib.db.folding import folded
from lib.db.search import has_words
from lib.text.isolation import isolated
from teams.models import Membership, Person, Team

TEAMS_SHOWN = 3


def people(reader: Person, *, search: str = "", role: str = "", state: str = "") -> QuerySet[Person]:
    """The people whom `reader` may see; one further query fetches their current teams, by name.

    Each word of `search` is part of the name or the address; `state` is `joined`, `invited` (not joined yet),
    `not_invited`, `no_team` or `left`. Without it, those who have left are not among them.
    """
    rows = _having(Person.objects.visible_to(reader).filter(is_active=state != LEFT), search)
    if role:
        rows = rows.filter(role=role)
    if state in _STATES:
        rows = rows.filter(_STATES[state])
    if state == NO_TEAM:
        rows = rows.filter(on_no_team())
    memberships = Membership.objects.current().select_related("team").order_by("team__name__folded", "team_id")
    return rows.prefetch_related(Prefetch("memberships", queryset=memberships))


LEFT, NO_TEAM = "left", "no_team"
_STATES = {
    "joined": Q(joined_at__isnull=False),
    "invited": Q(joined_at__isnull=True, invited_at__isnull=False),
    "not_invited": Q(joined_at__isnull=True, invited_at__isnull=True),
}


def on_no_team() -> Q:
    """Matches people who are on no current team."""
    return ~Q(Exists(Membership.objects.current().filter(person=OuterRef("pk"))))


def people_counts() -> QuerySet[Person, Any]:
    """In another query's row: the number of active people in each state of `people`, and of those with a refused
    address as `refused`.
    """
    states = {**_STATES, "refused": Q(refused_at__isnull=False)}
    counts = {name: Count("pk", filter=state) for name, state in states.items()}
    rows: QuerySet[Any] = Person.objects.filter(is_active=True).order_by().values(every=Value(1)).annotate(**counts)
    return rows.values(row=JSONObject(**{name: name for name in counts}))


def memberships_of(person: Person, reader: Person) -> QuerySet[Membership]:
    """The places of `person` on current teams that `reader` may see, with the teams."""
    return Membership.objects.visible_to(reader).current().filter(person=person).select_related("team")


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
    exact = list(_with_teams(active.filter(name__folded=folded(text.strip())))[:limit])
    if exact or not text.strip():
        return exact
    return list(_with_teams(_having(active, text))[:limit])


def suggested_people(
    reader: Person,
    text: str,
    *,
    team: str = "",
    without: str = "",
    among: QuerySet[Person] | None = None,
    limit: int,
) -> list[Person]:
    """Active people, `among` these, whose name or address has every word of `text` in it, each with `team_names`. One
    query.

    First come those whose name begins with `text`, then the people of the team with the key `team` and of those above
    it, then by name. Those on the team with the key `without` are left out.
    """
    words = text.replace("<", " ").replace(">", " ").strip()
    rows = _having(Person.objects.visible_to(reader).filter(is_active=True), words)
    if among is not None:
        rows = rows.filter(pk__in=among.order_by().values("pk"))
    if without:
        rows = rows.exclude(Exists(_seats(team__key=without)))
    seats = Membership.objects.current().filter(person=OuterRef(OuterRef("pk")))
    at_or_above = seats.filter(AnyOf(F("team_id"), OuterRef("path")))
    first: dict[str, Any] = {
        "begins": ExpressionWrapper(Q(name__folded__startswith=folded(words)), BooleanField()),
        "near": Exists(Team.objects.filter(Exists(at_or_above), key=team)),
    }
    sorted_rows: Any = _with_teams(rows).annotate(**first)
    return list(sorted_rows.order_by("-begins", "-near", "name__folded", "id")[:limit])


def teams_of(person: Person) -> str:
    """The first teams of a person of `people_called` or `suggested_people`, as in "Crew, Fleet"; '' without any."""
    names: list[str] = getattr(person, "team_names", [])
    return ", ".join([*map(isolated, names[:TEAMS_SHOWN]), *(["…"] if len(names) > TEAMS_SHOWN else [])])


def _having(rows: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Those whose name or address contains every word of `text`."""
    for word in text.split():
        rows = rows.filter(has_words("name", word) | has_words("email", word))
    return rows


def _with_teams(rows: QuerySet[Person]) -> QuerySet[Person]:
    """Adds `team_names`, by name, one more than are shown."""
    names = _seats().order_by("team__name__folded", "team_id").values("team__name")
    return rows.annotate(team_names=ArraySubquery(names[: TEAMS_SHOWN + 1]))


def _seats(**lookup: str) -> QuerySet[Membership]:
    """The places on current teams of the person of the query around it."""
    return Membership.objects.current().filter(person=OuterRef("pk"), **lookup).order_by()


_ADDRESS = re.compile(r"(?:^|<)(?P<email>[^<>\s]+@[^<>\s]+)>?$")


def active_person(pk: int) -> Person | None:
    return Person.objects.filter(pk=pk, is_active=True).first()
