"""A whole organisation's year: the real one where it lies beside the checkout, and a made-up one of the same shape.

The real one is no part of the project. What is expected of the made-up one was worked out by hand from how it is made.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.alignment.companies import Bundle

RUST_2026 = Path(__file__).resolve().parents[3] / "shared" / "data" / "rust-2026"
TEAMS, PEOPLE, GOALS, INITIATIVES, LINKED = 168, 322, 9, 76, 28
WORKING_TEAMS = 24
"""The work is theirs in turn: each has three initiatives, the first four of them have four."""


@dataclass(frozen=True)
class Year:
    """What the company says as of 22 November 2026."""

    name: str
    folder: Path | None
    """None where it is made up."""
    priority_fit: float
    flags: Counter[str]


MADE_UP = Year(
    "made up",
    None,
    # Σ effort is 28; the first goal gets 4, each other 3: 1 − ½ (|1/9 − 4/28| + 8 × |1/9 − 3/28|) = 61/63
    priority_fit=61 / 63,
    flags=Counter(
        orphan=48,
        unsized=76,
        unmeasured=9,
        unreasoned=7,
        under_aligned=24,  # four teams with two of four linked, twenty with one of three
        untied_mission=16,
        no_mission=8,
    ),
)
REAL = Year(
    "real",
    RUST_2026,
    priority_fit=0.869048,
    flags=Counter(
        orphan=48,
        unsized=76,
        unmeasured=9,
        unreasoned=7,
        under_aligned=12,
        squeezed=4,
        starved=1,
        untied_mission=16,
    ),
)
YEARS = [MADE_UP, REAL] if RUST_2026.is_dir() else [MADE_UP]


def made_up() -> Bundle:
    """Nine goals of one strategy; 28 initiatives name a goal, nine of them two, and 48 none. Nothing is sized."""
    dates = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    return {
        "people": [{"email": f"p-{n:03}@example.org", "name": f"Person {n:03}"} for n in range(PEOPLE)],
        "teams": [
            {
                "key": f"team-{n:03}",
                "name": f"Team {n:03}",
                "parent": f"team-{(n - 1) // 3:03}" if n else "",
                "mission": "What we are for." if n < 16 else "",
            }
            for n in range(TEAMS)
        ],
        "memberships": [
            {
                "team": f"team-{n % TEAMS:03}",
                "email": f"p-{n * 7 % PEOPLE:03}@example.org",
                "role": "member" if n >= TEAMS else "lead",
            }
            for n in range(4 * TEAMS)
        ],
        "strategies": [{"key": "year", "title": "The year", "status": "published", **dates}],
        "goals": [
            {"key": f"goal-{n}", "strategy": "year", "title": f"Goal {n}", "why": "So.", "status": "active", **dates}
            for n in range(GOALS)
        ],
        "initiatives": [
            {
                "key": f"work-{n:02}",
                "team": f"team-{n % WORKING_TEAMS:03}",
                "title": f"Work {n:02}",
                "status": "active",
                "owner": f"p-{n:03}@example.org",
                **dates,
            }
            for n in range(INITIATIVES)
        ],
        "links": [
            {
                "initiative": f"work-{n:02}",
                "goal": f"goal-{(n + further) % GOALS}",
                "rationale": "It moves it." if n < LINKED - 7 else "",
            }
            for n in range(LINKED)
            for further in ((0, 1) if n < GOALS else (0,))
        ],
        "support": [
            {"initiative": f"work-{n % INITIATIVES:02}", "team": f"team-{WORKING_TEAMS + n:03}", "ask": "Help us."}
            for n in range(130)
        ],
    }
