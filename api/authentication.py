"""Session authentication."""

from __future__ import annotations

from rest_framework import authentication
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the pages, with their CSRF token for writes. Anyone not signed in gets a 401, not a 403."""

    def authenticate_header(self, request: Request) -> str:
        return 'Session realm="Throughline"'
