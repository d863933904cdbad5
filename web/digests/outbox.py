"""Shows the mails that are stored as files where no mail server is configured."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lib.http.access import query
from lib.mail.outbox import SavedMail, keeps_mails, kept_mail, kept_page
from lib.paging.keyset import Page
from lib.services.permissions import require
from teams.models import Person
from web.digests.administration import RUN, TITLE
from web.digests.moments import short_text, zone_name
from web.readers import reader_of, zone_of

AFTER = "after"


@require_safe
def digest_outbox(request: HttpRequest) -> HttpResponse:
    """Lists the mails, newest first."""
    zone = zone_of(_reader(request))
    after = _place(request.GET.get(AFTER, ""))
    kept = kept_page(after)
    page: Page[Person] = Page(
        [],
        next_url=query(request.GET, **{AFTER: "/".join(map(str, kept.last))}) if kept.last else "",
        first_url=query(request.GET, **{AFTER: None}) or "?" if after else "",
    )
    context = {
        "mails": [_row(mail, zone) for mail in kept.mails],
        "page": page,
        "zone": zone_name(zone),
        "crumbs": _crumbs(),
    }
    return render(request, "digests/outbox_list.html", context)


@require_safe
def digest_outbox_mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Shows the plain text: the HTML has styles of its own, which our pages do not allow."""
    zone = zone_of(_reader(request))
    mail = _mail(name, number)
    context = {
        "row": _row(mail, zone),
        "text": mail.text,
        "file_url": reverse("digest_outbox_file", args=[name, number]),
        "crumbs": [*_crumbs(), ("Mails kept", reverse("digest_outbox"))],
    }
    return render(request, "digests/outbox_mail.html", context)


@require_safe
def digest_outbox_file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Downloads the whole mail, for a mail program."""
    _reader(request)
    headers = {"Content-Disposition": f'attachment; filename="{name.partition(".")[0]}-{number}.eml"'}
    return HttpResponse(_mail(name, number).content, content_type="message/rfc822", headers=headers)


def _reader(request: HttpRequest) -> Person:
    """Raises PermissionDenied, and Http404 where a mail server is configured."""
    reader = reader_of(request)
    require(RUN, reader)
    if not keeps_mails():
        raise Http404
    return reader


def _mail(name: str, number: int) -> SavedMail:
    mail = kept_mail(name, number)
    if mail is None:
        raise Http404
    return mail


def _row(mail: SavedMail, zone: str) -> dict[str, str]:
    return {
        "subject": mail.subject or "(no subject)",
        "to": mail.to,
        "at": short_text(mail.sent_at, zone) if mail.sent_at else "–",
        "url": reverse("digest_outbox_mail", args=[mail.file, mail.number]),
    }


def _place(text: str) -> tuple[str, int] | None:
    """The mail that a page begins after, None for the first page."""
    file, _, number = text.rpartition("/")
    return (file, int(number)) if file and number.isascii() and number.isdigit() and len(number) < 10 else None


def _crumbs() -> list[tuple[str, str]]:
    return [("Digests", reverse("digest_list")), (TITLE, reverse("digest_administration"))]
