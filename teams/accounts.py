"""What allauth asks us: the adapter of signing in (ACCOUNT_ADAPTER) and the name of a person."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from lib.dates import now
from teams.models import Person
from teams.services.people import choose_password


def display_name(person: Person) -> str:
    return person.name


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "This e-mail address and password do not belong together. Check both, or have the password reset."
        ),
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again.",
        "enter_current_password": "This is not your current password.",
        "invalid_password_reset": "This link has been used, has been replaced by a newer one, or is too old.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited; nobody signs up."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        choose_password(user, password=password, at=now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every letter is ours (lib.mail), so allauth has none of its own to send."""
        raise NotImplementedError(template_prefix)
