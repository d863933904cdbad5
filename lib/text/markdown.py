"""Converts Markdown to safe HTML. Besides this module, only isolation.py marks text as safe."""

from __future__ import annotations

from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

EXCERPT_WORDS = 60
TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}


def _lower_headings(state: StateCore) -> None:
    """Gives headings the levels h3, h4, … of an outline: one below the heading that each is under, whatever was
    typed."""
    above: list[str] = []
    for token in state.tokens:
        if token.type == "heading_open":
            above = [tag for tag in above if tag < token.tag] + [token.tag]
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(2 + len(above), 6)}"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


_PARSER = _parser()


def render(text: str) -> SafeString:
    """Renders CommonMark with tables; no HTML, images or styles. Headings start at h3; a blank text gives ''."""
    html = nh3.clean(
        _PARSER.render(text), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow noopener"
    )
    return mark_safe(html.strip())  # noqa: S308 - sanitised on the line above


def excerpt(text: str, words: int = EXCERPT_WORDS) -> str:
    """The first words of a Markdown text, without markup."""
    return Truncator(unescape(strip_tags(render(text)))).words(words, truncate=" …")
