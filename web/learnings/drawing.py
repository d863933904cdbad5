"""Bets as the page of what was learned shows them, whether or not their links are still there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alignment.enums import Outcome
from alignment.narrative.timeline import named_spans
from lib.text.names import name_of
from lib.text.spans import Span
from teams.narrative import team_name, work_name
from web.home.items import Text


@dataclass(frozen=True)
class BetRow:
    """`said` is which work moves which goal, `told` are pairs of a term and what somebody wrote; `team` is None where
    only the log knows the bet, `at` None where nobody recorded it here."""

    outcome: str
    label: str
    said: Sequence[Text]
    told: Sequence[tuple[str, str]]
    team: Text | None
    at: dt.datetime | None


def bet_row(link: Any) -> BetRow:
    """For a row of `settled_bets`."""
    return BetRow(
        outcome=link.outcome,
        label=link.get_outcome_display(),
        said=_moves(work_name(link.initiative), name_of(link.goal.title, "goal_detail", link.goal.key)),
        told=_told({"rationale": link.rationale, "evidence": link.evidence, "outcome_note": link.outcome_note}),
        team=_text(team_name(link.initiative.team)),
        at=link.told_at,
    )


def taken_back_row(entry: Any) -> BetRow:
    """For an entry of `bets_taken_back`."""
    had = {name: before for name, (before, _after) in entry.changes.items()}
    work, goal = named_spans(entry, "initiative", "goal")
    return BetRow(had["outcome"], Outcome(had["outcome"]).label, _moves(work, goal), _told(had), None, entry.at)


def _moves(work: Span, goal: Span) -> list[Text]:
    return [_text(work), Text(" moves "), _text(goal)]


def _text(span: Span) -> Text:
    return Text(span.text, span.path)


def _told(values: dict[str, Any]) -> list[tuple[str, str]]:
    terms = {"rationale": "Because", "evidence": "They would see", "outcome_note": "What they saw"}
    return [(term, values[name]) for name, term in terms.items() if values.get(name)]
