"""The allauth pages that exist here, each limited to the HTTP methods it handles."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from lib.services.errors import StaleError

form_page = require_http_methods(["GET", "HEAD", "POST"])


class OneTimeLinkView(allauth_views.PasswordResetFromKeyView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Tells the second of two tabs that submit at once that the link was used."""
        try:
            response: HttpResponse = super().form_valid(form)
        except StaleError:
            return self.render_to_response(self.get_context_data(token_fail=True))
        return response


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
