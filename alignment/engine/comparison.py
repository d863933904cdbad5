"""Compares two alignments of the same rows, such as the company as it is and a hypothetical one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alignment.engine.compute import Alignment
from alignment.engine.flags import Holds
from alignment.engine.model import Bools, Floats, Ints
from alignment.engine.parts import ZERO
from alignment.engine.work_figures import SUMS, ratio
from alignment.enums import FlagCode, Subject

ALIGNED, EXPLORING, ORPHANED, EFFORT = (SUMS.index(name) for name in ("aligned", "exploring", "orphaned", "effort"))

OF_WORK = (
    "coverage",
    "reasoned_coverage",
    "endorsed_coverage",
    "autonomy",
    "aligned_autonomy",
    "exploring_share",
    "sustaining_share",
)
OF_GOALS = ("strategy_coverage", "priority_fit")


@dataclass(frozen=True)
class FigureChange:
    """A headline figure of the company before and after, 0..1, or None where it does not exist."""

    name: str
    now: float | None
    after: float | None

    @property
    def moves(self) -> bool:
        """Priority fit is 1 less what is off, so its rounding is that of 1."""
        if self.now is None or self.after is None:
            return self.now is not self.after
        larger = 1.0 if self.name == "priority_fit" else max(self.now, self.after)
        return abs(self.after - self.now) > ZERO * larger


@dataclass(frozen=True)
class TeamFlag:
    """A flag of the team at the position `at` that opens, or is resolved."""

    at: int
    code: FlagCode
    opens: bool


@dataclass(frozen=True)
class Comparison:
    """Both have the same tables with the same ids in the same order. Results are positions; those of teams and
    initiatives are sorted by the size of the change, largest first."""

    before: Alignment
    after: Alignment

    def figures(self) -> list[FigureChange]:
        """The company's headline figures: all that pages show of it, those of work first."""
        now, then = self.before, self.after
        of_work = [FigureChange(name, getattr(now.total, name), getattr(then.total, name)) for name in OF_WORK]
        return [*of_work, *(FigureChange(name, getattr(now, name), getattr(then, name)) for name in OF_GOALS)]

    def teams(self) -> Ints:
        """Teams whose own coverage changes, appears or disappears."""
        now, then = coverage(self.before), coverage(self.after)
        larger = np.fmax(now, then)
        differ = (np.isnan(now) != np.isnan(then)) | (np.abs(then - now) > ZERO * larger)
        return _largest(differ, np.nan_to_num(then) - np.nan_to_num(now))

    def orphaned(self) -> Ints:
        """Active work of whose effort a larger part would be orphaned, or that would no longer reach anything."""
        return self._losing(self.before, self.after)

    def regained(self) -> Ints:
        """The reverse of `orphaned`."""
        return self._losing(self.after, self.before)

    def _losing(self, one: Alignment, other: Alignment) -> Ints:
        """Work of which less is aligned in `other` than in `one`; its size alone makes no difference."""
        orphaned, more_orphaned = (ratio(each.orphaned, each.effort, each.effort) for each in (one.parts, other.parts))
        more = np.nan_to_num(more_orphaned) - np.nan_to_num(orphaned) > ZERO
        reached, reaches = (each.parts.aligned > ZERO * each.parts.effort for each in (one, other))
        none_left = reached & ~reaches
        return _largest(more | none_left, other.parts.aligned - one.parts.aligned)

    def uncovered(self) -> Ints:
        """Goals that would be anchored without work, and have work now or are not anchored now."""
        were = self.before.covered | ~self.before.goal_statuses.anchored
        return np.flatnonzero(self.after.goal_statuses.anchored & ~self.after.covered & were)

    def to_confirm(self) -> Ints:
        """The ids of the links that would be asked about anew, as what their goals mean changed."""
        now, then = (
            each.company.links.id[each.links_flagged[FlagCode.RECONFIRM]] for each in (self.before, self.after)
        )
        return np.setdiff1d(then, now)

    def flags(self) -> dict[FlagCode, tuple[int, int]]:
        """By code, how many flags would open and how many would be resolved; only codes that change, in their order."""
        now, then = _marks(self.before), _marks(self.after)
        counts = {
            code: (int((then[code] & ~now[code]).sum()), int((now[code] & ~then[code]).sum()))
            for code in FlagCode
            if code in now
        }
        return {code: pair for code, pair in counts.items() if any(pair)}

    def team_flags(self) -> list[TeamFlag]:
        """Flags of teams that would open or be resolved, by team, codes in their order."""
        now, then = self.before.holds[Subject.TEAM], self.after.holds[Subject.TEAM]
        found = [
            TeamFlag(int(at), code, bool(then[code][at]))
            for code in FlagCode
            if code in now
            for at in np.flatnonzero(now[code] != then[code])
        ]
        return sorted(found, key=lambda each: each.at)


def _marks(alignment: Alignment) -> Holds:
    """What each flag is open for, as the engine marks it: sorting their positions took half of a preview."""
    return {code: marked for holds in alignment.holds.values() for code, marked in holds.items()}


def coverage(alignment: Alignment) -> Floats:
    """Coverage of each team's own initiatives; NaN without discretionary effort."""
    sums = alignment.team_sums
    discretionary = sums[:, ALIGNED] + sums[:, EXPLORING] + sums[:, ORPHANED]
    return ratio(sums[:, ALIGNED], discretionary, sums[:, EFFORT])


def _largest(which: Bools, change: Floats) -> Ints:
    """The positions of `which`, the largest change first."""
    at = np.flatnonzero(which)
    return np.asarray(at[np.argsort(-np.abs(change[at]), kind="stable")])
