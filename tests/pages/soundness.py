"""What is wrong with a page whatever it says: names that lead nowhere, and places where something should stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

NAMED = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "form", "list")
"""Attributes that hold ids of the page."""

TOLD = (
    *("a", "h1", "h2", "h3", "p", "li", "dt", "dd", "th", "td", "caption", "figcaption", "blockquote", "q"),
    *("label", "legend", "summary", "button", "title", "strong"),
)
"""Elements that stand for nothing when nothing stands in them."""

BY_ITSELF = ["svg", "input", "select", "textarea", "img", "button"]
NOT_SPOKEN = {"announcer"}
UNFINISHED = re.compile(
    r"\(\s*\)|“\s*”|\{\{|\{%|^None$|\bNone None\b|\bby None\b|“None”| ,|,,| \.(?!\S)|: \.|\bof \.|\bNo NO_"
)


def faults(page: BeautifulSoup) -> list[str]:
    return [*_ids(page), *_blanks(page), *_tables(page), *_controls(page), *_words(page), *outline_faults(page)]


def _ids(page: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(node["id"]) for node in page.find_all(id=True))
    yield from (f"the id {name} stands {count} times" for name, count in ids.items() if count > 1)
    for attribute in NAMED:
        for node in page.select(f"[{attribute}]"):
            for name in str(node[attribute]).split():
                if name not in ids:
                    yield f"{attribute}={name} of <{node.name}> is no id"
    for attribute in ("hx-target", "hx-select"):
        for node in page.select(f"[{attribute}]"):
            if str(node[attribute]).removeprefix("#") not in ids:
                yield f"{attribute}={node[attribute]} is no id"


def _blanks(page: BeautifulSoup) -> Iterator[str]:
    for node in page.find_all(TOLD):
        if node.get("data-label") == "" or (node.name == "p" and node.find_parent("footer")):
            continue
        if not node.get_text(strip=True) and not node.find(BY_ITSELF) and node.get("id") not in NOT_SPOKEN:
            yield f"nothing in {str(node)[:120]}"
    for node in page.find_all(True):
        for name in ("href", "aria-label", "title"):
            if node.has_attr(name) and not str(node[name]).strip():
                yield f"{name} of {str(node)[:120]} is empty"


def _tables(page: BeautifulSoup) -> Iterator[str]:
    for table in page.find_all("table"):
        heads = [cell.get_text(" ", strip=True) for cell in table.select("thead th")]
        if not heads:
            yield f"a table without heads: {str(table)[:80]}"
        for row in table.select("tbody tr"):
            cells = row.find_all(["th", "td"], recursive=False)
            if len(cells) != len(heads):
                yield f"{len(cells)} cells below {len(heads)} heads: {row.get_text(' ', strip=True)[:80]}"


def _controls(page: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label["for"]) for label in page.find_all("label", attrs={"for": True})}
    for control in page.find_all(["input", "select", "textarea"]):
        hidden = control.get("type") == "hidden" or control.has_attr("hidden")
        if hidden or control.get("aria-label") or control.get("id") in labelled or _within(control, "label"):
            continue
        yield f"{str(control)[:120]} has no label"


def outline_faults(page: BeautifulSoup) -> Iterator[str]:
    """The headings of the page are an outline: one h1, first, and no level that is left out on the way down."""
    headings = page.select("h1, h2, h3, h4, h5, h6")
    levels = [int(heading.name[1]) for heading in headings]
    if levels.count(1) != 1 or levels[:1] != [1]:
        yield f"{levels.count(1)} headings of the page, the first heading is of level {levels[:1]}"
    for before, level, heading in zip(levels, levels[1:], headings[1:], strict=False):
        if level > before + 1:
            yield f"a heading of level {level} after one of level {before}: {' '.join(heading.get_text().split())}"


def _within(node: Tag, name: str) -> bool:
    return node.find_parent(name) is not None


def _words(page: BeautifulSoup) -> Iterator[str]:
    for node in page.find_all(["p", "li", "dd", "td", "th", "h1", "h2", "summary", "button", "a", "title"]):
        text = " ".join(node.get_text("").split())
        if found := UNFINISHED.search(text):
            yield f"“{found[0]}” in “{text[:100]}”"
    if not str(page.title.get_text() if page.title else "").removesuffix("· Throughline").strip():
        yield "no title"
