"""The addresses of a digest that work without signing in: stopping it, and choosing when it comes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from digest.replies import BadAddressError, read_person, times_path
from digest.selectors.digests import digest_settings
from digest.services.subscriptions import choose_digests, start_digests_again, stop_digests
from digest.upcoming import next_digest
from lib.forms.pages import FormPage, Success, done, form_view, posted
from lib.services.dates import now
from teams.models import Person
from teams.selectors.company import company
from teams.selectors.people import active_person
from web.digests.times import TimesForm, times_values
from web.digests.views import next_sentence

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program posts (RFC 8058)."""

View = Callable[[HttpRequest, str], HttpResponse]
PersonView = Callable[[HttpRequest, Person], HttpResponse]
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}
"""Whoever knows the address may do what it does: nothing keeps or finds it, and no page that is reached from here is
told it. With "no-referrer" a browser would not name the origin of a form either, and every form be refused."""


def _of_digest(view: PersonView) -> View:
    """`view` gets the person whom the token in the address is of; without one, a page says what to do."""

    @functools.wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        person = _person(token)
        if person is None:
            response = render(request, "digests/digest_nobody.html", status=404)
        else:
            response = view(request, person)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return answer


def _person(token: str) -> Person | None:
    try:
        return active_person(read_person(token))
    except BadAddressError:
        return None


@form_view
@csrf_exempt
@login_not_required
@_of_digest
def digest_unsubscription(request: HttpRequest, person: Person) -> HttpResponse:
    """Mail programs post to it by themselves, without a cookie of ours. It is safe to take every post: the token in
    the address is what allows it, it can do nothing else, and no other site can know it.

    `again` takes it back.
    """
    if request.method != "POST":
        return _stopping(request, person)
    if "again" in request.POST:
        start_digests_again(person, actor=person, at=now())
        done(request, "The weekly digest comes again.")
        return redirect(times_path(person.pk))
    stopped = stop_digests(person, actor=person, at=now())
    name, value = ONE_CLICK
    if request.POST.get(name) == value:
        return _stopping(request, stopped)
    return redirect(request.path)


def _stopping(request: HttpRequest, person: Person) -> HttpResponse:
    context = {"digests": person.digests, "address": masked(person.email), "times_path": times_path(person.pk)}
    return render(request, "digests/digest_unsubscription.html", context)


@form_view
@login_not_required
@_of_digest
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
        return choose_digests(person, actor=person, at=at, **form.cleaned_data, **kept)

    return page.handle(request, save=choose, done=lambda _row: Success("Saved.", request.path))


def masked(email: str) -> str:
    """As in a…@example.com: its owner knows it, whoever finds the digest does not learn it."""
    local, _at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}"
