"""Tags and filters for all pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.template.context import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lib.forms.pages import TAKE_BACK, UNDO
from lib.text import counts, days, isolation, numbers, parts
from lib.text import markdown as md
from lib.text.differences import ADDED, REMOVED, Piece
from lib.text.names import path_of

register = template.Library()

register.filter("isolated", isolation.isolated)
register.filter("drawn", isolation.drawn)
register.filter("number", numbers.number)
register.filter("counted", counts.counted)
register.filter("percent", numbers.percent)
register.filter("weeks", numbers.weeks)
register.filter("quantity", numbers.quantity)
register.filter("segments", parts.segments)
register.filter("parts_sentence", parts.sentence)
register.filter("parts_whole", parts.whole)
register.filter("is_unsized", parts.is_unsized)


@register.simple_tag
def parts_key() -> list[tuple[str, str, str]]:
    """Code, label and meaning of each of the four parts, in their order."""
    return [(code, label, parts.MEANINGS[code]) for code, label in parts.LABELS.items()]


@register.filter
def markdown(text: str) -> SafeString:
    return md.render(text)


@register.filter
def day(value: dt.date | None) -> str:
    """Renders a day as 22 Nov 2026 in a `<time>`, an instant as its day in the reader's zone, and None as an en
    dash.
    """
    if value is None:
        return numbers.NONE
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), days.day(value))


MARKS = {
    ADDED: '<ins><span class="visually-hidden">(added: </span>{}<span class="visually-hidden">)</span></ins>',
    REMOVED: '<del><span class="visually-hidden">(removed: </span>{}<span class="visually-hidden">)</span></del>',
}


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """Renders the words of a text that changed as `<ins>` and `<del>`, which are also said to who does not see them."""
    return format_html_join("", "{}", ((format_html(MARKS.get(each.kind, "{}"), each.text),) for each in pieces))


@register.filter
def person_link(person: Any) -> SafeString:
    """A person's name, which leads to their page, and an en dash for None. One who is only described has no page."""
    if person is None:
        return format_html("{}", numbers.NONE)
    name = format_html("<bdi>{}</bdi>", person.name)
    return format_html('<a href="{}">{}</a>', path_of("person_detail", person.pk), name) if person.pk else name


@register.filter
def address(email: str) -> SafeString:
    """An e-mail address that may break before its @ where space is short."""
    name, at, host = email.rpartition("@")
    return format_html("{}<wbr>{}{}", name, at, host)


@register.filter
def undo_address(message: Message) -> str:
    """The URL that a message's Undo button posts to, or '' (lib.forms.pages.done)."""
    return _address_after(UNDO, message)


@register.filter
def take_back_address(message: Message) -> str:
    """The URL of the page on which what a message tells can be taken back, or ''."""
    return _address_after(TAKE_BACK, message)


def _address_after(tag: str, message: Message) -> str:
    tags = message.extra_tags or ""
    return tags.removeprefix(tag) if tags.startswith(tag) else ""


@register.simple_tag(takes_context=True)
def nav_link(context: Context, url_name: str, label: str, *below: str) -> SafeString:
    """A link of the main menu: `aria-current` is `page` on its own page, and `true` below it or below a path in
    `below`.
    """
    url = reverse(url_name)
    path = context["request"].path if "request" in context else ""
    current = ""
    if path == url:
        current = "page"
    elif any(path.startswith(start) for start in (*below, url) if start != "/"):
        current = "true"
    if current:
        return format_html('<a href="{}" aria-current="{}">{}</a>', url, current, label)
    return format_html('<a href="{}">{}</a>', url, label)
