"""Asks, edits messages, and takes their text away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from conversations.access import message_for, thread_for
from conversations.kinds import thread_kind
from conversations.models import Message, Thread
from conversations.narrative import about_words, in_a_line, party_name
from conversations.questions import QUESTION
from conversations.selectors.parties import party_of
from conversations.selectors.threads import with_subject
from conversations.services.messages import edit_message, remove_text
from conversations.services.threads import open_thread
from lib.forms.pages import FormPage, Success, VersionedForm, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.isolation import isolated
from lib.text.spans import words_of
from strategy.counters import COUNTER
from teams.models import Person
from web.readers import reader_of
from web.threads.forms import CounterForm, MessageEditForm, QuestionForm
from web.threads.subjects import asked_about
from web.threads.views import url_of

CRUMBS = [("Conversations", "thread_list")]


@dataclass(frozen=True)
class Asking:
    """How a kind of conversation begins: its form, title and lede (with a place for a name each), the button, and what
    is said afterwards."""

    form: type[Any]
    title: str
    lede: str
    button: str
    said: str


KINDS = {
    QUESTION: Asking(
        QuestionForm,
        "Ask about {}",
        "The answer comes from {}, within five working days. You say whether it was one.",
        "Ask",
        "Your question is with {}.",
    ),
    COUNTER: Asking(
        CounterForm,
        "Propose something else than {}",
        "It goes to {}, who accepts it, answers, or decides with a reason. What you say is heard, and stays on record.",
        "Propose it",
        "Your proposal is with {}.",
    ),
}


@form_view
def thread_new(request: HttpRequest) -> HttpResponse:
    """What it is about is in the address (`web.threads.subjects.asked_about`), and the `kind`, if it is no question."""
    reader = reader_of(request)
    require(open_thread, reader)
    about, aspect = asked_about(request, reader)
    code = request.GET.get("kind", QUESTION)
    if code not in KINDS or about[0] not in thread_kind(code).about:
        raise Http404
    subject = with_subject(Thread(about_kind=about[0], about_id=about[1], aspect=aspect))
    of, name, who = KINDS[code], about_words(subject), isolated(party_name(party_of(*about)).text)
    form = of.form(posted(request))
    page = FormPage(
        title=of.title.format(words_of(name)),
        lede=of.lede.format(who),
        form=form,
        action_label=of.button,
        cancel_url=name[-1].path or reverse("thread_list"),
        crumbs=[*((label, reverse(url)) for label, url in CRUMBS), (name[-1].text, name[-1].path)],
        focused=True,
    )
    return page.handle(
        request,
        save=lambda: open_thread(actor=reader, at=now(), kind=code, about=about, aspect=aspect, text=form.said()),
        done=lambda thread: Success(of.said.format(who), url_of(thread)),
    )


@form_view
def message_edit(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    reader, message = _message(request, key, pk)
    require(edit_message, reader, message)
    form = MessageEditForm(posted(request), initial={"text": message.text, "version": message.version})
    page = _page(message, form, title="Edit your message", action_label="Save")
    page.lede = "Within a quarter of an hour; after that it stays as it was read."
    return page.handle(
        request,
        save=lambda: edit_message(message, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda _row: Success("Your message is saved.", page.cancel_url),
    )


@form_view
def message_text(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    reader, message = _message(request, key, pk)
    require(remove_text, reader, message)
    form = VersionedForm(posted(request), initial={"version": message.version})
    page = _page(message, form, title="Take the text away", action_label="Take it away")
    page.lede = (
        f"For a secret, or for what nobody should have to read. The message by {message.author} stays, without its"
        " text, and says that you took it away. This cannot be undone."
    )
    page.danger = True
    return page.handle(
        request,
        save=lambda: remove_text(message, actor=reader, at=now(), version=form.opened_version),
        done=lambda _row: Success("The text is gone.", page.cancel_url),
    )


def _message(request: HttpRequest, key: str, pk: int) -> tuple[Person, Message]:
    reader = reader_of(request)
    return reader, message_for(reader, thread_for(reader, key), pk)


def _page(message: Message, form: Any, *, title: str, action_label: str) -> FormPage:
    url = url_of(message.thread)
    crumbs = [(label, reverse(to)) for label, to in CRUMBS]
    return FormPage(
        title=title,
        form=form,
        action_label=action_label,
        cancel_url=f"{url}#message-{message.pk}",
        crumbs=[*crumbs, (in_a_line(message.text), url)],
    )
