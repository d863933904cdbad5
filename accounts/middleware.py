"""Sessions that slide, and forms that outlive them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.csrf import csrf_failure as plain_failure

from accounts.services.forms import keep_form, kept_form
from lib.forms.pages import SENT_TWICE
from lib.forms.sending import KEPT, Sending, keep_typed, kept_address, sent_form, texts_of
from lib.services.dates import now
from teams.models import Person

GetResponse = Callable[[HttpRequest], HttpResponse]

USED = "used"
HOUR = 3600
SIGN_IN = "Your session has ended while you typed. Sign in, and what you typed is there again; nothing is saved yet."
HERE_AGAIN = "This is what you typed. Nothing of it is saved yet: look at it, and save it."


class SlidingSession:
    """A session ends when it has not been used for SESSION_COOKIE_AGE. It is written at most once an hour."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        is_fault = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR  # of the session, maybe
        if not is_fault and request.session.accessed and SESSION_KEY in request.session:
            note_use(request)
        return response


def note_use(request: HttpRequest, **_signal: Any) -> None:
    """Also called when somebody signs in."""
    hour = int(now().timestamp() // HOUR)
    if request.session.get(USED) != hour:
        request.session[USED] = hour
        request.session.set_expiry(settings.SESSION_COOKIE_AGE)


class TypedForms:
    """Keeps what was typed into a form whose session has ended, or is somebody else's now, and opens the form with it
    again. It comes before whatever sends people to sign in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if request.method == "POST":
            sending = sent_form(request)
            return set_aside(request, sending) if sending and sending.person != request.user.pk else None
        return _opened_again(request) if KEPT in request.GET and request.user.is_authenticated else None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For CSRF_FAILURE_VIEW: signing in again in another tab makes the token of an open form worthless."""
    sending = sent_form(request)
    if sending is None:
        failure: HttpResponse = plain_failure(request, reason)
        return failure
    return set_aside(request, sending)


def set_aside(request: HttpRequest, sending: Sending) -> HttpResponse:
    """Saves nothing, and leads to where what was typed can be saved; where it cannot be kept, it shows it."""
    opened_at = request.GET if sending.page == request.path else {}
    address = kept_address(sending, opened_at)
    kept = keep_form(sending, address, dict(request.POST.lists()), at=now())
    if kept and sending.person == request.user.pk:
        return redirect(address)
    if kept and not request.user.is_authenticated:
        messages.info(request, SIGN_IN)
        return redirect_to_login(address)
    return _shown_to_copy(request, dict(request.POST.lists()), address if kept else sending.page)


def _opened_again(request: HttpRequest) -> HttpResponse | None:
    kept = kept_form(_nonce(request.GET[KEPT]))
    if kept is None or kept.url:
        return _elsewhere(request, kept.url if kept else "")
    if kept.person.pk != request.user.pk:
        return _shown_to_copy(request, kept.typed, kept.address, kept.person)
    keep_typed(request, kept.typed)
    messages.info(request, HERE_AGAIN)
    return None


def _elsewhere(request: HttpRequest, url: str) -> HttpResponse | None:
    """To what came of a form that was saved meanwhile."""
    if not url:
        return None
    messages.info(request, SENT_TWICE)
    return redirect(url)


def _nonce(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        return UUID(int=0)


def _shown_to_copy(request: HttpRequest, typed: Any, address: str, person: Person | None = None) -> HttpResponse:
    context = {"texts": texts_of(typed), "address": address, "person": person}
    return render(request, "account/typed_by_another.html", context, status=409)
