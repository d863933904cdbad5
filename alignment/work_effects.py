"""The effect of work that is not there yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from alignment.effects import Effect, FirstRows, WorkEffect, compared, figures_day
from alignment.engine import Change, Company, changed
from alignment.selectors.columns import company_columns
from lib.services.trials import rehearsed
from teams.enums import InitiativeStatus
from teams.models import Initiative, Person

PROPOSED = tuple(InitiativeStatus).index(InitiativeStatus.PROPOSED)


def starting(make: Callable[[], Initiative], *, reader: Person, at: dt.datetime) -> Effect:
    """Makes work, with the links that `make` gives it, and takes it back. It is compared with the company where that
    work is proposed only, which is in no figure; the work itself is not listed. Raises what `make` raises.
    """

    def both() -> tuple[Company, Company]:
        work = make()
        after = company_columns()
        return changed(after, [Change("initiatives", work.pk, "status", PROPOSED)]), after

    found = compared(*rehearsed(both), reader, figures_day(at))
    return replace(found, orphaned=_of_others(found.orphaned), regained=_of_others(found.regained))


def _of_others(work: FirstRows[WorkEffect]) -> FirstRows[WorkEffect]:
    """Without the work that is not there yet, and so has no key."""
    return FirstRows([row for row in work.rows if row.key], work.others)
