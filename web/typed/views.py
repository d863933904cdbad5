"""What is typed and not saved yet: how it will look, and keeping it meanwhile."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.services.forms import discard_form, keep_form
from lib.db.fields import MARKDOWN_LIMIT
from lib.forms.sending import kept_address, sending_in
from lib.services.dates import now
from lib.text import markdown
from web.readers import reader_of

DISCARDED = "What you typed there is discarded. What is saved is as it was."
TOO_LONG = f"Use at most {MARKDOWN_LIMIT:,} characters."


@require_POST
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """The posted `text` as pages will show it."""
    text = request.POST.get("text", "")
    if len(text) > MARKDOWN_LIMIT:
        return HttpResponse(TOO_LONG, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, content_type="text/plain")
    return HttpResponse(markdown.render(text))


@require_POST
def typed_keeping(request: HttpRequest) -> HttpResponse:
    """Keeps what is in a form of the reader's, as it is typed; `form` is the path that the form is sent to. Status 409
    for a form of somebody else's, 413 for one that is too long to be kept.
    """
    reader, data = reader_of(request), request.POST.copy()
    sending = sending_in(data, "".join(data.pop("form", [])))
    if sending is None:
        raise BadRequest("a form without its token")
    if sending.person != reader.pk:
        return HttpResponse(status=HTTPStatus.CONFLICT)
    is_kept = keep_form(sending, kept_address(sending), dict(data.lists()), at=now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT if is_kept else HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@require_POST
def typed_removal(request: HttpRequest, nonce: UUID) -> HttpResponse:
    """Discards what was kept, and leads to the form as it is without it."""
    address = discard_form(reader_of(request), nonce)
    messages.success(request, DISCARDED)
    return redirect(address or "home")
