"""Flags on a team's own work, its own goals and itself: the new ones one by one, the others in a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alignment.enums import FlagCode
from alignment.flags import HOUSEKEEPING, REACH_NOTHING
from alignment.models import Flag
from alignment.narrative.flags import counted_flags, flags_line
from alignment.selectors.people.flags import new_team_flags, open_counts
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.replies import Action
from digest.sections.asking import Asking, asking
from digest.sections.goals import told_changes
from lib.http.access import query
from lib.text.counts import counted
from lib.text.names import path_of, short
from lib.text.numbers import number
from lib.text.spans import Line, Reply, Span
from teams.models import Person, Team
from teams.narrative import work_name
from teams.rules import edits_initiative

SHOWN, CONTINUED, KINDS = 5, 2, 4
"""The most new flags with lines of their own, untouched initiatives with a reply to continue, and kinds of older flags
with a count."""
LOST, ASKED, QUIET = 60, 45, 20


@section(Kind.TEAM, "new_flags", order=20)
def new_flags(batch: Batch) -> Says:
    flags = new_team_flags(batch.led, batch.mark, batch.company.as_of)
    asks = asking(batch).about(flag for of_team in flags.values() for flag in _likely(of_team))
    told = told_changes(batch)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None:
            return None
        found = list(_for(recipient.person, flags.get(team.pk, []), asks, told))
        fresh = [flag for flag in found if flag.code != FlagCode.SILENT]
        silent = [flag for flag in found if flag.code == FlagCode.SILENT]
        lines = [asks.line(flag, recipient.person) for flag in fresh[:SHOWN]]
        if silent:
            lines.append(_silent(silent, recipient.person))
        if not lines:
            return None
        left = counted(len(fresh) - SHOWN, "more flag")
        lost = any(flag.code in REACH_NOTHING for flag in fresh)
        return Section(
            "new_flags",
            "New flags",
            tuple(lines),
            more=Span(f"and {left}", flags_path(team)) if fresh[SHOWN:] else None,
            news=counted(len(fresh) + bool(silent), "new flag"),
            asks=len(fresh) + bool(silent),
            weight=LOST if lost else ASKED if fresh else QUIET,
        )

    return says


def _likely(flags: Sequence[Flag]) -> list[Flag]:
    """Flags that may fit, for any reader, and those about links to be confirmed."""
    return [*flags[: SHOWN * 3], *(flag for flag in flags[SHOWN * 3 :] if flag.code == FlagCode.RECONFIRM)]


def _for(person: Person, flags: Sequence[Flag], asks: Asking, told: set[int]) -> Iterator[Flag]:
    """The most consequential flag of each initiative. Omits goals that `person` may not see, and links to be confirmed
    where the digest reports the change of their goal (`told`)."""
    work: set[int] = set()
    for flag in flags:
        if flag.goal is not None and asks.hides(person, flag.goal):
            continue
        if flag.initiative is not None:
            if flag.initiative.pk in work:
                continue
            if flag.code == FlagCode.RECONFIRM and all(
                not told.isdisjoint(link.goal.path)
                for link in asks.to_confirm(flag.initiative.pk)
                if not asks.hides(person, link.goal)
            ):
                continue
            work.add(flag.initiative.pk)
        yield flag


def _silent(flags: Sequence[Flag], person: Person) -> Line:
    """All in one line, as for housekeeping."""
    work = [flag.initiative for flag in flags if flag.initiative is not None]
    may = [each for each in work if edits_initiative(person, each)][:CONTINUED]
    replies = tuple(Reply(f"“{short(each.title)}” is still going on", Action.CONTINUE, (each.pk,)) for each in may)
    return replace(flags_line(FlagCode.SILENT, [work_name(each) for each in work]), replies=replies)


@section(Kind.TEAM, "old_flags", order=30)
def old_flags(batch: Batch) -> Says:
    counts = open_counts(batch.led, batch.mark, batch.company.as_of, batch.confidential)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None:
            return None
        found = counts.of(team.pk, recipient.person)
        lines = [*_older(team, [each for each in found if each[0] not in HOUSEKEEPING])]
        lines += _housekeeping(team, [each for each in found if each[0] in HOUSEKEEPING])
        return Section("old_flags", "Still open", tuple(lines), quiet=True) if lines else None

    return says


def _older(team: Team, found: Sequence[tuple[FlagCode, int]]) -> Iterator[Line]:
    if found:
        total = sum(count for _code, count in found)
        kinds = [f"{code.label} ({number(count)})" for code, count in found[:KINDS]]
        others = total - sum(count for _code, count in found[:KINDS])
        kinds += [f"{number(others)} more"] if others else []
        older = Span(counted(total, "older flag"), flags_path(team))
        yield Line((older, Span(f" {'is' if total == 1 else 'are'} open: {'; '.join(kinds)}.")))


def _housekeeping(team: Team, found: Sequence[tuple[FlagCode, int]]) -> Iterator[Line]:
    if found:
        said = "; ".join(counted_flags(code, count) for code, count in found)
        yield Line((Span("To tidy up", flags_path(team)), Span(f": {said}.")))


def flags_path(team: Team) -> str:
    return path_of("flag_list") + query({}, team=team.key)
