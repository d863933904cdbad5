"""Proposals as pages read them: in their conversation, and beside the flags of the work that is their evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery

from alignment.flags import PROPOSABLE
from alignment.models import Flag, Link, Proposal, ProposalWork
from alignment.proposals import ABOUT, ACCEPTED, DECLINED, PROPOSAL
from conversations.models import Message, Thread
from conversations.selectors.threads import with_names
from teams.models import Initiative, Person

WAITS = Q(thread__outcome="") | Q(thread__outcome=ACCEPTED, linked_at=None)
"""Matches proposals of which nothing has come yet: talked about, or prepared in an amendment."""


@dataclass(frozen=True)
class Evidence:
    """A proposal with the work that is its evidence; `is_linked` of each says whether it is linked to the goal that
    came of it."""

    proposal: Proposal
    work: list[Any]


def evidence_of(thread: Thread) -> Evidence | None:
    """None for another kind of thread. Two queries."""
    if thread.kind != PROPOSAL:
        return None
    proposal = Proposal.objects.select_related("goal").filter(thread=thread).first()
    if proposal is None:
        return None
    linked = Exists(Link.objects.filter(initiative=OuterRef("pk"), goal=proposal.goal))
    rows: QuerySet[Any] = Initiative.objects.filter(proposed_for__proposal=proposal).select_related("team", "figures")
    return Evidence(proposal, list(rows.annotate(is_linked=linked).order_by("title__folded", "id")))


def is_proposed() -> Q:
    """Matches flags that ask nobody, as their work is evidence for a proposal of which nothing has come yet."""
    waiting = Proposal.objects.filter(WAITS).values("pk")
    return Q(
        Exists(ProposalWork.objects.filter(initiative=OuterRef("initiative"), proposal__in=waiting)),
        code__in=PROPOSABLE,
    )


def proposable(flags: Iterable[Flag]) -> list[int]:
    """The work of those that ask whether to propose a goal."""
    return [flag.initiative_id for flag in flags if flag.code in PROPOSABLE and flag.initiative_id]


def proposal_of(flag: Flag, proposed: Mapping[int, Any]) -> Any:
    """The thread of `proposals_for` about the work of the flag; None where the flag is about something else, or younger
    than the end of the proposal."""
    thread = proposed.get(flag.initiative_id or 0) if flag.code in PROPOSABLE else None
    if thread is not None and thread.outcome == DECLINED and thread.closed_at.date() < flag.first_seen:
        return None
    return thread


def proposals_for(work: Collection[int], reader: Person) -> dict[int, Any]:
    """By initiative, the thread of the last proposal that it is evidence for, with its names (`with_names`), `reason`
    (its last message) and `linked_at`, as far as `reader` may see it; without those that were withdrawn, or published.
    One query, none without work.
    """
    if not work:
        return {}
    last = Message.objects.filter(thread=OuterRef("pk")).order_by("-at", "-id").values("text")
    rows: QuerySet[Any] = with_names(Thread.objects.visible_to(reader, ABOUT).filter(kind=PROPOSAL), ABOUT)
    rows = rows.filter(proposal__work__initiative__in=work, outcome__in=("", ACCEPTED, DECLINED))
    rows = rows.filter(proposal__linked_at=None).annotate(
        evidence=F("proposal__work__initiative"), reason=Subquery(last[:1], output_field=CharField())
    )
    found: dict[int, Any] = {}
    for row in rows.order_by("opened_at", "id"):
        found[row.evidence] = row
    return found
