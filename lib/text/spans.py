"""Sentences with linked words, shared by pages and mail.

Paths are relative to the site ("/goals/more/"); mails add its address.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lib.charts.series import Series


@dataclass(frozen=True)
class Span:
    """Some words of a sentence, linked where `path` is set."""

    text: str
    path: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer in one click: `action` is what the reply does, `about` the ids it needs. Its URL is created when it is
    rendered.
    """

    label: str
    action: str
    about: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """A sentence with its full stop, a second one that explains it ('' for none), the possible replies, and how what it
    tells of went, where that is drawn beside it.
    """

    said: tuple[Span, ...]
    detail: str = ""
    replies: tuple[Reply, ...] = ()
    series: Series | None = None

    @property
    def text(self) -> str:
        return words_of(self.said)


def words_of(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)
