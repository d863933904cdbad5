"""Shows conversations: the list, and each with its messages, where one writes the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.services.back_briefs import BACK_BRIEF, answer_back_brief
from conversations.access import thread_for
from conversations.enums import Side
from conversations.kinds import thread_kind
from conversations.models import Message, Thread
from conversations.narrative import about_words, in_a_line, turn_words, until
from conversations.reminders import is_awaited, reminder_from, reminder_words
from conversations.rules import is_on, pins_answer, sides_of
from conversations.selectors.threads import following_of, messages_of, threads, with_names
from conversations.services.messages import EDITED_WITHIN
from conversations.services.threads import write_message
from conversations.support import SUPPORT
from lib.db.counting import capped_count
from lib.forms.pages import FormPage, Success, form_view, posted
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.services.dates import now, today
from lib.services.permissions import require
from lib.text.counts import count_text
from lib.text.spans import Span, words_of
from strategy.selectors.clarity import questions
from teams.models import Person, Support
from teams.narrative import ask_line
from teams.rules import is_admin, writes
from teams.selectors.company import company, company_day
from web.home.items import Text, line_item
from web.proposals.parts import proposal_part
from web.readers import reader_of
from web.support.steps import steps_of
from web.threads.asking import ask_url, propose_url
from web.threads.forms import BackBriefForm, MessageForm, ThreadFilter
from web.threads.subjects import thread_line

Action = tuple[str, str, int]
"""Label, address and version, for components/_actions.html."""


@require_safe
def thread_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    form = ThreadFilter(request.GET, {})
    given = form.given()
    on = today(company())
    rows = threads(reader, state=given.get("state", ""), on=on)
    if asked := given.get("questions"):
        rows = rows.filter(pk__in=questions(on, asked).order_by().values("pk"))
    kind, _dash, pk = given.get("about", "").rpartition("-")
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        rows = rows.filter(about_kind=kind, about_id=pk)
    page = keyset_page(rows, order=("-last_at", "-id"), params=request.GET)
    words = {name: label for name, label in form.words().items() if name != "about"}
    return render(
        request,
        "threads/thread_list.html",
        {
            "form": form,
            "page": page,
            "listed": [(thread_line(row), texts(about_words(row))) for row in page.rows],
            "count_text": count_text(capped_count(rows), "conversation", "conversations"),
            "active": [
                (label, request.path + query(request.GET, **{name: None, "after": None}))
                for name, label in words.items()
            ],
            "propose_url": propose_url(reader),
            "ask_url": ask_url("company") if reader.has_perm("conversations.open_thread") else "",
        },
    )


@dataclass(frozen=True)
class MessageRow:
    """A message and what the reader may do with it. The first one asks, so it cannot be pinned as the answer."""

    message: Message
    pinned: bool
    actions: list[Action]


@form_view
def thread_detail(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever may not write here sees it without the form."""
    reader = reader_of(request)
    thread = thread_for(reader, key, rows=with_names(Thread.objects.all()))
    if request.method == "POST":
        require(write_message, reader, thread)
    about, briefs = about_words(thread), is_back_brief(thread, reader)
    form = BackBriefForm(posted(request)) if briefs else MessageForm(posted(request))
    service = answer_back_brief if briefs else write_message
    page = FormPage(
        title=f"{thread_kind(thread.kind).called.capitalize()} about {words_of(about)}",
        form=form,
        action_label="Send",
        cancel_url=reverse("thread_list"),
        crumbs=[("Conversations", reverse("thread_list")), (about[-1].text, about[-1].path)],
        template="threads/thread_detail.html",
        extra=_shown(reader, thread),
    )
    return page.handle(
        request,
        save=lambda: service(thread, actor=reader, at=now(), text=form.said()),
        done=lambda message: Success("Your message is there.", f"{url_of(thread)}#message-{message.pk}"),
    )


def is_back_brief(thread: Thread, reader: Person) -> bool:
    """Whether the reader answers for a team that has not said anything yet."""
    asked = thread.kind == BACK_BRIEF and thread.turn == Side.ANSWERS and not thread.outcome
    return asked and is_on(reader, thread, Side.ANSWERS)


def _shown(reader: Person, thread: Any) -> dict[str, Any]:
    at, ask = now(), _ask_of(thread)
    reminds = reader.has_perm("conversations.remind_side", thread) and is_awaited(thread, company_day(at))
    too_early = at < reminder_from(thread)
    pins = not thread_kind(thread.kind).by_steps and pins_answer(reader, thread)
    return {
        "thread": thread,
        "question": in_a_line(thread.question),
        "turn": texts(turn_words(thread)),
        "proposal": proposal_part(thread, reader),
        "yours": bool(thread.turn) and is_on(reader, thread, thread.turn),
        "due": until(thread.due_on).removeprefix(", ") if thread.turn == Side.ANSWERS else "",
        "written": [
            _message_row(each, thread, reader, at, pins=pins and number > 0)
            for number, each in enumerate(messages_of(thread))
        ],
        "may_write": not thread.outcome and reader.has_perm("conversations.write_message", thread),
        "ask": line_item(ask_line(ask, ask.team, today(company()))) if ask else None,
        "reminder": reminder_words(thread) if reminds and too_early else "",
        "actions": _actions(reader, thread, ask, reminds=reminds and not too_early),
    }


def _message_row(message: Message, thread: Thread, reader: Person, at: dt.datetime, *, pins: bool) -> MessageRow:
    actions: list[Action] = []
    address, pinned = [thread.key, message.pk], thread.pinned_id == message.pk
    if message.removed_at is None:
        if message.author_id == reader.pk and at - message.at <= EDITED_WITHIN:
            actions.append(("Edit", reverse("message_edit", args=address), 0))
        if pins:
            label = "Pin it no longer" if pinned else "Pin as the answer"
            actions.append((label, reverse("thread_pin", args=address), thread.version))
        if is_admin(reader):
            actions.append(("Take the text away", reverse("message_text", args=address), 0))
    return MessageRow(message, pinned, actions)


def _actions(reader: Person, thread: Thread, ask: Support | None, *, reminds: bool) -> list[Action]:
    of, actions = thread_kind(thread.kind), steps_of(ask, reader) if ask else []
    sides = sides_of(reader, thread) if writes(reader) and not of.by_steps else set()
    if thread.outcome and Side.ASKS in sides and thread.outcome not in of.final:
        actions.append(("Open it again", reverse("thread_reopening", args=[thread.key]), thread.version))
    if not thread.outcome:
        if reader.has_perm("alignment.accept_proposal", thread):
            actions.append(("Accept it", reverse("proposal_acceptance", args=[thread.key]), 0))
        actions += [
            (ending.label, reverse("thread_outcome", args=[thread.key, code]), 0 if ending.says else thread.version)
            for code, ending in of.endings.items()
            if ending.by in sides
        ]
    if reminds:
        actions.append(("Remind them", reverse("thread_reminder", args=[thread.key]), thread.version))
    follows = following_of(thread, reader)
    if follows:
        actions.append(("Mute", reverse("thread_muting", args=[thread.key]), thread.version))
    else:
        actions.append(("Follow", reverse("thread_following", args=[thread.key]), thread.version))
    return actions


def _ask_of(thread: Thread) -> Support | None:
    """The ask for support that it is about; one query for one, and none for others."""
    if thread.about_kind != SUPPORT:
        return None
    return Support.objects.select_related("initiative__team", "team").filter(pk=thread.about_id).first()


def texts(spans: list[Span]) -> list[Text]:
    return [Text(span.text, span.path) for span in spans]


def url_of(thread: Thread) -> str:
    return reverse("thread_detail", args=[thread.key])
