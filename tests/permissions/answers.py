"""What an answer says."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from config.headers import PRIVATE


def said(response: Any) -> str:
    """What comes back, headers included, but for the address asked for where signing in is to lead back to it, and for
    the request's id, which differs each time."""
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    if headers.get("Location", "").startswith(reverse("account_login")):
        del headers["Location"]
    content = b"".join(response) if response.streaming else response.content
    return f"{content.decode()} {' '.join(map(str, headers.values()))}".lower()


def is_private(response: Any) -> bool:
    """Whether it is stored nowhere and may use nothing of the reader's machine."""
    return all(response.headers.get(name) == value for name, value in PRIVATE.items())
