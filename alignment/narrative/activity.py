"""Sentences about what a person did: "Bet that work moves a goal: “Faster” and “Growth”."."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alignment.selectors.people.activity import Titled, subjects
from lib.log.actions import actions
from lib.log.kinds import Ref
from lib.text.isolation import isolated
from lib.text.names import name_of, path_of, several
from lib.text.spans import Line, Span
from teams.models import LogEntry

UNKNOWN = "Changed something."
"""For an action of another release."""


def done_line(entry: LogEntry, named: Mapping[Ref, Titled]) -> Line:
    """For an entry of `done_by`, with the names that `titles` found."""
    known = actions().get(entry.action)
    meaning = known.meaning if known else UNKNOWN
    names = [_NAMES[ref[0]](named[ref]) for ref in subjects(entry) if ref in named]
    if not names:
        return Line((Span(meaning),))
    return Line((Span(f"{meaning.removesuffix('.')}: "), *several(names), Span(".")))


def _quoted(page: str) -> Callable[[Titled], Span]:
    return lambda row: name_of(row.title, page, row.key)


def _team(row: Titled) -> Span:
    return Span(isolated(row.title), path_of("team_detail", row.key))


def _persona(row: Titled) -> Span:
    return Span(isolated(row.title), f"{path_of('persona_list')}#{row.key}")


def _person(row: Titled) -> Span:
    return Span(isolated(row.title), path_of("person_detail", row.pk))


_NAMES: Mapping[str, Callable[[Titled], Span]] = {
    "initiative": _quoted("initiative_detail"),
    "goal": _quoted("goal_detail"),
    "strategy": _quoted("strategy_detail"),
    "contextpage": _quoted("context_detail"),
    "decision": _quoted("decision_detail"),
    "persona": _persona,
    "team": _team,
    "person": _person,
}
