"""What each person chooses for themselves: their time zone, their weekly digest and the mails about conversations."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from digest.selectors.digests import digest_settings
from digest.services.subscriptions import choose_digests
from digest.upcoming import next_digest
from lib.forms.pages import FormPage, Success, click, form_view, posted
from lib.services.dates import now
from teams.access import person_for
from teams.models import Person
from teams.selectors.company import company
from web.digests.forms import SettingsForm
from web.digests.moments import clock_text
from web.digests.views import next_sentence
from web.readers import reader_of

FIELDS = ("timezone", "digests", "digests_always", "digest_weekday", "digest_hour", "turn_mails")


@form_view
def settings(request: HttpRequest) -> HttpResponse:
    person, at = _reader(request), now()
    before = {name: getattr(person, name) for name in FIELDS}
    usual, firm = digest_settings(), company()
    initial = {"version": person.version, **before}
    form = SettingsForm(posted(request), initial=initial, digest=usual, company_zone=firm.timezone)
    page = FormPage(
        title="Settings",
        lede="Yours alone: they change nothing for anybody else.",
        form=form,
        action_label="Save",
        cancel_url=reverse("home"),
        template="settings/settings.html",
    )

    def done(row: Person) -> Success:
        values: dict[str, Any] = {"version": row.version, **{name: _written(before[name]) for name in FIELDS}}
        undo = f"{reverse('settings_undo')}?{urlencode(values)}" if row.version != person.version else ""
        return Success(f"Saved. {next_sentence(next_digest(row, usual, firm, at), at)}", reverse("settings"), undo=undo)

    def prepare() -> None:
        if request.method == "POST":
            return
        next_one = next_digest(person, usual, firm, at)
        local = at.astimezone(ZoneInfo(next_one.times.zone))
        form.fields["timezone"].help_text = f"By this zone it is {local:%A} {clock_text(local)} now."
        page.extra = {"next": next_sentence(next_one, at)}

    return page.handle(request, save=lambda: _choose(person, at, form), done=done, prepare=prepare)


@require_POST
def settings_undo(request: HttpRequest) -> HttpResponse:
    """Undoes a save, unless they saved again; the query has the earlier values of the form."""
    person, at = _reader(request), now()
    form = SettingsForm(request.GET, initial={"timezone": person.timezone}, digest=digest_settings(), company_zone="")
    if not form.is_valid():
        return redirect("settings")
    url = reverse("settings")
    return click(
        request,
        lambda: _choose(person, at, form),
        url,
        done="Your settings are as they were.",
    )


def _reader(request: HttpRequest) -> Person:
    """The row itself, which services can lock."""
    reader = reader_of(request)
    return person_for(reader, reader.pk)


def _choose(person: Person, at: dt.datetime, form: SettingsForm) -> Person:
    return choose_digests(person, actor=person, at=at, version=form.opened_version, **form.values())


def _written(value: Any) -> str:
    """As the form posts it: '' for None and for an unticked box."""
    return "" if value is None or value is False else str(value)
