"""Answers from the weekly digest: each address opens a page with one form for one action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from alignment import access as of_alignment
from alignment.enums import LinkState, Outcome
from alignment.rules import meaning_changed_on, was_confirmed_before
from alignment.selectors.links import other_links
from alignment.selectors.people.judging import changed_since_dispute
from alignment.selectors.successions import succession_of
from alignment.services.links import confirm_link, dispute_link, edit_link, endorse_link, record_outcome
from digest.replies import Action, BadAddressError, ExpiredError, ReplyRequest, read_reply
from lib.forms.pages import FormPage, VersionedForm, form_view
from lib.forms.sending import typed_texts
from lib.services.dates import now
from lib.text.days import day
from lib.text.numbers import weeks
from strategy.access import goal_for
from teams import access as of_teams
from teams.enums import InitiativeKind, SupportStatus
from teams.models import Initiative, Person
from teams.selectors.company import company_day
from teams.services.initiatives import CLOSED
from teams.services.pledges import answer_support
from web.flags.answers import subject_address
from web.flags.snoozing import flag_for, snooze
from web.initiatives.editing import confirmed_work, crumbs_of, exploration, initiative_url, work_of
from web.links.judgements import dispute, endorse
from web.links.successions import taken_successor
from web.links.views import confirmed_link, edited_link, link_for, link_to_goal, recorded_outcome
from web.readers import reader_of
from web.support.answering import answered_support
from web.support.views import support_for

About = tuple[int, ...]
OF_LINKS = {Action.ENDORSE, Action.DISPUTE, Action.HELD, Action.FAILED, Action.CONFIRM, Action.CHANGE}
OVER = "It is done or dropped, so there is nothing to say of it any more."


@form_view
def digest_reply(request: HttpRequest, token: str) -> HttpResponse:
    """Only the digest's recipient may answer, with the permissions they have today."""
    reader = reader_of(request)
    try:
        asked, too_old = read_reply(token), False
    except ExpiredError as expired:
        asked, too_old = expired.asked, True
    except BadAddressError:
        return render(request, "digests/reply_unknown.html", status=404)
    if asked.person_id != reader.pk:
        return render(request, "digests/reply_of_another.html", status=403)
    if too_old:
        context = {"subject": _subject(reader, asked), "texts": typed_texts(request)}
        return render(request, "digests/reply_expired.html", context, status=410)
    return ANSWERS[asked.action](request, asked.about)


@dataclass(frozen=True)
class Done:
    """Nothing is left to answer: says why, and links to where to look."""

    why: str
    label: str
    url: str

    def response(self, request: HttpRequest) -> HttpResponse:
        return render(request, "digests/reply_done.html", {"done": self, "texts": typed_texts(request)})


def _link(request: HttpRequest, about: About) -> HttpResponse:
    reader = reader_of(request)
    initiative, goal = work_of(reader, pk=about[0]), goal_for(reader, pk=about[1])
    if goal.pk in {link.goal_id for link in other_links(initiative)}:
        return _work_done(request, initiative, f"It is linked to “{goal}” already.")
    found = succession_of(initiative.pk, goal.pk, reader)
    return (
        taken_successor(request, reader, initiative, found)
        if found
        else link_to_goal(request, reader, initiative, goal)
    )


def _explore(request: HttpRequest, about: About) -> HttpResponse:
    reader = reader_of(request)
    initiative = work_of(reader, pk=about[0])
    if initiative.kind == InitiativeKind.EXPLORE and initiative.ends_on and initiative.ends_on >= _today():
        return _work_done(request, initiative, f"It is an exploration already, until {day(initiative.ends_on)}.")
    if initiative.status in CLOSED:
        return _work_done(request, initiative, OVER)
    return exploration(request, reader, initiative)


def _snooze(request: HttpRequest, about: About) -> HttpResponse:
    reader, flag = flag_for(request, about[0])
    label, url = subject_address(flag)
    if flag.resolved_on is not None:
        return Done("The flag is resolved: there is nothing left to snooze.", label, url).response(request)
    if flag.snoozed_until and flag.is_snoozed(_today()):
        why = f"The flag is snoozed until {day(flag.snoozed_until)}: {flag.snooze_reason}"
        return Done(why, label, url).response(request)
    return snooze(request, reader, flag, url)


def _endorse(request: HttpRequest, about: About) -> HttpResponse:
    reader, link = link_for(request, about[0], endorse_link)
    if link.state == LinkState.ENDORSED:
        goal_url = reverse("goal_detail", args=[link.goal.key])
        why = f"The link of “{link.initiative}” is endorsed already."
        return Done(why, link.goal.title, f"{goal_url}#work").response(request)
    return endorse(request, reader, link)


def _dispute(request: HttpRequest, about: About) -> HttpResponse:
    reader, link = link_for(request, about[0], dispute_link)
    if link.state == LinkState.DISPUTED:
        goal_url = reverse("goal_detail", args=[link.goal.key])
        why = f"The link of “{link.initiative}” is in dispute already."
        return Done(why, link.goal.title, f"{goal_url}#work").response(request)
    return dispute(request, reader, link)


def _outcome(request: HttpRequest, about: About, outcome: Outcome) -> HttpResponse:
    reader, link = link_for(request, about[0], record_outcome)
    if link.outcome != Outcome.UNTESTED:
        why = f"The bet on “{link.goal}” is recorded already: {link.get_outcome_display().lower()}."
        return _work_done(request, link.initiative, why)
    return recorded_outcome(request, reader, link, outcome)


def _held(request: HttpRequest, about: About) -> HttpResponse:
    return _outcome(request, about, Outcome.HELD)


def _failed(request: HttpRequest, about: About) -> HttpResponse:
    return _outcome(request, about, Outcome.FAILED)


def _confirm(request: HttpRequest, about: About) -> HttpResponse:
    """A confirmation lasts until the meaning of the goal, or of one above it, changes."""
    reader, link = link_for(request, about[0], confirm_link)
    changed_on = meaning_changed_on(link.goal)
    if not was_confirmed_before(link):
        why = f"The link to “{link.goal}” was confirmed on {day(link.confirmed_on)}."
        return _work_done(request, link.initiative, why)
    if request.method == "POST":
        return confirmed_link(request, reader, link, request.path)
    which = "the goal" if changed_on == link.goal.meaning_changed_on else "a goal above it"
    lede = f"What {which} means has changed since, on {day(changed_on)}." if changed_on else ""
    return FormPage(
        title=f"Does it still move “{link.goal}”?",
        lede=lede,
        form=forms.Form(),
        action_label="It still holds",
        cancel_url=initiative_url(link.initiative),
        crumbs=crumbs_of(link.initiative),
        focused=True,
        template="digests/reply_confirm.html",
        extra={"link": link},
    ).response(request)


def _continue(request: HttpRequest, about: About) -> HttpResponse:
    reader = reader_of(request)
    initiative = work_of(reader, pk=about[0])
    if initiative.status in CLOSED:
        return _work_done(request, initiative, OVER)
    if initiative.touched_on >= _today():
        return _work_done(request, initiative, "Somebody has updated or confirmed it today.")
    if request.method == "POST":
        return confirmed_work(request, reader, initiative)
    return FormPage(
        title=f"Is “{initiative}” still going on?",
        lede=f"Nobody has updated or confirmed it since {day(initiative.touched_on)}.",
        form=VersionedForm(initial={"version": initiative.version}),
        action_label="It is still going on",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        focused=True,
        template="digests/reply_continue.html",
        extra={"facts": _facts(initiative), "initiative": initiative},
    ).response(request)


def _answer(request: HttpRequest, about: About) -> HttpResponse:
    reader, support = support_for(request, about[0], answer_support)
    if support.status != SupportStatus.ASKED or support.answer:
        said = "it has terms" if support.status == SupportStatus.ASKED else support.get_status_display().lower()
        why = f"{support.team} has answered already: {said}."
        return _work_done(request, support.initiative, why)
    return answered_support(request, reader, support)


def _change(request: HttpRequest, about: About) -> HttpResponse:
    reader, link = link_for(request, about[0], edit_link)
    if link.state != LinkState.DISPUTED:
        return _work_done(request, link.initiative, f"The link to “{link.goal}” is not in dispute any more.")
    if changed_since_dispute(link):
        why = f"The link to “{link.goal}” was changed since: whoever disputes it is asked to look again."
        return _work_done(request, link.initiative, why)
    return edited_link(request, reader, link, disputed=True)


ANSWERS: dict[Action, Callable[[HttpRequest, About], HttpResponse]] = {
    Action.LINK: _link,
    Action.EXPLORE: _explore,
    Action.SNOOZE: _snooze,
    Action.ENDORSE: _endorse,
    Action.DISPUTE: _dispute,
    Action.HELD: _held,
    Action.FAILED: _failed,
    Action.CONFIRM: _confirm,
    Action.CONTINUE: _continue,
    Action.ANSWER: _answer,
    Action.CHANGE: _change,
}


def _subject(reader: Person, asked: ReplyRequest) -> tuple[str, str]:
    """The name and page of what a reply is about; '' and the list of flags where that is gone or hidden from the
    reader."""
    pk = asked.about[0]
    try:
        if asked.action is Action.SNOOZE:
            return subject_address(of_alignment.flag_for(reader, pk))
        if asked.action in OF_LINKS:
            return _work(of_alignment.link_for(reader, pk).initiative)
        if asked.action is Action.ANSWER:
            return _work(of_teams.support_for(reader, pk).initiative)
        return _work(of_teams.initiative_for(reader, pk=pk))
    except Http404:
        return "", reverse("flag_list")


def _work(initiative: Initiative) -> tuple[str, str]:
    return initiative.title, initiative_url(initiative)


def _today() -> dt.date:
    return company_day(now())


def _work_done(request: HttpRequest, initiative: Initiative, why: str) -> HttpResponse:
    return Done(why, *_work(initiative)).response(request)


def _facts(initiative: Initiative) -> list[tuple[str, str, str | None]]:
    """Triples for components/_facts.html."""
    team = initiative.team
    return [
        ("Team", team.name, reverse("team_detail", args=[team.key])),
        ("Kind", initiative.get_kind_display(), None),
        ("Status", initiative.get_status_display(), None),
        ("Effort still to do", weeks(float(initiative.effort)) if initiative.effort else "", None),
        ("Ends", day(initiative.ends_on) if initiative.ends_on else "", None),
    ]
