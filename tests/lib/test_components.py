"""What the components promise: no inline style, a reason instead of 0 %, names for screen readers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from lib.text.numbers import NONE
from tests.html import links_named, parsed, text_of, texts_of

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))


def figure(**changed: Any) -> SimpleNamespace:
    given = {
        "label": "Coverage", "value": 28 / 76, "unit": "percent", "missing": "", "formula": "aligned ÷ discretionary",
        "worked": "28 ÷ 76 = 36.8 %", "note": "", "rows_url": "/initiatives/", "rows_label": "76 initiatives",
    }  # fmt: skip
    return SimpleNamespace(**{**given, **changed})


def drawn(name: str, **context: Any) -> str:
    return render_to_string(f"components/{name}", context)


def test_figure_opens_to_its_formula_and_rows() -> None:
    html = drawn("_figure.html", figure=figure())
    [folded] = parsed(html).select("details")
    assert "36.8 %" in text_of(html)
    for part in ("aligned ÷ discretionary", "28 ÷ 76 = 36.8 %"):
        assert part in text_of(folded)
    assert links_named(folded, "76 initiatives") == ["/initiatives/"]


def test_figure_missing_is_a_dash_with_its_reason() -> None:
    html = drawn("_figure.html", figure=figure(value=None, missing="No discretionary effort", worked=""))
    assert NONE in text_of(html)
    assert parsed(html).select("[title='No discretionary effort']")
    assert "None: No discretionary effort" in texts_of(html, "span")
    assert "0 %" not in " ".join(html.split())


def test_figure_of_zero_is_not_missing() -> None:
    assert "0 %" in text_of(drawn("_value.html", figure=figure(value=0.0)))


def test_parts_bar_is_named_and_drawn_by_attributes() -> None:
    parts = SimpleNamespace(
        total=76.0, aligned=28.0, exploring=0.0, sustaining=0.0, orphaned=48.0, initiatives=2, unsized=0
    )
    html = parsed(drawn("_parts_bar.html", parts=parts))
    [label] = (str(named["aria-label"]).replace("\N{NO-BREAK SPACE}", " ") for named in html.select("[aria-label]"))
    assert label == "76 person-weeks in 2 initiatives: aligned 36.8 %, exploring 0 %, sustaining 0 %, orphaned 63.2 %"
    assert html.select("[width='36.842%']")
    assert texts_of(html, ".parts__whole") == ["76 person-weeks in 2 initiatives"]


def test_line_of_sight_hides_a_confidential_goal_and_says_why_a_link_does_not_count() -> None:
    step = {"kind": "Goal", "label": "Secret", "url": "/goals/secret/", "hidden": True, "note": ""}
    line = {
        "counts": False,
        "reason": "Its owner disputes it.",
        "steps": [step],
        "rationale": "",
        "share": None,
        "state": "",
        "state_label": "",
    }
    html = drawn("_line_of_sight.html", line=line)
    assert "a confidential goal" in text_of(html)
    assert "Secret" not in html
    assert "/goals/secret/" not in html
    assert "This link does not count. Its owner disputes it." in text_of(html)
    assert "This link does not count." in texts_of(html, "strong")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "emails" in path.parts:
        return
    for banned in ("style=", "<style", "|safe", " onclick=", " onchange=", " onsubmit=", "hx-on", "javascript:"):
        assert banned not in text
    assert text.count("<script") == text.count("<script src=")
