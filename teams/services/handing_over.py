"""Hands what one person owns or leads to another: as their edits do, with an entry of the log for each row, but a fixed
number of statements for a thousand rows.

The caller is a service that has the company alone, because goals and strategies are edited so.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Model, QuerySet

from lib.db.locks import lock_rows
from lib.log.values import Pairs, made
from lib.services.permissions import System
from teams.enums import TeamRole
from teams.models import Membership, Person, Team
from teams.services.log import record_all


def hand_over(
    rows: QuerySet[Any],
    *,
    to: Person | None,
    actor: Person | System,
    at: dt.datetime,
    action: str,
    field: str = "owner",
) -> int:
    """Gives `rows` another owner, or whoever `field` names (None: nobody), and returns how many they are. Nothing else
    is touched: that somebody left says nothing about their work.
    """
    found: list[Any] = lock_rows(rows)
    changes = [{field: [getattr(row, f"{field}_id"), to.pk if to else None]} for row in found]
    for row in found:
        setattr(row, field, to)
    save_all(found, **{field: to})
    record_all(action, actor=actor, at=at, done=list(zip(found, changes, strict=True)))
    return len(found)


def hand_over_lead(teams: QuerySet[Team], *, of: Person, to: Person, actor: Person | System, at: dt.datetime) -> int:
    """Makes `to` the lead of `teams` in the place of `of`, who stays on them as a member; returns how many they are."""
    found = lock_rows(teams)
    seats = lock_rows(Membership.objects.filter(team__in=[team.pk for team in found], person__in=[of, to]))
    there = {seat.team_id for seat in seats if seat.person_id == to.pk}
    new = [Membership(team=team, person=to, role=TeamRole.LEAD) for team in found if team.pk not in there]
    _change_roles([seat for seat in seats if seat.person_id == of.pk], TeamRole.MEMBER, actor=actor, at=at)
    _change_roles([seat for seat in seats if seat.person_id == to.pk], TeamRole.LEAD, actor=actor, at=at)
    Membership.objects.bulk_create(new)
    record_all("member.added", actor=actor, at=at, done=[(seat, made(seat)) for seat in new])
    return len(found)


def _change_roles(seats: list[Membership], role: TeamRole, *, actor: Person | System, at: dt.datetime) -> None:
    changed = [seat for seat in seats if seat.role != role]
    changes: list[Pairs] = [{"role": [seat.role, role.value]} for seat in changed]
    for seat in changed:
        seat.role = role
    save_all(changed, role=role)
    record_all("member.changed", actor=actor, at=at, done=list(zip(changed, changes, strict=True)))


def save_all(rows: list[Any], **values: Any) -> None:
    """Saves the same `values` in all of them, and reads the versions that they have then."""
    if not rows:
        return
    model: type[Model] = type(rows[0])
    saved: QuerySet[Any] = QuerySet(model).filter(pk__in=[row.pk for row in rows])
    saved.update(**values)
    versions = dict(saved.values_list("pk", "version"))
    for row in rows:
        row.version = versions[row.pk]
