"""Forms that are sent: each carries a signed token that says whose it is, at which path it stands, and which one it is.

A form that is sent again leads to what came of it, and one that came too late for its session is kept for whoever wrote
it. Where that is stored is the business of the app that registers a Keeper.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.core import signing
from django.http import HttpRequest, QueryDict

Result = TypeVar("Result")

FIELD = "sending"
"""The hidden field with the token."""
KEPT = "kept"
"""In the address of a form that is opened with what was typed before: which one."""
_SALT = "throughline.forms.sending"


@dataclass(frozen=True)
class Sending:
    """One form that was drawn for the person with the id `person`, on the page at the path `page`."""

    nonce: uuid.UUID
    person: int
    page: str


class SentBeforeError(Exception):
    """The form was sent and saved already; `url` is where it led."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class Keeper(Protocol):
    def once(self, sending: Sending, work: Callable[[], Result], url_of: Callable[[Result], str]) -> Result:
        """Runs `work`, in one transaction with the note that this form was sent. Raises SentBeforeError."""


_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    _keepers[:] = [keeper]


def token_for(request: HttpRequest, sent_to: str = "") -> str:
    """The token of the form that this response draws, which is sent to the path `sent_to`, or to where it stands. Where
    it shows again what was sent, it is the token of that form; '' for nobody signed in.
    """
    path = sent_to or request.path
    person = getattr(request, "user", None)
    if person is None or person.pk is None:
        return ""
    again = _read(path, typed(request) or {})
    if again is not None and again.person == person.pk:
        return signing.dumps([person.pk, again.nonce.hex, again.page], salt=_salt(path))
    return signing.dumps([person.pk, uuid.uuid4().hex, request.path], salt=_salt(path))


def sent_form(request: HttpRequest) -> Sending | None:
    """Which form was posted. None where it does not say so, or was not signed here, or for another path."""
    return _read(request.path, request.POST)


def _read(path: str, data: Mapping[str, Any]) -> Sending | None:
    try:
        person, nonce, page = signing.loads(str(data.get(FIELD, "")), salt=_salt(path))
    except signing.BadSignature:
        return None
    return Sending(uuid.UUID(nonce), person, page)


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what is posted, or what was kept when it could not be taken. None for one that is only
    opened; an empty submission is still bound.
    """
    if request.method == "POST":
        return request.POST
    kept: QueryDict | None = getattr(request, "kept_form", None)
    return kept


def keep_typed(request: HttpRequest, data: Mapping[str, Sequence[str]]) -> None:
    """Lets the views of this request open their form with `data`."""
    kept = QueryDict(mutable=True)
    for name, values in data.items():
        kept.setlist(name, [*values])
    request.kept_form = kept  # type: ignore[attr-defined]


def was_kept(request: HttpRequest) -> bool:
    """Whether this response opens a form with what was kept."""
    return request.method != "POST" and typed(request) is not None


def once(request: HttpRequest, work: Callable[[], Result], url_of: Callable[[Result], str]) -> Result:
    """Runs `work` unless this form was saved before. Raises SentBeforeError.

    Forms without a token, such as those that need no signing in, are taken as they come.
    """
    sending = sent_form(request)
    if sending is None or not _keepers:
        return work()
    return _keepers[0].once(sending, work, url_of)


def _salt(path: str) -> str:
    return f"{_SALT}:{path}"
