"""Strategies and goals in words."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Protocol

from django.utils.html import strip_tags
from django.utils.text import Truncator

from lib.text import days
from lib.text.markdown import render as markdown

EXCERPT_WORDS = 60


class Dated(Protocol):
    starts_on: dt.date | None
    ends_on: dt.date | None


def excerpt(text: str, words: int = EXCERPT_WORDS) -> str:
    """The first words of a Markdown text, without markup."""
    return Truncator(unescape(strip_tags(markdown(text)))).words(words, truncate=" …")


def period(row: Dated) -> str:
    """As in "1 Jan 2026 to 31 Dec 2026"; '' without dates."""
    return days.period(row.starts_on, row.ends_on)
