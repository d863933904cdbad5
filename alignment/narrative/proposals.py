"""How a proposal is said beside the flags of its work, and in its conversation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from alignment.models import Proposal
from alignment.proposals import DECLINED
from conversations.narrative import in_a_line, party_name
from conversations.selectors.parties import party
from lib.text.counts import counted
from lib.text.isolation import isolated
from lib.text.numbers import weeks

PREPARED = "It is prepared for the next edition of the strategy. Its work counts once that is published."
WAITS_TO_BE_PUBLISHED = "It is proposed as a goal, and accepted: it counts once the goal is published."


def waits(thread: Any) -> bool:
    """Whether nothing has come yet of a thread of `alignment.selectors.proposals.proposals_for`."""
    return bool(thread.outcome != DECLINED)


def standing_text(thread: Any) -> str:
    """What became of a proposal for which the work is evidence; a thread of `proposals_for`."""
    if thread.outcome == DECLINED:
        return f"A goal was proposed for it, and declined: {in_a_line(thread.reason)}"
    if thread.outcome:
        return WAITS_TO_BE_PUBLISHED
    turn = party_name(party(thread.in_turn)).text
    has = "have" if turn == "leaders" else "has"
    return f"It is proposed as a goal: {isolated(turn)} {has} the turn."


def evidence_text(work: Iterable[Any]) -> str:
    """How much stands behind a proposal: "3 initiatives, 12 person-weeks"; initiatives with their figures."""
    rows = list(work)
    sized = sum(float(row.effort) for row in rows if row.effort is not None)
    unsized = sum(1 for row in rows if row.effort is None)
    effort = [weeks(sized)] if sized else []
    rest = [f"{unsized} not sized"] if unsized else []
    return ", ".join([counted(len(rows), "initiative", "initiatives"), *effort, *rest])


def outcome_text(proposal: Proposal, *, accepted: bool, seen: bool) -> str:
    """Where a proposed goal stands, '' while it is talked about; `seen` is whether the reader sees the goal."""
    if proposal.linked_at is not None:
        return "It is published as the goal" if seen else "It is published, and its work counts as far as it is linked."
    return PREPARED if accepted else ""
