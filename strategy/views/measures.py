"""Writing measures down, and checking them in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.dates import now
from lib.editing import FormPage, VersionedForm, attempt, done, form_view, posted, save
from lib.http import require, visible_or_404
from lib.keyset import keyset_page
from lib.text.numbers import number
from strategy.enums import CLOSED
from strategy.forms.measures import CheckInForm, MeasureEditForm, NewMeasureForm
from strategy.models import CheckIn, Goal, Measure
from strategy.selectors.goals import above
from strategy.selectors.measures import check_ins, measure_pages
from strategy.services.measures import (
    KEPT,
    check_in,
    create_measure,
    edit_measure,
    remove_measure,
    undo_check_in,
)
from strategy.views.goals import crumbs
from strategy.views.progress import measure_row
from strategy.views.words import exact
from teams.models import Person
from teams.views.readers import reader_of

SIZE = 20


@form_view
def measure_new(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    goal = visible_or_404(Goal.objects.select_related("team"), reader, key=key)
    require(reader, "strategy.edit_goal", goal)
    page = FormPage(
        title="A measure",
        lede=f"How one would see that “{goal}” is reached.",
        form=NewMeasureForm(posted(request)),
        action_label="Add the measure",
        cancel_url=_measures_of(goal),
        crumbs=_crumbs(reader, goal),
    )
    if request.method == "POST":
        made = save(page, lambda: create_measure(goal, actor=reader, at=now(), **page.form.cleaned_data))
        if made:
            done(request, f"“{made}” is a measure of this goal now.")
            return redirect(_measures_of(goal))
    return page.response(request)


@form_view
def measure_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    measure = visible_or_404(measure_pages(), reader, key=key)
    require(reader, "strategy.edit_goal", measure.goal)
    form = MeasureEditForm(posted(request), initial=_initial(measure, "title", "unit", "baseline", "target"))
    page = FormPage(
        title=f"Edit “{measure}”",
        form=form,
        action_label="Save",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(reader, measure.goal, measure),
    )
    if request.method == "POST":
        saved = save(page, lambda: _edited(measure, reader, form))
        if saved:
            done(request, f"“{saved}” is saved.")
            return redirect(_measures_of(measure.goal))
    return page.response(request)


@form_view
def measure_removal(request: HttpRequest, key: str) -> HttpResponse:
    """One with check-ins stays: whoever asks for its removal is told so beside them."""
    reader = reader_of(request)
    measure = visible_or_404(measure_pages(), reader, key=key)
    require(reader, "strategy.edit_goal", measure.goal)
    if check_ins(measure).exists():
        messages.warning(request, KEPT)
        return redirect("measure_check_in", key=measure.key)
    form = VersionedForm(posted(request), initial=_initial(measure))
    page = FormPage(
        title=f"Remove “{measure}”",
        lede=_loss(measure.links.count()),
        form=form,
        action_label="Remove the measure",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(reader, measure.goal, measure),
        danger=True,
    )
    if request.method == "POST" and save(page, lambda: _removed(measure, reader, form)) is not None:
        done(request, f"“{measure}” is removed.")
        return redirect(_measures_of(measure.goal))
    return page.response(request)


@form_view
def measure_check_in(request: HttpRequest, key: str) -> HttpResponse:
    """The check-ins of a measure for all who see it, and the next one for those who may."""
    reader = reader_of(request)
    measure = visible_or_404(measure_pages(), reader, key=key)
    may = reader.has_perm("strategy.check_in", measure)
    if request.method == "POST":
        require(reader, "strategy.check_in", measure)
    form = CheckInForm(posted(request), initial=_initial(measure, "current"))
    page = FormPage(
        title=measure.title,
        form=form,
        action_label="Check in",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(reader, measure.goal),
        template="strategy/measure_check_in.html",
    )
    if request.method == "POST":
        made = save(page, lambda: _checked_in(measure, reader, form))
        if made:
            undo = reverse("check_in_undoing", args=[measure.key, made.pk])
            done(request, f"“{measure}” stands at {exact(made.value)} now.", undo=undo)
            return redirect("measure_check_in", key=measure.key)
    past = keyset_page(check_ins(measure), order=("-id",), params=request.GET, size=SIZE)
    page.extra = {
        "measure": measure,
        "row": measure_row(measure, past.rows[0].at if past.rows else None),
        "may_check_in": may and measure.goal.status not in CLOSED,
        "may_edit": may,
        "closed": measure.goal.status in CLOSED,
        "past": past,
        "check_ins": [(each, exact(each.value)) for each in past.rows],
    }
    return page.response(request)


@require_POST
def check_in_undoing(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    reader = reader_of(request)
    measure = visible_or_404(measure_pages(), reader, key=key)
    made = get_object_or_404(check_ins(measure), pk=pk)
    require(reader, "strategy.check_in", measure)
    if again := attempt(request, lambda: undo_check_in(made, actor=reader, at=now())):
        done(request, f"“{measure}” stands at {exact(again.value)} again.")
    return redirect("measure_check_in", key=measure.key)


def _checked_in(measure: Measure, reader: Person, form: CheckInForm) -> CheckIn:
    value, note = form.cleaned_data["current"], form.cleaned_data["note"]
    return check_in(measure, actor=reader, at=now(), version=form.opened_version, value=value, note=note)


def _edited(measure: Measure, reader: Person, form: MeasureEditForm) -> Measure:
    return edit_measure(measure, actor=reader, at=now(), version=form.opened_version, **form.values())


def _removed(measure: Measure, reader: Person, form: VersionedForm) -> Measure:
    return remove_measure(measure, actor=reader, at=now(), version=form.opened_version)


def _loss(links: int) -> str:
    """What goes with a measure that `links` links name."""
    if not links:
        return "Nobody has checked it in, and no link names it: nothing else changes."
    who, it = ("1 link names", "It goes") if links == 1 else (f"{number(links)} links name", "They go")
    return f"{who} it as what the work should move. {it} on without the measure, and without the change expected of it."


def _initial(measure: Measure, *names: str) -> dict[str, Any]:
    return {name: getattr(measure, name) for name in (*names, "version")}


def _measures_of(goal: Goal) -> str:
    return f"{reverse('goal_detail', args=[goal.key])}#measures"


def _crumbs(reader: Person, goal: Goal, measure: Measure | None = None) -> list[tuple[str, str]]:
    """One query."""
    steps = [*crumbs(above(reader, goal)), (goal.title, reverse("goal_detail", args=[goal.key]))]
    return [*steps, (measure.title, reverse("measure_check_in", args=[measure.key]))] if measure else steps
