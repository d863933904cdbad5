"""Disputes as conversations: the goal's owner says why they doubt a link, its team answers, until the link is endorsed,
changed, withdrawn, or both agree to differ.

Judging a link opens and ends its dispute; nothing here is called by pages.
"""

from __future__ import annotations

import datetime as dt

from alignment.enums import LinkState
from alignment.models import Link
from conversations.enums import Side
from conversations.kinds import Ending, ThreadKind, register_thread_kind
from conversations.models import Thread
from conversations.selectors.parties import party_of
from conversations.services.threads import ended, moved, open_thread, turned
from conversations.topics import answered_rows
from lib.services.edits import locked
from teams.models import Person

DISPUTE = "dispute"
DIFFER, ENDORSED, WITHDRAWN, REMOVED = "differ", "endorsed", "withdrawn", "removed"
DAYS = 5

register_thread_kind(
    ThreadKind(
        code=DISPUTE,
        label="Dispute",
        about=("link",),
        days=DAYS,
        endings={DIFFER: Ending("We agree to differ", "agreed to differ")},
        settled={
            ENDORSED: "endorsed after all",
            WITHDRAWN: "withdrawn by the goal’s owner",
            REMOVED: "the team took the link away",
        },
        asked_by=lambda person: answered_rows(Link.objects.all(), person, owner="goal__owner", team="goal__team"),
        asked_owner="goal__owner",
        asked_team="goal__team",
    )
)


def open_dispute(link: Link) -> Thread | None:
    """The dispute of `link` that has not ended, locked."""
    row = Thread.objects.open().filter(kind=DISPUTE, about_kind="link", about_id=link.pk).first()
    return locked(row) if row else None


def judged(link: Link, before: str, *, actor: Person, at: dt.datetime) -> None:
    """Part of a service: follows the judgement of `link`, whose state was `before`. Nobody has a dispute with
    themselves, about their own work.
    """
    if link.state == before:
        return
    if link.state == LinkState.DISPUTED:
        if party_of("link", link.pk).person != actor:
            open_thread(actor=actor, at=at, kind=DISPUTE, about=("link", link.pk), text=link.note)
    elif before == LinkState.DISPUTED and (row := open_dispute(link)):
        outcome = ENDORSED if link.state == LinkState.ENDORSED else WITHDRAWN
        ended(row, outcome, actor=actor, at=at)


def answered(link: Link, *, actor: Person, at: dt.datetime) -> None:
    """Part of a service: a team that rewrites a disputed link has answered."""
    if link.state == LinkState.DISPUTED and (row := open_dispute(link)) and row.turn == Side.ANSWERS:
        turned(row, actor=actor, at=at)


def removed(link: Link, *, actor: Person, at: dt.datetime) -> None:
    """Part of a service: what was said about a link that goes is about its work from now on."""
    if link.state == LinkState.DISPUTED and (row := open_dispute(link)):
        ended(row, REMOVED, actor=actor, at=at)
    moved(("link", link.pk), ("initiative", link.initiative_id))
