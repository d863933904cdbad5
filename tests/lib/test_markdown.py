from __future__ import annotations

import re

import nh3
import pytest
from markdown_it import MarkdownIt

from lib.text import markdown
from lib.text.markdown import render
from tests.html import parsed, texts_of

HARMLESS = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
"""What a text may make, as it is decided here: an element that the renderer allows on top has to be added by hand."""

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "<javascript:alert(1)>",
    "![x](https://example.org/track.png)",
    "![x](javascript:alert(1))",
    "<svg onload=alert(1)>",
    "<iframe src=//example.org></iframe>",
    "<style>*{display:none}</style>",
    '[x](https://example.org "\\" onmouseover=alert(1) ")',
    '[x](https://example.org/"onmouseover="alert(1))',
    '```"><script>alert(1)</script>\nx\n```',
    "|<script>|\n|:--:|\n|<b onclick=alert(1)>|",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_render_attack_leaves_no_active_markup(text: str) -> None:
    for tag in parsed(f"<main>{render(text)}").select("main *"):
        assert tag.name in HARMLESS
        assert set(tag.attrs) <= {"href", "title", "rel"}
        assert re.match(r"\s*(https?:|mailto:|[^:]*$)", str(tag.get("href", "")))


ELEMENTS = ["script", "style", "img", "svg", "math", "iframe", "form", "input", "button", "video", "object", "h1", "h2"]


@pytest.mark.parametrize("name", [*ELEMENTS, "div", "span", "details", "template", "link", "meta", "base"])
def test_sanitiser_lets_no_other_element_through(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the parser made one: the two guard each other."""
    monkeypatch.setattr(markdown, "_PARSER", MarkdownIt("commonmark", {"html": True}))
    assert f"<{name}" not in render(f'a <{name} onclick="x" style="y" href="javascript:z" src="q" class="c">b')


def test_sanitiser_keeps_harmless_attributes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_PARSER", MarkdownIt("commonmark", {"html": True}))
    html = render('<a href="/x" title="t" target="_blank" id="i" onclick="z">a</a>')
    assert html == '<p><a href="/x" title="t" rel="nofollow noopener">a</a></p>'
    assert render('<a href="ftp://example.org">a</a>') == '<p><a rel="nofollow noopener">a</a></p>'


def test_parser_takes_html_as_text_and_leaves_images_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the sanitiser would let them through."""
    monkeypatch.setattr(nh3, "clean", lambda html, **_options: html)
    assert render("a <b>b</b>") == "<p>a &lt;b&gt;b&lt;/b&gt;</p>"
    assert "<img" not in render("![x](https://example.org/track.png)")


def test_render_draws_every_harmless_element() -> None:
    html = render(
        "# a\n## b\n### c\n#### d\n\n> *q* **s** ~~t~~ `c` [l](https://example.org)\n\n- i\n\n3. n\n\n---\n\nx  \ny\n\n"
        "```\npre\n```\n\n| a |\n|---|\n| 1 |\n"
    )
    assert set(re.findall(r"<(\w+)", html)) == HARMLESS
    assert '<ol start="3">' in html


@pytest.mark.parametrize("url", ["http://x.example/", "https://x.example/", "mailto:a@x.example", "/goals/a/", "#a"])
def test_render_leads_to_the_web_to_mail_and_within(url: str) -> None:
    assert f'<a href="{url}"' in render(f"[x]({url})")


@pytest.mark.parametrize("url", ["ftp://x.example/", "tel:1", "file:///etc/passwd", "javascript:alert(1)"])
def test_render_leads_nowhere_else(url: str) -> None:
    assert "href" not in render(f"[x]({url})")


def test_render_headings_start_at_h3_without_a_gap() -> None:
    assert render("# a\n\n### b\n\n##### c") == "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>"
    assert render("## only") == "<h3>only</h3>"
    assert render("#### a\n\n# b\n\n### c\n\n## d") == "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>\n<h4>d</h4>"


def test_render_more_levels_than_html_has_end_at_h6() -> None:
    assert render("# a\n## b\n### c\n#### d\n##### e").endswith("<h6>d</h6>\n<h6>e</h6>")


def test_render_link_carries_rel() -> None:
    assert render("[a](https://example.org)") == '<p><a href="https://example.org" rel="nofollow noopener">a</a></p>'


def test_render_table_has_no_inline_style() -> None:
    html = render("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert texts_of(html, "th") == ["a", "b"]
    assert "style" not in html


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_render_blank_is_empty(text: str) -> None:
    assert render(text) == ""


def test_render_keeps_what_people_wrote() -> None:
    assert render("a < b & *c* `<d>`") == "<p>a &lt; b &amp; <em>c</em> <code>&lt;d&gt;</code></p>"
