"""One's own weekly letters: those of past weeks, and the next one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from digest.content import from_json
from digest.enums import LetterState
from digest.models import Letter
from digest.selectors.letters import archive, digest, kept_letter
from digest.upcoming import NextLetter, WhyNot, draft, next_letter
from lib.services.dates import now
from teams.models import Person
from teams.selectors.company import company
from web.digests.drawing import letter_view
from web.digests.moments import moment_text, short_text, week_of, week_text, weekly_text, zone_name
from web.readers import reader_of, zone_of

NOT_SENT = {
    LetterState.NOTHING: "Nothing to say, so no letter",
    LetterState.FAILED: "The mail server did not take it",
    LetterState.MISSED: "Could not be sent within its week",
}
NONE_COMES = {
    WhyNot.REFUSED: "A mail server refused mail to your address, so none comes until an administrator tries it again.",
    WhyNot.OFF: "You have switched your letters off, so none comes.",
    WhyNot.PAUSED: "The letters are paused. Yours comes again once an administrator has resumed them.",
}


@dataclass(frozen=True)
class Past:
    """A letter of a past week; `url` is '' where nothing was written, `why_not` '' where it was sent."""

    week: str
    subject: str
    url: str
    sent: str
    why_not: str


@require_safe
def digest_list(request: HttpRequest) -> HttpResponse:
    person, at = reader_of(request), now()
    next_one = next_letter(person, digest(), company(), at)
    page = archive(person, request.GET)
    context = {
        "actions": _actions(person, has_letters=bool(page.rows)),
        "preview_url": reverse("digest_next"),
        "next": next_sentence(next_one, at),
        "zone": zone_name(next_one.times.zone),
        "page": page,
        "past": [_past(letter, next_one.times.zone) for letter in page.rows],
    }
    return render(request, "alignment/digest_list.html", context)


@require_safe
def digest_next(request: HttpRequest) -> HttpResponse:
    """What one's own next letter would say, written now."""
    person, at = reader_of(request), now()
    next_one = next_letter(person, digest(), company(), at)
    drafted = draft(person, next_one, at)
    context = {
        "letter": letter_view(drafted.content, person),
        "next": next_sentence(next_one, at),
        "says_something": drafted.is_news or person.letters_always,
        "is_empty": drafted.content.is_empty,
        "crumbs": _crumbs(),
    }
    return render(request, "alignment/digest_next.html", context)


@require_safe
def digest_detail(request: HttpRequest, week: str) -> HttpResponse:
    """One's own letter of the ISO week `week`, as it was written then."""
    person = reader_of(request)
    monday = week_of(week)
    letter = kept_letter(person, monday) if monday else None
    if letter is None or letter.content is None:
        raise Http404
    zone = zone_of(person)
    past = _past(letter, zone)
    context = {
        "title": past.week,
        "lede": past.subject,
        "sent": past.why_not or f"Sent to you on {moment_text(letter.sent_at or letter.due_at, zone)}",
        "letter": letter_view(from_json(letter.content), person),
        "crumbs": _crumbs(),
    }
    return render(request, "alignment/digest_detail.html", context)


def next_sentence(letter: NextLetter, at: dt.datetime) -> str:
    """When one's own next letter comes, or why none does."""
    times = letter.times
    if letter.why_not is WhyNot.NOT_STARTED:
        usual = f"{weekly_text(times.weekday, times.hour)} ({zone_name(times.zone)})"
        return f"An administrator has not started the letters yet. Yours will come on {usual}."
    if letter.why_not is not None:
        return NONE_COMES[letter.why_not]
    if letter.due <= at:
        return "The next one is on its way."
    return f"The next one comes on {moment_text(letter.due, times.zone)}."


def _actions(person: Person, *, has_letters: bool) -> list[tuple[str, str, bool]]:
    """As components/_actions.html takes them; a page without letters leads to the preview by itself."""
    preview = [("Preview your next letter", reverse("digest_next"), False)] if has_letters else []
    administer = [("Administer the letters", reverse("digest_administration"), False)]
    runs = person.has_perm("alignment.run_digest")
    return [*preview, ("Choose when it comes", reverse("settings"), False), *(administer if runs else [])]


def _past(letter: Letter, zone: str) -> Past:
    sent = letter.state == LetterState.SENT and letter.sent_at
    return Past(
        week=week_text(letter.week),
        subject=letter.subject if sent else week_text(letter.week),
        url=reverse("digest_detail", args=[letter.iso_week]) if sent else "",
        sent=short_text(sent, zone) if sent else "",
        why_not=NOT_SENT.get(LetterState(letter.state), ""),
    )


def _crumbs() -> list[tuple[str, str]]:
    return [("Letters", reverse("digest_list"))]
