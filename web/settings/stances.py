"""What the company expects of each stance, in percent, with the effect of other figures before they are saved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from alignment.effects import Effect, figures_day
from alignment.team_effects import expecting
from lib.forms.inputs import Percent
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.numbers import exact_percent, plain
from teams.enums import Stance
from teams.models import StanceRange
from teams.services.company import check_exploring, edit_stance_range
from web.readers import reader_of
from web.teams.aims import WHEN

FIGURES = {
    "coverage_floor": ("Coverage, at least", "The share of its discretionary effort that reaches the strategy."),
    "exploring_floor": ("Exploring, at least", "The share of its discretionary effort that explores."),
    "exploring_ceiling": ("Exploring, at most", ""),
    "autonomy_floor": ("Chosen by the team, at least", "The share of its discretionary effort that it chose itself."),
    "sustaining_ceiling": ("Upkeep, at most", "The share of all its effort that keeps things going."),
}
"""The fields of a StanceRange, with their labels and hints."""
WRONG = "Give a percentage from 0 to 100."


class ExpectationField(Percent):
    """A percentage from 0 to 100 with up to four decimals, given as a part of one."""

    def __init__(self, label: str, hint: str) -> None:
        errors = dict.fromkeys(("invalid", "min_value", "max_value"), WRONG)
        super().__init__(
            label=f"{label}, in %",
            help_text=hint,
            min_value=0,
            max_value=100,
            max_digits=7,
            decimal_places=4,
            error_messages=errors,
        )


class StanceRangeForm(VersionedForm):
    merges = True

    coverage_floor = ExpectationField(*FIGURES["coverage_floor"])
    exploring_floor = ExpectationField(*FIGURES["exploring_floor"])
    exploring_ceiling = ExpectationField(*FIGURES["exploring_ceiling"])
    autonomy_floor = ExpectationField(*FIGURES["autonomy_floor"])
    sustaining_ceiling = ExpectationField(*FIGURES["sustaining_ceiling"])

    def shares(self) -> dict[str, Decimal]:
        return {name: value / 100 for name, value in self.values().items()}


@form_view
def stance_range(request: HttpRequest, stance: str) -> HttpResponse:
    reader = reader_of(request)
    row = StanceRange.objects.filter(stance=stance).first()
    if row is None:
        raise Http404
    require(edit_stance_range, reader, row)
    form = StanceRangeForm(posted(request), initial=_values(row))
    label = Stance(row.stance).label
    page = FormPage(
        title=f"What is expected of a team: {label}",
        lede=f"{WHEN[Stance(row.stance)]} A team whose own work is outside of these figures gets a flag that asks why.",
        form=form,
        action_label="Save",
        cancel_url=reverse("company_settings"),
        crumbs=[("The company", reverse("company_settings"))],
    )

    def weigh() -> Effect:
        shares = form.shares()
        check_exploring(shares)
        return expecting(row.stance, shares, reader=reader, on=figures_day(now()))

    return page.handle(
        request,
        save=lambda: edit_stance_range(row, actor=reader, at=now(), version=form.opened_version, **form.shares()),
        done=lambda _row: Success(f"What is expected of a team is saved: {label}.", reverse("company_settings")),
        current=_values,
        weigh=weigh,
    )


def stance_rows() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each stance with its address, its name and its figures, labelled. One query."""
    rows = {row.stance: row for row in StanceRange.objects.all()}
    return [
        (
            reverse("stance_range", args=[stance.value]),
            str(stance.label),
            [(label, exact_percent(getattr(rows[stance.value], name))) for name, (label, _hint) in FIGURES.items()],
        )
        for stance in Stance
    ]


def _values(row: StanceRange) -> dict[str, Any]:
    """As the form has them."""
    shares = {name: Decimal(plain(getattr(row, name) * 100)) for name in FIGURES}
    return {"version": row.version, **shares}
