"""Lets a goal's owner endorse or dispute the links to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.effects import figures_day, judging
from alignment.enums import LinkState
from alignment.models import Link
from alignment.services.links import dispute_link, endorse_link, withdraw_judgement
from lib.forms.pages import FormPage, Success, VersionedForm, click, form_view, posted, seen_version
from lib.http.access import query
from lib.services.dates import now
from teams.models import Person
from teams.services.undo import undo
from web.filters import YES
from web.links.forms import DisputeForm, EndorsementForm, judgement_values
from web.links.views import link_for

CLAIMED_AGAIN = "The link of “{}” is as its team claimed it again."
WITHDRAWN = {
    LinkState.CLAIMED: ("Withdraw the judgement", "Nobody has judged the link: there is nothing to withdraw."),
    LinkState.ENDORSED: ("Withdraw the endorsement", "The link is as its team claims it again, and counts as before."),
    LinkState.DISPUTED: (
        "Withdraw the dispute",
        "The link is as its team claims it again, and counts wherever its goal does.",
    ),
}
"""By state of the link, the title of the page that withdraws it and what is said there."""


@form_view
def link_endorsement(request: HttpRequest, pk: int) -> HttpResponse:
    return endorse(request, *link_for(request, pk, endorse_link))


def endorse(request: HttpRequest, reader: Person, link: Link) -> HttpResponse:
    form = EndorsementForm(posted(request), initial={"version": link.version})
    lede = "You share the belief: the work moves the goal."
    page = _page(link, form, title="Endorse the link", lede=lede, action_label="Endorse")
    return _judged(request, page, link, reader, LinkState.ENDORSED)


@form_view
def link_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    return dispute(request, *link_for(request, pk, dispute_link))


def dispute(request: HttpRequest, reader: Person, link: Link) -> HttpResponse:
    form = DisputeForm(posted(request), initial={"version": link.version})
    lede = "A disputed link does not count, until you are convinced or the team links its work elsewhere."
    page = _page(link, form, title="Dispute the link", lede=lede, action_label="Dispute")
    return _judged(request, page, link, reader, LinkState.DISPUTED)


@form_view
def link_judgement_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraws a judgement. With `?undo=`, the one before it holds again."""
    reader, link = link_for(request, pk, withdraw_judgement)
    if request.method == "POST" and request.GET.get("undo") == YES:
        version = seen_version(request)
        return click(
            request,
            lambda: undo(link, actor=reader, at=now(), version=version),
            _goal_url(link),
            done=f"The link of “{link.initiative}” is judged as it was before.",
        )
    form = VersionedForm(posted(request), initial={"version": link.version})
    title, lede = WITHDRAWN[LinkState(link.state)]
    page = _page(link, form, title=title, lede=lede, action_label="Withdraw it")
    return page.handle(
        request,
        save=lambda: withdraw_judgement(link, actor=reader, at=now(), version=form.opened_version),
        done=lambda row: Success(
            CLAIMED_AGAIN.format(link.initiative),
            _goal_url(link),
            undo=_way_back(row) if row.version != link.version else "",
        ),
        current=judgement_values,
        prepare=_tells(page, link, LinkState.CLAIMED, reader),
    )


def _page(link: Link, form: VersionedForm, *, title: str, lede: str, action_label: str) -> FormPage:
    goal_url = _goal_url(link)
    return FormPage(
        title=title,
        lede=lede,
        form=form,
        action_label=action_label,
        cancel_url=f"{goal_url}#work",
        crumbs=[("Strategy", reverse("strategy_list")), (link.goal.title, goal_url)],
        focused=True,
        template="links/link_form.html",
        extra={"link": link},
    )


SERVICES: dict[LinkState, Callable[..., Link]] = {LinkState.ENDORSED: endorse_link, LinkState.DISPUTED: dispute_link}


def _judged(request: HttpRequest, page: FormPage, link: Link, reader: Person, state: LinkState) -> HttpResponse:
    form: Any = page.form
    service = SERVICES[state]

    def done(judged: Link) -> Success:
        text = f"The link of “{link.initiative}” is {state.label.lower()}."
        return Success(text, _goal_url(link), undo=_way_back(judged))

    return page.handle(
        request,
        save=lambda: service(link, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=done,
        current=judgement_values,
        prepare=_tells(page, link, state, reader),
    )


def _way_back(judged: Link) -> str:
    """The address that brings back the judgement of before."""
    return reverse("link_judgement_removal", args=[judged.pk]) + query({}, version=str(judged.version), undo=YES)


def _tells(page: FormPage, link: Link, state: LinkState, reader: Person) -> Callable[[], None]:
    """Gives the page the effect of judging the link so, where it is not already."""

    def prepare() -> None:
        if link.state != state:
            page.effect = judging(link, state, reader=reader, on=figures_day(now()))

    return prepare


def _goal_url(link: Link) -> str:
    return reverse("goal_detail", args=[link.goal.key])
