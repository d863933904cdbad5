"""Services that remove work that was written down by mistake, and bring it back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef

from alignment.models import Link
from alignment.refresh.history import remember_removed
from lib.log.values import made, removed
from lib.services.changes import Changes, announce
from lib.services.edits import opened
from lib.services.errors import RefusedError
from lib.services.keys import free_key
from lib.services.writes import writes
from teams.models import Contributor, Initiative, LogEntry, Person, Support, Team
from teams.narrative import archived_team
from teams.selectors.initiatives import contributors_of
from teams.selectors.teams import is_archived
from teams.services.log import record
from teams.services.undo import as_it_was

REMOVED, RESTORED = "initiative.removed", "initiative.restored"
DROP = "Drop it instead, and say why."
IMPORTED = f"It was imported, so others know of it elsewhere. {DROP}"
TOUCHED = f"Others have had to do with it since, and what they did would be lost. {DROP}"
LINKED = "It is linked to goals. Remove the links first, or drop it and say why."
ASKS = "It asks other teams for support. Withdraw that first, or drop it and say why."
OF_ANOTHER = "Somebody else wrote it down. It is for them to remove it, or for whoever leads the team."
BACK_ALREADY = "It is back already, or others have had to do with it since."


def why_kept(initiative: Initiative, actor: Person) -> str:
    """Why `actor` cannot remove it, and what to do instead; '' where they can. Two queries."""
    entries = LogEntry.objects.about("initiative", initiative.pk)
    makes = LogEntry.objects.done_to(initiative).filter(action="initiative.created")
    maker = makes.values_list("actor", flat=True).first()
    if maker is None:
        return IMPORTED
    own = Initiative.objects.filter(pk=initiative.pk)
    touched, linked, asks = own.values_list(
        Exists(entries.exclude(actor=maker)),
        Exists(Link.objects.filter(initiative=OuterRef("pk"))),
        Exists(Support.objects.filter(initiative=OuterRef("pk"))),
    ).get()
    reasons = ((touched, TOUCHED), (linked, LINKED), (asks, ASKS))
    if reason := next((text for holds, text in reasons if holds), ""):
        return reason
    leads = actor.has_perm("teams.edit_team", initiative.team)
    return "" if maker == actor.pk or leads else OF_ANOTHER


@writes(permission="teams.edit_initiative")
def remove_initiative(initiative: Initiative, *, actor: Person, at: dt.datetime, version: int) -> LogEntry:
    """Removes work with which nobody but its maker had to do; figures of past days stay as they were. Returns the entry
    that `restore_initiative` needs.

    Raises StaleError, and RefusedError with what is in the way.
    """
    row = opened(initiative, version)
    if why := why_kept(row, actor):
        raise RefusedError(why)
    note = {"contributors": [person.pk for person in contributors_of(row)]}
    entry = record(REMOVED, actor=actor, at=at, subject=row, changes=removed(row), note=note)
    team = row.team_id
    remember_removed(row.pk, entry.pk)
    row.delete()
    announce(Changes(teams=[team]), cause=entry.pk, at=at)
    return entry


def _team_of(entry: LogEntry, **_given: Any) -> Team | None:
    return Team.objects.filter(pk=entry.changes.get("team", [0])[0]).first()


@writes(permission="teams.work_on", of=_team_of)
def restore_initiative(entry: LogEntry, *, actor: Person, at: dt.datetime) -> Initiative:
    """Makes removed work again, with its values and its id, from the entry of its removal; with another key where its
    own was taken meanwhile.

    Raises RefusedError where it is back already, or its team is archived.
    """
    row: Initiative = as_it_was(entry)
    if LogEntry.objects.done_to(row).filter(pk__gt=entry.pk).exists():
        raise RefusedError(BACK_ALREADY)
    if is_archived(row.team):
        raise RefusedError(archived_team(row.team))
    row.key = free_key(Initiative, row.key)
    row.save(force_insert=True)
    people = Person.objects.filter(pk__in=entry.note.get("contributors", []))
    Contributor.objects.bulk_create(Contributor(initiative=row, person=person) for person in people)
    told = record(RESTORED, actor=actor, at=at, subject=row, changes=made(row), note={"undoes": entry.pk})
    announce(Changes(initiatives=[row.pk]), cause=told.pk, at=at)
    return row
