"""Unsubscribes and sets the times through the signed address of a mail, without signing in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from digest.replies import BadAddressError, read_person, read_person_of_turns, times_path
from digest.selectors.digests import digest_settings
from digest.services.subscriptions import (
    choose_digests,
    start_digests_again,
    start_turn_mails_again,
    stop_digests,
    stop_turn_mails,
)
from digest.upcoming import next_digest
from lib.forms.pages import FormPage, Success, done, form_view, posted
from lib.services.dates import now
from teams.models import Person
from teams.selectors.company import company
from teams.selectors.people import active_person
from web.digests.times import TimesForm, times_values
from web.digests.views import next_sentence

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The field and value that a mail program posts (RFC 8058)."""

View = Callable[[HttpRequest, str], HttpResponse]
PersonView = Callable[[HttpRequest, Person], HttpResponse]
HEADERS = {"Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}
"""Anyone who has the address may use it, so it is not cached, indexed or sent as a referrer. "no-referrer" would also
hide the origin of forms, and every form would be refused."""


def _of_person(read: Callable[[str], int]) -> Callable[[PersonView], View]:
    """Passes the view the person whom the token names; without one, a 404 page says what to do."""

    def decorate(view: PersonView) -> View:
        @functools.wraps(view)
        def answer(request: HttpRequest, token: str) -> HttpResponse:
            person = _person(read, token)
            if person is None:
                response = render(request, "digests/digest_nobody.html", status=404)
            else:
                response = view(request, person)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        return answer

    return decorate


def _person(read: Callable[[str], int], token: str) -> Person | None:
    try:
        return active_person(read(token))
    except BadAddressError:
        return None


@form_view
@csrf_exempt
@login_not_required
@_of_person(read_person)
def digest_unsubscription(request: HttpRequest, person: Person) -> HttpResponse:
    """Mail programs post here without a cookie of ours. Every post is safe to accept: the token authorises it, allows
    nothing else, and is unknown to other sites.

    `again` undoes it.
    """
    if request.method != "POST":
        return _stopping(request, person)
    if "again" in request.POST:
        start_digests_again(person, actor=person, at=now())
        done(request, "The weekly digest comes again.")
        return redirect(times_path(person.pk))
    stopped = stop_digests(person, actor=person, at=now())
    if _by_one_click(request):
        return _stopping(request, stopped)
    return redirect(request.path)


def _by_one_click(request: HttpRequest) -> bool:
    name, value = ONE_CLICK
    return request.POST.get(name) == value


def _stopping(request: HttpRequest, person: Person) -> HttpResponse:
    context = {"digests": person.digests, "address": masked(person.email), "times_path": times_path(person.pk)}
    return render(request, "digests/digest_unsubscription.html", context)


@form_view
@csrf_exempt
@login_not_required
@_of_person(read_person_of_turns)
def turn_mails_stop(request: HttpRequest, person: Person) -> HttpResponse:
    """As `digest_unsubscription`, of the mails about turns in conversations."""
    if request.method != "POST":
        return _stopping_turns(request, person)
    if "again" in request.POST:
        start_turn_mails_again(person, actor=person, at=now())
        done(request, "You are told again when it is your turn.")
        return redirect(request.path)
    stopped = stop_turn_mails(person, actor=person, at=now())
    return _stopping_turns(request, stopped) if _by_one_click(request) else redirect(request.path)


def _stopping_turns(request: HttpRequest, person: Person) -> HttpResponse:
    context = {"turn_mails": person.turn_mails, "address": masked(person.email)}
    return render(request, "digests/turn_mails_stop.html", context)


@form_view
@login_not_required
@_of_person(read_person)
def digest_times(request: HttpRequest, person: Person) -> HttpResponse:
    at, usual = now(), digest_settings()
    form = TimesForm(posted(request), initial=times_values(person), digest=usual)
    page = FormPage(
        title="When your weekly digest comes",
        form=form,
        action_label="Save",
        cancel_url="",
        template="digests/digest_times.html",
        extra={
            "address": masked(person.email),
            "digests": person.digests,
            "next": next_sentence(next_digest(person, usual, company(), at), at),
        },
    )

    def choose() -> Person:
        kept: dict[str, Any] = {"digests_always": person.digests_always, "timezone": person.timezone}
        return choose_digests(person, actor=person, at=at, version=form.opened_version, **form.values(), **kept)

    return page.handle(request, save=choose, done=lambda _row: Success("Saved.", request.path))


def masked(email: str) -> str:
    """As in a…@example.com: its owner recognises it, anyone else learns little."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
