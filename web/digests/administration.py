"""Shows administrators the state, progress and failures of the weekly digests, and retries failed ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from digest.models import Digest, DigestSettings
from digest.schedule import week_at
from digest.selectors.digests import (
    Progress,
    digest_settings,
    failed_digest,
    failed_digests,
    failed_now,
    progress_of_weeks,
    refused_people,
)
from digest.services.building import resend_digest, resend_failed
from digest.services.subscriptions import allow_digests
from lib.forms.pages import Success, click, seen_version
from lib.mail.outbox import keeps_mails
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.counts import count_text
from teams.access import person_for
from teams.models import Person
from teams.selectors.company import company
from web.digests.moments import short_text, week_text, weekly_text, zone_name
from web.readers import reader_of

RUN = "digest.run_digest"
TITLE = "The weekly digest"


@dataclass(frozen=True)
class State:
    """The state in words, with the next step; with `version`, it is a button that posts at once."""

    name: str
    sentence: str
    action_label: str
    action_url: str
    version: int = 0


@dataclass(frozen=True)
class WeekRow:
    """`when` is "this week" or "next week", '' for earlier weeks."""

    name: str
    when: str
    progress: Progress


@dataclass(frozen=True)
class Failure:
    """`pk` is None where it is not sent again: its week is over, or its address was refused. `version` is what its
    button acts on."""

    pk: int | None
    person: Person
    week: str
    problem: str
    version: int


@require_safe
def digest_administration(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    require(RUN, reader)
    at, row, firm = now(), digest_settings(), company()
    zone, week = reader.timezone or firm.timezone, week_at(at, firm.timezone)
    weeks = progress_of_weeks(week)
    current = [each for each in weeks if each.week >= week or each.waiting]
    failed, refused = failed_digests(week, request.GET), refused_people(request.GET)
    failures = [_failure(digest, at) for digest in failed.rows]
    context = {
        "title": TITLE,
        "crumbs": [("Digests", reverse("digest_list"))],
        "state": _state(row, zone),
        "actions": _actions(),
        "facts": _facts(row, zone),
        "current": [WeekRow(week_text(each.week), _when(each.week, week), each) for each in current],
        "before": [WeekRow(week_text(each.week), "", each) for each in weeks if each not in current],
        "working": row.is_running and any(each.waiting for each in weeks),
        "failed": failed,
        "failures": failures,
        "all_failed": failed_now(at),
        "refused": refused,
        "refusals": [(person, short_text(person.refused_at or at, zone)) for person in refused.rows],
    }
    return render(request, "digests/digest_administration.html", context)


@require_POST
def digest_resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Retries a digest that a mail server did not accept."""
    reader = reader_of(request)
    require(resend_digest, reader)
    digest = failed_digest(pk)
    if digest is None:
        raise Http404
    url, version = reverse("digest_administration"), seen_version(request)
    return click(
        request,
        lambda: resend_digest(digest, actor=reader, at=now(), version=version),
        url,
        done=f"The digest to {digest.person} is written anew and sent again.",
    )


@require_POST
def digest_resend_failed(request: HttpRequest) -> HttpResponse:
    reader, url = reader_of(request), reverse("digest_administration")
    version = seen_version(request)

    def told(sent: int) -> Success:
        return Success(f"{count_text(sent, 'digest is', 'digests are', sent)} written anew and sent again.", url)

    return click(request, lambda: resend_failed(actor=reader, at=now(), version=version), url, done=told)


@require_POST
def digest_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Allows digests again to an address that a mail server refused."""
    reader = reader_of(request)
    require(allow_digests, reader)
    person = person_for(reader, pk)
    version = seen_version(request)
    url = reverse("digest_administration")
    return click(
        request,
        lambda: allow_digests(person, actor=reader, at=now(), version=version),
        url,
        done=f"The next digest to {person} tries the address again.",
    )


def _state(row: DigestSettings, zone: str) -> State:
    if row.started_at is None and row.previewed_at is None:
        return State(
            "They are off",
            "No digest has left yet. Look at one first; then you can start them.",
            "Preview a digest",
            reverse("digest_preview"),
        )
    if row.started_at is None:
        return State(
            "They are off",
            "An administrator has seen what they look like. Nothing leaves until you start them.",
            "Start the digests",
            reverse("digest_start"),
        )
    if row.paused_at is not None:
        since = short_text(row.paused_at, zone)
        return State(
            "They are paused",
            f"Paused since {since}. Digests that fall due wait; those whose week ends meanwhile are not sent.",
            "Resume the digests",
            reverse("digest_resume"),
        )
    return State(
        "They are running",
        "Each leaves when its moment has come.",
        "Pause the digests",
        reverse("digest_pause"),
        version=row.version,
    )


def _actions() -> list[tuple[str, str, bool]]:
    """Triples for components/_actions.html."""
    actions = [
        ("Preview a digest", reverse("digest_preview"), False),
        ("Change day and hour", reverse("digest_times_of_company"), False),
    ]
    return [*actions, ("Mails kept", reverse("digest_outbox"), False)] if keeps_mails() else actions


def _facts(row: DigestSettings, zone: str) -> list[tuple[str, str, str]]:
    """Triples for components/_facts.html."""
    return [
        ("Day and hour", f"{weekly_text(row.weekday, row.hour)} of each person’s own time", ""),
        ("Started", short_text(row.started_at, zone) if row.started_at else "", ""),
        ("Mail", "Kept here as files, none leaves" if keeps_mails() else "Sent by your mail server", ""),
        ("Times on this page", zone_name(zone), ""),
    ]


def _when(week: dt.date, this: dt.date) -> str:
    if week > this:
        return "next week"
    return "this week" if week == this else ""


def _failure(digest: Digest, at: dt.datetime) -> Failure:
    pk = digest.pk if digest.ends_at > at and digest.person.refused_at is None else None
    return Failure(pk, digest.person, week_text(digest.week), digest.problem, digest.version)
