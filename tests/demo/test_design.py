"""The page of the design system: every component is on it, and its figures are those of the style sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from demo.design.tokens import TEXT_CONTRAST, colours, contrast, lengths
from tests.html import parsed

COMPONENTS = {path.name for path in Path(settings.BASE_DIR, "templates", "components").glob("*.html")}
NOT_SHOWN = dict.fromkeys(("_seen.html", "_sending.html"), "Hidden fields of a form.") | dict.fromkeys(
    ("_typed.html", "_typed_section.html"), "Fields of a form as any, which can only be copied."
)
"""Components that cannot be shown there, each with the reason."""


@pytest.fixture
def page(client, db):
    return client.get("/design/")


def test_design_page_shows_every_component(page):
    shown = {Path(template.name).name for template in page.templates if template.name.startswith("components/")}

    assert page.status_code == 200
    assert COMPONENTS - shown == NOT_SHOWN.keys()


def test_design_page_shows_everything_in_both_schemes(page):
    html = parsed(page)
    ids = {each["id"] for each in html.select("[id]")}

    assert {chapter.key for chapter in page.context["chapters"]} <= ids
    assert len(html.select(".scheme.scheme--light.stack")) == len(page.context["chapters"])
    assert len(html.select(".scheme.scheme--dark.stack")) == len(page.context["chapters"])
    assert {"part-orphaned-light", "part-orphaned-dark"} <= ids


def test_design_page_asks_for_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/design/")


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#2a4788", "#2a4788") == 1


def test_every_colour_of_the_style_sheet_is_told_with_its_use():
    names = {colour.name for colour in colours()}
    css = Path(settings.BASE_DIR, "static", "css", "tokens.css").read_text(encoding="utf-8")

    assert len(names) == css.count("light-dark(")
    assert {"paper", "ink-soft", "accent", "orphaned-mark"} <= names
    assert [length.name for length in lengths("text")] == ["xs", "s", "m", "l", "xl", "xxl"]
    assert len(lengths("space")) == css.count("--space-")


def test_text_can_be_read_in_both_schemes():
    texts = [colour for colour in colours() if colour.is_text]

    assert len(texts) == 9
    for colour in texts:
        assert min(colour.light_contrast, colour.dark_contrast) >= TEXT_CONTRAST, colour.name


def test_design_page_is_not_there_without_the_demo(db):
    assert Client().get("/design/").status_code == 404
