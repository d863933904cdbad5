"""Starts, pauses and resumes the weekly digests, and sets when they leave."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from digest.models import DigestSettings
from digest.selectors.digests import Audience, audience, digest_settings, waiting_digests
from digest.services.running import pause_digest, resume_digest, set_digest_times, start_digest
from digest.upcoming import first_due
from lib.forms.pages import FormPage, Success, VersionedForm, click, form_view, posted, seen_version
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.counts import count_text
from lib.text.numbers import number
from teams.selectors.company import company
from web.digests.administration import TITLE
from web.digests.forms import CompanyTimesForm
from web.digests.moments import moment_text, weekly_text
from web.readers import reader_of

TIMES = (
    "In each person’s own time zone. Whoever chose a day or an hour of their own keeps it, and nobody gets a second"
    " digest in a week."
)
NOBODY = "Nobody would get a digest yet: people do once they have accepted their invitation."


@form_view
def digest_times_of_company(request: HttpRequest) -> HttpResponse:
    """Sets the weekday and hour of people who chose none."""
    reader = reader_of(request)
    require(set_digest_times, reader)
    row = digest_settings()
    initial = {"version": row.version, "weekday": row.weekday, "hour": row.hour}
    form = CompanyTimesForm(posted(request), initial=initial)
    page = _page("When the digests leave", form, "Save")
    page.lede = TIMES

    def done(saved: DigestSettings) -> Success:
        before = {"version": saved.version, "weekday": row.weekday, "hour": row.hour}
        undo = f"{reverse('digest_times_undo')}?{urlencode(before)}" if saved.version != row.version else ""
        return _done(f"The digests leave on {weekly_text(saved.weekday, saved.hour)}.", undo)

    return page.handle(
        request,
        save=lambda: set_digest_times(actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=done,
    )


@require_POST
def digest_times_undo(request: HttpRequest) -> HttpResponse:
    """Undoes a change of the times unless they changed since; the query has the earlier values."""
    reader = reader_of(request)
    require(set_digest_times, reader)
    form = CompanyTimesForm(request.GET)
    if not form.is_valid():
        return redirect("digest_administration")
    return click(
        request,
        lambda: set_digest_times(actor=reader, at=now(), version=form.opened_version, **form.values()),
        reverse("digest_administration"),
        done=lambda saved: _done(f"The digests leave on {weekly_text(saved.weekday, saved.hour)} again."),
    )


@form_view
def digest_start(request: HttpRequest) -> HttpResponse:
    """Says what starting will do, and starts. Redirects to the preview if none was seen."""
    reader = reader_of(request)
    require(start_digest, reader)
    at, row = now(), digest_settings()
    if request.method != "POST" and row.started_at is not None:
        return redirect("digest_administration")
    if request.method != "POST" and row.previewed_at is None:
        return redirect("digest_preview")
    form = VersionedForm(posted(request), initial={"version": row.version})
    page = _page("Start the digests", form, "Start the digests")
    page.template = "digests/digest_start.html"

    def prepare() -> None:
        people = audience()
        page.lede = _what_starts(people, first_due(people.by_times, row, company(), at))
        page.extra = {"facts": _others(people)}

    return page.handle(
        request,
        save=lambda: start_digest(actor=reader, at=at, version=form.opened_version),
        done=lambda row: _done("The digests are started.", _with_version("digest_pause", row)),
        prepare=prepare,
    )


@require_POST
def digest_pause(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    version = seen_version(request)
    text = "The digests are paused: none leaves until they are resumed."
    return click(
        request,
        lambda: pause_digest(actor=reader, at=now(), version=version),
        reverse("digest_administration"),
        done=lambda row: _done(text, _with_version("digest_resume", row)),
    )


@form_view
def digest_resume(request: HttpRequest) -> HttpResponse:
    """Says what is sent at once, and resumes; with `?version=`, undoes the pause that led to it."""
    reader = reader_of(request)
    require(resume_digest, reader)
    at = now()
    data = request.GET if request.method == "POST" and "version" in request.GET else posted(request)
    form = VersionedForm(data, initial={"version": digest_settings().version})
    page = _page("Resume the digests", form, "Resume the digests")

    def prepare() -> None:
        page.lede = f"{_going_out(waiting_digests(at))} Those of weeks that are over stay unsent."

    return page.handle(
        request,
        save=lambda: resume_digest(actor=reader, at=at, version=form.opened_version),
        done=lambda row: _done("The digests go again.", _with_version("digest_pause", row)),
        prepare=prepare,
    )


def _done(text: str, undo: str = "") -> Success:
    return Success(text, reverse("digest_administration"), undo=undo)


def _with_version(name: str, row: DigestSettings) -> str:
    return f"{reverse(name)}?version={row.version}"


def _page(title: str, form: forms.Form, action_label: str) -> FormPage:
    address = reverse("digest_administration")
    crumbs = [("Digests", reverse("digest_list")), (TITLE, address)]
    return FormPage(title=title, form=form, action_label=action_label, cancel_url=address, crumbs=crumbs)


def _what_starts(people: Audience, first: tuple[dt.datetime, str] | None) -> str:
    """`first` is the instant of the first digest, and its zone."""
    if first is None:
        return NOBODY
    gets = count_text(people.people, "person gets", "people get", people.people)
    return f"{gets} a digest once a week, the first on {moment_text(*first)}. You can pause them at any time."


def _others(people: Audience) -> list[tuple[str, str, str]]:
    """The people who get none, as triples for components/_facts.html."""
    return [
        ("Have not accepted their invitation", number(people.not_joined), ""),
        ("Have switched their digests off", number(people.switched_off), ""),
        ("Have an address that a mail server refused", number(people.refused), ""),
    ]


def _going_out(waiting: int) -> str:
    if not waiting:
        return "No digest has waited, so none goes out at once."
    return f"{count_text(waiting, 'digest that has waited goes', 'digests that have waited go', waiting)} out at once."
