"""The authentication backend and allauth's adapter (ACCOUNT_ADAPTER)."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.urls import reverse

from accounts.services.invitations import choose_password
from lib.services.dates import now
from teams.models import Company, Membership, Person


def people_with_roles() -> QuerySet[Person]:
    """People with their team roles (`Person.team_roles`) and the company's time zone (`company_zone`), in one query."""
    return _people_with_roles().all()


@cache
def _people_with_roles() -> QuerySet[Person]:
    """Cached, because every request loads its person: building the query takes a millisecond, as long as running it."""
    seats = Membership.objects.current().filter(person=OuterRef("pk"))
    roles = ArraySubquery(seats.values(row=JSONObject(team="team_id", role="role")))
    return Person.objects.annotate(roles_on_teams=roles, company_zone=Subquery(Company.objects.values("timezone")[:1]))


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        person = people_with_roles().filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None


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

    def is_safe_url(self, url: str) -> bool:
        """No address that cannot be parsed is."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited and cannot sign up."""
        return False

    def set_password(self, user: Any, password: str) -> None:
        choose_password(user, actor=user, password=password, at=now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """All mails go through lib.mail.sending; allauth sends none of its own."""
        raise NotImplementedError(template_prefix)
