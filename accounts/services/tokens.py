"""One-time addresses, in mails and printed by `create_admin`, for choosing a password and signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int, int_to_base36

from teams.models import Person


class LinkTokens(PasswordResetTokenGenerator):
    """A token expires on first use, a newer invitation, a sign-in, deactivation, or after PASSWORD_RESET_TIMEOUT."""

    key_salt = "accounts.services.tokens.LinkTokens"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.is_active}{user.invited_at}{user.joined_at}"

    def has_expired(self, person: Person, token: str) -> bool:
        """Whether nothing is wrong with it but its age."""
        try:
            made = base36_to_int(token.partition("-")[0])
        except ValueError:
            return False
        genuine = any(
            constant_time_compare(self._make_token_with_timestamp(person, made, secret), token)
            for secret in (self.secret, *self.secret_fallbacks)
        )
        return genuine and not self.check_token(person, token)


def one_time_link(person: Person) -> str:
    """The full URL, from SITE_URL."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": int_to_base36(person.pk), "key": LinkTokens().make_token(person)},
    )
    return f"{settings.SITE_URL}{path}"
