"""What somebody keeps: all their measures on one page, those that are due first, to be checked in at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lib.charts.lines import Sparkline
from lib.forms.pages import NOTHING, FormPage, Success, form_view, posted
from lib.services.dates import day_in, now
from lib.services.writes import in_one
from lib.text.counts import counted, plural
from lib.text.days import day
from strategy.models import CheckIn, Goal
from strategy.narrative import attainment_text
from strategy.progress import due_on
from strategy.selectors.measures import KeptMeasure, kept_measures, points_of
from strategy.services.measures import check_in
from teams.enums import Rhythm
from teams.models import Company, Person
from teams.selectors.company import company as own_company
from web.measures.charts import spark_of
from web.measures.forms import CheckInsForm
from web.readers import reader_of

SHOWN = 30
LEDE = "The measures that you keep, or whose goal you own, where nobody else keeps them. They are due {}."


@dataclass(frozen=True)
class KeptRow:
    """A row of measures/check_ins_due.html; `when` says what is known of its last check-in and of the next."""

    key: str
    title: str
    unit: str
    goal: Goal
    is_due: bool
    words: str
    spark: Sparkline | None
    when: str
    fields: list[BoundField]
    version: BoundField


@form_view
def check_ins_due(request: HttpRequest) -> HttpResponse:
    """Each measure of which something is said is checked in, all or none of them."""
    reader, company = reader_of(request), own_company()
    kept = _kept(reader, company, day_in(company.timezone, now()))
    form = CheckInsForm(posted(request), kept=kept[:SHOWN])
    page = FormPage(
        title="Check in",
        lede=LEDE.format(str(Rhythm(company.check_in_rhythm).label).lower()),
        form=form,
        action_label="Check them in",
        cancel_url=reverse("home"),
        template="measures/check_ins_due.html",
    )

    def keep() -> list[CheckIn]:
        said, at = form.said(), now()
        return in_one(lambda: [check_in(measure, actor=reader, at=at, **values) for measure, values in said])

    def prepare() -> None:
        left = len(kept) - SHOWN
        rows = [_row(each, form, company) for each in form.kept]
        page.extra = {"rows": rows, "more": counted(left, "more measure") if left > 0 else ""}

    return page.handle(request, save=keep, done=_done, prepare=prepare)


def _kept(reader: Person, company: Company, today: dt.date) -> list[KeptMeasure]:
    """Those that the reader may check in, first those that are due. One query."""
    found = kept_measures(
        [reader.pk], on=today, by=today, rhythm=company.check_in_rhythm, timezone=company.timezone, seen_by=reader
    )
    may = [each for each in found if reader.has_perm("strategy.check_in", each.measure)]
    return sorted(may, key=lambda each: not each.is_due)


def _row(kept: KeptMeasure, form: CheckInsForm, company: Company) -> KeptRow:
    measure = kept.measure
    shown, version = form.fields_of(measure)
    return KeptRow(
        key=measure.key,
        title=measure.title,
        unit=measure.unit,
        goal=measure.goal,
        is_due=kept.is_due,
        words=attainment_text(measure),
        spark=spark_of(measure, points_of(measure), company.timezone),
        when=_when(kept, company.check_in_rhythm),
        fields=shown,
        version=version,
    )


def _when(kept: KeptMeasure, rhythm: str) -> str:
    if kept.said is None:
        return "Nobody has checked it in yet."
    following = due_on(kept.said.on, rhythm)
    due = f"due since {day(following)}" if kept.is_due else f"due on {day(following)}"
    return f"Checked in {day(kept.said.on)}, {due}."


def _done(made: Sequence[Any]) -> Success:
    url = reverse("check_ins_due")
    if not made:
        return Success(NOTHING, url)
    return Success(f"{counted(len(made), 'measure')} {plural(len(made), 'is', 'are')} checked in.", url)
