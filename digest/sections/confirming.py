"""Pages of the business context that nobody has confirmed for half a year, for their owners.

Each digest names them once, as `checking_in` does: in the company's part, else in the reader's own, else in their first
team's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section, without
from lib.text.names import path_of
from lib.text.numbers import number
from lib.text.spans import Span
from strategy.models import ContextPage
from strategy.narrative import old_page_line
from strategy.selectors.context import old_pages
from teams.models import Team
from teams.rules import writes

SHOWN = 3
ToSay = Callable[[Recipient], Section | None]


@section(Kind.COMPANY, "confirming", order=70, asks=True)
def of_leaders(batch: Batch) -> Says:
    say = batch.once(_old)
    return lambda recipient, _team: say(recipient)


@section(Kind.TEAM, "confirming", order=100, to=without(Kind.COMPANY, Kind.OWN), asks=True)
def of_leads(batch: Batch) -> Says:
    say = batch.once(_old)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        return say(recipient) if team == recipient.leads[0] else None

    return says


@section(Kind.OWN, "confirming", order=50, to=without(Kind.COMPANY), asks=True)
def of_others(batch: Batch) -> Says:
    say = batch.once(_old)
    return lambda recipient, _team: say(recipient)


def _old(batch: Batch) -> ToSay:
    pages = defaultdict[int, list[ContextPage]](list)
    for page in old_pages(batch.today).filter(owner__in=batch.people).order_by("confirmed_on", "id"):
        pages[page.owner_id or 0].append(page)

    def say(recipient: Recipient) -> Section | None:
        own = pages.get(recipient.person.pk, []) if writes(recipient.person) else []
        if not own:
            return None
        more = Span(f"{number(len(own) - SHOWN)} more", path_of("context_list")) if len(own) > SHOWN else None
        lines = tuple(old_page_line(page.title, page.key, page.confirmed_on) for page in own[:SHOWN])
        return Section("confirming", "Is it still true?", lines=lines, more=more, quiet=True, asks=len(own))

    return say
