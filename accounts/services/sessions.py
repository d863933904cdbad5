"""Sessions that have ended."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session


def clear_expired_sessions(*, at: dt.datetime) -> int:
    """Nobody can use them any more, and nothing else takes them away; returns how many there were."""
    gone, _ = Session.objects.filter(expire_date__lt=at).delete()
    return gone
