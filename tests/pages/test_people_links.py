"""Names of people lead to their pages, wherever a page names somebody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from teams.models import Person
from tests.kept import Kept
from tests.pages.soundness import faults
from tests.pages.test_pages import LOOKED_AT, Pages
from tests.pages.world import Lively

pytestmark = pytest.mark.slow

NOT_LINKS = ("h1", "title", "button", "summary", "option", "label")
"""Where a name is a heading of its own page, or words of something else to press."""


@pytest.fixture(scope="module")
def pages(built: Kept[Lively]) -> Pages:
    return Pages(built)


def leading_nowhere(page: BeautifulSoup, people: dict[str, int]) -> Iterator[str]:
    for text in page.find_all(string=lambda text: text is not None and text.strip() in people):
        link = text.find_parent("a")
        if text.find_parent(NOT_LINKS) or text.find_parent(class_="visually-hidden"):
            continue
        if link is None or link["href"] != f"/people/{people[text.strip()]}/":
            yield str(text.parent.parent)[:160]


def test_each_name_of_a_person_leads_to_their_page(pages: Pages, db: None) -> None:
    people = dict(Person.objects.values_list("name", "pk"))
    found = {key: page for key in LOOKED_AT if (page := pages.get(*key))}

    wrong = {key: nowhere for key, page in found.items() if (nowhere := [*leading_nowhere(page, people)])}

    assert wrong == {}


def test_a_name_that_leads_nowhere_is_found() -> None:
    page = BeautifulSoup('<p>By <bdi>Ann</bdi></p><h1>Ann</h1><a href="/people/1/"><bdi>Ann</bdi></a>', "lxml")

    assert [*leading_nowhere(page, {"Ann": 1})] == ["<p>By <bdi>Ann</bdi></p>"]


@pytest.mark.parametrize("reader", ["viewer", "member", "leader", "admin"])
def test_page_of_a_person_is_sound_and_its_names_lead_somewhere(reader: str, pages: Pages, db: None) -> None:
    people = dict(Person.objects.values_list("name", "pk"))

    wrong = {}
    for pk in people.values():
        page = pages.get(reader, f"/people/{pk}/")
        assert page is not None
        wrong[pk] = [*faults(page), *leading_nowhere(page, people)]

    assert {pk: found for pk, found in wrong.items() if found} == {}
