"""How many random examples a property is tried with: each run draws others, and EXAMPLES=4 takes four times as many.

`make quick` takes a quarter. What it finds is not made smaller, which may take minutes; it is kept, so that the next
`make test` finds it at once, and makes it as small as it can.
"""

from __future__ import annotations

import os

from hypothesis import Phase, settings

TIMES = float(os.environ.get("EXAMPLES", "1"))

if TIMES < 1:
    settings.register_profile("quick", phases=(Phase.explicit, Phase.reuse, Phase.generate))
    settings.load_profile("quick")


def examples(ordinarily: int) -> int:
    return max(1, round(ordinarily * TIMES))
