"""Creates, edits and removes measures, and checks them in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.pages import FormPage, Success, VersionedForm, click, form_view, posted
from lib.paging.keyset import keyset_page
from lib.services.dates import day_in, now
from lib.services.permissions import require
from lib.text.numbers import exact, number
from strategy.access import check_in_for, goal_for, measure_for
from strategy.enums import CLOSED, Confidence, EditKind, MeasureKind
from strategy.models import CheckIn, Goal, Measure
from strategy.selectors.editions import makes_editions
from strategy.selectors.goals import Above, above
from strategy.selectors.measures import check_ins, with_points
from strategy.services.measures import (
    PERMANENT,
    check_in,
    correct_check_in,
    create_measure,
    edit_measure,
    remove_measure,
    undo_check_in,
)
from teams.models import Person
from teams.selectors.company import company as own_company
from web.amendments.planning import planning_goal, planning_measure
from web.goals.views import crumbs
from web.measures.charts import Timeline, timeline_of
from web.measures.forms import (
    CheckInForm,
    CorrectionForm,
    MeasureEditForm,
    NewMeasureForm,
    measure_values,
    value_typed,
)
from web.measures.progress import measure_row, value_text
from web.people.naming import person_fact
from web.readers import reader_of
from web.strategy.forms import ask_why, reason_in

SIZE = 20


@form_view
def measure_new(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    goal = goal_for(reader, key=key)
    require(create_measure, reader, goal)
    plan = planning_goal(reader, goal, EditKind.NEW_MEASURE)
    form = NewMeasureForm(posted(request), team=goal.team.key if goal.team else "")
    if makes_editions(goal):
        ask_why(form, at_once=True, planned=plan.is_offered)
    page = FormPage(
        title="A measure",
        lede=f"How one would see that “{goal}” is reached.",
        form=form,
        action_label="Add the measure",
        cancel_url=_measures_of(goal),
        crumbs=_crumbs(above(reader, goal), goal),
    )
    plan.offer(page)

    def make(_version: int) -> Measure:
        return create_measure(goal, actor=reader, at=now(), **form.cleaned_data)

    return page.handle(
        request,
        save=lambda: plan.save(request, goal.version, make, form.cleaned_data),
        done=plan.done(lambda made: Success(f"“{made}” is a measure of this goal now.", _measures_of(goal))),
    )


@form_view
def measure_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    measure = measure_for(reader, key)
    require(edit_measure, reader, measure)
    plan = planning_measure(reader, measure, EditKind.MEASURE)
    team = measure.goal.team.key if measure.goal.team else ""
    form = MeasureEditForm(posted(request), initial=measure_values(plan.shown), team=team)
    if makes_editions(measure.goal):
        ask_why(form, at_once=True, planned=plan.is_offered)
    page = FormPage(
        title=f"Edit “{measure}”",
        form=form,
        action_label="Save",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(above(reader, measure.goal), measure.goal, measure),
    )
    plan.offer(page)

    def edit(version: int) -> Measure:
        return edit_measure(measure, actor=reader, at=now(), version=version, **form.values())

    return page.handle(
        request,
        save=lambda: plan.save(request, form.opened_version, edit, form.values()),
        done=plan.done(lambda row: Success(f"“{row}” is saved.", _measures_of(measure.goal))),
        current=lambda row: measure_values(plan.now(row)),
    )


@form_view
def measure_removal(request: HttpRequest, key: str) -> HttpResponse:
    """A measure with check-ins cannot be removed: redirects to them, with a warning."""
    reader = reader_of(request)
    measure = measure_for(reader, key)
    require(remove_measure, reader, measure)
    if check_ins(measure).exists():
        messages.warning(request, PERMANENT)
        return redirect(check_ins_of(measure))
    plan = planning_measure(reader, measure, EditKind.NO_MEASURE)
    form = VersionedForm(posted(request), initial={"version": plan.shown.version})
    if makes_editions(measure.goal):
        ask_why(form, at_once=True, planned=plan.is_offered)
    page = FormPage(
        title=f"Remove “{measure}”",
        lede=_loss(measure.links.count()),
        form=form,
        action_label="Remove the measure",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(above(reader, measure.goal), measure.goal, measure),
        danger=True,
    )
    plan.offer(page, at_once="Remove it now")

    def remove(version: int) -> Measure:
        return remove_measure(measure, actor=reader, at=now(), version=version, **reason_in(form))

    return page.handle(
        request,
        save=lambda: plan.save(request, form.opened_version, remove, {}),
        done=plan.done(lambda _row: Success(f"“{measure}” is removed.", _measures_of(measure.goal))),
        current=lambda row: measure_values(plan.now(row)),
    )


@form_view
def measure_check_in(request: HttpRequest, key: str) -> HttpResponse:
    """Lists the check-ins of a measure, and adds one for those who may."""
    reader = reader_of(request)
    measure = measure_for(reader, key, rows=with_points(Measure.objects.select_related("goal__team", "keeper")))
    line = above(reader, measure.goal)
    if request.method == "POST":
        require(check_in, reader, measure)
    form = CheckInForm(posted(request), initial=_said(measure), measure=measure)
    page = FormPage(
        title=measure.title,
        form=form,
        action_label="Check in",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(line, measure.goal),
        template="measures/measure_check_in.html",
    )

    def done(made: CheckIn) -> Success:
        undo = reverse("check_in_undoing", args=[measure.key, made.pk])
        return Success(_stands(measure, made), check_ins_of(measure), undo=undo)

    def prepare() -> None:
        page.extra = _checked(request, reader, measure, line)

    return page.handle(
        request,
        save=lambda: check_in(measure, actor=reader, at=now(), version=form.opened_version, **form.said()),
        done=done,
        prepare=prepare,
        current=_said,
    )


def _checked(request: HttpRequest, reader: Person, measure: Measure, line: Above) -> dict[str, Any]:
    """What measures/measure_check_in.html shows beside the form. Two queries."""
    past = keyset_page(check_ins(measure), order=("-id",), params=request.GET, size=SIZE)
    may, closed = reader.has_perm("strategy.check_in", measure), measure.goal.status in CLOSED
    company = own_company()
    timeline = timeline_of(measure.goal, line, today=day_in(company.timezone, now()), timezone=company.timezone)
    return {
        "measure": measure,
        "row": measure_row(measure, zone=company.timezone, timeline=timeline),
        "facts": _facts(measure),
        "before": _before(reader, measure, company.timezone),
        "may_check_in": may and not closed,
        "may_edit": reader.has_perm("strategy.edit_measure", measure),
        "closed": closed,
        "past": past,
        "check_ins": [_row(each, measure) for each in past.rows],
    }


def _before(reader: Person, measure: Measure, zone: str) -> dict[str, Any] | None:
    """The measure of an earlier period that it carries on, with where it went. One query, none where there is none."""
    if measure.carries_on_id is None:
        return None
    rows = with_points(Measure.objects.visible_to(reader).filter(pk=measure.carries_on_id))
    row: Any = rows.select_related("goal").first()
    if row is None:
        return None
    timeline = Timeline(row.goal.starts_on, row.goal.ends_on, day_in(zone, now()), zone)
    return {"url": check_ins_of(row), "row": measure_row(row, zone=zone, timeline=timeline)}


def _facts(measure: Measure) -> list[tuple[str, str, str | None]]:
    """Its kind, its unit and who keeps it."""
    facts: list[tuple[str, str, str | None]] = [("Kind", str(MeasureKind(measure.kind).label), None)]
    if measure.unit:
        facts.append(("Unit", measure.unit, None))
    facts.append(person_fact("Kept by", measure.keeper, "The goal’s owner"))
    return facts


@dataclass(frozen=True)
class PastCheckIn:
    """`of` is the instant of the check-in that it corrects; one that `stands` was not corrected itself."""

    check_in: Any
    value: str
    sure: str
    of: dt.datetime | None
    stands: bool


def _row(made: Any, measure: Measure) -> PastCheckIn:
    return PastCheckIn(
        check_in=made,
        value=value_text(measure, made.value),
        sure=str(Confidence(made.confidence).label) if made.confidence else "",
        of=made.corrects,
        stands=made.stands,
    )


@require_POST
def check_in_undoing(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    reader = reader_of(request)
    measure = measure_for(reader, key)
    made = get_object_or_404(check_ins(measure), pk=pk)
    url = check_ins_of(measure)
    return click(
        request,
        lambda: undo_check_in(made, actor=reader, at=now()),
        url,
        done=lambda again: Success(f"“{measure}” stands at {value_text(measure, again.value)} again.", url),
    )


@form_view
def check_in_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Says something else in the place of a check-in, which stays to be read."""
    reader = reader_of(request)
    made = check_in_for(reader, pk)
    measure = made.measure
    require(correct_check_in, reader, made)
    said = {"current": value_typed(measure, made.value), "confidence": made.confidence, "note": made.note}
    form = CorrectionForm(posted(request), initial=said | {"version": measure.version}, measure=measure)
    page = FormPage(
        title=f"Correct what “{measure}” stood at",
        lede="What was said before stays to be read. Figures and charts have what you say now in its place.",
        form=form,
        action_label="Correct it",
        cancel_url=check_ins_of(measure),
        crumbs=_crumbs(above(reader, measure.goal), measure.goal, measure),
    )
    return page.handle(
        request,
        save=lambda: correct_check_in(made, actor=reader, at=now(), version=form.opened_version, **form.said()),
        done=lambda row: Success(f"It is corrected to {value_text(measure, row.value)}.", check_ins_of(measure)),
        current=lambda row: said | {"version": row.version},
    )


def _said(measure: Measure) -> dict[str, Any]:
    """As the form of a check-in begins, and as it is after a stale save."""
    return {"version": measure.version, "current": value_typed(measure, measure.current)}


def _stands(measure: Measure, made: CheckIn) -> str:
    if measure.kind == MeasureKind.MILESTONE:
        return f"“{measure}” is {'reached' if made.value else 'not reached yet'}."
    return f"“{measure}” stands at {exact(made.value)} now."


def _loss(links: int) -> str:
    """Says what its removal does to the `links` links that name it."""
    if not links:
        return "Nobody has checked it in, and no link names it: nothing else changes."
    who, it = ("1 link names", "It goes") if links == 1 else (f"{number(links)} links name", "They go")
    return f"{who} it as what the work should move. {it} on without the measure, and without the change expected of it."


def _measures_of(goal: Goal) -> str:
    return f"{reverse('goal_detail', args=[goal.key])}#measures"


def check_ins_of(measure: Measure) -> str:
    return reverse("measure_check_in", args=[measure.key])


def _crumbs(line: Above, goal: Goal, measure: Measure | None = None) -> list[tuple[str, str]]:
    steps = [*crumbs(line), (goal.title, reverse("goal_detail", args=[goal.key]))]
    return [*steps, (measure.title, check_ins_of(measure))] if measure else steps
