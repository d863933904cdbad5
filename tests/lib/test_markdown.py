from __future__ import annotations

import re

import pytest

from lib.markdown import TAGS, render

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
    tags = re.findall(r"<[^>]*>", render(text))
    assert {re.match(r"</?(\w+)", tag).group(1) for tag in tags} <= TAGS
    for tag in tags:
        names = re.findall(r"\s([\w-]+)=", re.sub(r'"[^"]*"', '""', tag))
        assert set(names) <= {"href", "title", "rel"}
        assert not re.search(r'href="\s*(?!https?:|mailto:|[^:"]*")', tag)


def test_render_headings_start_at_h3_without_a_gap() -> None:
    assert render("# a\n\n### b\n\n##### c") == "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>"
    assert render("## only") == "<h3>only</h3>"


def test_render_more_levels_than_html_has_end_at_h6() -> None:
    assert render("# a\n## b\n### c\n#### d\n##### e").endswith("<h6>d</h6>\n<h6>e</h6>")


def test_render_link_carries_rel() -> None:
    assert render("[a](https://example.org)") == '<p><a href="https://example.org" rel="nofollow noopener">a</a></p>'


def test_render_table_has_no_inline_style() -> None:
    html = render("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert "<th>a</th>" in html
    assert "style" not in html


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_render_blank_is_empty(text: str) -> None:
    assert render(text) == ""


def test_render_keeps_what_people_wrote() -> None:
    assert render("a < b & *c* `<d>`") == "<p>a &lt; b &amp; <em>c</em> <code>&lt;d&gt;</code></p>"
