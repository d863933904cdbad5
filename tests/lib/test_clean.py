"""Text as it comes in: one form of each letter, no line that shows nothing, nothing that turns text around."""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError

from lib.forms.inputs import Line, Lines
from lib.text.clean import bidi_control, shows_nothing, tidy
from teams.models import Team

DECOMPOSED, COMPOSED = "A\u0308rger", "\u00c4rger"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (f"  {DECOMPOSED}\t", COMPOSED), ("a\r\nb\rc", "a\nb\nc"), ("\u200b\u200b", ""), ("\u200b a", "\u200b a"),
        ("\ufeff\n\u00ad", ""), ("\u3164", ""), ("\u2800\u2800", ""), ("\x07", ""), ("\u2764\ufe0f", "\u2764\ufe0f"),
        ("\u0301", "\u0301"), ("-", "-"),
    ],
)  # fmt: skip
def test_text_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert tidy(typed) == kept
    assert tidy(kept) == kept
    assert shows_nothing(typed) is (kept == "")


@pytest.mark.parametrize("code", [0x202A, 0x202E, 0x2066, 0x2069])
def test_bidi_control_is_found(code: int) -> None:
    assert bidi_control(f"a{chr(code)}b") == f"U+{code:04X}"


@pytest.mark.parametrize("text", ["plain", "\u200fعربي\u200e", "\u2029", "\u2065"])
def test_other_marks_are_no_bidi_control(text: str) -> None:
    assert bidi_control(text) == ""


def refused(field: forms.Field, text: str) -> str:
    with pytest.raises(ValidationError) as wrong:
        field.clean(text)
    return " ".join(wrong.value.messages)


def test_field_of_a_form_takes_and_refuses_text_alike() -> None:
    for field in (Line(), Lines()):
        assert field.clean(DECOMPOSED) == COMPOSED
        assert refused(field, "\u200b\u2060") == "This field is required."
        assert "(U+202E). Remove it" in refused(field, "\u202eReport 2026")
    assert Line(max_length=5).clean(DECOMPOSED) == COMPOSED
    assert "on one line" in refused(Line(), "a\x07b")
    assert Line(required=False).clean("\u200b") == ""


def test_text_is_stored_in_nfc_whatever_writes_it(db) -> None:
    team = Team.objects.create(key="t", name=DECOMPOSED, mission=f"{DECOMPOSED}\n")
    assert Team.objects.values_list("name", "mission").get(pk=team.pk) == (COMPOSED, f"{COMPOSED}\n")
    assert Team.objects.filter(name=DECOMPOSED).exists()
