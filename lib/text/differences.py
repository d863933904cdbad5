"""The words that differ between two texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
MOST_PAIRS = 400_000
"""Words of the one text times words of the other, beyond which lines are compared instead."""
AROUND = 24
"""The words that are kept on each side of a change when the rest is left out."""
_WORDS = re.compile(r"\S+[^\S\n]*|\n\s*|[^\S\n]+")
"""Words with the blanks that follow; an end of a line is a piece of its own, so that the word before it stays the same
where a paragraph is added."""
_LEFT_OUT = " … "


@dataclass(frozen=True)
class Piece:
    """A part of the text: SAME in both, ADDED in the later or REMOVED from the earlier one."""

    kind: str
    text: str


def changed_words(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order: those that are SAME or REMOVED are the earlier text, those that are SAME or
    ADDED the later one. Texts that differ in very many words are compared by lines, and by words within these.
    """
    return _joined(_pieces(_WORDS.findall(before), _WORDS.findall(after)))


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without what is far from any change."""
    found = []
    for place, piece in enumerate(pieces):
        if piece.kind == SAME:
            piece = Piece(SAME, _shortened(piece.text, first=place == 0, last=place == len(pieces) - 1))
        found.append(piece)
    return found


def _shortened(text: str, *, first: bool, last: bool) -> str:
    words = _WORDS.findall(text)
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    if len(words) <= head + tail + AROUND:
        return text
    return "".join(words[:head]) + _LEFT_OUT + "".join(words[len(words) - tail :])


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    yield Piece(SAME, "".join(before[:head]))
    yield from _between(before[head : len(before) - tail], after[head : len(after) - tail])
    yield Piece(SAME, "".join(before[len(before) - tail :]))


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    return next(
        (place for place, (old, new) in enumerate(zip(before, after, strict=False)) if old != new),
        min(len(before), len(after)),
    )


def _between(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if len(before) * len(after) <= MOST_PAIRS:
        yield from _compared(before, after)
        return
    old, new = ("".join(words).splitlines(keepends=True) for words in (before, after))
    if len(old) * len(new) > MOST_PAIRS:
        yield from (Piece(REMOVED, "".join(before)), Piece(ADDED, "".join(after)))
        return
    left = MOST_PAIRS
    for kind, first, last, start, end in _opcodes(old, new):
        lines, others = _WORDS.findall("".join(old[first:last])), _WORDS.findall("".join(new[start:end]))
        left -= len(lines) * len(others) if kind == "replace" else 0
        if kind == "equal":
            yield Piece(SAME, "".join(lines))
        elif left >= 0:
            yield from _compared(lines, others)
        else:
            yield from (Piece(REMOVED, "".join(lines)), Piece(ADDED, "".join(others)))


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    for kind, first, last, start, end in _opcodes(before, after):
        if kind == "equal":
            yield Piece(SAME, "".join(before[first:last]))
        else:
            yield from (Piece(REMOVED, "".join(before[first:last])), Piece(ADDED, "".join(after[start:end])))


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Without empty pieces; neighbours of one kind are one."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].kind == piece.kind:
            piece = Piece(piece.kind, found.pop().text + piece.text)
        found.append(piece)
    return found
