"""What comes of an ask: the answer, terms accepted, delivery, thanks; and help that is offered unasked."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, click, form_view, posted, seen_version
from lib.services.dates import now
from lib.services.permissions import Service, require
from lib.text.isolation import isolated
from teams.access import initiative_for
from teams.enums import SupportStatus
from teams.models import Initiative, Person, Support, Team
from teams.selectors.teams import BY_NAME, OPTIONS, names_above, team_matches
from teams.selectors.work import teams_worked_on
from teams.services.offers import end_offer, offer_support
from teams.services.pledges import (
    TERMS,
    accept_terms,
    answer_support,
    confirm_support,
    deliver_support,
    thank_support,
)
from web.filters import asked_key
from web.initiatives.editing import crumbs_of, initiative_url, team_is_called
from web.readers import reader_of
from web.support.forms import AnswerForm, OfferEndForm, OfferForm, ThanksForm
from web.support.views import restoration_url, support_for, support_page, support_saved
from web.teams.editing import CHOOSE
from web.teams.forms import Places


@form_view
def support_answer(request: HttpRequest, pk: int) -> HttpResponse:
    return answered_support(request, *support_for(request, pk, answer_support))


def answered_support(request: HttpRequest, reader: Person, support: Support) -> HttpResponse:
    """Promises or declines support, or offers terms."""
    waits = support.status == SupportStatus.ASKED and not support.answer
    given = "" if waits else support.status
    initial = {
        "status": given,
        "answer": support.answer,
        "due_on": support.due_on or support.needed_on,
        "version": support.version,
    }
    form = AnswerForm(posted(request), initial=initial, offered=support.is_open_offer)
    asking = support.initiative.team
    page = support_page(
        support,
        form,
        title=f"Change what you offer {asking}" if support.is_open_offer else f"Answer {asking}",
        lede=_asked(support),
        action_label="Save" if support.is_open_offer else "Answer",
    )
    return page.handle(
        request,
        save=lambda: answer_support(support, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: support_saved(support, row, f"{asking} sees your answer: {_told(row)}."),
    )


def _asked(support: Support) -> str:
    if support.is_open_offer:
        return f"For “{support.initiative}”. {support.initiative.team} accepts it, or thanks you."
    ask = isolated(support.ask or "your support")
    return f"For “{support.initiative}” {support.initiative.team} asks {support.team}: {ask}"


def _told(row: Support) -> str:
    return "your terms" if row.status == TERMS else str(row.get_status_display()).lower()


@require_POST
def support_acceptance(request: HttpRequest, pk: int) -> HttpResponse:
    return _clicked(request, pk, accept_terms, lambda row: f"Accepted: {row.team} is told.")


@require_POST
def support_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks it as delivered; either side may."""
    return _clicked(request, pk, deliver_support, _delivered)


def _delivered(row: Support) -> str:
    said = f"Delivered by {row.team}."
    return f"{said} {row.initiative.team} is asked to confirm it." if row.unconfirmed else said


@require_POST
def support_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    return _clicked(request, pk, confirm_support, lambda row: f"Delivered by {row.team}. You can thank them still.")


def _clicked(request: HttpRequest, pk: int, service: Service, said: Callable[[Support], str]) -> HttpResponse:
    reader, support = support_for(request, pk, service)
    version = seen_version(request)
    return click(
        request,
        lambda: service(support, actor=reader, at=now(), version=version),
        initiative_url(support.initiative),
        done=lambda row: support_saved(support, row, said(row)),
    )


@form_view
def support_thanks(request: HttpRequest, pk: int) -> HttpResponse:
    """Thanks the other team, which also says that it is there."""
    reader, support = support_for(request, pk, thank_support)
    form = ThanksForm(posted(request), initial={"thanks": support.thanks, "version": support.version})
    lede = f"For their support of “{support.initiative}”: {isolated(support.ask or support.answer or 'their help')}"
    page = support_page(support, form, title=f"Thank {support.team}", lede=lede, action_label="Thank them")
    return page.handle(
        request,
        save=lambda: thank_support(support, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda row: support_saved(support, row, f"{row.team} reads your thanks on the team’s page."),
    )


@form_view
def support_offer(request: HttpRequest, key: str) -> HttpResponse:
    """Offers help that nobody has asked for, of a team that the reader works on, to the initiative with this key."""
    reader = reader_of(request)
    initiative = initiative_for(reader, key=key)
    words = sought(request)
    places = _helping_teams(reader, initiative, words or "", asked_key(request.POST, "team"))
    teams = {team.key: team for team, _above in places}
    require(offer_support, reader, next(iter(teams.values()), None))
    form = OfferForm(sent(request), places=places)
    count = sum(team_is_called(team, words) for team in teams.values())
    page = FormPage(
        title=f"Offer {initiative.team} your help",
        lede=f"For “{initiative}”. {initiative.team} accepts it, which makes it a promise, or thanks you.",
        form=form,
        action_label="Offer it",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        template="form_find.html",
        extra=found_text(words, count, "team", "teams", CHOOSE),
    )

    def save() -> Support:
        values = dict(form.cleaned_data)
        values.pop("find", None)
        team = teams[values.pop("team")]
        return offer_support(team, actor=reader, at=now(), initiative=initiative, **values)

    def done(_row: Support) -> Success:
        return Success(f"{initiative.team} is told what you offer.", initiative_url(initiative))

    return page.handle(request, save=save, done=done, searching=words is not None)


def _helping_teams(reader: Person, initiative: Initiative, search: str, chosen: str) -> Places:
    """Those of the reader but for the one that does the work, their own first; found ones, OPTIONS of each."""
    every = teams_worked_on(reader).exclude(pk=initiative.team_id)
    first = every.order_by(*BY_NAME).values("pk")[:OPTIONS]
    wanted = Q(pk__in=first) | Q(pk__in=[*reader.team_roles]) | Q(key=chosen)
    if search:
        wanted |= Q(pk__in=team_matches(every, search).order_by(*BY_NAME).values("pk")[:OPTIONS])
    teams: list[Team] = sorted(
        every.filter(wanted).order_by(*BY_NAME), key=lambda team: team.pk not in reader.team_roles
    )
    above = names_above(teams)
    return [(team, above[team.pk]) for team in teams]


@form_view
def support_offer_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Declines an offer with thanks, or takes it back."""
    reader, support = support_for(request, pk, end_offer)
    asks = reader.has_perm("teams.ask_support", support)
    form = OfferEndForm(posted(request), initial={"version": support.version})
    page = support_page(
        support,
        form,
        title=f"Decline what {support.team} offers" if asks else "Take your offer back",
        lede=f"For “{support.initiative}”: {isolated(support.answer)}",
        action_label="Decline it with thanks" if asks else "Take it back",
    )
    url = initiative_url(support.initiative)
    return page.handle(
        request,
        save=lambda: end_offer(support, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=lambda _row: Success("The offer is gone.", url, undo=restoration_url(support) if asks else ""),
    )
