"""Snoozes a flag until a day, and wakes it early."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from alignment import access
from alignment.flags import kind_of
from alignment.models import Flag
from alignment.services.flags import snooze_flag, wake_flag
from lib.forms.pages import FormPage, Success, UnseenError, click, form_view, posted
from lib.http.access import query
from lib.services.dates import now, today
from lib.services.permissions import require
from lib.text.days import day
from lib.text.isolation import isolated
from teams.models import Person
from teams.selectors.company import company
from web.flags.answers import subject_address
from web.flags.forms import SnoozeForm
from web.readers import reader_of

LIST = "list"
USUAL = dt.timedelta(days=28)


@form_view
def flag_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    reader, flag = flag_for(request, pk)
    return snooze(request, reader, flag, _list(flag) if request.GET.get("from") == LIST else subject_address(flag)[1])


def snooze(request: HttpRequest, reader: Person, flag: Flag, back: str) -> HttpResponse:
    """Redirects to `back`."""
    label, url = subject_address(flag)
    until = flag.snoozed_until or today(company()) + USUAL
    initial = {"version": flag.version, "until": until, "reason": flag.snooze_reason}
    form = SnoozeForm(posted(request), initial=initial)
    page = FormPage(
        title="Snooze a flag",
        lede=f"{isolated(label)} {kind_of(flag.code).said()}",
        crumbs=[(label, url)],
        form=form,
        action_label="Snooze it",
        cancel_url=back,
        focused=True,
    )

    def done(_row: Flag) -> Success:
        until = form.cleaned_data["until"]
        undo = reverse("flag_waking", args=[flag.pk]) + query({}, until=until.isoformat())
        return Success(f"Snoozed until {day(until)}.", back, undo=undo)

    def put_off() -> Flag:
        return snooze_flag(flag, actor=reader, at=now(), version=form.opened_version, **form.values())

    return page.handle(request, save=put_off, done=done)


@require_POST
def flag_waking(request: HttpRequest, pk: int) -> HttpResponse:
    """Only while it is snoozed until the day that was on view; `?until=` undoes the snooze until that day."""
    reader, flag = flag_for(request, pk)
    until = _day(request.POST.get("until") or request.GET.get("until", ""))
    _label, url = subject_address(flag)

    def done(row: Flag) -> Success:
        told = f"Snoozed until {day(row.snoozed_until)}, as before." if row.snoozed_until else "It is asked again."
        return Success(told, url)

    undoes = "until" in request.GET
    return click(request, lambda: wake_flag(flag, actor=reader, at=now(), until=until, undoes=undoes), url, done=done)


def flag_for(request: HttpRequest, pk: int) -> tuple[Person, Flag]:
    """The reader, and the flag that they may snooze, with its subject. Raises Http404, PermissionDenied."""
    reader = reader_of(request)
    flag: Flag = access.flag_for(reader, pk)
    require(snooze_flag, reader, flag)
    return reader, flag


def _day(text: str) -> dt.date:
    """Raises UnseenError."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise UnseenError("a button without the day it was drawn with")
    return day


def _list(flag: Flag) -> str:
    return reverse("flag_list") + query({}, code=flag.code)
