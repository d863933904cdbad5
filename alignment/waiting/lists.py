"""The list of one person, from all sources: the one definition that home, the list and digests read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from alignment.waiting.asks import Ask, Held, Waiting, ask_of, entries_of
from alignment.waiting.check_ins import check_ins_asked
from alignment.waiting.flags import flags_asked
from alignment.waiting.links import disputes_asked, judgements_asked
from alignment.waiting.pages import drafts_asked, editions_asked, old_pages_asked
from alignment.waiting.scope import Scope
from alignment.waiting.support import support_asked
from alignment.waiting.threads import threads_asked
from teams.models import Company, Person

Source = Callable[[Scope], Iterable[QuerySet[Any, Any]]]
SOURCES: tuple[Source, ...] = (
    flags_asked,
    threads_asked,
    judgements_asked,
    disputes_asked,
    support_asked,
    check_ins_asked,
    editions_asked,
    old_pages_asked,
    drafts_asked,
)
"""A kind of thing that asks is a function here: it gives rows of `alignment.waiting.asks.asks`."""

MOST = 2_000
"""So many asks are read. Whoever has more is told so."""
_ORDER = ("-ask_weight", "ask_since", "ask_kind", "ask_thing", "ask_source", "ask_id")


def waiting_for(person: Person, company: Company, *, as_of: dt.date | None, at: dt.datetime) -> Waiting:
    """What asks something of `person`. One query."""
    found = _read(Scope(person, company, as_of, at))
    asked = entries_of(ask for ask in found if not ask.held)
    things = {entry.thing for entry in asked}
    held = {ask.thing: ask.held for ask in found if ask.held and ask.thing not in things}
    return Waiting(
        entries=asked,
        held={why: list(held.values()).count(why) for why in (Held.TEAMS, Held.PUBLISHED)},
        is_whole=len(found) < MOST,
    )


def _read(scope: Scope) -> list[Ask]:
    asked = scope.is_asked()
    first, *others = [rows.filter(asked) for source in SOURCES for rows in source(scope)]
    return [ask_of(row) for row in first.union(*others, all=True).order_by(*_ORDER)[:MOST]]
