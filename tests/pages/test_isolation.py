"""Titles that are read from right to left, on every page: each stands isolated from the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from alignment.models import Link
from strategy.models import ContextPage, Goal, Measure, Persona, Strategy
from teams.models import Initiative, Person, Support, Team
from tests.html import UNSEEN
from tests.kept import Kept, keep
from tests.pages.reading import links
from tests.pages.test_pages import LOOKED_AT, Pages
from tests.pages.world import Lively, build_lively

pytestmark = pytest.mark.slow

TITLE = 'تحسين تجربة العملاء & رضا "الموظفين" <'
NAMED: dict[Any, str] = {
    Team: "name",
    Person: "name",
    Persona: "name",
    Initiative: "title",
    Goal: "title",
    Strategy: "title",
}
NAMED |= {ContextPage: "title", Measure: "title", Link: "rationale", Support: "ask"}
RIGHT, WORDS = re.compile("[\u0590-\u08ff]"), re.compile("[A-Za-z]{2}")
ISOLATES = re.compile("\u2068[^\u2068\u2069]*\u2069")
SAID = ("aria-label", "title", "placeholder", "alt", "content", "data-label")


@pytest.fixture(scope="module")
def built(whole_module: None) -> Kept[Lively]:
    lively = build_lively()
    for model, name in NAMED.items():
        numbered = Concat(Value(TITLE), Cast(F("pk"), CharField()), Value(">"), output_field=CharField())
        model.objects.update(**{name: numbered})
    return keep(lively, lively.world.people)


@pytest.fixture(scope="module")
def pages(built: Kept[Lively]) -> Pages:
    return Pages(built)


def test_title_is_isolated_from_what_stands_around_it(pages: Pages, db: None) -> None:
    """On the pages that are read, and on each that they lead a leader to: forms too."""
    addresses = {*LOOKED_AT}
    for who, address in LOOKED_AT:
        page = pages.get(who, address) if who == "leader" else None
        addresses |= {("leader", link.partition("#")[0]) for link in (links(page, address) if page else ())}
    wrong = {key: found for key in sorted(addresses) if (page := pages.get(*key)) and (found := {*unisolated(page)})}

    assert len(addresses) > 200
    assert wrong == {}


def unisolated(page: BeautifulSoup) -> Iterator[str]:
    """Every text and attribute in which words from left to right and from right to left share a direction."""
    for text in page.find_all(string=RIGHT):
        if text.parent.name not in UNSEEN and not is_isolated(text):
            yield f"{text.parent.name}: {' '.join(str(text).split())}"
    for element in page.find_all(True):
        for name in SAID:
            if RIGHT.search(left := ISOLATES.sub("", str(element.get(name, "")))) and WORDS.search(left):
                yield f"{element.name} {name}: {left}"
        if element.name in {"input", "textarea"} and element.get("dir") != "auto" and is_typed(element):
            yield f"{element.name} {element.get('name')} without a direction of its own"


def is_typed(element: Tag) -> bool:
    """Whether it has words from right to left that are seen."""
    seen = element.get("type") not in {"hidden", "radio", "checkbox"}
    return seen and bool(RIGHT.search(str(element.get("value", element.get_text()))))


def is_isolated(text: NavigableString) -> bool:
    if not RIGHT.search(ISOLATES.sub("", text)):
        return True
    around = next((each for each in text.parents if isolates(each)), None)
    if around is None:
        return text.parent.name == "textarea"
    rest = [ISOLATES.sub("", piece) for piece in around.find_all(string=True) if nearest(piece) is around]
    return not WORDS.search("".join(rest))


def nearest(text: NavigableString) -> Tag | None:
    return next((each for each in text.parents if isolates(each)), None)


def isolates(element: Tag) -> bool:
    return element.name == "bdi" or element.get("dir") == "auto"


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>About عربي</p>", "p: About عربي"),
        ("<p dir=auto>About عربي</p>", "p: About عربي"),
        ("<p>About <bdi>عربي</bdi></p>", ""),
        ("<p>About \u2068عربي\u2069</p>", ""),
        ("<a aria-label='About عربي'></a>", "a aria-label: About عربي"),
        ("<input value='عربي'>", "input None without a direction of its own"),
        ("<input dir=auto value='عربي'>", ""),
        ("<h1 dir=auto>عربي</h1>", ""),
    ],
)
def test_what_is_not_isolated_is_found(html: str, fault: str) -> None:
    assert list(unisolated(BeautifulSoup(html, "lxml"))) == [*filter(None, [fault])]
