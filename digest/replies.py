"""The signed addresses of a digest: each is for one person and one purpose.

Those that answer a flag open a page that asks whether it is meant, after signing in, and end after LIFETIME; the
two about the digests themselves work without signing in, and as long as the person is there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core import signing
from django.urls import reverse

LIFETIME = dt.timedelta(days=21)
_REPLY, _DIGESTS = "throughline.digest.reply", "throughline.digest.settings"


class Action(StrEnum):
    """What a reply does, and which ids it is about."""

    LINK = "link"
    """Links an initiative to a goal: their two ids."""
    EXPLORE = "explore"
    """Declares an initiative an exploration: its id."""
    SNOOZE = "snooze"
    """Puts a flag off: its id."""
    ENDORSE = "endorse"
    """Endorses a link: its id."""
    CONFIRM = "confirm"
    """Says that a link still holds: its id."""
    CONTINUE = "continue"
    """Says that an initiative goes on as it is: its id."""
    ANSWER = "answer"
    """Promises or declines support: the id of the ask."""
    CHANGE = "change"
    """Changes a link that is in dispute, so that whoever disputes it looks again: its id."""


@dataclass(frozen=True)
class ReplyRequest:
    person_id: int
    action: Action
    about: tuple[int, ...]


class BadAddressError(Exception):
    """The address was changed on its way, or is none of ours."""


class ExpiredError(Exception):
    """It is right, and too old: `asked` is what it was."""

    def __init__(self, asked: ReplyRequest) -> None:
        super().__init__(asked)
        self.asked = asked


def reply_path(person_id: int, action: str, about: tuple[int, ...]) -> str:
    return reverse("digest_reply", args=[signing.dumps([person_id, action, *about], salt=_REPLY)])


def read_reply(token: str) -> ReplyRequest:
    """Raises ExpiredError, BadAddressError."""
    person, action, *about = _read(token, _REPLY)
    if action not in set(Action):
        raise BadAddressError  # of a digest that another release wrote
    asked = ReplyRequest(person, Action(action), tuple(about))
    try:
        signing.loads(token, salt=_REPLY, max_age=LIFETIME)
    except signing.SignatureExpired as error:
        raise ExpiredError(asked) from error
    return asked


def unsubscribe_path(person_id: int) -> str:
    return reverse("digest_unsubscription", args=[signing.dumps(person_id, salt=_DIGESTS)])


def times_path(person_id: int) -> str:
    return reverse("digest_times", args=[signing.dumps(person_id, salt=_DIGESTS)])


def read_person(token: str) -> int:
    """Whose digests an address without signing in is about. Raises BadAddressError."""
    person: int = _read(token, _DIGESTS)
    return person


def _read(token: str, salt: str) -> Any:
    try:
        return signing.loads(token, salt=salt)
    except signing.BadSignature as error:
        raise BadAddressError from error
