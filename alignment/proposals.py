"""Proposals: a goal from below, with the work that is its evidence. Whoever answers for the strategy declines it with a
reason, answers, or accepts it.

One that is accepted is a draft goal in an amendment; its work is linked when that is published
(alignment/services/proposals.py).
"""

from __future__ import annotations

from conversations.enums import Side
from conversations.kinds import Ending, ThreadKind, register_thread_kind

PROPOSAL = "proposal"
ACCEPTED, DECLINED, WITHDRAWN, GONE = "accepted", "declined", "withdrawn", "gone"
ABOUT = ("strategy", "goal")
DAYS = 10

register_thread_kind(
    ThreadKind(
        code=PROPOSAL,
        label="Proposal",
        about=ABOUT,
        days=DAYS,
        endings={
            DECLINED: Ending("Decline it", "declined", by=Side.ANSWERS, says="Why it is not wanted"),
            WITHDRAWN: Ending("Withdraw it", "withdrawn"),
        },
        settled={ACCEPTED: "accepted", GONE: "no longer asked, as its strategy is not published"},
        final=frozenset({ACCEPTED, GONE}),
    )
)
