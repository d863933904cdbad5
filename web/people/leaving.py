"""What administrators do when somebody leaves, comes back, or is to be forgotten, and what is kept about somebody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.selectors.kept import kept_about
from accounts.services.leaving import deactivate_person, erase_person, reactivate_person
from alignment.narrative.departures import WORDS, waiting
from alignment.selectors.people.held import Part, holdings_of
from lib.forms.pages import FormPage, Success, click, form_view, posted, seen_version
from lib.services.dates import now
from lib.services.permissions import Service, require
from lib.text.counts import counted
from lib.text.isolation import isolated
from teams.access import person_for
from teams.models import Person
from web.people.leaving_forms import ErasureForm, LeavingForm
from web.people.naming import crumbs_of, person_url
from web.readers import reader_of

PAGES = {
    "strategies": "strategy_detail",
    "goals": "goal_detail",
    "measures": "measure_check_in",
    "initiatives": "initiative_detail",
    "context_pages": "context_detail",
    "decisions": "decision_detail",
    "teams": "team_detail",
}
LEAVES = (
    "Their access ends at once: they are signed out everywhere, the addresses in their mails end, and no mail reaches "
    "them any more. What they did keeps their name. You can let them in again later."
)
ERASES = (
    "Their name and address are replaced everywhere, for good: nobody will see any more who it was. What they did, and "
    "all figures, stay as they are. Texts that people wrote are not searched for their name."
)
BACK_IN = "{} can come back: they are signed out, and "
RESET = "choose a new password with “I forgot my password” on the sign-in page."
INVITE = "need a new invitation, which you send from the list of people."


@form_view
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows what they have, and asks to whom it goes."""
    reader, person = _asked(request, pk, deactivate_person)
    held = holdings_of(person)
    form = LeavingForm(posted(request), initial={"version": person.version}, held=held)
    page = FormPage(
        title=f"{isolated(person.name)} leaves",
        lede=LEAVES,
        form=form,
        action_label="End their access",
        cancel_url=person_url(person),
        crumbs=crumbs_of(person),
        danger=True,
        template="people/person_leaving.html",
        extra={
            "person": person,
            "parts": [_shown(part) for part in held.parts],
            "waiting": waiting(held.links, held.asks),
        },
    )
    return page.handle(
        request,
        save=lambda: deactivate_person(
            person, actor=reader, at=now(), version=form.opened_version, to=form.receivers()
        ),
        done=lambda left: Success(left.sentence, person_url(person)),
    )


@require_POST
def comeback(request: HttpRequest, pk: int) -> HttpResponse:
    reader, person = _asked(request, pk, reactivate_person)
    version = seen_version(request)

    def told(row: Person) -> Success:
        way = RESET if row.joined_at else INVITE
        return Success(BACK_IN.format(row) + way, person_url(row))

    return click(
        request,
        lambda: reactivate_person(person, actor=reader, at=now(), version=version),
        person_url(person),
        done=told,
    )


@form_view
def erasure(request: HttpRequest, pk: int) -> HttpResponse:
    reader, person = _asked(request, pk, erase_person)
    form = ErasureForm(posted(request), initial={"version": person.version}, person=person)
    page = FormPage(
        title=f"Erase {isolated(person.name)}",
        lede=ERASES,
        form=form,
        action_label="Erase them for good",
        cancel_url=person_url(person),
        crumbs=crumbs_of(person),
        danger=True,
        template="people/person_erasure.html",
        extra={"person": person},
    )
    return page.handle(
        request,
        save=lambda: erase_person(person, actor=reader, at=now(), version=form.opened_version),
        done=lambda _row: Success("They are erased: their name and address are gone.", person_url(person)),
    )


@require_safe
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is kept about one person, as a file."""
    reader = reader_of(request)
    person = person_for(reader, pk)
    require("accounts.read_data", reader, person)
    response = JsonResponse(kept_about(person), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="person-{person.pk}.json"'
    return response


def _asked(request: HttpRequest, pk: int, service: Service) -> tuple[Person, Person]:
    """The reader, and the person on whom they may use `service`. Raises Http404, PermissionDenied."""
    reader = reader_of(request)
    person = person_for(reader, pk)
    require(service, reader, person)
    return reader, person


def _shown(part: Part) -> tuple[str, list[tuple[str, str]], int]:
    """How many there are, the first ones each with its page, and how many more."""
    rows = [(str(row), reverse(PAGES[part.name], args=[row.key])) for row in part.rows]
    return counted(part.count, *WORDS[part.name]), rows, part.count - len(rows)
