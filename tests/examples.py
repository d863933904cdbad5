"""How many random examples a property is tried with: each run draws others, and EXAMPLES=4 takes four times as many."""

from __future__ import annotations

import os

TIMES = int(os.environ.get("EXAMPLES", "1"))


def examples(ordinarily: int) -> int:
    return ordinarily * TIMES
