"""Counter-proposals: whoever would want a goal otherwise says what instead, with evidence, and whoever answers for the
goal accepts it, answers, or decides with a reason. Whoever is not convinced may disagree and commit, with a day to look
again.

One that is accepted becomes an edit of the goal, which its form adds to an amendment.
"""

from __future__ import annotations

from conversations.enums import Side
from conversations.kinds import Ending, ThreadKind, register_thread_kind

COUNTER = "counter"
ACCEPTED, DECIDED, CONVINCED, COMMITTED, WITHDRAWN = "accepted", "decided", "convinced", "committed", "withdrawn"
DAYS = 10

register_thread_kind(
    ThreadKind(
        code=COUNTER,
        label="Counter-proposal",
        about=("goal",),
        days=DAYS,
        endings={
            ACCEPTED: Ending("Accept it", "accepted", by=Side.ANSWERS, says="What changes with it", kept=True),
            DECIDED: Ending("It stays as it is", "decided: it stays as it is", by=Side.ANSWERS, says="Why it stays"),
            CONVINCED: Ending("I am convinced", "convinced"),
            COMMITTED: Ending(
                "I disagree and commit",
                "disagreed and committed",
                says="What you still see differently",
                again=True,
                kept=True,
            ),
            WITHDRAWN: Ending("Withdraw it", "withdrawn"),
        },
        settled={},
    )
)
