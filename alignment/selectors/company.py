"""The company as a whole: its settings, the day of its figures, and their sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, QuerySet, Subquery
from django.db.models.functions import JSONObject

from alignment.engine import Figures
from alignment.engine.work_figures import SUMS
from alignment.enums import Stale
from alignment.history.weeks import Week, company_weeks, weeks_of
from alignment.models import Dirty, Recompute, TeamFigures
from teams.models import Company
from teams.selectors.presence import Presence, presence_counts, presence_of

FOLLOWING = (Stale.COUNTS, Stale.FIT)
"""Figures that follow edits of a large company with a delay."""


@dataclass(frozen=True)
class CompanyNow:
    """The settings; `as_of` is the day of the stored figures, None before the first recompute; `updating` is whether
    edits wait for a worker to refresh their figures. `presence` is how many teams are here, None where all are."""

    company: Company
    as_of: dt.date | None
    updating: bool
    presence: Presence | None


@dataclass(frozen=True)
class CompanyFigures(CompanyNow):
    """`weeks` are the newest weekly snapshots, newest last."""

    figures: Figures
    weeks: list[Week]


def company_now(**told: Any) -> CompanyNow:
    """`told` are further annotations of its row. One query."""
    row: Any = _with_day().annotate(**told).get(pk=1)
    return CompanyNow(row, row.as_of, row.updating, presence_of(row.presence))


def company_figures() -> CompanyFigures:
    """Includes the sums over every team and the past weeks; one query."""
    return company_figures_of(with_company_figures().get(pk=1))


def with_company_figures() -> QuerySet[Company]:
    """The rows that `company_figures_of` reads."""
    sums = JSONObject(**{name: Func(F(name), function="SUM") for name in SUMS})
    figures = Subquery(TeamFigures.objects.order_by().values(sums=sums))
    return _with_day().annotate(sums=figures, weeks=ArraySubquery(company_weeks()))


def company_figures_of(row: Any) -> CompanyFigures:
    presence, figures = presence_of(row.presence), figures_of(row.sums)
    return CompanyFigures(row, row.as_of, row.updating, presence, figures, weeks_of(row.weeks))


def figures_of(sums: Mapping[str, float | None]) -> Figures:
    """From a JSON object of sums, which are null where there are no rows."""
    return Figures.of([sums[name] for name in SUMS])


def _with_day() -> QuerySet[Company]:
    return Company.objects.annotate(
        as_of=Subquery(Recompute.objects.order_by("-id").values("as_of")[:1]),
        updating=Exists(Dirty.objects.exclude(what__in=FOLLOWING)),
        presence=presence_counts(),
    )
