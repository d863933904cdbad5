"""What threads can be about. Each app registers its kinds of things, with whoever answers for them.

For a thing with an owner that is its owner. Without one, or where the owner has left or only reads, it is the leads of
its team, and for what belongs to no team, or to one without leads, leaders and administrators. It is never two of these
at once, so that nobody waits for somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lib.log.kinds import kind as log_kind
from teams.enums import Role, TeamRole
from teams.models import Membership, Person, Team
from teams.rules import writes


@dataclass(frozen=True)
class Topic:
    """`kind` is the log's; its rows say who sees them (`lib.log.kinds`). `label` names it ("the goal").

    `answered_by` are the rows that a person answers for, whether or not they see them. `name` and `place` are
    expressions over a row: its name, and the key of the page at the URL pattern `page` that shows it (null where that
    takes none); `key` is what the API calls it by, where that is not the same. `fragment` is where it stands on that
    page. `quoted` puts its name in quotation marks. `owner` and `team` are paths to those who may answer for it.
    `aspects` are what of it can be asked about: flags and figures, by code.
    """

    kind: str
    label: str
    page: str
    name: Any
    place: Any
    answered_by: Callable[[Person], QuerySet[Any]]
    owner: str = ""
    team: str = ""
    key: Any = None
    fragment: str = ""
    quoted: bool = True
    aspects: Mapping[str, str] = field(default_factory=dict)

    def said(self, aspect: str) -> str:
        """What an aspect is called; one that is counted has its number behind it: "edition-3". '' for none."""
        name, _dash, number = aspect.rpartition("-")
        if name in self.aspects and number.isdigit():
            return f"{self.aspects[name]} {number}"
        return self.aspects.get(aspect, "")

    @property
    def rows(self) -> QuerySet[Any]:
        return QuerySet(log_kind(self.kind).model)

    def seen_by(self, person: Person) -> QuerySet[Any]:
        return log_kind(self.kind).visible_to(person)


_topics: dict[str, Topic] = {}


def register_topic(topic: Topic) -> None:
    _topics[topic.kind] = topic


def add_aspects(kind: str, aspects: Mapping[str, str]) -> None:
    """Lets what a higher app says about things of this kind be asked about."""
    _topics[kind] = replace(_topics[kind], aspects={**_topics[kind].aspects, **aspects})


def topic(kind: str) -> Topic:
    """Raises LookupError for something that no thread can be about."""
    if kind not in _topics:
        raise LookupError(f"there is no thread about a {kind}")
    return _topics[kind]


def topics(kinds: Collection[str] | None = None) -> list[Topic]:
    """All of them, or those of `kinds`."""
    return [topic for topic in _topics.values() if kinds is None or topic.kind in kinds]


def nobody(owner: str = "owner") -> Q:
    """Matches rows whose owner cannot answer."""
    return Q(**{owner: None}) | Q(**{f"{owner}__is_active": False}) | Q(**{f"{owner}__role": Role.VIEWER})


def leads_of() -> QuerySet[Membership]:
    """The leads of the team that the outer query is about who can answer."""
    leads = Membership.objects.filter(team=OuterRef("pk"), role=TeamRole.LEAD, person__is_active=True)
    return leads.exclude(person__role=Role.VIEWER)


def answered_teams(person: Person) -> QuerySet[Team]:
    """The teams that `person` answers for: those whose lead they are, and for leaders those that nobody leads."""
    own = [team for team, role in person.team_roles.items() if role == TeamRole.LEAD] if writes(person) else []
    led = Q(pk__in=own)
    if person.sees_everything:
        led |= ~Exists(leads_of()) | Q(archived_on__isnull=False)
    return Team.objects.filter(led)


def answered_rows(rows: QuerySet[Any], person: Person, *, owner: str = "owner", team: str = "") -> QuerySet[Any]:
    """Those of `rows` that `person` answers for; `owner` and `team` are paths from a row, `team` "" for rows that
    belong to no team.
    """
    mine = Q(**{owner: person}) if writes(person) else Q(pk=None)
    if not team:
        return rows.filter(mine | nobody(owner) if person.sees_everything else mine)
    of_teams = Q(**{f"{team}__in": answered_teams(person).order_by().values("pk")})
    if person.sees_everything:
        of_teams |= Q(**{team: None})
    return rows.filter(mine | (nobody(owner) & of_teams))
