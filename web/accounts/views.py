"""The allauth pages that exist here, each limited to the HTTP methods it handles."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import base36_to_int
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors.invitations import invited_person
from accounts.services.rounds import renew_invitation
from accounts.services.tokens import LinkTokens
from lib.services.dates import day_in, now
from lib.services.errors import StaleError
from teams.models import Person
from web.readers import zone_of

form_page = require_http_methods(["GET", "HEAD", "POST"])


class OneTimeLinkView(allauth_views.PasswordResetFromKeyView):
    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """An invitation that has only expired offers a new one."""
        values: dict[str, Any] = super().get_context_data(**context)
        if context.get("token_fail"):
            of = {"uidb36": self.kwargs["uidb36"], "key": self.key}
            values["expired"] = person = _expired(**of)
            values["renewal_url"] = reverse("account_invitation_renewal", kwargs=of) if person else ""
            values["sent_on"] = day_in(zone_of(person), person.invited_at) if person and person.invited_at else None
        return values

    def form_valid(self, form: Any) -> HttpResponse:
        """Tells the second of two tabs that submit at once that the link was used."""
        try:
            response: HttpResponse = super().form_valid(form)
        except StaleError:
            return self.render_to_response(self.get_context_data(token_fail=True))
        return response


def _expired(uidb36: str, key: str) -> Person | None:
    """Whose invitation this is, where it has only expired."""
    try:
        person = invited_person(base36_to_int(uidb36))
    except ValueError:
        return None
    return person if person is not None and LinkTokens().has_expired(person, key) else None


@require_POST
@login_not_required
def invitation_renewal(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """Mails a new invitation to the address of the one that has expired; says the same where it may not."""
    person = _expired(uidb36, key)
    if person is not None:
        renew_invitation(person, at=now())
    return redirect("account_reset_password_done")


login = form_page(allauth_views.login)
logout = form_page(allauth_views.logout)
inactive = require_safe(allauth_views.account_inactive)
password_reset = form_page(allauth_views.password_reset)
password_reset_done = require_safe(allauth_views.password_reset_done)
one_time_link = form_page(OneTimeLinkView.as_view())


@form_page
def password_change(request: HttpRequest) -> HttpResponseBase:
    """Sends anyone without a password, such as a demo persona, to the page that mails a link."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        return redirect("account_reset_password")
    return allauth_views.password_change(request)
