"""One-time addresses, in mails and printed by `create_admin`, for choosing a password and signing in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.http import int_to_base36

from teams.models import Person


class LinkTokens(PasswordResetTokenGenerator):
    """A token expires on first use, a newer invitation, a sign-in, deactivation, or after PASSWORD_RESET_TIMEOUT."""

    key_salt = "accounts.services.tokens.LinkTokens"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}{user.invited_at}{user.joined_at}"


def one_time_link(person: Person) -> str:
    """The full URL, from SITE_URL."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": int_to_base36(person.pk), "key": LinkTokens().make_token(person)},
    )
    return f"{settings.SITE_URL}{path}"


def link_lifetime() -> dt.timedelta:
    return dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
