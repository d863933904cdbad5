"""What leaders published: strategies, company goals that were closed or mean something else, and pages of the business
context, in three sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.digest.content import Line, Section, Span
from alignment.digest.registry import Batch, Kind, Recipient, Says, section
from alignment.digest.sections.goals import recent_changes, subject_of
from alignment.digest.sections.naming import Knowing, name_of
from alignment.digest.sections.phrases import quoted, several, short
from strategy.models import ContextPage
from strategy.selectors.changes import Became, Changes, GoalChange, StrategyChange
from strategy.selectors.context import PagesSince, pages_since
from teams.models import Person, Team

PUBLISHED, CHANGED, CONTEXT = 65, 50, 30


@dataclass(frozen=True)
class FromLeaders:
    """What was published, and what became of company goals, the top ones first."""

    strategies: Sequence[StrategyChange]
    goals: Sequence[GoalChange]

    @property
    def lines(self) -> tuple[Line, ...]:
        strategies = (_strategies(self.strategies),) if self.strategies else ()
        return (*strategies, _goals(self.goals)) if self.goals else strategies


def from_leaders(changes: Changes, person: Person, batch: Knowing) -> FromLeaders:
    """As far as `person` may see it."""
    goals = [
        each
        for each in changes.goals
        if each.goal.team_id is None
        and each.became in _WORDS
        and not batch.confidential.hides(person, each.goal.path, each.goal.owner_id)
    ]
    published = [each for each in changes.strategies if each.became is Became.PUBLISHED]
    return FromLeaders(published, sorted(goals, key=lambda each: each.goal.depth))


@section(Kind.OWN, "published", order=10)
def published(batch: Batch) -> Says:
    """Leaders read it in the part about the company."""
    changes = recent_changes(batch)
    pages = pages_since(batch.mark)
    context = (_pages(pages),) if pages else ()

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        if recipient.has(Kind.COMPANY):
            return None
        said = from_leaders(changes, recipient.person, batch)
        lines = (*said.lines, *context)
        if not lines:
            return None
        weight = PUBLISHED if said.strategies else CHANGED if said.goals else CONTEXT
        news = _news(said.strategies, said.goals) if said.lines else _news_of_pages(pages)
        return Section("published", "From the leaders", lines, news=news, weight=weight)

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


def _pages(pages: PagesSince) -> Line:
    spans = [Span("In the business context, ")]
    if pages.new:
        spans += [*several(_names(pages.new)), Span(f" {'is' if len(pages.new) == 1 else 'are'} new")]
    if pages.new and pages.changed:
        spans.append(Span("; "))
    if pages.changed:
        spans += [*several(_names(pages.changed)), Span(f" {'was' if len(pages.changed) == 1 else 'were'} changed")]
    return Line((*spans, Span(".")))


def _names(pages: Sequence[ContextPage]) -> list[Span]:
    return [name_of(page.title, "context_detail", page.key) for page in pages]


def _news_of_pages(pages: PagesSince) -> str:
    page, became = (pages.new[0], "is new") if pages.new else (pages.changed[0], "was changed")
    return f"“{short(page.title)}” {became} in the business context"
