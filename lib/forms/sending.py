"""Forms that are sent: each carries a signed token that says whose it is, at which path it stands, and which one it is.

A form that is sent again leads to what came of it, and one that came too late for its session is kept for whoever wrote
it. Where that is stored is the business of the app that registers a Keeper.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from django.core import signing
from django.http import HttpRequest, QueryDict

from lib.forms.merging import OPENED, VERSION
from lib.http.access import query
from lib.services.errors import RefusedError

Result = TypeVar("Result")

FIELD = "sending"
"""The hidden field with the token."""
KEPT = "kept"
"""In the address of a form that is opened with what was typed before: which one."""
SECRET = re.compile(r"passw|secret|csrf|otp|(?<!sending)token", re.IGNORECASE)
"""Fields whose contents are neither kept nor shown."""
NAMELESS = "Nothing was saved: this form did not say which one it is. Look at what is in it, and send it once more."
MOVED_FROM = "moved_from"
"""In the address that a form is sent on to when what it is about has moved: the path that it was sent to."""
_SALT = "throughline.forms.sending"
WEIGHED = "weighed"
"""The button that shows what saving would do."""
SECOND = "second"
"""The button that saves what is typed in another way."""
_UNTYPED = {FIELD, VERSION, OPENED, WEIGHED, SECOND, "look"}


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


@dataclass(frozen=True)
class Unsaved:
    """What a person typed into a form at `at` and did not save; `address` opens the form with it."""

    nonce: uuid.UUID
    at: dt.datetime
    address: str


class Keeper(Protocol):
    def once(self, sending: Sending, work: Callable[[], Result], url_of: Callable[[Result], str]) -> Result:
        """Runs `work`, in one transaction with the note that this form was sent. Raises SentBeforeError."""

    def unsaved(self, person: int, page: str) -> Unsaved | None:
        """The last that the person typed into a form on the page at this path, and did not save. One query."""


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
    again = sending_in(typed(request) or {}, path)
    if again is not None and again.person == person.pk:
        return signing.dumps([person.pk, again.nonce.hex, again.page], salt=salt_of(path))
    return signing.dumps([person.pk, uuid.uuid4().hex, request.path], salt=salt_of(path))


def sent_form(request: HttpRequest) -> Sending | None:
    """Which form was posted. None where it does not say so, or was not signed here, or for another path."""
    moved_from = request.GET.get(MOVED_FROM, "")
    return sending_in(request.POST, request.path) or (sending_in(request.POST, moved_from) if moved_from else None)


def sending_in(data: Mapping[str, Any], path: str) -> Sending | None:
    """Which form was filled in with `data`. None where it does not say so, or was not signed here for `path`."""
    try:
        person, nonce, page = signing.loads(str(data.get(FIELD, "")), salt=salt_of(path))
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


def kept_address(sending: Sending, opened_at: Mapping[str, str] = MappingProxyType({})) -> str:
    """The address that opens the form with what was kept of it; `opened_at` are the other parameters of its page."""
    return sending.page + query(opened_at, **{KEPT: sending.nonce.hex})


def unsaved_on(request: HttpRequest) -> Unsaved | None:
    """What the reader typed into the form of this page before, and did not save; None where the form has it."""
    person = getattr(request, "user", None)
    if person is None or person.pk is None or typed(request) is not None:
        return None
    return _keepers[0].unsaved(person.pk, request.path)


def was_kept(request: HttpRequest) -> bool:
    """Whether this response opens a form with what was kept."""
    return request.method != "POST" and typed(request) is not None


def typed_texts(request: HttpRequest) -> list[tuple[str, str]]:
    """Labels and texts of what was typed into a form of ours, for a page that could not take it."""
    return texts_of(dict(request.POST.lists())) if sent_form(request) is not None else []


def texts_of(data: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Labels and texts of all that is filled in, without secrets."""
    return [
        (name.replace("_", " ").capitalize(), "\n".join(values))
        for name, values in data.items()
        if name not in _UNTYPED and not SECRET.search(name) and any(values)
    ]


def once(request: HttpRequest, work: Callable[[], Result], url_of: Callable[[Result], str]) -> Result:
    """Runs `work` unless this form was saved before. Raises SentBeforeError, and RefusedError for a form without a
    token: nothing would keep it from being saved twice.

    Forms of pages that need no signing in have none, and are taken as they come. An undo has none either: the version
    in its address is undone once.
    """
    sending = sent_form(request)
    if sending is not None:
        return _keepers[0].once(sending, work, url_of)
    if _needs_signing_in(request) and "version" not in request.GET:
        raise RefusedError(NAMELESS)
    return work()


def _needs_signing_in(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is None or getattr(match.func, "login_required", True)


def salt_of(path: str) -> str:
    return f"{_SALT}:{path}"
