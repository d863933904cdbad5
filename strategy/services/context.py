"""Pages of the business context: what everybody should know of the business, under three lenses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lib.edits import opened, revise, tidy
from lib.errors import RefusedError
from lib.keys import free_key
from lib.writes import writes
from strategy.models import ContextPage
from strategy.selectors.context import CREATED, EDITED, REMOVED, RESTORED, SUBJECT
from teams.models import LogEntry, Person
from teams.services.log import record

KEPT = ("key", "lens", "title", "body", "owner_id", "version")
BACK_ALREADY = "It was brought back meanwhile, so there was nothing to undo."


@writes(permission="strategy.write_context_page")
def create_context_page(
    *, actor: Person, at: dt.datetime, lens: str, title: str, body: str = "", owner: Person | None = None
) -> ContextPage:
    """Everybody reads it at once. Raises ValidationError by field."""
    row = ContextPage(lens=lens, title=tidy(title), body=tidy(body), owner=owner)
    row.clean_fields(exclude=["key", "owner"])
    row.key = free_key(ContextPage, row.title)
    row.save()
    record(CREATED, actor=actor, at=at, subject=row, key=row.key, title=row.title, version=row.version)
    return row


@writes(permission="strategy.edit_context_page")
def edit_context_page(page: ContextPage, *, actor: Person, at: dt.datetime, version: int, **values: Any) -> ContextPage:
    """`values` are of lens, title, body and owner. Raises StaleError, and ValidationError by field."""
    row = opened(page, version)
    if changes := revise(row, **values):
        record(EDITED, actor=actor, at=at, subject=row, changes=changes, version=row.version)
    return row


@writes(permission="strategy.write_context_page")
def remove_context_page(page: ContextPage, *, actor: Person, at: dt.datetime, version: int) -> LogEntry:
    """The log entry holds all that the page had; `restore_context_page` reads it. Raises StaleError, RefusedError."""
    row = opened(page, version)
    entry = record(REMOVED, actor=actor, at=at, subject=row, **{name: getattr(row, name) for name in KEPT})
    row.delete()
    return entry


@writes(permission="strategy.write_context_page")
def restore_context_page(entry: LogEntry, *, actor: Person, at: dt.datetime) -> ContextPage:
    """Makes a removed page again with all it had, its id too, from the log entry of its removal; under another key
    where its own was given to a page that came since. An owner who is gone stays away.

    Raises RefusedError where the removal is not the last thing that became of the page.
    """
    key = free_key(ContextPage, entry.data["key"])
    if LogEntry.objects.filter(pk__gt=entry.pk, subject_type=SUBJECT, subject_id=entry.subject_id).exists():
        raise RefusedError(BACK_ALREADY)
    had: dict[str, Any] = {name: entry.data[name] for name in ("lens", "title", "body")}
    owner = Person.objects.filter(pk=entry.data["owner_id"]).first() if entry.data["owner_id"] else None
    row = ContextPage(pk=entry.subject_id, key=key, owner=owner, version=entry.data["version"] + 1, **had)
    row.save(force_insert=True)
    record(RESTORED, actor=actor, at=at, subject=row, by=entry.pk, version=row.version)
    return row
