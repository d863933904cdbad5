"""The variants that a page offers: filters, orders, searches, further pages.

They are read from its forms and links, or for the API from its schema, so that all are measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from itertools import combinations
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from drf_spectacular.generators import SchemaGenerator

from tools.bench.probe import Reader
from tools.bench.samples import Samples, Shapes, spread

PAGES, OPTIONS, PAIRS = 10, 60, 60
DAYS, NUMBERS = ["2026-03-01", "2026-10-01"], ["1", "3"]
NOUNS = {"team": "teams", "goal": "goals", "parent": "goals", "strategy": "strategies", "initiative": "initiatives"}

Options = dict[str, list[str]]
"""Maps parameter names to their values."""


@dataclass
class Offered(HTMLParser):
    """A parser for a page's variants at its own URL: `options` of its forms and links, and text fields in
    `searches`.
    """

    path: str
    options: Options = field(default_factory=dict)
    searches: list[str] = field(default_factory=list)
    next: str = ""
    _own_form: bool = False
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._own_form = values.get("method", "get") == "get" and self._is_here(values.get("action", ""))
        elif tag == "a" and "href" in values:
            self._link(values)
        elif self._own_form:
            self._field(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._own_form = False

    def _is_here(self, address: str) -> bool:
        return urlsplit(address).path in {"", self.path}

    def _link(self, values: dict[str, str]) -> None:
        address = values["href"]
        if values.get("rel") == "next":
            self.next = self.path + address if address.startswith("?") else address
        elif self._is_here(address):
            for name, value in parse_qsl(urlsplit(address).query):
                self._offer(name, value)

    def _field(self, tag: str, values: dict[str, str]) -> None:
        if tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and self._select:
            self._offer(self._select, values.get("value", ""))
        elif tag == "input" and values.get("type", "text") in {"search", "text"}:
            self.searches.append(values.get("name", ""))
        elif tag == "input" and values.get("type") in {"checkbox", "radio"}:
            self._offer(values.get("name", ""), values.get("value", "on"))

    def _offer(self, name: str, value: str) -> None:
        if value and value not in self.options.setdefault(name, []):
            self.options[name].append(value)


def offered(path: str, html: str) -> Offered:
    found = Offered(path)
    found.feed(html)
    return found


def of_page(reader: Reader, address: str, noun: str, samples: Samples) -> Iterator[tuple[str, list[str]]]:
    """Yields (description, URLs): each parameter's values, pairs of parameters, searches, and further pages."""
    path = urlsplit(address).path
    page = offered(path, reader.get(address).text)
    options = {name: spread(values, OPTIONS) for name, values in page.options.items() if name != "after"}
    if "sort" in options:
        options["sort"] += [f"-{value}" for value in options["sort"] if not value.startswith("-")]
    for name, values in options.items():
        firsts = [f"{path}?{urlencode({name: value})}" for value in values]
        yield f"by {name}", firsts
        if name == "sort":
            walked = firsts[: reader.requests]
            yield "by sort, further pages", [later for first in walked for later in walk(reader, first)]
    words = samples.words(noun) if page.searches else {}
    for what, searched in words.items():
        yield f"with {what}", [f"{path}?{urlencode({name: word})}" for name in page.searches for word in searched]
    searches = {name: [word for some in words.values() for word in some[:1]] for name in page.searches}
    yield "two at once", list(pairs(path, options | searches))
    yield "further pages", list(walk(reader, address))


def pairs(path: str, options: Options) -> Iterator[str]:
    """URLs with two parameters, drawn from all combinations."""
    random = Random(1)  # noqa: S311 -- the same in every run
    both = list(combinations(options, 2))
    for one, other in (random.choice(both) for _ in range(PAIRS)) if both else ():
        yield f"{path}?{urlencode({one: random.choice(options[one]), other: random.choice(options[other])})}"


def walk(reader: Reader, address: str) -> Iterator[str]:
    """The pages after `address`, by their "next" links."""
    for _ in range(PAGES):
        address = offered(urlsplit(address).path, reader.get(address).text).next
        if not address:
            return
        yield address


def of_resource(reader: Reader, path: str, noun: str, samples: Samples) -> Iterator[tuple[str, list[str]]]:
    """As `of_page`, for an API list, whose parameters are in the schema."""
    parameters = _schema()["paths"].get(path, {}).get("get", {}).get("parameters", [])
    options = {p["name"]: _values(p["name"], p["schema"], samples) for p in parameters if p["in"] == "query"}
    options = {name: values for name, values in options.items() if values}
    yield (
        "by one filter",
        [f"{path}?{urlencode({name: value})}" for name, values in options.items() for value in values],
    )
    for what, searched in (samples.words(noun) if any(p["name"] == "search" for p in parameters) else {}).items():
        yield f"with {what}", [f"{path}?{urlencode({'search': word})}" for word in searched]
    yield "two at once", list(pairs(path, options))
    yield "further pages", list(_walk_api(reader, path))


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema


def _values(name: str, schema: dict[str, Any], samples: Samples) -> list[str]:
    if "enum" in schema:
        return [str(value) for value in schema["enum"]]
    if name in NOUNS:
        return _all(samples.keys(NOUNS[name]))
    if schema.get("format") == "date":
        return DAYS
    return NUMBERS if schema.get("type") == "number" else []


def _all(shapes: Shapes) -> list[str]:
    return spread([key for keys in shapes.values() for key in keys])


def _walk_api(reader: Reader, address: str) -> Iterable[str]:
    for _ in range(PAGES):
        address = json.loads(reader.get(address).text).get("next") or ""
        if not address:
            return
        yield address
