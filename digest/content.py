"""The content of a digest, without its layout: the same for HTML mail, text mail and the pages that show it.

It is stored as JSON with the digest. Addresses are paths ("/goals/more/"); the rendering adds the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lib.charts.series import Series
from lib.text.spans import Line, Reply, Span

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Bar:
    """The four parts of effort in person-weeks (lib/text/parts.py), as a bar and in words; `coverage` is 0..1 or None,
    with its change as a part of 1 (None where it did not exist then or does not now). `initiatives` is 0 in digests
    stored without it."""

    effort: float
    aligned: float
    exploring: float
    sustaining: float
    orphaned: float
    coverage: float | None
    change: float | None
    initiatives: int = 0
    unsized: int = 0

    @property
    def total(self) -> float:
        return self.effort


@dataclass(frozen=True)
class Section:
    """`name` is that of the registry, `title` its heading. `news` with the highest `weight` becomes the subject of the
    digest where nothing waits for its reader; `asks` is how many things in it do. `more` is the address of what was
    left out. A `quiet` section alone is no reason to send a digest."""

    name: str
    title: str
    lines: tuple[Line, ...] = ()
    bar: Bar | None = None
    more: Span | None = None
    news: str = ""
    weight: int = 0
    quiet: bool = False
    asks: int = 0


@dataclass(frozen=True)
class Part:
    """`kind` is of digest.registry.Kind, `title` is "The company", a team's name or "Your own work"."""

    kind: str
    title: str
    path: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Content:
    """`name` is the person's in the greeting, `company` the company's name; `week` is ISO ("2026-W48"), `since` the
    company's day from which it covers what happened ("2026-11-16"; '' where not given). Empty `parts` are left out:
    without any, the digest has nothing to say."""

    name: str
    company: str
    week: str
    parts: tuple[Part, ...] = field(default=())
    since: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.parts

    @property
    def asks(self) -> int:
        """How many things wait for the reader."""
        return sum(section.asks for part in self.parts for section in part.sections)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(kept: Json) -> Content:
    return Content(
        name=kept["name"],
        company=kept["company"],
        week=kept["week"],
        parts=tuple(map(_part, kept["parts"])),
        since=kept["since"],
    )


def _part(kept: Json) -> Part:
    return Part(kept["kind"], kept["title"], kept["path"], tuple(map(_section, kept["sections"])))


def _section(kept: Json) -> Section:
    return Section(
        name=kept["name"],
        title=kept["title"],
        lines=tuple(map(_line, kept["lines"])),
        bar=Bar(**kept["bar"]) if kept["bar"] else None,
        more=Span(**kept["more"]) if kept["more"] else None,
        news=kept["news"],
        weight=kept["weight"],
        quiet=kept["quiet"],
        asks=kept.get("asks", 0),  # digests of an earlier release have none
    )


def _line(kept: Json) -> Line:
    replies = tuple(Reply(one["label"], one["action"], tuple(one["about"])) for one in kept["replies"])
    drawn = kept.get("series")  # digests of an earlier release have none
    series = Series(tuple((on, value) for on, value in drawn["values"])) if drawn else None
    return Line(tuple(Span(**span) for span in kept["said"]), kept["detail"], replies, series)
