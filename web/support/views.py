"""What a team asks of another for an initiative: asking, answering, delivering, withdrawing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, click, edited, form_view, posted, seen_version, undo
from lib.services.dates import now
from lib.services.permissions import Service, require
from lib.text.isolation import isolated
from teams import access
from teams.enums import SupportStatus
from teams.models import Person, Support
from teams.selectors.teams import Ask, team_places
from teams.services.support import (
    answer_support,
    ask_again,
    ask_support,
    deliver_support,
    restore_support,
    revert_support,
    withdraw_support,
)
from teams.services.undo import undo as undo_change
from web.filters import asked_key
from web.initiatives.editing import crumbs_of, initiative_for, initiative_url, team_is_called
from web.initiatives.forms import AnswerForm, AskForm, SupportForm
from web.readers import reader_of
from web.teams.editing import CHOOSE

OVER = {SupportStatus.DECLINED, SupportStatus.DELIVERED}


@dataclass(frozen=True)
class AskRow:
    """An ask with what the reader may do about it; '' and False mean nothing."""

    ask: Ask
    answer_label: str
    again_label: str
    delivers: bool
    withdraws: bool


def ask_row(ask: Ask, *, asks: bool, answers: bool) -> AskRow:
    """`asks` and `answers`: the reader may act for the asking or the answering team."""
    status = SupportStatus(ask.status)
    answering = {SupportStatus.ASKED: "Answer", SupportStatus.DELIVERED: ""}.get(status, "Change the answer")
    again = {SupportStatus.ASKED: "Change it", SupportStatus.PLEDGED: ""}.get(status, "Ask again")
    return AskRow(
        ask,
        answer_label=answering if answers else "",
        again_label=again if asks else "",
        delivers=(asks or answers) and status == SupportStatus.PLEDGED,
        withdraws=asks and status != SupportStatus.DELIVERED,
    )


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
        values = form.cleaned_data
        team = next(team for team, _above in places if team.key == values["team"])
        return ask_support(initiative, actor=reader, at=now(), team=team, ask=values["ask"], size=values["size"])

    def done(row: Support) -> Success:
        return Success(f"{row.team} is asked, and finds it on the team’s page.", initiative_url(initiative))

    return page.handle(request, save=ask, done=done, searching=words is not None)


@form_view
def support_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes what is asked; a team that declined or delivered is asked again."""
    reader, support = support_for(request, pk, ask_again)
    initial = {"ask": support.ask, "size": support.size, "version": support.version}
    form = AskForm(posted(request), initial=initial)
    again = support.status in OVER
    page = _page(
        support,
        form,
        title=f"Ask {support.team} again" if again else f"Change what you ask of {support.team}",
        lede=_answered(support),
        action_label="Ask again" if again else "Save",
    )
    return page.handle(
        request,
        save=lambda: ask_again(support, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: _saved(support, row, f"{support.team} is asked as you say now."),
    )


@form_view
def support_answer(request: HttpRequest, pk: int) -> HttpResponse:
    return answered_support(request, *support_for(request, pk, answer_support))


def answered_support(request: HttpRequest, reader: Person, support: Support) -> HttpResponse:
    """Promises or declines support."""
    given = support.status if support.status != SupportStatus.ASKED else ""
    initial = {"status": given, "answer": support.answer, "version": support.version}
    form = AnswerForm(posted(request), initial=initial)
    asking = support.initiative.team
    page = _page(
        support,
        form,
        title=f"Answer {asking}",
        lede=f"For “{support.initiative}” {asking} asks {support.team}: {isolated(support.ask or 'your support')}",
        action_label="Answer",
    )
    return page.handle(
        request,
        save=lambda: answer_support(support, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: _saved(support, row, f"{asking} sees your answer: {row.get_status_display().lower()}."),
    )


@require_POST
def support_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks it as delivered; either side may."""
    reader, support = support_for(request, pk, deliver_support)
    version = seen_version(request)
    return click(
        request,
        lambda: deliver_support(support, actor=reader, at=now(), version=version),
        initiative_url(support.initiative),
        done=lambda row: _saved(support, row, f"Delivered by {support.team}."),
    )


@require_POST
def support_removal(request: HttpRequest, pk: int) -> HttpResponse:
    reader, support = support_for(request, pk, withdraw_support)
    version = seen_version(request)
    url = initiative_url(support.initiative)
    back = f"{initiative_url(support.initiative, 'support_restoration')}?withdrawn={pk}"
    return click(
        request,
        lambda: withdraw_support(support, actor=reader, at=now(), version=version),
        url,
        done=lambda _row: Success(f"{support.team} is no longer asked.", url, undo=back),
    )


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


def _page(support: Support, form: AskForm | AnswerForm, *, title: str, lede: str, action_label: str) -> FormPage:
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
    return f"{support.team} answered: {isolated(support.answer)}"


def _saved(before: Support, row: Support, text: str) -> Success:
    """Redirects to the initiative, with a message that offers undo."""
    back = reverse("support_undo", args=[row.pk])
    return edited(before, row, text, initiative_url(before.initiative), undo=back)
