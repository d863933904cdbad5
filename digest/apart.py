"""Tells things of one name apart that one digest names: "Grow (Plan A)" and "Grow (Plan B)"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from digest.content import Content, Part, Section
from lib.text.spans import Line
from strategy.models import Goal
from strategy.selectors.namesakes import Places, twins_of
from strategy.selectors.seen import Confidential
from teams.models import Person


def told_apart(contents: Sequence[Content], people: Sequence[Person], hidden: Confidential) -> list[Content]:
    """`contents` are those of `people`, in their order. No query where no digest names two things of one name; at most
    five otherwise.
    """
    groups = [twins_of(dict(_named(content))) for content in contents]
    paths = {path for found in groups for group in found for path in group}
    if not paths:
        return [*contents]
    places = Places(paths, Goal.objects.all(), hidden)
    return [
        _told(content, {path: place for group in found for path, place in places.told(group, person).items()})
        for content, person, found in zip(contents, people, groups, strict=True)
    ]


def _named(content: Content) -> Iterator[tuple[str, str]]:
    """Paths and names: of the parts, as teams have, and in sentences."""
    for part in content.parts:
        yield part.path, part.title
        for section in part.sections:
            yield from ((span.path, span.text) for line in section.lines for span in line.said)


def _told(content: Content, places: Mapping[str, str]) -> Content:
    def name(text: str, path: str) -> str:
        return f"{text} ({places[path]})" if path in places else text

    def line(row: Line) -> Line:
        return replace(row, said=tuple(replace(span, text=name(span.text, span.path)) for span in row.said))

    def section(each: Section) -> Section:
        return replace(each, lines=tuple(map(line, each.lines)))

    def part(each: Part) -> Part:
        return replace(each, title=name(each.title, each.path), sections=tuple(map(section, each.sections)))

    return replace(content, parts=tuple(map(part, content.parts))) if places else content
