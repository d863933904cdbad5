"""What a team asks of another for an initiative, and takes away again; and the conversation about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from conversations.narrative import thread_url
from conversations.services.support import thread_about, write_about_support
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, click, edited, form_view, posted, seen_version, undo
from lib.services.dates import now
from lib.services.permissions import Service, require
from lib.text.isolation import isolated
from teams import access
from teams.enums import SupportStatus
from teams.models import Person, Support
from teams.rules import writes
from teams.selectors.teams import team_places
from teams.services.support import ask_again, ask_support, restore_support, revert_support, withdraw_support
from teams.services.undo import undo as undo_change
from web.filters import asked_key
from web.initiatives.editing import crumbs_of, initiative_for, initiative_url, team_is_called
from web.readers import reader_of
from web.support.forms import AskForm, SupportForm, TalkForm
from web.teams.editing import CHOOSE

OVER = {SupportStatus.DECLINED, SupportStatus.DELIVERED}


def support_for(request: HttpRequest, pk: int, service: Service) -> tuple[Person, Support]:
    """The reader, and the ask that they may use `service` on. Raises Http404, PermissionDenied."""
    reader = reader_of(request)
    support: Support = access.support_for(reader, pk)
    require(service, reader, support)
    return reader, support


@form_view
def support_new(request: HttpRequest, key: str) -> HttpResponse:
    """Asks another team to support the initiative with this key."""
    reader, initiative = initiative_for(request, key)
    words = sought(request)
    found = team_places(search=words or "", chosen=asked_key(request.POST, "team"))
    places = [(team, above) for team, above in found if team.pk != initiative.team_id]
    form = SupportForm(sent(request), places=places)
    count = sum(team_is_called(team, words) for team, _above in places)
    page = FormPage(
        title="Ask another team for support",
        lede="Both teams see it on their pages, with what the other answers.",
        form=form,
        action_label="Ask them",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        template="form_find.html",
        extra=found_text(words, count, "team", "teams", CHOOSE),
    )

    def ask() -> Support:
        values = dict(form.cleaned_data)
        values.pop("find", None)
        key = values.pop("team")
        team = next(team for team, _above in places if team.key == key)
        return ask_support(initiative, actor=reader, at=now(), team=team, **values)

    def done(row: Support) -> Success:
        return Success(f"{row.team} is asked, and finds it on the team’s page.", initiative_url(initiative))

    return page.handle(request, save=ask, done=done, searching=words is not None)


@form_view
def support_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes what is asked, which answers terms; a team that declined or delivered is asked again."""
    reader, support = support_for(request, pk, ask_again)
    initial = {"ask": support.ask, "size": support.size, "needed_on": support.needed_on, "version": support.version}
    form = AskForm(posted(request), initial=initial)
    title, label = _asking_again(support)
    page = support_page(support, form, title=title, lede=_answered(support), action_label=label)
    return page.handle(
        request,
        save=lambda: ask_again(support, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: support_saved(support, row, f"{support.team} is asked as you say now."),
    )


def _asking_again(support: Support) -> tuple[str, str]:
    """The title and the button."""
    team = support.team
    if support.unconfirmed:
        return f"Say what is missing of what {team} delivered", "Ask for it"
    if support.status in OVER:
        return f"Ask {team} again", "Ask again"
    if support.offered:
        return f"Ask {team} for something else", "Ask them"
    return (f"Answer the terms of {team}", "Answer") if support.answer else (f"Change what you ask of {team}", "Save")


@form_view
def support_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the conversation about it, or begins one; whoever only reads is led to the ask where there is none."""
    reader = reader_of(request)
    support = access.support_for(reader, pk)
    thread = thread_about(support)
    if thread is not None:
        return HttpResponseRedirect(thread_url(thread))
    if not writes(reader):
        return HttpResponseRedirect(f"{initiative_url(support.initiative)}#support-{support.pk}")
    form = TalkForm(posted(request))
    page = support_page(
        support,
        form,
        title=f"Write about the support that {support.initiative.team} has of {support.team}",
        lede=f"For “{support.initiative}”: {isolated(support.ask or support.answer or 'their support')}",
        action_label="Send",
    )
    return page.handle(
        request,
        save=lambda: write_about_support(support, actor=reader, at=now(), text=form.said()),
        done=lambda message: Success("Your message is there.", thread_url(message.thread)),
    )


@require_POST
def support_removal(request: HttpRequest, pk: int) -> HttpResponse:
    reader, support = support_for(request, pk, withdraw_support)
    version = seen_version(request)
    url = initiative_url(support.initiative)
    return click(
        request,
        lambda: withdraw_support(support, actor=reader, at=now(), version=version),
        url,
        done=lambda _row: Success(f"{support.team} is no longer asked.", url, undo=restoration_url(support)),
    )


def restoration_url(support: Support) -> str:
    return f"{initiative_url(support.initiative, 'support_restoration')}?withdrawn={support.pk}"


@require_POST
def support_restoration(request: HttpRequest, key: str) -> HttpResponse:
    """Restores the ask with the id `?withdrawn=`."""
    reader, initiative = initiative_for(request, key)
    text = request.GET.get("withdrawn", "")
    withdrawn = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    return undo(
        request,
        lambda: restore_support(initiative, actor=reader, at=now(), withdrawn=withdrawn),
        initiative_url(initiative),
    )


@require_POST
def support_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undoes the reader's change that led to `?version=`, where nothing has changed since."""
    reader, support = support_for(request, pk, revert_support)
    version = seen_version(request)
    return undo(
        request,
        lambda: undo_change(support, actor=reader, at=now(), version=version),
        initiative_url(support.initiative),
    )


def support_page(support: Support, form: Any, *, title: str, lede: str, action_label: str) -> FormPage:
    return FormPage(
        title=title,
        lede=lede,
        form=form,
        action_label=action_label,
        cancel_url=initiative_url(support.initiative),
        crumbs=crumbs_of(support.initiative),
    )


def _answered(support: Support) -> str:
    """The other team's answer so far."""
    if not support.answer:
        return ""
    verb = "offers" if support.is_open_offer else "answered"
    return f"{support.team} {verb}: {isolated(support.answer)}"


def support_saved(before: Support, row: Support, text: str) -> Success:
    """Redirects to the initiative, with a message that offers undo."""
    back = reverse("support_undo", args=[row.pk])
    return edited(before, row, text, initiative_url(before.initiative), undo=back)
