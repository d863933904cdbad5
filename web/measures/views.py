"""Creates, edits and removes measures, and checks them in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.pages import FormPage, Success, VersionedForm, click, form_view, posted
from lib.paging.keyset import keyset_page
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.numbers import exact, number
from strategy.access import goal_for, measure_for
from strategy.enums import CLOSED
from strategy.models import CheckIn, Goal, Measure
from strategy.selectors.editions import makes_editions
from strategy.selectors.goals import above
from strategy.selectors.measures import check_ins
from strategy.services.measures import (
    KEPT,
    check_in,
    create_measure,
    edit_measure,
    remove_measure,
    undo_check_in,
)
from teams.models import Person
from web.goals.views import crumbs
from web.measures.forms import CheckInForm, MeasureEditForm, NewMeasureForm
from web.measures.progress import measure_row
from web.readers import reader_of
from web.strategy.forms import ask_why, reason_in

SIZE = 20


@form_view
def measure_new(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    goal = goal_for(reader, key=key)
    require(create_measure, reader, goal)
    form = NewMeasureForm(posted(request))
    if makes_editions(goal):
        ask_why(form, at_once=True)
    page = FormPage(
        title="A measure",
        lede=f"How one would see that “{goal}” is reached.",
        form=form,
        action_label="Add the measure",
        cancel_url=_measures_of(goal),
        crumbs=_crumbs(reader, goal),
    )
    return page.handle(
        request,
        save=lambda: create_measure(goal, actor=reader, at=now(), **page.form.cleaned_data),
        done=lambda made: Success(f"“{made}” is a measure of this goal now.", _measures_of(goal)),
    )


@form_view
def measure_edit(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    measure = measure_for(reader, key)
    require(edit_measure, reader, measure)
    form = MeasureEditForm(posted(request), initial=_initial(measure, "title", "unit", "baseline", "target"))
    if makes_editions(measure.goal):
        ask_why(form, at_once=True)
    page = FormPage(
        title=f"Edit “{measure}”",
        form=form,
        action_label="Save",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(reader, measure.goal, measure),
    )
    return page.handle(
        request,
        save=lambda: edit_measure(measure, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: Success(f"“{row}” is saved.", _measures_of(measure.goal)),
    )


@form_view
def measure_removal(request: HttpRequest, key: str) -> HttpResponse:
    """A measure with check-ins cannot be removed: redirects to them, with a warning."""
    reader = reader_of(request)
    measure = measure_for(reader, key)
    require(remove_measure, reader, measure)
    if check_ins(measure).exists():
        messages.warning(request, KEPT)
        return redirect(_check_ins_of(measure))
    form = VersionedForm(posted(request), initial=_initial(measure))
    if makes_editions(measure.goal):
        ask_why(form, at_once=True)
    page = FormPage(
        title=f"Remove “{measure}”",
        lede=_loss(measure.links.count()),
        form=form,
        action_label="Remove the measure",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(reader, measure.goal, measure),
        danger=True,
    )
    return page.handle(
        request,
        save=lambda: remove_measure(measure, actor=reader, at=now(), version=form.opened_version, **reason_in(form)),
        done=lambda _row: Success(f"“{measure}” is removed.", _measures_of(measure.goal)),
    )


@form_view
def measure_check_in(request: HttpRequest, key: str) -> HttpResponse:
    """Lists the check-ins of a measure, and adds one for those who may."""
    reader = reader_of(request)
    measure = measure_for(reader, key)
    if request.method == "POST":
        require(check_in, reader, measure)
    form = CheckInForm(posted(request), initial=_initial(measure, "current"))
    page = FormPage(
        title=measure.title,
        form=form,
        action_label="Check in",
        cancel_url=_measures_of(measure.goal),
        crumbs=_crumbs(reader, measure.goal),
        template="measures/measure_check_in.html",
    )

    def done(made: CheckIn) -> Success:
        undo = reverse("check_in_undoing", args=[measure.key, made.pk])
        return Success(f"“{measure}” stands at {exact(made.value)} now.", _check_ins_of(measure), undo=undo)

    def prepare() -> None:
        page.extra = _checked(request, reader, measure)

    return page.handle(request, save=lambda: _checked_in(measure, reader, form), done=done, prepare=prepare)


def _checked(request: HttpRequest, reader: Person, measure: Measure) -> dict[str, Any]:
    """What measures/measure_check_in.html shows beside the form."""
    past = keyset_page(check_ins(measure), order=("-id",), params=request.GET, size=SIZE)
    may, closed = reader.has_perm("strategy.check_in", measure), measure.goal.status in CLOSED
    return {
        "measure": measure,
        "row": measure_row(measure, past.rows[0].at if past.rows else None),
        "may_check_in": may and not closed,
        "may_edit": may,
        "closed": closed,
        "past": past,
        "check_ins": [(each, exact(each.value)) for each in past.rows],
    }


@require_POST
def check_in_undoing(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    reader = reader_of(request)
    measure = measure_for(reader, key)
    made = get_object_or_404(check_ins(measure), pk=pk)
    url = _check_ins_of(measure)
    return click(
        request,
        lambda: undo_check_in(made, actor=reader, at=now()),
        url,
        done=lambda again: Success(f"“{measure}” stands at {exact(again.value)} again.", url),
    )


def _checked_in(measure: Measure, reader: Person, form: CheckInForm) -> CheckIn:
    value, note = form.cleaned_data["current"], form.cleaned_data["note"]
    return check_in(measure, actor=reader, at=now(), version=form.opened_version, value=value, note=note)


def _loss(links: int) -> str:
    """Says what its removal does to the `links` links that name it."""
    if not links:
        return "Nobody has checked it in, and no link names it: nothing else changes."
    who, it = ("1 link names", "It goes") if links == 1 else (f"{number(links)} links name", "They go")
    return f"{who} it as what the work should move. {it} on without the measure, and without the change expected of it."


def _initial(measure: Measure, *names: str) -> dict[str, Any]:
    return {name: getattr(measure, name) for name in (*names, "version")}


def _measures_of(goal: Goal) -> str:
    return f"{reverse('goal_detail', args=[goal.key])}#measures"


def _check_ins_of(measure: Measure) -> str:
    return reverse("measure_check_in", args=[measure.key])


def _crumbs(reader: Person, goal: Goal, measure: Measure | None = None) -> list[tuple[str, str]]:
    """One query."""
    steps = [*crumbs(above(reader, goal)), (goal.title, reverse("goal_detail", args=[goal.key]))]
    return [*steps, (measure.title, _check_ins_of(measure))] if measure else steps
