"""Goals and strategies that changed, as far as a team's work rests on them, and what that means for the work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alignment.digest.content import Line, Reply, Section, Span
from alignment.digest.registry import Batch, Kind, Recipient, Says, section
from alignment.digest.replies import Action
from alignment.digest.sections.asking import counts
from alignment.digest.sections.naming import Knowing, name_of
from alignment.digest.sections.phrases import counted, goal_name, quoted, several_words, short, work_name
from alignment.enums import Reason
from alignment.models import Link
from alignment.rules import edits_link, reason_of, was_confirmed_before
from alignment.selectors.links import links_under
from strategy.models import Goal
from strategy.selectors.changes import Became, Changes, GoalChange, StrategyChange, changes_since
from strategy.selectors.missions import missions_under
from teams.models import Initiative, LogEntry, Person, Team

SHOWN, CONFIRMED = 5, 3
LOST, CONFIRM, OTHER = 70, 62, 40
ENDED = {Became.CLOSED, Became.ARCHIVED}

Change = GoalChange | StrategyChange


def recent_changes(batch: Batch) -> Changes:
    """Of goals and strategies since the letter before; read once for a batch."""
    return batch.once(_changes)


def _changes(batch: Batch) -> Changes:
    return changes_since(batch.mark)


def told_changes(batch: Batch) -> set[int]:
    """The goals of which the letters tell that their meaning changed, to those who see them; none where there were more
    changes than there is room for."""
    changes = recent_changes(batch)
    if len(changes.goals) + len(changes.strategies) > SHOWN:
        return set()
    return {each.goal.pk for each in changes.goals if each.became is Became.CHANGED}


@dataclass(frozen=True)
class Bearing:
    """What of a team's work (links that the reader may see, the largest work first) and mission rests on a change."""

    change: Change
    links: Sequence[Link]
    in_mission: bool

    @property
    def ended(self) -> list[Initiative]:
        """Work of which a link counts no more because of it."""
        if self.change.became not in ENDED:
            return []
        return _work([link for link in self.links if reason_of(link) == self._ends(link)])

    def _ends(self, link: Link) -> Reason:
        if isinstance(self.change, StrategyChange):
            return Reason.STRATEGY_NOT_PUBLISHED
        return Reason.GOAL_CLOSED if link.goal_id == self.change.goal.pk else Reason.ANCESTOR_NOT_LIVE

    @property
    def to_confirm(self) -> list[Link]:
        if not isinstance(self.change, GoalChange) or self.change.became is not Became.CHANGED:
            return []
        goal = self.change.goal.pk
        return [each for each in self.links if each.goal_id == goal and counts(each) and was_confirmed_before(each)]

    @property
    def weight(self) -> int:
        return LOST if self.ended else CONFIRM if self.to_confirm else OTHER


@section(Kind.TEAM, "goals", order=40)
def goals(batch: Batch) -> Says:
    changes = recent_changes(batch)
    links: dict[int, list[Link]] = defaultdict(list)
    for link in links_under(changes.goal_ids, batch.led):
        links[link.initiative.team_id].append(link)
    missions: dict[int, list[Goal]] = defaultdict(list)
    for served in missions_under(changes.goal_ids, batch.led):
        missions[served.team_id].append(served.goal)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None:
            return None
        found = list(_bearing(batch, recipient.person, links.get(team.pk, []), missions.get(team.pk, [])))
        if not found:
            return None
        found.sort(key=lambda each: -each.weight)
        return Section(
            "goals",
            "Goals that changed",
            tuple(_line(each, recipient.person, batch) for each in found[:SHOWN]),
            more=Span(f"and {counted(len(found) - SHOWN, 'more change', 'more changes')}") if found[SHOWN:] else None,
            news=_news(found[0]),
            weight=found[0].weight,
        )

    return says


def _bearing(batch: Batch, person: Person, links: Sequence[Link], missions: Sequence[Goal]) -> Iterator[Bearing]:
    def sees(goal: Goal) -> bool:
        return not batch.confidential.hides(person, goal.path, goal.owner_id)

    changes = recent_changes(batch)
    seen = [link for link in links if sees(link.goal)]
    told: list[Change] = [*changes.strategies, *(each for each in changes.goals if sees(each.goal))]
    for change in told:
        at = change.goals if isinstance(change, StrategyChange) else {change.goal.pk}
        rests = [link for link in seen if not at.isdisjoint(link.goal.path)]
        serves = any(not at.isdisjoint(goal.path) and sees(goal) for goal in missions)
        if rests or serves:
            yield Bearing(change, rests, serves)


def _line(bearing: Bearing, person: Person, batch: Batch) -> Line:
    details = [*said_of(bearing.change), _means(bearing)]
    replies = [
        Reply(f"“{short(link.initiative.title)}” still moves it", Action.CONFIRM, (link.pk,))
        for link in bearing.to_confirm
        if edits_link(person, link)
    ]
    return Line(tuple(what_changed(bearing.change, person, batch)), " ".join(details), tuple(replies[:CONFIRMED]))


def what_changed(change: Change, person: Person, batch: Knowing) -> Iterator[Span]:
    """Who did what, in a sentence."""
    name = subject_of(change)
    verbs = {Became.CHANGED: ("changed what ", " means."), Became.MOVED: ("moved ", ".")}
    verb, end = verbs.get(change.became, (f"{change.became.value} ", "."))
    if change.became is Became.CLOSED and isinstance(change, GoalChange):
        end = f" ({change.goal.get_status_display().lower()})."
    yield Span(f"{actor_of(change.entry)} {verb}")
    yield name
    if isinstance(change, GoalChange) and change.became is Became.MOVED:
        yield Span(" below " if change.parent else " to the top")
        if change.parent:
            yield goal_name(change.parent, person, batch)
    yield Span(end)


def subject_of(change: Change) -> Span:
    if isinstance(change, StrategyChange):
        return name_of(change.strategy.title, "strategy_detail", change.strategy.key)
    return name_of(change.goal.title, "goal_detail", change.goal.key)


def actor_of(entry: LogEntry) -> str:
    return entry.actor.name if entry.actor else "Somebody"


def said_of(change: Change) -> Iterator[str]:
    """What was said of it."""
    if isinstance(change, GoalChange):
        if change.became is Became.CLOSED and change.goal.closing_reason.strip():
            yield quoted(change.goal.closing_reason)
        if change.title:
            yield f"It was called {quoted(change.title)}."


def _means(bearing: Bearing) -> str:
    """What it means for the team's work, as far as there is any."""
    if not bearing.links:
        return "The team’s mission serves it."
    if bearing.change.became in ENDED:
        ended = _links_of(bearing.ended, "no longer counts.", "no longer count.")
        return ended or "No link of the team counted through it."
    if bearing.change.became is Became.CHANGED:
        if bearing.to_confirm:
            return _links_of(_work(bearing.to_confirm), "is to be confirmed anew.", "are to be confirmed anew.")
        return f"{_named(_work(bearing.links))} {_verb(bearing.links, 'works', 'work')} towards it."
    lost = _links_of(_work([each for each in bearing.links if not counts(each)]), "does not count.", "do not count.")
    return lost or _links_of(_work(bearing.links), "counts.", "count.")


def _links_of(work: Sequence[Initiative], one: str, many: str) -> str:
    """“The link of “A” …”; '' without work."""
    if not work:
        return ""
    return f"The link of {_named(work)} {one}" if len(work) == 1 else f"The links of {_named(work)} {many}"


def _named(work: Sequence[Initiative]) -> str:
    return several_words([work_name(each) for each in work])


def _verb(links: Sequence[Link], one: str, many: str) -> str:
    return one if len(_work(links)) == 1 else many


def _work(links: Sequence[Link]) -> list[Initiative]:
    """Each initiative once."""
    return list({link.initiative_id: link.initiative for link in links}.values())


def _news(bearing: Bearing) -> str:
    change = bearing.change
    title = change.strategy.title if isinstance(change, StrategyChange) else change.goal.title
    name = f"“{short(title)}”"
    if bearing.ended:
        work = counted(len(bearing.ended), "initiative", "initiatives")
        return f"{name} was {change.became.value}: what now for {work}?"
    if change.became is Became.CHANGED:
        return f"{name} means something else now"
    return f"{name} was {change.became.value}"
