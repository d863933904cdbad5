"""Services for pages of the business context, under three lenses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from lib.log.values import made, removed
from lib.services.edits import opened, revise
from lib.services.errors import RefusedError
from lib.services.keys import free_key
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.models import ContextPage
from strategy.selectors.context import CONFIRMED, CREATED, EDITED, REMOVED, RESTORED
from teams.models import LogEntry, Person
from teams.selectors.company import company_day
from teams.services.log import record
from teams.services.people import check_owner
from teams.services.undo import as_it_was

BACK_ALREADY = "It was brought back meanwhile, so there was nothing to undo."


@writes(permission="strategy.write_context_page")
def create_context_page(
    *, actor: Person, at: dt.datetime, lens: str, title: str, body: str = "", owner: Person | None = None
) -> ContextPage:
    """Visible to everybody at once. Raises ValidationError by field."""
    check_owner(owner)
    row = ContextPage(lens=lens, title=tidy(title), body=tidy(body), owner=owner, confirmed_on=company_day(at))
    row.clean_fields(exclude=["key", "owner"])
    row.key = free_key(ContextPage, row.title)
    row.save()
    record(CREATED, actor=actor, at=at, subject=row, changes=made(row))
    return row


@writes(permission="strategy.edit_context_page")
def edit_context_page(page: ContextPage, *, actor: Person, at: dt.datetime, version: int, **values: Any) -> ContextPage:
    """`values` are any of lens, title, body and owner. Who rewrites the text says that it is true.

    Raises StaleError, and ValidationError by field.
    """
    row = opened(page, version)
    check_owner(values.get("owner"), row.owner_id)
    told = {"confirmed_on": company_day(at)} if tidy(values.get("body", row.body)) != row.body else {}
    if changes := revise(row, **values, **told):
        record(EDITED, actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.edit_context_page")
def confirm_context_page(page: ContextPage, *, actor: Person, at: dt.datetime, version: int) -> ContextPage:
    """Says that what it says is still true. Raises StaleError."""
    row = opened(page, version)
    if changes := revise(row, confirmed_on=company_day(at)):
        record(CONFIRMED, actor=actor, at=at, subject=row, changes=changes)
    return row


@writes(permission="strategy.write_context_page")
def remove_context_page(page: ContextPage, *, actor: Person, at: dt.datetime, version: int) -> LogEntry:
    """Returns the log entry that `restore_context_page` needs; it contains the page's values. Raises StaleError,
    RefusedError.
    """
    row = opened(page, version)
    entry = record(REMOVED, actor=actor, at=at, subject=row, changes=removed(row))
    row.delete()
    return entry


@writes(permission="strategy.write_context_page")
def restore_context_page(entry: LogEntry, *, actor: Person, at: dt.datetime) -> ContextPage:
    """Recreates a removed page with its values and id from the log entry of its removal; with a new key where another
    page has taken its own. A deleted owner becomes None.

    Raises RefusedError where the page has changed since the removal.
    """
    row: ContextPage = as_it_was(entry)
    row.key = free_key(ContextPage, row.key)
    if LogEntry.objects.done_to(row).filter(pk__gt=entry.pk).exists():
        raise RefusedError(BACK_ALREADY)
    row.save(force_insert=True)
    record(RESTORED, actor=actor, at=at, subject=row, changes=made(row), note={"undoes": entry.pk})
    return row
