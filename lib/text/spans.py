"""Sentences whose words may lead somewhere: what pages and mail draw alike.

Addresses are paths of ours ("/goals/more/"); what draws them for a mail adds the site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Some words of a sentence; with `path`, they lead there."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class Reply:
    """What can be answered in one click: `action` is what a reply does, `about` the ids that it needs. Its address is
    made when it is drawn."""

    label: str
    action: str
    about: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """A sentence with its full stop, a second one that explains it ('' for none), and what may be answered."""

    said: tuple[Span, ...]
    detail: str = ""
    replies: tuple[Reply, ...] = ()

    @property
    def text(self) -> str:
        return words_of(self.said)


def words_of(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)
