"""The leaders' section about the strategy: goals without work, and work that lost its goal."""

from __future__ import annotations

from typing import Any

from alignment.enums import FlagCode
from alignment.narrative.causes import told_as
from alignment.narrative.flags import flag_line
from alignment.narrative.naming import Naming
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.sections.bars import who_is_here
from digest.sections.causes import moved
from digest.selectors.gaps import Lost, Some, company_gaps
from lib.services.dates import day_in
from lib.text.counts import counted
from lib.text.days import whole_day
from lib.text.names import name_of, path_of
from lib.text.numbers import number, percent, weeks
from lib.text.spans import Line, Span
from teams.models import LogEntry, Person, Team

SHOWN = 5


@section(Kind.COMPANY, "uncovered", order=20)
def uncovered(batch: Batch) -> Says:
    gaps = company_gaps(on=batch.company.as_of, mark=batch.mark, limit=SHOWN)
    shown = Section(
        "uncovered",
        "Goals nobody works on",
        lines=(*who_is_here(batch), *map(_gap, gaps.rows)),
        more=_more(gaps, path_of("flag_list") + f"?code={FlagCode.UNCOVERED}"),
        news=_gaps_news(gaps),
        weight=50 if gaps.new else 5,
        quiet=not gaps.new,
    )

    def says(_recipient: Recipient, _team: Team | None) -> Section | None:
        return shown if gaps.rows else None

    return says


def _gaps_news(gaps: Some[Any]) -> str:
    """With the number that the pages show, whatever of it is new."""
    if 0 < gaps.new < gaps.count:
        return f"Nobody works on {counted(gaps.count, 'goal')}, {number(gaps.new)} of them new"
    return f"{counted(gaps.count, 'goal')} that nobody works on{' yet' if gaps.new else ''}"


def _gap(flag: Any) -> Line:
    name = name_of(flag.goal.title, "goal_detail", flag.goal.key)
    since = f"{'New: since' if flag.is_new else 'Since'} {whole_day(flag.first_seen)}."
    return flag_line(FlagCode.UNCOVERED, name, since)


def _more(some: Some[Any], path: str) -> Span | None:
    return Span(f"and {number(some.more)} more", path) if some.more else None


@section(Kind.COMPANY, "newly_orphaned", order=30)
def newly_orphaned(batch: Batch) -> Says:
    """Work orphaned by edits of strategies and goals, below the sentence about each; the team's part covers what its
    own edits orphaned."""
    found = moved(batch)
    lost, naming, zone = found.lost, found.reasons.naming, batch.company.company.timezone
    by_cause = {each.cause: [other for other in lost.rows if other.cause == each.cause] for each in lost.rows}

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        if not lost.rows:
            return None
        lines = [*who_is_here(batch)]
        for cause, rows in by_cause.items():
            lines += [_cause(found.edits[cause], naming, recipient.person, zone), *map(_lost, rows)]
        return Section(
            "newly_orphaned",
            "Work that lost its goal",
            lines=tuple(lines),
            more=_more(lost, f"{path_of('flag_list')}?code={FlagCode.DISCONNECTED}"),
            news=counted(lost.count, "initiative lost its goal", "initiatives lost their goal"),
            weight=70,
        )

    return says


def _cause(entry: LogEntry, naming: Naming, person: Person, zone: str) -> Line:
    left = Span(f" on {whole_day(day_in(zone, entry.at))} left this work without its goal:")
    return Line((*naming.spans(told_as(entry).one, entry, person), left))


def _lost(lost: Lost) -> Line:
    is_part = lost.lost < lost.effort * (1 - 1e-9)
    effort = f"{number(lost.lost)} of {weeks(lost.effort)}" if is_part else weeks(lost.effort)
    if lost.unsized:
        effort = f"{percent(lost.lost / lost.effort)} of it" if is_part else "not sized"
    return Line((name_of(lost.title, "initiative_detail", lost.key), Span(f" ({lost.team}), {effort}.")))
