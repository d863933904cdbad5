"""The buttons of a conversation: its ending, opening it again, pinning an answer, following and muting."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.views.decorators.http import require_POST

from alignment.services.back_briefs import BACK_BRIEF, CHANGED
from conversations.access import message_for, thread_for
from conversations.kinds import Ending, thread_kind
from conversations.models import Thread
from conversations.services.following import set_following
from conversations.services.threads import end_thread, pin_answer, remind_side, reopen_thread
from lib.forms.pages import FormPage, Success, click, form_view, posted, seen_version
from lib.services.dates import now
from lib.services.permissions import Service, require
from strategy.counters import ACCEPTED, COUNTER
from strategy.models import Goal, Strategy
from teams.models import Person
from web.readers import reader_of
from web.threads.forms import EndingForm
from web.threads.views import url_of

ACCEPT = "It is accepted. Write here what changes, and add it to the amendment."
AMEND = "They are told that they changed your mind. Plan here what changes."


@form_view
def thread_outcome(request: HttpRequest, key: str, outcome: str) -> HttpResponse:
    """A button, or, for an ending that is said in a text, a page with a form."""
    reader, thread = _thread(request, key, end_thread)
    ending = thread_kind(thread.kind).endings.get(outcome)
    if ending is None:
        raise Http404
    if ending.says:
        return _said_ending(request, reader, thread, outcome, ending)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    version = seen_version(request)
    return click(
        request,
        lambda: end_thread(thread, actor=reader, at=now(), version=version, outcome=outcome),
        url_of(thread),
        done=lambda row: _ended(row, outcome),
    )


def _said_ending(request: HttpRequest, reader: Person, thread: Thread, outcome: str, ending: Ending) -> HttpResponse:
    form = EndingForm(posted(request), initial={"version": thread.version}, ending=ending)
    page = FormPage(
        title=ending.label,
        form=form,
        action_label=ending.label,
        cancel_url=url_of(thread),
        crumbs=[("Conversations", reverse("thread_list")), (thread_kind(thread.kind).label, url_of(thread))],
        focused=True,
    )
    return page.handle(
        request,
        save=lambda: end_thread(
            thread, actor=reader, at=now(), version=form.opened_version, outcome=outcome, **form.values()
        ),
        done=lambda row: _ended(row, outcome),
    )


def _ended(row: Thread, outcome: str) -> Success:
    """What came of it, and where that is done which follows from it."""
    if row.kind == BACK_BRIEF and outcome == CHANGED:
        return Success(AMEND, reverse("amendment_detail", args=[Strategy.objects.get(pk=row.about_id).key]))
    if row.kind == COUNTER and outcome == ACCEPTED:
        return Success(ACCEPT, reverse("goal_edit", args=[Goal.objects.get(pk=row.about_id).key]))
    undo = f"{reverse('thread_reopening', args=[row.key])}?version={row.version}"
    return Success(f"It is {thread_kind(row.kind).told(outcome)}.", url_of(row), undo=undo)


@require_POST
def thread_reopening(request: HttpRequest, key: str) -> HttpResponse:
    reader, thread = _thread(request, key, reopen_thread)
    version = seen_version(request)
    return click(
        request,
        lambda: reopen_thread(thread, actor=reader, at=now(), version=version),
        url_of(thread),
        done="It is open again.",
    )


@require_POST
def thread_reminder(request: HttpRequest, key: str) -> HttpResponse:
    reader, thread = _thread(request, key, remind_side)
    version = seen_version(request)
    return click(
        request,
        lambda: remind_side(thread, actor=reader, at=now(), version=version),
        url_of(thread),
        done="It is noted. Whoever gets the mail of the day reads it there.",
    )


@require_POST
def thread_pin(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Pins the message, or, where it is pinned, does so no longer."""
    reader, thread = _thread(request, key, pin_answer, None)
    message = message_for(reader, thread, pk)
    version = seen_version(request)
    wanted = None if thread.pinned_id == message.pk else message
    return click(
        request,
        lambda: pin_answer(thread, wanted, actor=reader, at=now(), version=version),
        url_of(thread),
        done="It is pinned: everybody finds it where it was asked about." if wanted else "It is pinned no longer.",
    )


@require_POST
def thread_following(request: HttpRequest, key: str) -> HttpResponse:
    return _followed(request, key, follows=True, said="You are told what is said here.")


@require_POST
def thread_muting(request: HttpRequest, key: str) -> HttpResponse:
    return _followed(
        request, key, follows=False, said="You are told nothing more of it. What is your turn stays in your list."
    )


def _followed(request: HttpRequest, key: str, *, follows: bool, said: str) -> HttpResponse:
    reader, thread = _thread(request, key, set_following)
    seen_version(request)
    return click(
        request,
        lambda: set_following(thread, actor=reader, at=now(), follows=follows),
        url_of(thread),
        done=said,
    )


def _thread(request: HttpRequest, key: str, service: Service, *given: Any) -> tuple[Person, Thread]:
    reader = reader_of(request)
    thread = thread_for(reader, key)
    require(service, reader, thread, *given)
    return reader, thread
