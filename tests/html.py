"""Pages, parts of pages and mails, read as a browser reads them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, Tag
from bs4.filter import SoupStrainer
from django.http import HttpResponse
from django.http.response import HttpResponseBase

Source: TypeAlias = HttpResponseBase | str | Tag

UNSEEN = {"script", "style", "template"}
# Within a line of text; every other element stands apart from what is before and after it.
INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s"),
    *("samp", "small", "span", "strong", "sub", "sup", "time", "tspan", "u", "var", "wbr"),
}
BUTTONS = {"submit", "button", "image", "reset", "file"}


def parsed(source: HttpResponseBase | str, *, only: SoupStrainer | None = None) -> BeautifulSoup:
    text = source if isinstance(source, str) else _content(source)
    return BeautifulSoup(text, "lxml", parse_only=only)


def text_of(source: Source) -> str:
    """What is read on one line, the title of a page first; white space, NO-BREAK SPACE too, is one space."""
    return " ".join("".join(_pieces(_tag(source))).split())


def texts_apart(source: Source | None) -> str:
    """As `text_of`, with a space between any two elements: where columns are set by styles."""
    assert source is not None
    whole = copy.copy(_tag(source))
    for name in whole.find_all("bdi"):
        name.unwrap()
    whole.smooth()
    return " ".join(whole.get_text(" ").split())


def page_text(response: HttpResponseBase, status: int = 200) -> str:
    """The text of a page that must have been answered with this status."""
    assert response.status_code == status, text_of(response)
    return text_of(response)


def source_of(response: HttpResponseBase, status: int = 200) -> str:
    """A page as it was sent: what must be nowhere is looked for in attributes and comments as well."""
    assert response.status_code == status, text_of(response)
    return _content(response)


def texts_of(source: Source, selector: str) -> list[str]:
    """The text of each element that a CSS selector finds."""
    return [text_of(found) for found in _tag(source).select(selector)]


def message_of(source: Source) -> str:
    """What the page says of the step before it; '' if it says nothing."""
    return " ".join(text_of(messages) for messages in _tag(source).select(".messages"))


def links_of(source: Source) -> list[str]:
    """Of a page nothing but its links is parsed, which takes a third of the time."""
    if not isinstance(source, Tag):
        source = parsed(source, only=SoupStrainer("a", href=True))
    return [str(link["href"]) for link in source.find_all("a", href=True)]


def links_named(source: Source, text: str) -> list[str]:
    """Where the links lead whose text begins so."""
    return [str(link["href"]) for link in _tag(source).select("a[href]") if text_of(link).startswith(text)]


def forms(source: Source) -> list[Tag]:
    return _tag(source).select("form")


def form_to(source: Source, action: str | re.Pattern[str]) -> Tag:
    """The one form that is sent to this address: all of it, query included."""
    pattern = re.compile(re.escape(action)) if isinstance(action, str) else action
    found = [form for form in forms(source) if pattern.fullmatch(action_of(form))]
    assert len(found) == 1, [action_of(form) for form in forms(source)]
    return found[0]


def action_of(form: Tag) -> str:
    """'' if the form is sent to where it stands."""
    return str(form.get("action", ""))


def undo_of(source: Source) -> str:
    """Where the Undo of the page's message is sent."""
    found = [form for form in _tag(source).select(".messages form") if text_of(form) == "Undo"]
    assert len(found) == 1, text_of(source)
    return action_of(found[0])


def value_of(source: Source, name: str) -> Any:
    """What the one form with such a field would send of it, and None if it would send nothing."""
    found = [form for form in forms(source) if any(field.get("name") == name for field in form.select("[name]"))]
    assert len(found) == 1, text_of(source)
    return fields_of(found[0]).get(name)


def fields_of(form: Tag) -> dict[str, Any]:
    """What a browser would send if no button were pressed, without files; what has several values is a list."""
    sent: dict[str, list[str]] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        if not control.has_attr("disabled") and not control.find_parent("fieldset", attrs={"disabled": True}):
            sent.setdefault(str(control["name"]), []).extend(_values(control))
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items() if values}


def _values(control: Tag) -> list[str]:
    if control.name == "textarea":
        return [control.get_text().removeprefix("\n")]
    if control.name == "select":
        return _chosen(control)
    kind = str(control.get("type", "text")).lower()
    if kind in BUTTONS or (kind in {"checkbox", "radio"} and not control.has_attr("checked")):
        return []
    return [str(control.get("value", "on" if kind in {"checkbox", "radio"} else ""))]


def _chosen(select: Tag) -> list[str]:
    """Without one that is selected, a select that takes one value sends the first that it offers."""
    offered = [option for option in select.select("option") if not option.has_attr("disabled")]
    chosen = [option for option in offered if option.has_attr("selected")]
    if not select.has_attr("multiple"):
        chosen = chosen[-1:] or offered[:1]
    return [str(option.get("value", text_of(option))) for option in chosen]


def _content(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def _tag(source: Source) -> Tag:
    return source if isinstance(source, Tag) else parsed(source)


def _pieces(tag: Tag) -> Iterator[str]:
    for child in tag.children:
        if isinstance(child, Tag):
            gap = "" if child.name in INLINE else " "
            if child.name not in UNSEEN:
                yield from (gap, *_pieces(child), gap)
        elif type(child) in {NavigableString, CData}:
            yield str(child)
