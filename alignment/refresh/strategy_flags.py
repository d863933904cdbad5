"""Updates the flags of strategies. Whether one ends with none to follow depends on the days of all of them."""

from __future__ import annotations

from alignment.engine import Strategies
from alignment.engine.flags import strategy_flags
from alignment.engine.model import day_number
from alignment.enums import Subject
from alignment.models import Recompute
from alignment.refresh import flags
from alignment.selectors.columns import RULES, TABLES
from lib.db.columns import read_together

_READ = {
    "settings": RULES["settings"],
    "strategies": TABLES["strategies"],
    "flags": flags.FLAGS[Subject.STRATEGY],
}


def refresh_strategies(cause: int) -> None:
    """All strategies, as of the day of the stored figures; does nothing where there are none. Two queries."""
    latest = Recompute.objects.first()
    if latest is None:
        return
    rows = read_together(_READ, {})
    strategies, (grace,) = Strategies(**rows["strategies"]), rows["settings"]["grace_days"]
    holds = strategy_flags(strategies, day_number(latest.as_of), int(grace))
    flags.store_flags(Subject.STRATEGY, strategies.id, holds, latest.as_of, cause, stored=rows["flags"])
