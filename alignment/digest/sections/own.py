"""Where one's own work leads: from it to the strategy, or the question that is open where it leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from alignment.digest.content import Line, Section, Span
from alignment.digest.registry import Batch, Kind, Recipient, Says, section
from alignment.digest.sections.asking import REACH_NOTHING, Asking, asking, counts
from alignment.digest.sections.naming import day_of, name_of
from alignment.digest.sections.phrases import counted, goal_name, quoted, work_name
from alignment.models import Flag, Link
from alignment.selectors.own_lines import OwnLines, largest_work, own_lines
from alignment.selectors.questions import questions_of
from alignment.wording import CONFIDENTIAL
from strategy.enums import StrategyStatus
from strategy.models import Goal
from teams.enums import InitiativeKind
from teams.models import Initiative, Person, Team

SHOWN, READ = 3, 6
"""So many initiatives are told. More are read of each person and team: some may be of teams that they lead."""
ENDS = 2
"""Of a long line the first and the last so many goals are named."""
ARROW = Span(" → ")
ASKED = 55
REACH_NO_STRATEGY = "initiative reaches no published strategy", "initiatives reach no published strategy"


@dataclass(frozen=True)
class OwnWork:
    """`told` is whose work is told, by person; `flags` is what is asked about it, by initiative."""

    told: Mapping[int, list[Initiative]]
    lines: OwnLines
    flags: Mapping[int, Flag]
    asks: Asking


def work_told(batch: Batch) -> OwnWork:
    """Read once for a batch."""
    return batch.once(_work_told)


def _work_told(batch: Batch) -> OwnWork:
    recipients = [each for each in batch.recipients if each.has(Kind.OWN)]
    of_people = largest_work("owner", {each.person.pk for each in recipients}, limit=READ)
    of_teams = largest_work("team", {team.pk for each in recipients for team in each.on}, limit=SHOWN)
    told = {each.person.pk: _told_to(each, of_people, of_teams) for each in recipients}
    work = {one.pk for of in told.values() for one in of}
    flags = questions_of(work, REACH_NOTHING, batch.company.as_of)
    return OwnWork(told, own_lines(work), {flag.initiative_id or 0: flag for flag in flags}, asking(batch, flags))


def _told_to(
    recipient: Recipient, of_people: Mapping[int, list[Initiative]], of_teams: Mapping[int, list[Initiative]]
) -> list[Initiative]:
    """What they own, but for teams that they lead and read of anyway; where they own none, what their teams do."""
    led = {team.pk for team in recipient.leads}
    owned = [work for work in of_people.get(recipient.person.pk, []) if work.team_id not in led]
    if owned:
        return owned[:SHOWN]
    theirs = [work for team in recipient.on for work in of_teams.get(team.pk, [])]
    return sorted(theirs, key=lambda work: (-work.figures.effort, work.pk))[:SHOWN]


@section(Kind.OWN, "own_work", order=20)
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
        )

    return says


def _line(work: Initiative, own: OwnWork, person: Person, batch: Batch) -> Line:
    if work.pk in own.flags:
        return own.asks.line(own.flags[work.pk], person)
    leading = [link for link in own.lines.links.get(work.pk, []) if counts(link)]
    if leading:
        return _leads(work, leading, own.lines, person, batch)
    if work.kind == InitiativeKind.EXPLORE and work.ends_on and work.figures.exploring > 0:
        return Line((work_name(work), Span(f" explores until {day_of(work.ends_on)}.")), quoted(work.declaration))
    if work.kind == InitiativeKind.SUSTAIN:
        return Line((work_name(work), Span(" keeps things running.")), quoted(work.declaration))
    return Line((work_name(work), Span(" reaches no published strategy now.")))


def _leads(work: Initiative, leading: Sequence[Link], lines: OwnLines, person: Person, batch: Batch) -> Line:
    """Along the first of the links whose goal `person` may see."""
    seen = [link for link in leading if not batch.confidential.hides(person, link.goal.path, link.goal.owner_id)]
    details = []
    if len(leading) > 1:
        details.append(f"It serves {counted(len(leading) - 1, 'other goal', 'other goals')} as well.")
    if work.figures.orphaned > 0:
        details.append("A part of its effort reaches nothing.")
    steps = [*_steps(seen[0], lines, person, batch)] if seen else [Span(CONFIDENTIAL)]
    spans = [work_name(work)]
    for step in steps:
        spans += [ARROW, step]
    return Line((*spans, Span(".")), " ".join(details))


def _steps(link: Link, lines: OwnLines, person: Person, batch: Batch) -> Iterator[Span]:
    """From the goal up to the strategy; of many goals those in the middle are left out."""
    goals: list[Goal] = [lines.goals[pk] for pk in reversed(link.goal.path)]
    names = [goal_name(goal, person, batch) for goal in goals]
    if len(names) > 2 * ENDS:
        names = [*names[:ENDS], Span("…"), *names[-ENDS:]]
    yield from names
    strategy = goals[-1].strategy
    if strategy is not None and (strategy.status != StrategyStatus.DRAFT or strategy.owner_id == person.pk):
        yield name_of(strategy.title, "strategy_detail", strategy.key)
