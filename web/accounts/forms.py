"""Allauth's sign-in forms, with our own labels and our own rule for who gets a link by mail."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django.http import HttpRequest

from accounts.selectors.invitations import may_have_link
from accounts.services.resets import ask_for_reset
from lib.services.dates import now

LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "password": "Password",
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password, once more",
}

HINTS = {
    "password1": "At least 8 characters, not only digits; no common password, and nothing like your name or address."
}


class _InOurWords:
    """Sets our labels and hints, and drops allauth's placeholders."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.label, field.help_text = LABELS[name], HINTS.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class LoginForm(_InOurWords, allauth_forms.LoginForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangePasswordForm(_InOurWords, allauth_forms.ChangePasswordForm):
    pass


class ResetPasswordKeyForm(_InOurWords, allauth_forms.ResetPasswordKeyForm):
    pass


class ResetPasswordForm(_InOurWords, allauth_forms.ResetPasswordForm):
    """Answers every address alike, so that it does not reveal who has an account."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **_options: Any) -> str:
        """Sends a link to the address if it may have one."""
        email = self.clean_email()
        ask_for_reset(may_have_link(email), at=now())
        return email
