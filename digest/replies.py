"""The signed addresses of a digest: each is for one person and one purpose.

Those that answer a flag open a page that asks for confirmation after signing in, and expire after LIFETIME; the two
about the digests themselves, and that of mails about turns, work without signing in, and as long as the person exists.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core import signing
from django.urls import reverse

LIFETIME = dt.timedelta(days=21)
_REPLY, _DIGESTS, _TURNS = "throughline.digest.reply", "throughline.digest.settings", "throughline.turns.settings"


class Action(StrEnum):
    """What a reply does, and the ids it takes."""

    LINK = "link"
    """Links an initiative to a goal: their two ids."""
    EXPLORE = "explore"
    """Declares an initiative an exploration: its id."""
    SNOOZE = "snooze"
    """Snoozes a flag: its id."""
    ENDORSE = "endorse"
    """Endorses a link: its id."""
    DISPUTE = "dispute"
    """Disputes a link: its id."""
    HELD = "held"
    """Records that the bet of a link held: its id."""
    FAILED = "failed"
    """Records that the bet of a link failed: its id."""
    CONFIRM = "confirm"
    """Confirms that a link still holds: its id."""
    CONTINUE = "continue"
    """Confirms that an initiative continues: its id."""
    ANSWER = "answer"
    """Promises or declines support: the id of the ask."""
    CHANGE = "change"
    """Edits a link that is in dispute, so that its judge looks again: its id."""


@dataclass(frozen=True)
class ReplyRequest:
    person_id: int
    action: Action
    about: tuple[int, ...]


class BadAddressError(Exception):
    """The address is damaged or was not signed here."""


class ExpiredError(Exception):
    """The address is valid but too old; `asked` is its request."""

    def __init__(self, asked: ReplyRequest) -> None:
        super().__init__(asked)
        self.asked = asked


def reply_path(person_id: int, action: str, about: tuple[int, ...]) -> str:
    return reverse("digest_reply", args=[signing.dumps([person_id, action, *about], salt=_REPLY)])


def read_reply(token: str) -> ReplyRequest:
    """Raises ExpiredError, BadAddressError."""
    person, action, *about = _read(token, _REPLY)
    if action not in set(Action):
        raise BadAddressError  # from a digest of another release
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


def stop_turn_mails_path(person_id: int) -> str:
    return reverse("turn_mails_stop", args=[signing.dumps(person_id, salt=_TURNS)])


def read_person(token: str) -> int:
    """The person whose digests an address without signing in is about. Raises BadAddressError."""
    person: int = _read(token, _DIGESTS)
    return person


def read_person_of_turns(token: str) -> int:
    """The person of an address of `stop_turn_mails_path`. Raises BadAddressError."""
    person: int = _read(token, _TURNS)
    return person


def _read(token: str, salt: str) -> Any:
    try:
        return signing.loads(token, salt=salt)
    except signing.BadSignature as error:
        raise BadAddressError from error
