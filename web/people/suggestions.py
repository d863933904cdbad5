"""Whom a field that asks for a person offers while somebody types (static/js/people.js)."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lib.db import fields
from lib.db.folding import folded
from lib.text.counts import count_text
from teams.selectors.people import named, suggested_people, teams_of
from web.digests.forms import Part
from web.digests.previews import people_with
from web.filters import asked_key
from web.readers import reader_of

SHOWN = 8


@require_safe
def person_suggestions(request: HttpRequest) -> HttpResponse:
    """The list for `?q=`, words of a name or an address; of nothing, whoever comes first. `?team=` is the key of a team
    whose people come first, `?without=` of one whose people are left out; `?digest=` leaves those whose digests have
    this part.
    """
    reader = reader_of(request)
    words = request.GET.get("q", "").replace("\0", "").strip()[: fields.NAME_LIMIT + fields.EMAIL_LIMIT]
    part = request.GET.get("digest", "")
    found = suggested_people(
        reader,
        words,
        team=asked_key(request.GET, "team"),
        without=asked_key(request.GET, "without"),
        among=people_with(Part(part)) if part in Part.values else None,
        limit=SHOWN + 1,
    )
    names = Counter(folded(person.name) for person in found)
    context = {
        "people": [
            (named(person), person.name if names[folded(person.name)] == 1 else person.email, person, teams_of(person))
            for person in found[:SHOWN]
        ],
        "said": _said(len(found)),
    }
    return render(request, "people/_suggestions.html", context)


def _said(count: int) -> str:
    """For those who see the list, and for screen readers."""
    if not count:
        return "Nobody active here has this in their name or address."
    if count > SHOWN:
        return f"The first {SHOWN} of more people. Type on to find others."
    return f"{count_text(count, 'person', 'people')} to choose from."
