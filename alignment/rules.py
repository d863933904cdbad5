"""What the stored figures say of a link, said once for every page."""

from __future__ import annotations

from alignment.enums import LinkState, Reason


def link_reason(state: str, goal_reason: str | None) -> Reason | None:
    """Why a link in `state` does not count, None where it does (spec/alignment.md, *Why a link does not count*).

    `goal_reason` is what GoalFigures holds of its goal; of a goal that was never computed (None) nothing is said.
    """
    if state == LinkState.DISPUTED:
        return Reason.DISPUTED
    return Reason(goal_reason) if goal_reason else None
