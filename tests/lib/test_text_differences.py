"""The words that differ between two texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.templatetags.throughline import marked
from lib.text import differences
from lib.text.differences import ADDED, REMOVED, SAME, Piece, changed_words, shortened

TEXTS = st.lists(st.sampled_from(["one", "two", "three", " ", "  ", "\n", "\n\n", "four. "]), max_size=40).map("".join)


def told(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces]


def test_words_that_changed_are_told_from_the_rest():
    assert told(changed_words("It arrives within a week.", "It arrives within three days.")) == [
        (SAME, "It arrives within "),
        (REMOVED, "a week."),
        (ADDED, "three days."),
    ]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "New.", [(ADDED, "New.")]),
        ("Old.", "", [(REMOVED, "Old.")]),
        ("Same.", "Same.", [(SAME, "Same.")]),
        ("", "", []),
        ("It held.", "It held.\n\nMore.", [(SAME, "It held."), (ADDED, "\n\nMore.")]),
        ("one two three", "one three", [(SAME, "one "), (REMOVED, "two "), (SAME, "three")]),
    ],
)
def test_whole_texts_and_single_words(before, after, found):
    assert told(changed_words(before, after)) == found


@given(TEXTS, TEXTS)
def test_pieces_are_both_texts(before, after):
    pieces = changed_words(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@given(TEXTS, TEXTS)
def test_pieces_are_both_texts_where_lines_are_compared(before, after):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(differences, "MOST_PAIRS", 6)
        pieces = changed_words(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after


def test_long_text_that_changed_in_two_places_is_compared_by_lines(monkeypatch):
    monkeypatch.setattr(differences, "MOST_PAIRS", 30)
    before = "".join(f"line {number} as it was\n" for number in range(5))
    after = before.replace("line 1 as", "line one as").replace("line 3 as", "line three as")

    changed = [text for kind, text in told(changed_words(before, after)) if kind != SAME]
    assert changed == ["1 ", "one ", "3 ", "three "]


def test_two_texts_of_very_many_words_are_replaced_as_a_whole():
    before, after = (" ".join(f"{word}{number}" for number in range(20_000)) for word in ("old", "new"))

    assert told(changed_words(before, after)) == [(REMOVED, before), (ADDED, after)]


def test_what_is_far_from_a_change_is_left_out():
    words = [f"w{number} " for number in range(200)]
    before, after = "".join(words), "".join([*words[:100], "new ", *words[101:]])

    first, removed, added, last = shortened(changed_words(before, after))
    assert (removed, added) == (Piece(REMOVED, "w100 "), Piece(ADDED, "new "))
    assert first.text.startswith(" … w76 ")
    assert last.text.endswith("w124  … ")


def test_change_is_marked_and_said_and_no_markup_comes_through():
    page = marked([Piece(SAME, "a <b> "), Piece(REMOVED, "<i>"), Piece(ADDED, "&")])

    end = '<span class="visually-hidden">)</span>'
    removed = f'<del><span class="visually-hidden">(removed: </span>&lt;i&gt;{end}</del>'
    added = f'<ins><span class="visually-hidden">(added: </span>&amp;{end}</ins>'
    assert page == f"a &lt;b&gt; {removed}{added}"
