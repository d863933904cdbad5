"""Strategies and goals in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import Protocol

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator

from alignment.enums import FlagCode
from alignment.models import Flag
from alignment.views.answers import Answer
from alignment.wording import FLAG_WORDS
from lib.markdown import render as markdown
from lib.numbers import MINUS, SPACE
from strategy.models import Goal

EXCERPT_WORDS = 60


class Dated(Protocol):
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True)
class FlagRow:
    """What components/_flag.html shows."""

    subject_label: str
    subject_url: str
    sentence: str
    question: str
    since: dt.date
    details: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def flag_row(code: str, since: dt.date, *, label: str = "", url: str = "", answers: Iterable[Answer] = ()) -> FlagRow:
    words = FLAG_WORDS[FlagCode(code)]
    return FlagRow(label, url, words.one, words.question, since, answers=list(answers))


def goal_flag(flag: Flag, goal: Goal) -> FlagRow:
    return flag_row(flag.code, flag.first_seen, label=goal.title, url=reverse("goal_detail", args=[goal.key]))


def excerpt(text: str, words: int = EXCERPT_WORDS) -> str:
    """The first words of a Markdown text, without its marks."""
    return Truncator(unescape(strip_tags(markdown(text)))).words(words, truncate=" …")


def day(value: dt.date) -> str:
    return f"{value.day} {value:%b} {value.year}"


def exact(value: Decimal) -> str:
    """All its digits without needless zeros, as in "1 250.5"."""
    return f"{value.normalize():,f}".replace(",", SPACE).replace("-", MINUS)


def period(row: Dated) -> str:
    """As in "1 Jan 2026 to 31 Dec 2026"; '' without dates."""
    if row.starts_on and row.ends_on:
        return f"{day(row.starts_on)} to {day(row.ends_on)}"
    if row.starts_on:
        return f"from {day(row.starts_on)}"
    return f"until {day(row.ends_on)}" if row.ends_on else ""
