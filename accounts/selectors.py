"""Checks who may sign in by a mailed address."""

from __future__ import annotations

from django.db.models import Q

from teams.models import Person


def may_have_link(email: str) -> Person | None:
    """The active person with this address who has joined or was invited; nobody else may sign in by mail. None where a
    mail server permanently refused the address.
    """
    return Person.objects.with_email(email).filter(_may_have_link()).first()


def may_still_have_link(pk: int) -> Person | None:
    """As `may_have_link`, for a person it found earlier."""
    return Person.objects.filter(_may_have_link(), pk=pk).first()


def _may_have_link() -> Q:
    invited = Q(invited_at__isnull=False) | Q(joined_at__isnull=False)
    return invited & Q(is_active=True, refused_at=None)
