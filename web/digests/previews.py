"""Shows administrators anyone's next digest, before they start the digests and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from digest.selectors.digests import digest_settings, leaders, members, team_leads
from digest.services.running import note_preview
from digest.upcoming import draft, next_digest
from lib.forms.pages import attempt, form_view, seen_version
from lib.services.dates import now
from lib.services.permissions import require
from teams.models import Person
from teams.selectors.company import company
from web.digests.administration import TITLE
from web.digests.drawing import digest_view
from web.digests.forms import Part, PreviewForm
from web.digests.moments import moment_text
from web.people.naming import offer_people
from web.readers import reader_of


@dataclass(frozen=True)
class Words:
    """What to say of a person without this part, and where no one has it."""

    not_one: str
    nobody: str


WORDS = {
    Part.LEADER: Words("{} is no leader or administrator.", "No leader or administrator has joined yet."),
    Part.LEAD: Words("{} leads no team.", "Nobody who has joined leads a team yet."),
    Part.MEMBER: Words(
        "{} has no part about their own work: they lead all their teams, or the company.",
        "Nobody has joined yet who has a part about their own work.",
    ),
}


@form_view
def digest_preview(request: HttpRequest) -> HttpResponse:
    """`?as=` chooses the part (leader, lead, member), `?person=` an id, a name or an address; the default is the first
    by name. A POST records that an administrator saw a preview, which allows starting the digests."""
    reader = reader_of(request)
    require(note_preview, reader)
    at = now()
    if request.method == "POST":
        version = seen_version(request)
        row = attempt(request, lambda: note_preview(actor=reader, at=at, version=version))
        if row is None:
            return redirect(request.get_full_path())
        return redirect("digest_start" if row.started_at is None else "digest_administration")
    part = _part(request.GET.get("as", ""))
    rows, row = people_with(part), digest_settings()
    form = PreviewForm({"as": part, "person": request.GET.get("person", "")})
    offer_people(form, "person", digest=part)
    person = _person(form, rows, part)
    context: dict[str, Any] = {
        "form": form,
        "person": person,
        "nobody": WORDS[part].nobody if form.is_valid() and person is None else "",
        "may_allow": row.started_at is None,
        "version": row.version,
        "crumbs": [("Digests", reverse("digest_list")), (TITLE, reverse("digest_administration"))],
    }
    if person is not None:
        digest = next_digest(person, row, company(), at)
        drafted = draft(person, digest, at)
        context |= {
            "digest": digest_view(drafted.content, person),
            "says_something": drafted.is_news or person.digests_always,
            "is_empty": drafted.content.is_empty,
            "when": moment_text(digest.due, digest.times.zone),
        }
    return render(request, "digests/digest_preview.html", context)


def _part(asked: str) -> Part:
    return Part(asked) if asked in Part.values else Part.LEADER


def people_with(part: Part) -> QuerySet[Person]:
    """Those whose digests have this part."""
    return {Part.LEADER: leaders, Part.LEAD: team_leads, Part.MEMBER: members}[part]()


def _person(form: PreviewForm, rows: QuerySet[Person], part: Part) -> Person | None:
    """The person of `rows` that the form names, or else the first; None where there is none or the form is invalid."""
    if not form.is_valid():
        return None
    asked: Person | None = form.cleaned_data["person"]
    if asked is None:
        return next(iter(rows[:1]), None)
    found = rows.filter(pk=asked.pk).first()
    if found is None:
        form.add_error("person", WORDS[part].not_one.format(asked.name))
    return found
