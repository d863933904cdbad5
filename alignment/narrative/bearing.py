"""Describes what a change of a goal or a strategy means for the work of a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alignment.enums import UncountedReason
from alignment.models import Link
from alignment.rules import counts, reason_of, was_confirmed_before
from lib.text.counts import counted, plural
from lib.text.names import several_words, short
from lib.text.spans import Line
from strategy.narrative import Change, said_of, what_changed
from strategy.selectors.changes import Became, GoalChange, StrategyChange
from strategy.selectors.seen import Confidential
from teams.models import Initiative, Person
from teams.narrative import work_name

ENDED = {Became.CLOSED, Became.ARCHIVED}


@dataclass(frozen=True)
class Bearing:
    """A team's work (links that the reader may see, largest work first) and mission that depend on a change."""

    change: Change
    links: Sequence[Link]
    in_mission: bool

    @property
    def ended(self) -> list[Initiative]:
        """Work with a link that no longer counts because of the change."""
        if self.change.became not in ENDED:
            return []
        return _work([link for link in self.links if reason_of(link) == self._ends(link)])

    def _ends(self, link: Link) -> UncountedReason:
        if isinstance(self.change, StrategyChange):
            return UncountedReason.STRATEGY_NOT_PUBLISHED
        return UncountedReason.GOAL_CLOSED if link.goal_id == self.change.goal.pk else UncountedReason.ANCESTOR_NOT_LIVE

    @property
    def to_confirm(self) -> list[Link]:
        if not isinstance(self.change, GoalChange) or self.change.became is not Became.CHANGED:
            return []
        return [each for each in self.links if counts(each) and was_confirmed_before(each)]


def bearing_line(bearing: Bearing, person: Person, hidden: Confidential) -> Line:
    """What changed, as far as `person` may see it, and what that means."""
    details = [*said_of(bearing.change), _means(bearing)]
    return Line(tuple(what_changed(bearing.change, person, hidden)), " ".join(details))


def bearing_news(bearing: Bearing) -> str:
    change = bearing.change
    title = change.strategy.title if isinstance(change, StrategyChange) else change.goal.title
    name = f"“{short(title)}”"
    if bearing.ended:
        return f"{name} was {change.became.value}: what now for {counted(len(bearing.ended), 'initiative')}?"
    if change.became is Became.CHANGED:
        return f"{name} means something else now"
    return f"{name} was {change.became.value}"


def _means(bearing: Bearing) -> str:
    """What it means for the team's work; '' where it means nothing."""
    if not bearing.links:
        return "The team’s mission serves it."
    if bearing.change.became in ENDED:
        ended = _links_of(bearing.ended, "no longer counts.", "no longer count.")
        return ended or "No link of the team counted through it."
    if bearing.change.became is Became.CHANGED:
        if bearing.to_confirm:
            return _links_of(_work(bearing.to_confirm), "is to be confirmed anew.", "are to be confirmed anew.")
        work = _work(bearing.links)
        return f"{_named(work)} {plural(len(work), 'works', 'work')} towards it."
    lost = _links_of(_work([each for each in bearing.links if not counts(each)]), "does not count.", "do not count.")
    return lost or _links_of(_work(bearing.links), "counts.", "count.")


def _links_of(work: Sequence[Initiative], one: str, many: str) -> str:
    """“The link of “A” …”; '' without work."""
    if not work:
        return ""
    return f"The {plural(len(work), 'link')} of {_named(work)} {plural(len(work), one, many)}"


def _named(work: Sequence[Initiative]) -> str:
    return several_words([work_name(each) for each in work])


def _work(links: Sequence[Link]) -> list[Initiative]:
    """Each initiative once."""
    return list({link.initiative_id: link.initiative for link in links}.values())
