"""Renders a digest: its subject, its plain text and its HTML with the same content, and the headers of the mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.utils.text import capfirst

from digest.content import Bar, Content, Part, Section
from digest.models import Digest
from digest.registry import Kind
from digest.replies import LIFETIME, reply_path, times_path, unsubscribe_path
from lib.charts.series import Series
from lib.text.counts import plural
from lib.text.days import day_of_year
from lib.text.names import path_of
from lib.text.numbers import SPACE, number, percent
from lib.text.parts import Segment, segments, sentence, whole
from lib.text.spans import Line, Span
from teams.models import Person

SUBJECT_LIMIT, PREVIEW_LIMIT = 90, 140
COLUMN_HEIGHT = 28
"""Pixels of the highest column of a series."""
COLUMNS = 72
"""Of the plain text; an address has a line of its own, however long."""
LARGEST = 96_000
"""Bytes of HTML. Gmail cuts a mail off at 102 KB, including what mail servers add on the way."""
FEWER = ((6, 9), (4, 9), (2, 9), (1, 9), (1, 3))
"""Lines per section and sections per part for a digest that would be too large; the first pair that fits is used."""
FILLS = {"aligned": "#009e73", "exploring": "#56b4e9", "sustaining": "#a3a9ae", "orphaned": "#e69f00"}
"""The colours of the four parts, copied from static/css/tokens.css: mail programs do not support tokens."""
ROOM_FOR_LABEL, ROOM_FOR_PERCENT = 0.24, 0.16
"""Smallest shares of a bar with a label or a percentage, on a phone."""

WRITTEN_OUT = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
"""Numbers as a subject begins with them."""

View = dict[str, Any]
"""What a template reads: dictionaries, which are quickest."""


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def subject(content: Content) -> str:
    """What waits for its reader, or else the most important news; and the week, so that mail programs do not thread it
    with last week's digest."""
    week = f" · week {_week(content)}"
    [first, *_others] = [*_told_first(content), f"Your week at {content.company}"]
    return clipped(first, SUBJECT_LIMIT - len(week)) + week


def render(content: Content, person_id: int) -> Rendered:
    """Takes no query; every address starts with settings.SITE_URL."""
    html_of, text_of = (Engine.get_default().get_template(f"emails/digest.{form}") for form in ("html", "txt"))
    head: View = {"subject": subject(content), "preview": clipped(". ".join(_told_first(content)[1:]), PREVIEW_LIMIT)}
    digest = head | drawn(content, person_id, site=settings.SITE_URL)
    html = html_of.render(Context(digest))
    for lines, sections in FEWER:
        if len(html.encode()) <= LARGEST:
            break
        shorter = drawn(_shortened(content, lines, sections), person_id, site=settings.SITE_URL)
        digest = head | shorter | {"shortened": True}
        html = html_of.render(Context(digest))
    return Rendered(head["subject"], text_of.render(Context(digest, autoescape=False)), html)


def message(digest: Digest, person: Person, content: Content, *, sent_at: dt.datetime) -> EmailMultiAlternatives:
    """The Message-ID is the same however often it is sent, so that duplicates can be detected; its Date is that of the
    sending."""
    host = urlsplit(settings.SITE_URL).hostname
    rendered = render(content, person.pk)
    mail = EmailMultiAlternatives(
        rendered.subject,
        rendered.text,
        to=[person.email],
        headers={
            "Date": format_datetime(sent_at),
            "Message-ID": f"<digest.{digest.iso_week}.{person.pk}@{host}>",
            "List-Id": f"The weekly digest of Throughline <weekly-digest.{host}>",
            "List-Unsubscribe": f"<{settings.SITE_URL}{unsubscribe_path(person.pk)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(rendered.html, "text/html")
    return mail


def drawn(content: Content, person_id: int, *, site: str) -> View:
    """The context of a digest's templates; `site` is put before every path."""
    draw = _Drawing(person_id, site, content.since)
    return {
        "greeting": wrapped(f"Hello {content.name},"),
        "company": content.company,
        "opening": wrapped(_opening(content)),
        "week": _week(content),
        "parts": [draw.part(part) for part in content.parts],
        "answers_days": LIFETIME.days if _asks(content) else None,
        "read_url": site + path_of("digest_detail", content.week),
        "times_url": site + times_path(person_id),
        "stop_url": site + unsubscribe_path(person_id),
    }


@dataclass(frozen=True)
class _Drawing:
    """The digest's person, the site of its addresses, and the day from which it covers what happened."""

    person_id: int
    site: str
    since: str

    def part(self, part: Part) -> View:
        return {
            "title": part.title,
            "heading": _underlined(part.title, "="),
            "url": self.site + part.path,
            "sections": [self._section(section) for section in part.sections],
        }

    def _section(self, section: Section) -> View:
        return {
            "title": section.title,
            "heading": _underlined(section.title, "-"),
            "bar": _bar(section.bar, self.since) if section.bar and section.bar.total > 0 else None,
            "lines": [self._line(line) for line in section.lines],
            "more": self._more(section.more) if section.more else None,
        }

    def _line(self, line: Line) -> View:
        said = [self._span(span) for span in line.said]
        return {
            "said": said,
            "detail": line.detail,
            "text": line.text,
            "wrapped": wrapped(line.text),
            "wrapped_detail": wrapped(line.detail),
            "series": _series(line.series) if line.series else None,
            "urls": dict.fromkeys(span["url"] for span in said if span["url"]),
            "replies": [
                {"label": one.label, "url": self.site + reply_path(self.person_id, one.action, one.about)}
                for one in line.replies
            ],
        }

    def _more(self, more: Span) -> View:
        text = capfirst(more.text)
        return {"text": text, "wrapped": wrapped(f"{text}:"), "url": self.site + more.path}

    def _span(self, span: Span) -> View:
        return {"text": span.text, "url": self.site + span.path if span.path else ""}


def _series(went: Series) -> View:
    """As columns, which mail programs draw, and in words; `spark` is what pages draw."""
    return {
        "spark": went.sparkline,
        "columns": [max(round(part * COLUMN_HEIGHT / 100), 1) for part in went.columns],
        "height": COLUMN_HEIGHT,
        "words": went.words,
        "wrapped": wrapped(f"{went.words}."),
    }


def _bar(bar: Bar, since: str) -> View:
    parts = [
        {
            "code": part.code,
            "label": part.label,
            "percent": percent(part.share),
            "fill": FILLS[part.code],
            "width": max(round(part.share * 100), 1) if part.share else 0,
            "text": _text_in(part),
        }
        for part in segments(bar)
    ]
    coverage = "" if bar.coverage is None else percent(bar.coverage)
    change = _change(bar.change, since)
    said = f"Coverage is {coverage}{change}. " if coverage else ""
    return {
        "amounts": bar,
        "parts": parts,
        "total": whole(bar),
        "coverage": coverage,
        "change": f"coverage{change}",
        "in_words": wrapped(f"{said}{sentence(bar)}."),
    }


def _text_in(part: Segment) -> str:
    """The text that fits into a part of the bar; the text below the bar is complete."""
    if part.share < ROOM_FOR_PERCENT:
        return ""
    return f"{part.label} {percent(part.share)}" if part.share >= ROOM_FOR_LABEL else percent(part.share)


def _change(change: float | None, since: str) -> str:
    """To one decimal of a point, '' where there is nothing to compare with; `since` is ISO, '' for a week ago."""
    if change is None:
        return ""
    then = f"on {_day(since)}" if since else "a week ago"
    points = f"{abs(change) * 100:.1f}"
    if points == "0.0":
        return f", as {then}"
    return f", {points} points {'more' if change > 0 else 'less'} than {then}"


def _day(iso: str) -> str:
    return day_of_year(dt.date.fromisoformat(iso)).replace(" ", SPACE)


def _told_first(content: Content) -> list[str]:
    """What waits for the reader stands before all news."""
    asks = content.asks
    count = WRITTEN_OUT[asks] if asks < len(WRITTEN_OUT) else number(asks)
    return [f"{count} {plural(asks, 'thing waits', 'things wait')} for you"] * bool(asks) + _news(content)


def _news(content: Content) -> list[str]:
    """By weight, highest first; a team's news names the team."""
    told = [(section, part) for part in content.parts for section in part.sections if section.news]
    return [_of(part, section.news) for section, part in sorted(told, key=lambda each: -each[0].weight)]


def _of(part: Part, news: str) -> str:
    about_a_team = part.kind == Kind.TEAM and part.title.casefold() not in news.casefold()
    return f"{part.title}: {news}" if about_a_team else news


def clipped(text: str, limit: int) -> str:
    """One line, cut after the last word that fits."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _opening(content: Content) -> str:
    if content.is_empty:
        return f"Nothing that concerns you changed at {content.company} {_while(content)}."
    return f"This is how things stand at {content.company}, and what changed {_while(content)}."


def _while(content: Content) -> str:
    return f"since {_day(content.since)}" if content.since else "in the last seven days"


def _week(content: Content) -> int:
    return int(content.week.partition("W")[2])


def _asks(content: Content) -> bool:
    return any(line.replies for part in content.parts for section in part.sections for line in section.lines)


def _shortened(content: Content, lines: int, sections: int) -> Content:
    def part(whole: Part) -> Part:
        kept = (replace(section, lines=section.lines[:lines]) for section in whole.sections[:sections])
        return replace(whole, sections=tuple(kept))

    return replace(content, parts=tuple(map(part, content.parts)))


def wrapped(text: str, columns: int = COLUMNS) -> str:
    """Breaks lines at spaces only, never within a word or at a non-breaking space."""
    return "\n".join(_lines(text, columns))


def _underlined(title: str, stroke: str) -> str:
    heading = wrapped(title)
    return f"{heading}\n{stroke * min(max(map(len, heading.splitlines())), COLUMNS)}"


def _lines(text: str, columns: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > columns:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
