"""What leaders published: strategies, and company goals that were closed or mean something else, in two sentences."""

from __future__ import annotations

from collections.abc import Sequence

from alignment.digest.content import Line, Section, Span
from alignment.digest.registry import Batch, Kind, Recipient, Says, section
from alignment.digest.sections.goals import recent_changes, subject_of
from alignment.digest.sections.phrases import quoted, several, short
from strategy.selectors.changes import Became, GoalChange, StrategyChange
from teams.models import Team

PUBLISHED, CHANGED = 65, 50


@section(Kind.OWN, "published", order=10)
def published(batch: Batch) -> Says:
    """Leaders read it in the part about the company."""
    changes = recent_changes(batch)
    new = [each for each in changes.strategies if each.became is Became.PUBLISHED]
    company = [each for each in changes.goals if each.goal.team_id is None and each.became in _WORDS]
    company.sort(key=lambda each: each.goal.depth)

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        if recipient.has(Kind.COMPANY):
            return None
        seen = [
            each
            for each in company
            if not batch.confidential.hides(recipient.person, each.goal.path, each.goal.owner_id)
        ]
        lines = [*([_strategies(new)] if new else []), *([_goals(seen)] if seen else [])]
        if not lines:
            return None
        weight = PUBLISHED if new else CHANGED
        return Section("published", "From the leaders", tuple(lines), news=_news(new, seen), weight=weight)

    return says


_WORDS = {Became.CLOSED: "was closed", Became.CHANGED: "means something else now", Became.REOPENED: "is open again"}


def _strategies(changes: Sequence[StrategyChange]) -> Line:
    names = several([subject_of(each) for each in changes])
    return Line((*names, Span(f" {'was' if len(changes) == 1 else 'were'} published.")))


def _goals(changes: Sequence[GoalChange]) -> Line:
    """Of one that was closed, with the reason."""
    said: dict[Became, list[GoalChange]] = {}
    for each in changes:
        said.setdefault(each.became, []).append(each)
    spans: list[Span] = []
    for became, those in said.items():
        if spans:
            spans.append(Span("; "))
        spans += several([subject_of(each) for each in those])
        spans.append(Span(f" {_verb(became, len(those))}"))
    why = quoted(changes[0].goal.closing_reason) if len(changes) == 1 and changes[0].became is Became.CLOSED else ""
    return Line((*spans, Span(".")), why)


def _verb(became: Became, count: int) -> str:
    if count == 1:
        return _WORDS[became]
    return _WORDS[became].replace("was ", "were ").replace("means", "mean").replace("is ", "are ")


def _news(new: Sequence[StrategyChange], goals: Sequence[GoalChange]) -> str:
    if new:
        return f"“{short(new[-1].strategy.title)}” was published"
    return f"“{short(goals[0].goal.title)}” {_WORDS[goals[0].became]}"
