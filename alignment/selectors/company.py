"""The company as a whole: its settings, the day its figures are of, and their sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, QuerySet, Subquery
from django.db.models.functions import JSONObject

from alignment.engine import Figures
from alignment.engine.figures import SUMS
from alignment.models import Recompute, TeamFigures
from teams.models import Company


@dataclass(frozen=True)
class CompanyNow:
    """The settings; `as_of` is the day of the figures stored, None before the first recompute."""

    company: Company
    as_of: dt.date | None


@dataclass(frozen=True)
class CompanyFigures(CompanyNow):
    figures: Figures


def company_now() -> CompanyNow:
    """One query."""
    row: Any = _with_day().get(pk=1)
    return CompanyNow(row, row.as_of)


def company_figures() -> CompanyFigures:
    """With the sums over every team, in one query."""
    sums = JSONObject(**{name: Func(F(name), function="SUM") for name in SUMS})
    row: Any = _with_day().annotate(sums=Subquery(TeamFigures.objects.order_by().values(sums=sums))).get(pk=1)
    return CompanyFigures(row, row.as_of, figures_of(row.sums))


def figures_of(sums: Mapping[str, float | None]) -> Figures:
    """Of a JSON object of sums; of no rows they are null."""
    return Figures.of([sums[name] for name in SUMS])


def _with_day() -> QuerySet[Company]:
    return Company.objects.annotate(as_of=Subquery(Recompute.objects.order_by("-id").values("as_of")[:1]))
