"""Pages of the business context, and their last changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from strategy.models import ContextPage
from teams.models import LogEntry, Person

CREATED, EDITED, REMOVED, RESTORED, CONFIRMED = (
    f"context_page.{verb}" for verb in ("created", "edited", "removed", "restored", "confirmed")
)
"""Actions in the log."""

SUBJECT = "contextpage"
ALSO_SHOWN = 8
OLD_DAYS = 180
"""After so many days without a confirmation a page asks for one."""


def context_pages(reader: Person) -> QuerySet[ContextPage]:
    """The pages that `reader` may see, with their owners, unordered."""
    return ContextPage.objects.visible_to(reader).select_related("owner")


def is_old(page: ContextPage, on: dt.date) -> bool:
    """Whether nobody has said for OLD_DAYS that it is true."""
    return page.confirmed_on is None or (on - page.confirmed_on).days > OLD_DAYS


def old_pages(on: dt.date) -> QuerySet[ContextPage]:
    """Those that are old (`is_old`) and say something."""
    lately = Q(confirmed_on__gte=on - dt.timedelta(days=OLD_DAYS))
    return ContextPage.objects.exclude(lately).exclude(body="")


def also_under(reader: Person, page: ContextPage) -> list[ContextPage]:
    """The first ALSO_SHOWN other pages of its lens, by title."""
    rows = ContextPage.objects.visible_to(reader).filter(lens=page.lens).exclude(pk=page.pk)
    return list(rows.order_by("title__folded", "id")[:ALSO_SHOWN])


def last_changes(pages: Sequence[ContextPage]) -> dict[int, LogEntry]:
    """Maps a page's id to the entry for its current version, with its actor; without pages that an import created or
    changed last. One query.
    """
    entries = LogEntry.objects.filter(subject_kind=SUBJECT, subject_id__in=[0, *(page.pk for page in pages)])
    newest = entries.order_by("subject_id", "-id").distinct("subject_id").select_related("actor")
    found = {entry.subject_id: entry for entry in newest}
    return {
        page.pk: found[page.pk] for page in pages if page.pk in found and found[page.pk].row_version == page.version
    }


def removed_context_page(pk: int) -> LogEntry | None:
    """The log entry `pk` of a removal, which contains the page's values."""
    return LogEntry.objects.filter(pk=pk, action=REMOVED).first()


@dataclass(frozen=True)
class PagesSince:
    """Each sorted by title."""

    new: list[ContextPage]
    changed: list[ContextPage]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def pages_since(mark: int) -> PagesSince:
    """Existing pages that were created or changed after the log entry with id `mark`. One query."""
    entries = LogEntry.objects.filter(pk__gt=mark, subject_kind=SUBJECT, subject_id=OuterRef("pk"))
    rows: QuerySet[Any] = ContextPage.objects.annotate(
        new=Exists(entries.filter(action=CREATED)), changed=Exists(entries.filter(action=EDITED))
    )
    found = list(rows.filter(Q(new=True) | Q(changed=True)).order_by("title__folded", "id"))
    return PagesSince([page for page in found if page.new], [page for page in found if not page.new])
