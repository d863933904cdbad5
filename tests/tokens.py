"""Forms that tests send carry the token that a browser sends with them, unless they say otherwise."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.test import Client

from lib.forms.sending import FIELD, salt_of

SIGNING_IN = "/accounts/"

_post, _force_login = Client.post, Client.force_login


def token(person: int, path: str) -> str:
    return signing.dumps([person, uuid.uuid4().hex, path], salt=salt_of(path))


def _signs_in(client: Any, user: Any, *given: Any, **named: Any) -> None:
    client.sends_as = user.pk
    _force_login(client, user, *given, **named)


def _sends(client: Any, path: Any, data: Any = None, *given: Any, **named: Any) -> Any:
    """Fields only: a body in another form is the test's own business."""
    is_there = settings.SESSION_COOKIE_NAME in client.cookies and not str(path).startswith(SIGNING_IN)
    person = (getattr(client, "sends_as", None) or client.session.get(SESSION_KEY)) if is_there else None
    if person is not None and (data is None or isinstance(data, dict)) and not given and "content_type" not in named:
        data = {FIELD: token(int(person), urlsplit(str(path)).path), **(data or {})}
    return _post(client, path, data, *given, **named)


def come_with_forms() -> None:
    """For every client of every test."""
    setattr(Client, "force_login", _signs_in)  # noqa: B010
    setattr(Client, "post", _sends)  # noqa: B010
