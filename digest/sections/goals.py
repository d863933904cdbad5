"""Changed goals and strategies that a team's work depends on, and what that means for the work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from alignment.models import Link
from alignment.narrative.bearing import Bearing, bearing_line, bearing_news
from alignment.rules import edits_link
from alignment.selectors.links import links_under
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.replies import Action
from lib.text.counts import counted
from lib.text.names import short
from lib.text.spans import Line, Reply, Span
from strategy.models import Goal
from strategy.narrative import Change
from strategy.selectors.changes import Became, ChangesSince, StrategyChange, changes_since
from strategy.selectors.missions import missions_under
from teams.models import Person, Team

SHOWN, CONFIRMED = 5, 3
LOST, CONFIRM, OTHER = 70, 62, 40


def recent_changes(batch: Batch) -> ChangesSince:
    """Changes of goals and strategies since the last digest; read once for a batch."""
    return batch.once(_changes)


def _changes(batch: Batch) -> ChangesSince:
    return changes_since(batch.mark)


def told_changes(batch: Batch) -> set[int]:
    """The goals whose change of meaning the digests report, to those who see them; none where there were more changes
    than fit."""
    changes = recent_changes(batch)
    if len(changes.goals) + len(changes.strategies) > SHOWN:
        return set()
    return {each.goal.pk for each in changes.goals if each.became is Became.CHANGED}


def _weight(bearing: Bearing) -> int:
    return LOST if bearing.ended else CONFIRM if bearing.to_confirm else OTHER


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
        found.sort(key=lambda each: -_weight(each))
        return Section(
            "goals",
            "Goals that changed",
            tuple(_line(each, recipient.person, batch) for each in found[:SHOWN]),
            more=Span(f"and {counted(len(found) - SHOWN, 'more change', 'more changes')}") if found[SHOWN:] else None,
            news=bearing_news(found[0]),
            weight=_weight(found[0]),
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
    replies = [
        Reply(f"“{short(link.initiative.title)}” still moves it", Action.CONFIRM, (link.pk,))
        for link in bearing.to_confirm
        if edits_link(person, link)
    ]
    return replace(bearing_line(bearing, person, batch.confidential), replies=tuple(replies[:CONFIRMED]))
