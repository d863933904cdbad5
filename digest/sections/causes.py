"""What moved the figures of the company and of the teams that people lead, read together for both kinds of part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alignment.engine import Figures
from alignment.history.movements import Movement
from alignment.narrative.causes import ToldCauses
from alignment.selectors.teams import subtree
from digest.registry import Batch
from digest.selectors.gaps import Lost, Some, lost_work
from strategy.selectors.changes import edits_since
from teams.models import LogEntry

REASONS, OF_A_TEAM = 4, 3
"""The most sentences about causes in the part about the company, and in that about a team."""
LOST = 5
"""The most initiatives told that lost their goal."""


@dataclass(frozen=True)
class Moved:
    """By team (None: the company, where somebody reads of it) the figures `now` and the `movements` to them, with the
    `reasons` in sentences. `lost` is the work that edits of strategies and goals orphaned, by these `edits`, whose
    names the reasons have too."""

    now: Mapping[int | None, Figures]
    movements: Mapping[int | None, Movement]
    reasons: ToldCauses
    lost: Some[Lost]
    edits: Mapping[int, LogEntry]


def moved(batch: Batch) -> Moved:
    """Read once for a batch."""
    return batch.once(_moved)


def _moved(batch: Batch) -> Moved:
    now: dict[int | None, Figures] = {pk: subtree(team).figures for pk, team in batch.led.items()}
    if batch.has_leaders:
        now[None] = batch.company.figures
    movements = {of: batch.movements.of(of, figures) for of, figures in now.items()}
    edits = _edits(batch, movements) if batch.has_leaders else {}
    lost = lost_work(edits, limit=LOST) if batch.has_leaders else Some([])
    also = [edits[each.cause] for each in lost.rows]
    reasons = ToldCauses(batch, movements, limit=REASONS, of_team=OF_A_TEAM, also=also)
    return Moved(now, movements, reasons, lost, edits)


def _edits(batch: Batch, movements: Mapping[int | None, Movement]) -> dict[int, LogEntry]:
    """The edits of strategies and goals that moved the company's figures; all of them, while nothing is compared."""
    if batch.movements.from_nothing:
        return edits_since(batch.mark)
    causes = (each.entry for each in movements[None].causes)
    return {entry.pk: entry for entry in causes if entry.subject_kind in {"strategy", "goal"}}
