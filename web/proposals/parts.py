"""What is proposed, in the conversation about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from alignment.narrative.proposals import evidence_text, outcome_text
from alignment.proposals import ACCEPTED
from alignment.selectors.proposals import evidence_of
from conversations.models import Thread
from lib.text.numbers import weeks
from strategy.models import Goal
from teams.enums import GOES_ON
from teams.models import Person
from web.home.items import Text


@dataclass(frozen=True)
class WorkRow:
    """`state` says what speaks against counting on it, or that it is linked."""

    title: str
    url: str
    team: str
    effort: str
    state: str


@dataclass(frozen=True)
class ProposalPart:
    """`standing` says what became of it, where it was accepted; `evidence` how much work stands behind it."""

    title: str
    facts: Sequence[tuple[str, str, str | None]]
    standing: Sequence[Text]
    evidence: str
    work: Sequence[WorkRow]
    because: str


def proposal_part(thread: Thread, reader: Person) -> ProposalPart | None:
    """None for another kind of conversation. At most three queries."""
    found = evidence_of(thread)
    if found is None:
        return None
    proposal, goal = found.proposal, found.proposal.goal
    seen = goal is not None and (reader.sees_everything or Goal.objects.visible_to(reader).filter(pk=goal.pk).exists())
    text = outcome_text(proposal, accepted=thread.outcome == ACCEPTED, seen=seen)
    name = [Text(" "), Text(f"“{goal}”", reverse("goal_detail", args=[goal.key]))] if goal is not None and seen else []
    facts = [("How one would see it", proposal.measure, None)] if proposal.measure else []
    return ProposalPart(
        title=proposal.title,
        facts=facts,
        standing=[Text(text), *name] if text else [],
        evidence=evidence_text(found.work),
        work=[_row(row, published=proposal.linked_at is not None) for row in found.work],
        because=proposal.because,
    )


def _row(row: Any, *, published: bool) -> WorkRow:
    state = ""
    if row.is_linked:
        state = "linked to it"
    elif row.status not in GOES_ON:
        state = f"{row.get_status_display().lower()} by now"
    elif published:
        state = "not linked: its effort went to other goals meanwhile"
    return WorkRow(
        title=row.title,
        url=reverse("initiative_detail", args=[row.key]),
        team=row.team.name,
        effort=weeks(float(row.effort)) if row.effort is not None else "not sized",
        state=state,
    )
