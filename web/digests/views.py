"""Shows a person their own weekly digests: past weeks and the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from digest.content import from_json
from digest.enums import DigestState
from digest.models import Digest
from digest.selectors.digests import archive, digest_settings, kept_digest
from digest.upcoming import NextDigest, WhyNot, draft, next_digest
from lib.services.dates import now
from teams.models import Person
from teams.selectors.company import company
from web.digests.drawing import digest_view
from web.digests.moments import moment_text, short_text, week_of, week_text, weekly_text, zone_name
from web.readers import reader_of, zone_of

NOT_SENT = {
    DigestState.NOTHING: "Nothing new, so no digest",
    DigestState.FAILED: "The mail server did not take it",
    DigestState.MISSED: "Could not be sent within its week",
}
NONE_COMES = {
    WhyNot.REFUSED: "A mail server refused mail to your address, so none comes until an administrator tries it again.",
    WhyNot.OFF: "You have switched your digests off, so none comes.",
    WhyNot.PAUSED: "The digests are paused. Yours comes again once an administrator has resumed them.",
}


@dataclass(frozen=True)
class Past:
    """A digest of a past week; `url` is '' where it was not sent, `why_not` '' where it was."""

    week: str
    subject: str
    url: str
    sent: str
    why_not: str


@require_safe
def digest_list(request: HttpRequest) -> HttpResponse:
    person, at = reader_of(request), now()
    next_one = next_digest(person, digest_settings(), company(), at)
    page = archive(person, request.GET)
    context = {
        "actions": _actions(person, has_digests=bool(page.rows)),
        "preview_url": reverse("digest_next"),
        "next": next_sentence(next_one, at),
        "zone": zone_name(next_one.times.zone),
        "page": page,
        "past": [_past(digest, next_one.times.zone) for digest in page.rows],
    }
    return render(request, "digests/digest_list.html", context)


@require_safe
def digest_next(request: HttpRequest) -> HttpResponse:
    """Previews the reader's next digest."""
    person, at = reader_of(request), now()
    next_one = next_digest(person, digest_settings(), company(), at)
    drafted = draft(person, next_one, at)
    context = {
        "digest": digest_view(drafted.content, person),
        "next": next_sentence(next_one, at),
        "says_something": drafted.is_news or person.digests_always,
        "is_empty": drafted.content.is_empty,
        "crumbs": _crumbs(),
    }
    return render(request, "digests/digest_next.html", context)


@require_safe
def digest_detail(request: HttpRequest, week: str) -> HttpResponse:
    """The reader's digest of the ISO week `week`, as it was stored."""
    person = reader_of(request)
    monday = week_of(week)
    digest = kept_digest(person, monday) if monday else None
    if digest is None or digest.content is None:
        raise Http404
    zone = zone_of(person)
    past = _past(digest, zone)
    context = {
        "title": past.week,
        "lede": past.subject,
        "sent": past.why_not or f"Sent to you on {moment_text(digest.sent_at or digest.due_at, zone)}",
        "digest": digest_view(from_json(digest.content), person),
        "crumbs": _crumbs(),
    }
    return render(request, "digests/digest_detail.html", context)


def next_sentence(digest: NextDigest, at: dt.datetime) -> str:
    """Says when the next digest comes, or why none does."""
    times = digest.times
    if digest.why_not is WhyNot.NOT_STARTED:
        usual = f"{weekly_text(times.weekday, times.hour)} ({zone_name(times.zone)})"
        return f"An administrator has not started the digests yet. Yours will come on {usual}."
    if digest.why_not is not None:
        return NONE_COMES[digest.why_not]
    if digest.due <= at:
        return "The next one is on its way."
    return f"The next one comes on {moment_text(digest.due, times.zone)}."


def _actions(person: Person, *, has_digests: bool) -> list[tuple[str, str, bool]]:
    """Triples for components/_actions.html; a page without digests links to the preview itself."""
    preview = [("Preview your next digest", reverse("digest_next"), False)] if has_digests else []
    administer = [("Administer the digests", reverse("digest_administration"), False)]
    runs = person.has_perm("digest.run_digest")
    return [*preview, ("Choose when it comes", reverse("settings"), False), *(administer if runs else [])]


def _past(digest: Digest, zone: str) -> Past:
    sent = digest.state == DigestState.SENT and digest.sent_at
    return Past(
        week=week_text(digest.week),
        subject=digest.subject if sent else week_text(digest.week),
        url=reverse("digest_detail", args=[digest.iso_week]) if sent else "",
        sent=short_text(sent, zone) if sent else "",
        why_not=NOT_SENT.get(DigestState(digest.state), ""),
    )


def _crumbs() -> list[tuple[str, str]]:
    return [("Digests", reverse("digest_list"))]
