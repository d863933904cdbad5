"""Who answers for something: a person, a team, or leaders and administrators (conversations/topics.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import JSONObject

from conversations.topics import Topic, nobody, topic
from teams.enums import Role, TeamRole
from teams.models import Membership, Person, Team


@dataclass(frozen=True)
class Party:
    """`person` or `team`, with their names and keys; where both are None, leaders and administrators answer."""

    person: Person | None = None
    team: Team | None = None


LEADERS = Party()


def party_of(kind: str, pk: int) -> Party:
    """Who answers for it now. One query."""
    of = topic(kind)
    return party(of.rows.filter(pk=pk).values_list(party_row(of), flat=True).first())


def party_row(of: Topic) -> JSONObject:
    """What `party` reads, for a row of the topic's things."""
    columns: dict[str, Any] = {}
    if of.owner:
        columns |= {"owner": of.owner, "owner_name": f"{of.owner}__name", "nobody": _is(nobody(of.owner))}
    if of.team:
        columns |= {f"team_{name}": _path(of.team, name) for name in ("id", "name", "key")}
        leads = Membership.objects.filter(team=OuterRef(_path(of.team, "pk")), role=TeamRole.LEAD)
        led = leads.filter(person__is_active=True, team__archived_on=None).exclude(person__role=Role.VIEWER)
        columns["led"] = Exists(led)
    return JSONObject(**columns)


def party(row: dict[str, Any] | None) -> Party:
    """The party that `party_row` describes; leaders for something that is gone."""
    row = row or {}
    if row.get("owner") and not row["nobody"]:
        return Party(person=Person(pk=row["owner"], name=row["owner_name"]))
    if row.get("team_id") and row["led"]:
        return Party(team=Team(pk=row["team_id"], name=row["team_name"], key=row["team_key"]))
    return LEADERS


def _path(team: str, name: str) -> str:
    """`team` is "pk" where the thing is itself a team."""
    return name if team == "pk" else f"{team}__{name}"


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())
