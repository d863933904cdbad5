"""Invites many people: who would get a mail and which, then how far the sending is, and those again that failed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import InvitationRound
from accounts.selectors.invitations import failed_invitations, invitation_round, latest_rounds
from accounts.services.rounds import invite_again, invite_people
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, click, form_view, seen_version
from lib.forms.sending import WEIGHED
from lib.services.dates import now
from lib.services.errors import RefusedError
from lib.services.permissions import require
from lib.text.counts import counted
from teams.access import team_for
from teams.models import Person, Team
from teams.selectors.teams import team_matches, team_places
from web.digests.moments import short_text
from web.filters import asked_key
from web.people.invite_forms import InviteForm, Whom
from web.people.plans import Plan, plan_of
from web.readers import reader_of, zone_of

TITLE = "Invite several"
LOOK = "See who gets one"
LEDE = "Choose whom. You see who would get an invitation, and the mail itself, before anything is sent."
OTHERS = "These are others than you looked at, so nothing was sent. Look at them, and send again."


@form_view
def invite(request: HttpRequest) -> HttpResponse:
    """Shows whom a form means, then sends it: it carries the mark of what was on view, and nobody else gets a mail."""
    reader, at, words = reader_of(request), now(), sought(request)
    require(invite_people, reader)
    form = _form(request, words)
    page = FormPage(
        title=TITLE,
        lede=LEDE,
        form=form,
        action_label=LOOK,
        cancel_url=reverse("person_list"),
        crumbs=_crumbs(),
        template="people/invite.html",
    )
    looks = words is None and form.is_bound and form.is_valid()
    plan = plan_of(form, _team(reader, form), at) if looks else Plan([])
    seen = form.cleaned_data["seen"] if looks and WEIGHED not in request.POST else ""

    def send() -> InvitationRound:
        if seen != plan.mark:
            raise RefusedError(OTHERS)
        return invite_people(actor=reader, at=at, people=plan.ids, new=plan.new, role=plan.role)

    def prepare() -> None:
        page.extra = {"rounds": _rounds(reader), **_found(words)}
        if form.is_bound:
            _offer(page, plan)
        if looks:
            page.extra = {**page.extra, "plan": plan, "mail": plan.mail(reader) if plan.count else None}

    return page.handle(
        request,
        save=send,
        done=lambda row: Success("The invitations are on their way.", reverse("invite_round", args=[row.pk])),
        prepare=prepare,
        searching=not seen,
    )


@require_safe
def invite_round(request: HttpRequest, number: int) -> HttpResponse:
    """How far the invitations are that were sent together, and what failed."""
    reader = reader_of(request)
    require(invite_people, reader)
    found = _round(number)
    failed = failed_invitations(found, request.GET)
    context = {
        "round": found,
        "begun": short_text(found.at, zone_of(reader)),
        "failed": failed,
        "crumbs": [*_crumbs(), (TITLE, reverse("person_invite"))],
    }
    return render(request, "people/invite_round.html", context)


@require_POST
def invite_round_again(request: HttpRequest, number: int) -> HttpResponse:
    """Sends those again that failed."""
    reader = reader_of(request)
    require(invite_people, reader)
    found, url, version = _round(number), reverse("invite_round", args=[number]), seen_version(request)

    def done(count: int) -> Success:
        return Success(f"{counted(count, 'invitation is', 'invitations are')} on the way again.", url)

    return click(request, lambda: invite_again(found, actor=reader, at=now(), version=version), url, done=done)


def _form(request: HttpRequest, words: str | None) -> InviteForm:
    data = sent(request)
    chosen = asked_key(data or request.GET, "team")
    initial = {"whom": Whom.TEAM, "team": chosen} if chosen else {}
    places = team_places(search=words or "", chosen=chosen)
    return InviteForm(data, initial=initial, places=places, searches=words is not None)


def _team(reader: Person, form: InviteForm) -> Team | None:
    given = form.cleaned_data
    team: Team | None = team_for(reader, given["team"]) if given["whom"] == Whom.TEAM else None
    return team


def _found(words: str | None) -> dict[str, Any]:
    if words is None:
        return {}
    count = team_matches(Team.objects.current(), words).count() if words else 0
    return found_text(words, count, "team", "teams", "Choose one in the list.")


def _offer(page: FormPage, plan: Plan) -> None:
    """Makes the page's button send what is on view, if there is somebody to send it to."""
    data: Any = page.form.data
    page.form.data = data = data.copy()
    data["seen"] = plan.mark if plan.count else ""
    if plan.count:
        page.action_label = f"Send {plan.count_text}"


def _rounds(reader: Person) -> list[tuple[str, InvitationRound]]:
    zone = zone_of(reader)
    return [(short_text(each.at, zone), each) for each in latest_rounds()]


def _round(number: int) -> InvitationRound:
    row = invitation_round(number)
    if row is None:
        raise Http404
    return row


def _crumbs() -> list[tuple[str, str]]:
    return [("People", reverse("person_list"))]
