"""Where one's own work leads: its way to the strategy, or its open flag where it leads nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alignment.flags import REACH_NOTHING
from alignment.models import Flag, Link
from alignment.narrative.work import KEEPS_RUNNING, REACH_NO_STRATEGY, beside_the_way, explores, way_up
from alignment.rules import counts
from alignment.selectors.people.flags import flags_of_work
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.sections.asking import Asking, asking
from digest.selectors.own_lines import OwnLines, largest_work, own_lines
from lib.text.counts import counted
from lib.text.names import CONFIDENTIAL, quoted
from lib.text.spans import Line, Span
from strategy.narrative import goal_name, strategy_name
from strategy.selectors.seen import sees_strategy
from teams.enums import InitiativeKind
from teams.models import Initiative, Person, Team
from teams.narrative import work_name

SHOWN, READ = 3, 6
"""Initiatives shown. More are read for each person and team, as some may be of teams that the person leads."""
ASKED = 55


@dataclass(frozen=True)
class OwnWork:
    """`told` is the work to show, by person; `flags` are its flags, by initiative."""

    told: Mapping[int, list[Initiative]]
    lines: OwnLines
    flags: Mapping[int, Flag]
    asks: Asking


def work_told(batch: Batch) -> OwnWork:
    """Read once for a batch."""
    return batch.once(_work_told)


def _work_told(batch: Batch) -> OwnWork:
    recipients = [each for each in batch.recipients if each.has(Kind.OWN)]
    people, teams = {each.person.pk for each in recipients}, {team.pk for each in recipients for team in each.on}
    of_people, of_teams = largest_work(people, teams, owned=READ, of_team=SHOWN)
    told = {each.person.pk: _told_to(each, of_people, of_teams) for each in recipients}
    work = {one.pk for of in told.values() for one in of}
    flags = flags_of_work(work, REACH_NOTHING, batch.company.as_of)
    return OwnWork(told, own_lines(work), {flag.initiative_id or 0: flag for flag in flags}, asking(batch).about(flags))


def _told_to(
    recipient: Recipient, of_people: Mapping[int, list[Initiative]], of_teams: Mapping[int, list[Initiative]]
) -> list[Initiative]:
    """The work that they own, without that of teams that they lead and have parts about; where they own none, their
    teams' work."""
    led = {team.pk for team in recipient.leads}
    owned = [work for work in of_people.get(recipient.person.pk, []) if work.team_id not in led]
    if owned:
        return owned[:SHOWN]
    theirs = [work for team in recipient.on for work in of_teams.get(team.pk, [])]
    return sorted(theirs, key=lambda work: (-work.figures.effort, work.pk))[:SHOWN]


@section(Kind.OWN, "own_work", order=20, asks=True)
def own_work(batch: Batch) -> Says:
    work = work_told(batch)

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        told = work.told[recipient.person.pk]
        if not told:
            return None
        owned = told[0].owner_id == recipient.person.pk
        new = sum(1 for each in told if each.pk in work.flags and work.flags[each.pk].was_opened_since(batch.mark))
        return Section(
            "own_work",
            "Where your work leads" if owned else "Where your team’s work leads",
            tuple(_line(each, work, recipient.person, batch) for each in told),
            news=counted(new, *REACH_NO_STRATEGY) if new else "",
            weight=ASKED if new else 0,
            quiet=not new,
            asks=sum(1 for each in told if each.pk in work.flags) if owned else 0,
        )

    return says


def _line(work: Initiative, own: OwnWork, person: Person, batch: Batch) -> Line:
    if work.pk in own.flags:
        return own.asks.line(own.flags[work.pk], person)
    leading = [link for link in own.lines.links.get(work.pk, []) if counts(link)]
    if leading:
        return _leads(work, leading, own.lines, person, batch)
    if work.kind == InitiativeKind.EXPLORE and work.ends_on and work.figures.exploring > 0:
        return Line((work_name(work), Span(explores(work.ends_on))), quoted(work.declaration))
    if work.kind == InitiativeKind.SUSTAIN:
        return Line((work_name(work), Span(KEEPS_RUNNING)), quoted(work.declaration))
    return Line((work_name(work), Span(" reaches no published strategy now.")))


def _leads(work: Initiative, leading: Sequence[Link], lines: OwnLines, person: Person, batch: Batch) -> Line:
    """Along the first of the links whose goal `person` may see."""
    seen = [link for link in leading if not batch.confidential.hides(person, link.goal.path, link.goal.owner_id)]
    goals = [lines.goals[pk] for pk in reversed(seen[0].goal.path)] if seen else []
    names = [goal_name(goal, person, batch.confidential) for goal in goals] or [Span(CONFIDENTIAL)]
    strategy = goals[-1].strategy if goals else None
    seen_strategy = strategy_name(strategy) if strategy and sees_strategy(strategy, person) else None
    way = way_up(work_name(work), names, seen_strategy)
    return Line((*way, Span(".")), beside_the_way(others=len(leading) - 1, is_partly_lost=work.figures.orphaned > 0))
