from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest

from lib.text.parts import LABELS, amount, segments, sentence, whole


@dataclass
class Effort:
    aligned: float = 0
    exploring: float = 0
    sustaining: float = 0
    orphaned: float = 0
    initiatives: int = 0
    unsized: int = 0

    @property
    def total(self) -> float:
        return self.aligned + self.exploring + self.sustaining + self.orphaned


def size(text: str) -> float:
    return float(text.removesuffix("%"))


def test_segments_have_one_order() -> None:
    assert (
        [part.code for part in segments(Effort(1, 2, 3, 4))]
        == list(LABELS)
        == ["aligned", "exploring", "sustaining", "orphaned"]
    )


def test_segments_without_effort_are_none() -> None:
    assert segments(Effort()) == []
    assert sentence(Effort()) == "No active work"


@pytest.mark.parametrize(
    "effort", [Effort(1, 2, 3, 4), Effort(1e9, 1e-3, 0, 1e-3), Effort(0, 0, 0, 0.01), Effort(1000, 0, 2, 1)]
)
def test_segments_fill_the_bar_side_by_side(effort: Effort) -> None:
    drawn = segments(effort)
    assert sum(size(part.width) for part in drawn) == pytest.approx(100, abs=0.01)
    for left, right in pairwise(drawn):
        assert size(left.x) + size(left.width) == pytest.approx(size(right.x), abs=0.01)


def test_segments_small_part_can_be_seen_and_keeps_its_share() -> None:
    part = segments(Effort(aligned=9999, orphaned=1))[-1]
    assert size(part.width) > 0.9
    assert part.share == pytest.approx(0.0001)


def test_segments_are_as_wide_as_their_shares() -> None:
    drawn = segments(Effort(aligned=50, exploring=25, orphaned=25))
    assert [(part.x, part.width) for part in drawn] == [
        ("0.000%", "50.000%"), ("50.000%", "25.000%"), ("75.000%", "0.000%"), ("75.000%", "25.000%"),
    ]  # fmt: skip
    assert [part.share for part in drawn] == [0.5, 0.25, 0, 0.25]
    assert [part.label for part in drawn] == ["Aligned", "Exploring", "Sustaining", "Orphaned"]


def test_segments_narrow_part_gets_one_hundredth_of_the_bar() -> None:
    """0.1 % would not be seen: it is drawn as 1 of 100.9."""
    assert segments(Effort(aligned=999, orphaned=1))[-1].width == "0.991%"
    assert segments(Effort(aligned=98, orphaned=2))[-1].width == "2.000%"


def test_segments_part_of_a_thousand_millionth_is_none() -> None:
    assert segments(Effort(aligned=1, orphaned=1e-9))[-1].width == "0.000%"
    assert segments(Effort(aligned=1, orphaned=1e-8))[-1].width != "0.000%"


def test_segments_empty_part_has_no_width() -> None:
    assert segments(Effort(aligned=1))[1].width == "0.000%"


def test_sentence_names_every_part() -> None:
    text = sentence(Effort(aligned=28, orphaned=48)).replace("\N{NO-BREAK SPACE}", " ")
    assert text == "76 person-weeks: aligned 36.8 %, exploring 0 %, sustaining 0 %, orphaned 63.2 %"


@pytest.mark.parametrize(
    ("parts", "said", "aligned"),
    [
        (Effort(28, orphaned=48), "76 person-weeks", "28 person-weeks"),
        (Effort(28, orphaned=48, initiatives=1), "76 person-weeks", "28 person-weeks"),
        (Effort(28, orphaned=48, initiatives=9, unsized=8), "76 person-weeks in 9 initiatives", "28 person-weeks"),
        (
            Effort(56, orphaned=96, initiatives=76, unsized=76),
            "76 initiatives, none of them sized yet",
            "28 initiatives",
        ),
        (Effort(1, orphaned=1, initiatives=2, unsized=2), "2 initiatives, none of them sized yet", "1 initiative"),
        (Effort(1, orphaned=3, initiatives=2, unsized=2), "2 initiatives, none of them sized yet", "0.5 initiatives"),
        (Effort(1, initiatives=1, unsized=1), "1 initiative, not sized yet", ""),
    ],
)
def test_whole_and_its_parts_are_in_weeks_that_somebody_gave(parts: Effort, said: str, aligned: str) -> None:
    assert whole(parts).replace("\N{NO-BREAK SPACE}", " ") == said
    assert amount(parts.aligned, parts).replace("\N{NO-BREAK SPACE}", " ") == aligned
    assert next(part.amount for part in segments(parts)) == amount(parts.aligned, parts)
